"""From one video clip to 3-D joint angles.

>>> from humanpose import Settings, analyze
>>> analysis = analyze("clip.mp4", Settings(height_m=1.78))
>>> analysis.angles                     # DataFrame, 36 columns, degrees
>>> analysis.save("out/")
"""

import humanpose.runtime.one_blas_thread  # noqa: F401  (before NumPy)
from humanpose.analysis import Analysis
from humanpose.errors import (
    CheckpointError,
    ClipError,
    HumanPoseError,
    OutputError,
    SettingsError,
)
from humanpose.pipeline import analyze
from humanpose.sequence import JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings

__all__ = [
    "Analysis",
    "CheckpointError",
    "ClipError",
    "HumanPoseError",
    "JointAngles",
    "Landmarks",
    "OutputError",
    "PoseSequence",
    "Settings",
    "SettingsError",
    "Timeline",
    "analyze",
]
