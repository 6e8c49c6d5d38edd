"""What joint angles most likely were, from how they were measured.

refined = JointRefiner("checkpoints/best_joint_model.pth").refine(angles, visibility)
"""

from humanpose.joint_refinement.refiner import JointRefiner

__all__ = ["JointRefiner"]
