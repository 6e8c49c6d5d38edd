"""Pairs: what MediaPipe saw of a rendered person, beside the exact truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.markers.input_markers import markers_of
from humanpose.sequence import Floats, Landmarks, PoseSequence, Timeline
from humanpose.skeleton import COCO17, MEDIAPIPE33
from humanpose.world.ground import Ground, to_world
from train.convert.errors import SourceError

Arrays = dict[str, NDArray[Any]]

_FEET = ("heel", "foot_index", "small_toe")
TRUTH_POINTS = (
    *COCO17.joints,
    *(f"{side}_{point}" for point in _FEET for side in ("left", "right")),
)
"""The 23 true points: COCO-17 joint centres, then heels, big toes and small toes."""

_UNDETECTED = -32768
_PIXEL_FRACTION = 16
_CORNER_TO_CENTRE_PX = 0.5
"""The stored pixels count from the corner of the top-left pixel, ours from its centre."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One rendered sequence. T frames."""

    source: str
    subject: str
    clip: str
    landmarks: Landmarks
    """MediaPipe's detections."""
    joints: Floats
    """(T, 23, 3) ``TRUTH_POINTS`` in the camera frame, m."""
    angles: Floats
    """(T, 36) the contract's angles, deg; zero is the mesh's rest pose."""
    up_camera: Floats
    """(3,), or (T, 3) where the camera moves: unit vector against gravity, camera frame."""
    focal_px: float
    height_m: float
    markers: Floats | None = None
    """(T, 43, 3) the points of ``MARKERS43`` in the camera frame, m; None in pairs that were
    made without them."""
    camera_rotation: Floats | None = None
    """(T, 3, 3) world -> camera; None where the camera stands still."""
    camera_position: Floats | None = None
    """(T, 3) world, m; None where the camera stands still."""

    def true_markers(self) -> PoseSequence:
        """The 22 markers of the true points in the world frame, seen from the first camera."""
        count = len(self.joints)
        positions = np.full((count, len(MEDIAPIPE33), 3), np.nan)
        shared = [name for name in TRUTH_POINTS if name in MEDIAPIPE33.joints]
        columns = [TRUTH_POINTS.index(name) for name in shared]
        positions[:, MEDIAPIPE33.indices(*shared)] = self.joints[:, columns]
        confidence = np.isfinite(positions[..., 0]).astype(float)
        pose = PoseSequence(positions, confidence, self.landmarks.timeline, MEDIAPIPE33)
        pose = pose.with_positions(self._from_first_camera(positions))
        up = self.up_camera if self.up_camera.ndim == 1 else self.up_camera[0]
        return markers_of(to_world(pose, Ground(up, np.zeros(3))))

    def _from_first_camera(self, points: Floats) -> Floats:
        """Points (T, N, 3) of each frame's camera in the frame of the first one, m."""
        if self.camera_rotation is None or self.camera_position is None:
            return points
        world = points @ self.camera_rotation + self.camera_position[:, None]
        return np.asarray((world - self.camera_position[0]) @ self.camera_rotation[0].T)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The sequences in one NPZ shard; its keys are ``<number>/<name>``.

    Reads what ``train.synth.shards`` writes and the prototype's ``../shared/data/pairs``.
    Raises SourceError where there is something else.
    """
    with np.load(path, allow_pickle=False) as shard:
        if not all(key.split("/")[0].isdigit() for key in shard.files):
            raise SourceError(f"{path} holds no pairs; make them with train.synth pairs")
        for number in sorted({key.split("/")[0] for key in shard.files}, key=int):
            prefix = f"{number}/"
            stored = {
                k.removeprefix(prefix): shard[k] for k in shard.files if k.startswith(prefix)
            }
            yield _prototype_pair(stored) if "landmarks_px16" in stored else _pair(stored)


def _pair(stored: Arrays) -> Pair:
    pixels = stored["landmarks_px"].astype(float)
    width, height = (int(n) for n in stored["image_size"])
    landmarks = Landmarks(
        pixels,
        stored["landmarks_world"].astype(float),
        stored["landmarks_visibility"].astype(float),
        Timeline(len(pixels), float(stored["fps"])),
        (width, height),
    )
    moving = stored["up_camera"].ndim == 2
    return Pair(
        str(stored["source"]),
        str(stored["subject"]),
        str(stored["sequence"]),
        landmarks,
        joints=stored["joints_camera"].astype(float),
        angles=stored["joint_angles"].astype(float),
        up_camera=stored["up_camera"].astype(float),
        focal_px=float(stored["focal"]),
        height_m=float(stored["height"]),
        markers=stored["markers_camera"].astype(float),
        camera_rotation=stored["camera_R"].astype(float) if moving else None,
        camera_position=stored["camera_position"].astype(float) if moving else None,
    )


def _prototype_pair(stored: Arrays) -> Pair:
    source, subject, clip = str(stored["name"]).split("|")
    pixels = stored["landmarks_px16"][..., :2].astype(float)
    missing = (pixels == _UNDETECTED).any(axis=2)
    pixels = pixels / _PIXEL_FRACTION - _CORNER_TO_CENTRE_PX
    width, height = (int(n) for n in stored["size"])
    landmarks = Landmarks(
        np.where(missing[..., None], np.nan, pixels),
        np.where(missing[..., None], np.nan, stored["world"].astype(float)),
        np.where(missing, 0.0, stored["visibility"] / 255),
        Timeline(len(pixels), float(stored["fps"])),
        (width, height),
    )
    return Pair(
        source,
        subject,
        clip,
        landmarks,
        joints=stored["joints_camera"].astype(float),
        angles=stored["angles"].astype(float),
        up_camera=stored["up_camera"].astype(float),
        focal_px=float(stored["focal"]),
        height_m=float(stored["height"]),
    )
