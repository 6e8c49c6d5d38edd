"""From markers to joint angles: segments, Cardan angles, and how sure each one is."""

from humanpose.kinematics.angles import joint_angles

__all__ = ["joint_angles"]
