"""From one video clip to 3-D joint angles.

>>> from humanpose import Settings, analyze
>>> analysis = analyze("clip.mp4", Settings(height_m=1.78))
>>> analysis.angles                     # DataFrame, 36 columns, degrees
>>> analysis.save("out/")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import humanpose.runtime.one_blas_thread  # noqa: F401  (before NumPy)
from humanpose.errors import (
    CheckpointError,
    ClipError,
    HumanPoseError,
    OutputError,
    SettingsError,
)
from humanpose.settings import Settings

if TYPE_CHECKING:
    from humanpose.analysis import Analysis
    from humanpose.pipeline import analyze
    from humanpose.sequence import JointAngles, Landmarks, PoseSequence, Timeline

_LATER = {
    "Analysis": "humanpose.analysis",
    "JointAngles": "humanpose.sequence",
    "Landmarks": "humanpose.sequence",
    "PoseSequence": "humanpose.sequence",
    "Timeline": "humanpose.sequence",
    "analyze": "humanpose.pipeline",
}
"""What is imported when somebody asks for it, since it takes a second: name → module."""

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


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(_LATER[name]), name)
