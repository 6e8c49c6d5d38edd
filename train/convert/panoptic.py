"""CMU Panoptic: people in a dome of cameras, COCO's joints and neck and mid-hip.

Format: CMU-Perceptual-Computing-Lab/panoptic-toolbox (README, "Skeleton Output Format"), also
of the Monocular Total Capture recordings. Below a sequence's folder:

* ``calibration_<sequence>.json``: ``cameras``, each with ``name``, ``type`` ("hd", ...),
  ``resolution``, ``K`` (3 × 3, px), ``distCoef`` (k1, k2, p1, p2, k3), ``R`` and ``t`` (cm).
* ``hdPose3d_stage1_coco19/`` (some have them in ``hd/`` below it)
  ``body3DScene_<8-digit frame>.json``: ``bodies``, each with ``id`` and ``joints19``: 19 times
  x, y, z in cm and a score, which is -1 where the joint wasn't found. 29.97 Hz.

The published world has Y down; ours is it turned by half a turn about X.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import Skeleton
from train.convert.camera import Camera
from train.convert.errors import SourceError, reading

RATE_HZ = 30000 / 1001
COCO19 = Skeleton(
    "coco19",
    (
        "neck", "nose", "pelvis",
        "left_shoulder", "left_elbow", "left_wrist", "left_hip", "left_knee", "left_ankle",
        "right_shoulder", "right_elbow", "right_wrist", "right_hip", "right_knee",
        "right_ankle", "left_eye", "left_ear", "right_eye", "right_ear",
    ),
)  # fmt: skip
"""Panoptic's order: neck, nose, mid-hip, left and right side, then eye and ear of each side."""

_HALF_TURN = np.diag([1.0, -1.0, -1.0])


def read(path: Path) -> Iterator[PoseSequence]:
    """Everybody in the sequence of a ``calibration_*.json``, m, Y up, in order of their ids.

    From the first to the last frame that somebody is in; NaN in between where they are not.
    Raises SourceError.
    """
    people: dict[int, dict[int, Floats]] = defaultdict(dict)
    for file in _scenes(path):
        frame = int(file.stem.rpartition("_")[2])
        with reading(file):
            for body in _json(file).get("bodies", []):
                joints = np.array(body["joints19"], dtype=np.float64).reshape(len(COCO19), 4)
                people[int(body["id"])][frame] = joints
    for _, frames in sorted(people.items()):
        yield _person(frames)


def cameras(path: Path) -> list[Camera]:
    """The HD cameras of a ``calibration_*.json``. Raises SourceError."""
    with reading(path):
        return [_camera(c) for c in _json(path).get("cameras", []) if c.get("type") == "hd"]


def _person(frames: dict[int, Floats]) -> PoseSequence:
    first, last = min(frames), max(frames)
    joints = np.full((last - first + 1, len(COCO19), 4), np.nan)
    for frame, values in frames.items():
        joints[frame - first] = values
    found = joints[..., 3] > 0
    positions = np.where(found[..., None], joints[..., :3] @ _HALF_TURN.T / 100, np.nan)
    confidence = np.where(found, np.clip(joints[..., 3], 0, 1), 0.0)
    timeline = Timeline(len(joints), RATE_HZ, first / RATE_HZ)
    return PoseSequence(positions, confidence, timeline, COCO19)


def _scenes(path: Path) -> list[Path]:
    folder = path.parent / "hdPose3d_stage1_coco19"
    found = sorted(folder.glob("body3DScene_*.json")) or sorted(
        folder.glob("hd/body3DScene_*.json")
    )
    if not found:
        raise SourceError(f"there are no poses in {folder}; unpack hdPose3d_stage1_coco19.tar")
    return found


def _camera(fields: dict[str, Any]) -> Camera:
    return Camera(
        name=fields["name"],
        rotation=np.array(fields["R"], dtype=np.float64) @ _HALF_TURN.T,
        translation_m=np.ravel(fields["t"]).astype(np.float64) / 100,
        matrix=np.array(fields["K"], dtype=np.float64),
        distortion=np.ravel(fields["distCoef"]).astype(np.float64),
        size=(int(fields["resolution"][0]), int(fields["resolution"][1])),
    )


def _json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}
