"""Reads ``../shared/data/pairs`` for tests: true joints as markers, and the true angles."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from humanpose.ground import Ground, to_world
from humanpose.markers import markers_of
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import COCO17, MEDIAPIPE33

TRUTH_POINTS = (
    *COCO17.joints, "left_heel", "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip


def markers_and_truth(path: Path) -> Iterator[tuple[PoseSequence, Floats]]:
    """The 22 markers of the true joints, world frame, and the (T, 36) true angles, deg."""
    with np.load(path) as file:
        for i in sorted({name.split("/")[0] for name in file.files}):
            joints = file[f"{i}/joints_camera"].astype(float)
            positions = np.full((len(joints), len(MEDIAPIPE33), 3), np.nan)
            positions[:, MEDIAPIPE33.indices(*TRUTH_POINTS)] = joints[:, : len(TRUTH_POINTS)]
            confidence = np.isfinite(positions[..., 0]).astype(float)
            timeline = Timeline(len(joints), float(file[f"{i}/fps"]))
            pose = PoseSequence(positions, confidence, timeline, MEDIAPIPE33)
            ground = Ground(file[f"{i}/up_camera"].astype(float), 0.0, np.zeros(3))
            yield markers_of(to_world(pose, ground)), file[f"{i}/angles"].astype(float)
