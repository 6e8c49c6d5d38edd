"""AIST++: dances of 30 people, triangulated from nine cameras, COCO's joints.

Format: google/aistplusplus_api, ``aist_plusplus/loader.py`` and ``processing/``:

* ``keypoints3d/<sequence>.pkl``: pickled ``keypoints3d`` and ``keypoints3d_optim`` (T, 17, 3),
  cm, Y up, 60 Hz. It is markerless and triangulated, not mocap.
* ``cameras/mapping.txt``: a sequence and its setting per line; ``cameras/<setting>.json``: a
  list of cameras with ``name``, ``size``, ``matrix``, ``distortions`` (k1, k2, p1, p2, k3),
  ``rotation`` (a rotation vector) and ``translation`` (cm).
* ``keypoints2d/<sequence>.pkl``: pickled ``keypoints2d`` (views, T, 17, 3): x, y in px, score.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import COCO17
from train.convert.arrays_only import load
from train.convert.camera import Camera
from train.convert.clip import Detections
from train.convert.errors import SourceError, reading
from train.convert.skeletons import sequence_of

RATE_HZ = 60.0
VIEWS = tuple(f"c{i:02d}" for i in range(1, 10))
"""The order of the views in ``keypoints2d``."""


@dataclass(frozen=True, eq=False)
class View:
    """One camera, and what the data set's 2-D detector saw in it."""

    camera: Camera
    detections: Detections | None


def read(path: Path) -> Iterator[PoseSequence]:
    """The dancer in a ``keypoints3d/*.pkl``, m, Y up. Raises SourceError."""
    content = load(path)
    fields = content if isinstance(content, dict) else {}
    joints = fields.get("keypoints3d_optim", fields.get("keypoints3d"))
    if not isinstance(joints, np.ndarray) or joints.shape[1:] != (17, 3):
        raise SourceError(f"{path.name} has no keypoints3d; give a file of AIST++ keypoints3d")
    yield sequence_of(joints / 100, COCO17, Timeline(len(joints), RATE_HZ))


def views(path: Path, pose: PoseSequence) -> Iterator[View]:
    """The cameras of a sequence; none where the ``cameras`` folder isn't there.

    A view whose detections fit the truth better when they are mirrored back was published
    mirrored (c05 is said to be): its detections are given un-mirrored, the truth stays.
    """
    seen = _detections(path)
    for camera in _cameras(path):
        detections = seen.get(camera.name)
        if detections is not None:
            truth = camera.project(camera.to_camera(pose.positions))
            detections = straightened(detections, truth, width=camera.size[0])
        yield View(camera, detections)


def straightened(detections: Detections, truth: Floats, *, width: int) -> Detections:
    """``detections``, or their mirror image where that lies nearer ``truth`` (T, 17, 2) px."""
    mirrored = unmirrored(detections, width=width)
    frames = slice(min(len(truth), len(detections.pixels)))
    errors = [
        np.nanmedian(np.linalg.norm(d.pixels[frames] - truth[frames], axis=2))
        for d in (detections, mirrored)
    ]
    return mirrored if errors[1] < errors[0] else detections


def unmirrored(detections: Detections, *, width: int) -> Detections:
    """What would have been detected in the picture mirrored left to right."""
    pixels = detections.pixels[:, list(COCO17.mirror)] * [-1, 1] + [width - 1, 0]
    return Detections(pixels, detections.visibility[:, list(COCO17.mirror)])


def _cameras(path: Path) -> list[Camera]:
    folder = path.parent.parent / "cameras"
    if not folder.is_dir():
        return []
    pairs = [line.split() for line in (folder / "mapping.txt").read_text().splitlines()]
    settings = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if path.stem not in settings:
        raise SourceError(f"cameras/mapping.txt lacks {path.stem}; get AIST++'s cameras again")
    setting = folder / f"{settings[path.stem]}.json"
    with reading(setting):
        return [_camera(camera) for camera in json.loads(setting.read_text())]


def _camera(fields: dict[str, Any]) -> Camera:
    return Camera(
        name=fields["name"],
        rotation=np.asarray(Rotation.from_rotvec(np.ravel(fields["rotation"])).as_matrix()),
        translation_m=np.ravel(fields["translation"]) / 100,
        matrix=np.array(fields["matrix"], dtype=np.float64),
        distortion=np.ravel(fields["distortions"]).astype(np.float64),
        size=(int(fields["size"][0]), int(fields["size"][1])),
    )


def _detections(path: Path) -> dict[str, Detections]:
    file = path.parent.parent / "keypoints2d" / path.name
    if not file.is_file():
        return {}
    with reading(file):
        stack = np.asarray(load(file)["keypoints2d"], dtype=np.float64)
        return {
            name: Detections(view[..., :2], np.clip(view[..., 2], 0, 1))
            for name, view in zip(VIEWS, stack, strict=True)
        }
