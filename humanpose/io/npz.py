"""``analysis.npz``: the arrays of an analysis, for programs."""

import math
import zipfile
from collections.abc import Collection, Mapping
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.io import schema
from humanpose.io.text import as_saved
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES

ARRAY_NAMES = frozenset(
    {
        "fps", "time", "keypoints_2d", "visibility", "joints_camera_raw", "joints_camera",
        "joints_world", "limb_directions", "limb_confidence", "up_camera", "angles_raw",
        "angles", "angle_confidence", "group_confidence", "angle_names",
        "angle_sd", "joint_confidence", "marker_confidence", "augmented_confidence",
        "marker_estimated", "background_edges",
    }
)  # fmt: skip
"""The contract's, and what it takes to draw the refined skeleton and the band again;
``augmented_confidence`` is (T, 65), or (T, 0) without augmentation, ``marker_estimated``
(T, 22) of 0 and 1, or (T, 0) where estimation was off, ``background_edges`` (N, 4) px as in
``Background``."""
_SHAPES: Mapping[str, tuple[str | int, ...]] = {
    "fps": (), "time": ("T",), "keypoints_2d": ("T", 17, 2), "visibility": ("T", 17),
    "joints_camera_raw": ("T", 17, 3), "joints_camera": ("T", 17, 3),
    "joints_world": ("T", 17, 3), "limb_directions": ("T", 14, 3),
    "limb_confidence": ("T", 14), "up_camera": (3,), "angles_raw": ("T", 36),
    "angles": ("T", 36), "angle_confidence": ("T", 36), "group_confidence": ("T", 12),
    "angle_sd": ("T", 36), "joint_confidence": ("T", 17), "marker_confidence": ("T", 22),
    "augmented_confidence": ("T", "0 or 65"), "marker_estimated": ("T", "0 or 22"),
    "background_edges": ("N", 4), "gates_joints": ("T", "any"),
    "gates_angles": ("T", "any", "any"), "angle_names": (36,), "schema": (),
}  # fmt: skip
"""Of every array that is read."""
_MOST_OF = {"T": 2_000_000, "N": 10_000, "any": 64}
"""Frames of nine hours at 60 a second, edges of one picture, parts of a body."""
GATE_NAMES = frozenset({"gates_joints", "gates_angles"})
"""What there is beside them with MainRefiner; and ``lengths_relative`` where the height is not
known, so that nobody takes the positions for metres."""


_KINDS = {"angle_names": "U", "schema": "iu"}
"""What is no floating-point number."""
_MOST_BYTES_EACH = 256
"""Of a number, or a name of up to 64 letters."""


def write_arrays(analysis: Analysis, stream: BinaryIO) -> None:
    """Write the arrays: time and angles in double precision, the noisier rest in single."""
    doubles = {
        "fps": analysis.timeline.fps,
        "time": analysis.timeline.time_s,
        "up_camera": analysis.up_camera.round(9),
        "angles_raw": as_saved(analysis.joint_angles_raw.degrees),
        "angles": as_saved(analysis.joint_angles.degrees),
        "angle_confidence": analysis.joint_angles.confidence.round(9),
        "angle_sd": as_saved(
            _known(analysis.joint_angles.deviation, analysis.joint_angles.degrees)
        ),
    }
    singles = {
        "keypoints_2d": analysis.keypoints,
        "visibility": analysis.visibility,
        "joints_camera_raw": analysis.joints_camera_raw.positions,
        "joints_camera": analysis.joints_camera.positions,
        "joints_world": analysis.joints_world.positions,
        "limb_directions": analysis.limb_directions,
        "limb_confidence": analysis.limb_confidence,
        "group_confidence": analysis.group_confidence,
        "joint_confidence": analysis.joints_camera.confidence,
        "marker_confidence": analysis.markers.confidence,
        "augmented_confidence": _augmented_confidence(analysis),
        "marker_estimated": _or_nothing(analysis.markers_estimated, analysis),
        "background_edges": analysis.background.edges,
    }
    if analysis.gates is not None:
        singles |= {
            "gates_joints": analysis.gates.joints,
            "gates_angles": analysis.gates.angles,
        }
    relative = analysis.settings.lengths_are_relative
    marks = {"lengths_relative": np.array(True)} if relative else {}
    np.savez_compressed(
        stream,
        **marks,
        schema=np.array(schema.SCHEMA),
        angle_names=np.array(ANGLE_NAMES),
        **{name: np.asarray(value, np.float64) for name, value in doubles.items()},
        **{name: value.astype(np.float32) for name, value in singles.items()},
    )


