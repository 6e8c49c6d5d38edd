"""Part orientation fields (POF): where 14 limbs point in 3-D, from 2-D keypoints over time.

limbs = CameraPOFInference("checkpoints/best_pof_model.pth").infer(
    keypoints_px, visibility, image_size=(1280, 720), fps=30.0
)

A limb is NaN where nobody is seen; inside the network nothing is, what is missing is 0.
"""

from humanpose.pof.inference import CameraPOFInference

__all__ = ["CameraPOFInference"]
