"""Shards of paired sequences: the arrays of one sequence, and files that are whole or absent.

A shard is an ``.npz`` whose keys are ``<number>/<name>``. The contract's keys of training
samples: ``corrupted`` (T, 17, 3) MediaPipe's world landmarks and ``ground_truth`` (T, 17, 3),
both along the camera's axes, mid-hip at 0, m; ``visibility`` (T, 17); ``pose_2d`` and
``projected_2d`` (T, 17, 2) px; ``camera_R`` (T, 3, 3) world -> camera; ``gt_scale`` (T,) m;
``image_size``, ``focal``, ``fps``, ``subject``, ``sequence``, ``source``, ``joint_angles``
(T, 36) deg; ``up_camera`` (3,), or (T, 3) where the camera moves.

Beyond them: ``landmarks_px`` (T, 33, 2), ``landmarks_visibility`` (T, 33) and
``landmarks_world`` (T, 33, 3) as detected, NaN where nobody was; ``joints_camera`` (T, 23, 3)
and ``markers_camera`` (T, 43, 3) the true points and markers, camera frame, m;
``camera_position`` (T, 3) world, m; ``height`` m; ``gender``.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.runtime.replace import output_errors
from humanpose.sequence import Landmarks
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.synth.body.landmarks43 import marker_points
from train.synth.body.makehuman import Floats
from train.synth.take import Take

Arrays = dict[str, NDArray[Any]]

_COCO = MEDIAPIPE33.indices(*COCO17.joints)
_HIPS = COCO17.indices("left_hip", "right_hip")
_SHOULDERS = COCO17.indices("left_shoulder", "right_shoulder")


def arrays_of(take: Take, seen: Landmarks) -> Arrays:
    """One sequence under the names of the module's docstring."""
    source, _, subject = take.clip.subject.partition("|")
    camera = take.cameras[0]
    joints = _in_camera(take, take.person.points)
    truth = joints[:, : len(COCO17)]
    detected = seen.world[:, _COCO]
    rotations = np.array([camera.rotation for camera in take.cameras])
    up = rotations[..., 1]
    return {
        "corrupted": _single(_centred(detected)),
        "ground_truth": _single(_centred(truth)),
        "visibility": _single(seen.visibility[:, _COCO]),
        "pose_2d": _single(seen.pixels[:, _COCO]),
        "projected_2d": _single(camera.project(truth)),
        "camera_R": _single(rotations),
        "camera_position": _single(np.array([c.position for c in take.cameras])),
        "gt_scale": _single(_torso(truth)),
        "up_camera": _single(up[0] if _still(take) else up),
        "joint_angles": _single(take.person.angles),
        "landmarks_px": _single(seen.pixels),
        "landmarks_visibility": _single(seen.visibility),
        "landmarks_world": _single(seen.world),
        "joints_camera": _single(joints),
        "markers_camera": _single(_in_camera(take, marker_points(take.person.posed))),
        "image_size": np.array(camera.size),
        "focal": np.array(camera.focal_px),
        "fps": np.array(take.person.fps),
        "height": np.array(take.person.posed.body.height_m),
        "gender": np.array(take.shape.gender),
        "source": np.array(source),
        "subject": np.array(subject),
        "sequence": np.array(f"{take.clip.name}-{take.index}"),
    }


def write_shard(path: Path, sequences: list[Arrays]) -> None:
    """Write all of it or nothing. Raises OutputError."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    entries = {f"{i}/{k}": v for i, arrays in enumerate(sequences) for k, v in arrays.items()}
    with output_errors(path):
        with unfinished.open("wb") as stream:
            np.savez_compressed(stream, **entries)
        unfinished.replace(path)


def _still(take: Take) -> bool:
    """Whether the camera neither turns nor moves."""
    return all(camera is take.cameras[0] for camera in take.cameras)


def _in_camera(take: Take, points: Floats) -> Floats:
    """(T, N, 3) world points in the camera frame of their frame, m."""
    return np.stack([c.to_camera(p) for c, p in zip(take.cameras, points, strict=True)])


def _centred(joints: Floats) -> Floats:
    return np.asarray(joints - joints[:, _HIPS].mean(axis=1, keepdims=True))


def _torso(joints: Floats) -> Floats:
    """(T,) mean of left and right shoulder to hip, m."""
    return np.asarray(
        np.linalg.norm(joints[:, _SHOULDERS] - joints[:, _HIPS], axis=2).mean(axis=1)
    )


def _single(values: Floats) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)
