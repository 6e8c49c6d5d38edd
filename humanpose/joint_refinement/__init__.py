"""What joint angles most likely were, from how they were measured.

refined = JointRefiner("checkpoints/best_joint_model.pth").refine(angles, visibility)

Inside the network nothing is NaN: an angle that is missing is a guess with confidence 0.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from humanpose.joint_refinement.refiner import JointRefiner

__all__ = ["JointRefiner"]


def __getattr__(name: str) -> Any:
    """What needs torch is imported when somebody asks for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from humanpose.joint_refinement import refiner

    return getattr(refiner, name)
