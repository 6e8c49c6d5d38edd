"""What a converter hands on, and how it is written: the contract's training samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.runtime.replace import output_errors
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import COCO17
from train.convert.camera import Camera
from train.convert.skeletons import coco17

Arrays = dict[str, NDArray[Any]]

_LEVEL_VIEW = np.diag([1.0, -1.0, -1.0])
"""World -> the camera frame of nobody's camera: level, looking against the world's Z."""


@dataclass(frozen=True, eq=False)
class Detections:
    """What a 2-D detector saw of COCO's joints."""

    pixels: Floats
    """(T, 17, 2) px; NaN where nothing was found."""
    visibility: Floats
    """(T, 17) in [0, 1]."""


@dataclass(frozen=True, eq=False)
class Clip:
    """One person in one clip, seen by one camera or by none."""

    pose: PoseSequence
    """m, world: right-handed, Y up."""
    source: str
    subject: str
    sequence: str
    camera: Camera | None = None
    detections: Detections | None = None
    angles: JointAngles | None = None

    @property
    def name(self) -> str:
        """A file name that no other clip has."""
        view = (self.camera.name,) if self.camera else ()
        return "__".join((self.source, self.subject, self.sequence, *view))


def samples(clip: Clip) -> Arrays:
    """The contract's keys for a sequence; what the source doesn't have has no key.

    ``ground_truth`` (T, 17, 3) m, mid-hip at 0, in the camera frame; joints that the source
    doesn't have are NaN. Without a camera it is the frame of a level one that looks against the
    world's Z, so ``camera_R`` and ``up_camera`` hold, and there is no ``projected_2d``,
    ``image_size`` or ``focal``. ``pose_2d`` and ``visibility`` are there with detections,
    ``joint_angles`` where the source gives angles, ``corrupted`` never: no 3-D detector ran.
    Beyond the contract, for retargeting: ``joints_world`` (T, J, 3) m, ``joint_names`` (J,).
    """
    joints = coco17(clip.pose)
    rotation = clip.camera.rotation if clip.camera else _LEVEL_VIEW
    centred = joints - joints[:, _HIPS].mean(axis=1, keepdims=True)
    arrays: Arrays = {
        "ground_truth": _single(centred @ rotation.T),
        "gt_scale": _single(_torso_length(joints)),
        "camera_R": _single(rotation),
        "up_camera": _single(rotation[:, 1]),
        "fps": np.array(clip.pose.timeline.fps),
        "source": np.array(clip.source),
        "subject": np.array(clip.subject),
        "sequence": np.array(clip.sequence),
        "joints_world": _single(clip.pose.positions),
        "joint_names": np.array(clip.pose.skeleton.joints),
    }
    return arrays | _seen(clip, joints) | _measured(clip)


def write(clip: Clip, folder: Path) -> Path:
    """Write ``<folder>/<clip name>.npz``, whole or not at all. Raises OutputError."""
    path = folder / f"{clip.name}.npz"
    unfinished = path.with_suffix(".part")
    with output_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as stream:
            np.savez_compressed(stream, **samples(clip))
        unfinished.replace(path)
    return path


_HIPS = COCO17.indices("left_hip", "right_hip")
_TORSO = COCO17.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")


def _seen(clip: Clip, joints: Floats) -> Arrays:
    if clip.camera is None:
        return {}
    return {
        "projected_2d": _single(clip.camera.project(clip.camera.to_camera(joints))),
        "focal": np.array(clip.camera.focal_px),
        "image_size": np.array(clip.camera.size),
    }


def _measured(clip: Clip) -> Arrays:
    arrays: Arrays = {}
    if clip.detections is not None:
        arrays["pose_2d"] = _single(clip.detections.pixels)
        arrays["visibility"] = _single(clip.detections.visibility)
    if clip.angles is not None:
        arrays["joint_angles"] = _single(clip.angles.degrees)
    return arrays


def _torso_length(joints: Floats) -> Floats:
    """(T,) m, from shoulder to hip, the mean of both sides."""
    left_shoulder, right_shoulder, left_hip, right_hip = joints[:, _TORSO].swapaxes(0, 1)
    left = np.linalg.norm(left_shoulder - left_hip, axis=1)
    return np.asarray((left + np.linalg.norm(right_shoulder - right_hip, axis=1)) / 2)


def _single(values: Floats) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)
