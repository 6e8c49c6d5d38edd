"""C3D: named points of optical capture, as a marker skeleton.

Format: c3d.org, read with ezc3d (Michaud and Begon 2021). ``POINT:Y_SCREEN`` says which axis of
the file points up; the labels beyond the 255th are in ``LABELS2``.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import Skeleton
from train.convert.errors import SourceError
from train.convert.skeletons import sequence_of

METRES_PER_UNIT = {"mm": 0.001, "cm": 0.01, "m": 1.0}
TO_Y_UP = {"Z": [1, 2, 0], "Y": [0, 1, 2]}
"""The file's upward axis -> its axes in our order: even permutations, so nothing is mirrored.
With Z up, these are the axes of CMU's own skeletons."""
_CHILD = Path(__file__).with_name("c3d_arrays.py")
_STARTS_WITHIN_S = 30.0
_BYTES_PER_S = 250_000  # a tenth of what one core reads


def read(path: Path) -> Iterator[PoseSequence]:
    """The named points of the file, m, Y up; NaN where one was lost. Raises SourceError."""
    file = _content(path)
    names = _names(file["labels"])[: file["points"].shape[1]]
    places = _metres_y_up(path, file)[:, : len(names)]
    if not np.isfinite(places).any():
        raise SourceError(f"{path.name} holds no named markers; give a file of marker capture")
    fps = float(file["rate"][0]) if file["rate"].size else 0.0
    if not (np.isfinite(fps) and fps > 0):
        raise SourceError(f"{path.name} states no frame rate; export the recording again")
    timeline = Timeline(len(places), fps, int(file["first_frame"]) / fps)
    yield sequence_of(places, Skeleton("c3d", names), timeline)


def _content(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of ``c3d_arrays``. Raises SourceError."""
    limit_s = _STARTS_WITHIN_S + path.stat().st_size / _BYTES_PER_S
    with TemporaryDirectory() as folder:
        out = Path(folder) / "arrays.npz"
        try:
            command = [sys.executable, "-P", str(_CHILD), str(path), str(out)]
            subprocess.run(command, check=True, capture_output=True, timeout=limit_s)
        except subprocess.SubprocessError as error:
            raise SourceError(
                f"{path.name} is not a C3D file, or damaged; give one of optical capture"
            ) from error
        with np.load(out, allow_pickle=False) as arrays:
            return dict(arrays)


def _metres_y_up(path: Path, file: dict[str, NDArray[Any]]) -> Floats:
    """(T, N, 3); NaN where a point was lost."""
    unit, up = _first(file["UNITS"], "mm"), _first(file["Y_SCREEN"], "+Z")[-1]
    if unit not in METRES_PER_UNIT or up not in TO_Y_UP:
        raise SourceError(
            f"{path.name} has unit {unit!r} and {up} upwards; export it in mm with Z or Y up"
        )
    places = file["points"][..., TO_Y_UP[up]] * METRES_PER_UNIT[unit]
    places[(file["residuals"] < 0) | ~places.any(axis=2)] = np.nan
    return np.asarray(places)


def _names(labels: NDArray[np.str_]) -> tuple[str, ...]:
    """Marker names without the subject's: ``Steve:LFHD`` is ``LFHD``."""
    return tuple(label.rpartition(":")[2] for label in labels.tolist())


def _first(values: NDArray[np.str_], default: str) -> str:
    return str(values[0]) if values.size and values[0] else default
