"""C3D: named points of optical capture, as a marker skeleton.

Format: c3d.org, read with ezc3d (Michaud and Begon 2021). ``POINT:Y_SCREEN`` says which axis of
the file points up; the labels beyond the 255th are in ``LABELS2``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np

from humanpose.sequence import PoseSequence, Timeline
from humanpose.skeleton import Skeleton
from train.convert.errors import SourceError
from train.convert.skeletons import sequence_of

METRES_PER_UNIT = {"mm": 0.001, "cm": 0.01, "m": 1.0}
TO_Y_UP = {"Z": [1, 2, 0], "Y": [0, 1, 2]}
"""The file's upward axis -> its axes in our order: even permutations, so nothing is mirrored.
With Z up, these are the axes of CMU's own skeletons."""


def read(path: Path) -> Iterator[PoseSequence]:
    """All points of the file, m, Y up; NaN where one was lost. Raises SourceError."""
    try:
        file = ezc3d.c3d(str(path))
    except OSError as error:
        raise SourceError(
            f"{path.name} is not a C3D file; give one of optical capture"
        ) from error
    point = file["parameters"]["POINT"]
    unit, up = _first(point, "UNITS", "mm"), _first(point, "Y_SCREEN", "+Z")[-1]
    if unit not in METRES_PER_UNIT or up not in TO_Y_UP:
        raise SourceError(
            f"{path.name} has unit {unit!r} and {up} upwards; export it in mm with Z or Y up"
        )
    places = file["data"]["points"][:3][TO_Y_UP[up]].T * METRES_PER_UNIT[unit]
    lost = (file["data"]["meta_points"]["residuals"][0].T < 0) | ~places.any(axis=2)
    places[lost] = np.nan
    fps = float(point["RATE"]["value"][0])
    start_s = (file["header"]["points"]["first_frame"] or 0) / fps
    timeline = Timeline(len(places), fps, start_s)
    yield sequence_of(places, Skeleton("c3d", _names(point)), timeline)


def _names(point: dict[str, Any]) -> tuple[str, ...]:
    """Marker names without the subject's: ``Steve:LFHD`` is ``LFHD``."""
    keys = sorted((k for k in point if k.startswith("LABELS")), key=lambda k: (len(k), k))
    labels = [str(label) for key in keys for label in point[key]["value"]]
    return tuple(label.rpartition(":")[2] for label in labels)


def _first(point: dict[str, Any], name: str, default: str) -> str:
    values = point[name]["value"] if name in point else []
    return str(values[0]) if values else default