def read_arrays(stream: BinaryIO, *, of: str = "this analysis") -> dict[str, Floats]:
    """The arrays by name, angles (T, 36) and so on as ``Analysis`` has them, NaN too.

    Numbers come in double precision, and nothing is ever unpickled.

    Args:
        of: what they belong to, for a sentence.

    Raises:
        NewerAnalysisError: they are of a later schema.
        ValueError: they are not the arrays of an analysis.
    """
    with np.load(stream, allow_pickle=False) as file:
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("no archive of arrays")
        _require_small(file.zip, {"schema"})
        schema.require_readable(file, of=of)
        _require_small(file.zip, _SHAPES)
        known = {name: file[name] for name in file.files if name in _SHAPES}
        saved = schema.migrated(known, schema.ARRAYS, of=of)
        if not saved.keys() >= ARRAY_NAMES:
            raise ValueError(f"missing {', '.join(sorted(ARRAY_NAMES - set(saved)))}")
        if tuple(saved["angle_names"]) != ANGLE_NAMES:
            raise ValueError("the angles are not the 36 of this version")
        names = (ARRAY_NAMES | (GATE_NAMES & saved.keys())) - {"angle_names"}
        return {name: saved[name].astype(np.float64) for name in names}


def _require_small(archive: zipfile.ZipFile, names: Collection[str]) -> None:
    """Of each array called so only the header is read; raises ValueError where one has not the
    kind of number or the shape that an analysis has, or more or less bytes than that."""
    frames: set[int] = set()
    for entry in archive.infolist():
        name = entry.filename.removesuffix(".npy")
        if name not in names:
            continue
        with archive.open(entry) as file:
            shape, kind, header_bytes = _header(file)
        if kind.kind not in _KINDS.get(name, "f") or kind.itemsize > _MOST_BYTES_EACH:
            raise ValueError(f"{name} has numbers of another kind, or needs a pickle")
        frames |= _require_shape(name, shape)
        if entry.file_size != header_bytes + math.prod(shape) * kind.itemsize:
            raise ValueError(f"{name} has more or less bytes than it says")
    if len(frames) > 1:
        raise ValueError("the arrays are of clips of different lengths")


def _header(file: Any) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """Shape, kind of number, and bytes of the header itself."""
    version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    is_first = version == (1, 0)
    read: Any = (
        np.lib.format.read_array_header_1_0 if is_first else np.lib.format.read_array_header_2_0
    )
    try:
        shape, _, kind = read(file)
    except (TokenError, MemoryError) as error:  # what a spoilt one comes to
        raise ValueError(f"the arrays are damaged: {error}") from error
    return shape, kind, file.tell()


def _require_shape(name: str, shape: tuple[int, ...]) -> set[int]:
    """The number of frames, where the array has frames."""
    expected = _SHAPES[name]
    if len(shape) != len(expected):
        raise ValueError(f"{name} has {len(shape)} axes")
    for size, axis in zip(shape, expected, strict=True):
        if isinstance(axis, int):
            fits = size == axis
        elif axis in _MOST_OF:
            fits = 0 <= size <= _MOST_OF[axis]
        else:
            fits = str(size) in axis.split(" or ")
        if not fits:
            raise ValueError(f"{name} has the shape {shape}")
    return {shape[0]} if expected[:1] == ("T",) else set()


def _augmented_confidence(analysis: Analysis) -> Floats:
    augmented = analysis.markers_augmented
    return _or_nothing(None if augmented is None else augmented.confidence, analysis)


def _or_nothing(values: NDArray[Any] | None, analysis: Analysis) -> NDArray[Any]:
    """``values``, or (T, 0) for None."""
    return np.empty((analysis.timeline.frames, 0)) if values is None else values


def _known(values: Floats | None, like: Floats) -> Floats:
    return np.full_like(like, np.nan) if values is None else values
