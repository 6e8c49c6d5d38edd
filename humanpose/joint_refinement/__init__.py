"""What joint angles most likely were, from how they were measured.

refined = JointRefiner("checkpoints/best_joint_model.pth").refine(angles, visibility)

Inside the network nothing is NaN: an angle that is missing is a guess with confidence 0.
"""

from humanpose.joint_refinement.refiner import JointRefiner

__all__ = ["JointRefiner"]
