"""Part orientation fields (POF): where 14 limbs point in 3-D, from 2-D keypoints over time.

limbs = CameraPOFInference("checkpoints/best_pof_model.pth").infer(
    keypoints_px, visibility, image_size=(1280, 720), fps=30.0
)

A limb is NaN where nobody is seen; inside the network nothing is, what is missing is 0.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference

__all__ = ["CameraPOFInference"]


def __getattr__(name: str) -> Any:
    """What needs torch is imported when somebody asks for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from humanpose.pof import inference

    return getattr(inference, name)
