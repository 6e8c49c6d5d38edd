"""A case for ``train.evaluate``: a squat facing the camera, detected without any error."""

from pathlib import Path

import numpy as np

from humanpose.detection.detect import Detection
from humanpose.kinematics.angles import joint_angles
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import ClipInfo
from tests.support.synthetic import FOCAL_PX, IMAGE_SIZE, synthetic_analysis
from train.judge.cases import Case, Truth

_PHASE = np.linspace(0, 6, 40)
OFF_DEG = {"hip_flexion_r": 20 * np.sin(_PHASE), "knee_angle_r": 10 * np.cos(_PHASE)}
"""How far the squat's true angles are from those of its true points."""


def squat_case() -> Case:
    """40 frames; the truth is exactly what was detected."""
    analysis = synthetic_analysis(40)
    angles = np.full((40, len(ANGLE_NAMES)), np.nan)
    for name, off in OFF_DEG.items():
        angles[:, ANGLE_NAMES.index(name)] = joint_angles(analysis.markers).curve(name) + off
    angles[:, ANGLE_NAMES.index("ankle_angle_r")] = 1.0
    truth = Truth(
        angles,
        np.ones(len(ANGLE_NAMES), dtype=bool),
        analysis.joints_camera,
        analysis.markers,
        analysis.up_camera,
        FOCAL_PX,
    )
    info = ClipInfo(
        Path("squat"), *IMAGE_SIZE, fps=30.0, duration_s=40 / 30, rotation_deg=0,
        codec="none", focal_px=None,
    )  # fmt: skip
    seen = Detection(analysis.landmarks, 1)
    return Case("squat", "test|one", "squat", info, seen, Settings(height_m=1.78, **RAW), truth)
