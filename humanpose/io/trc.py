"""TRC, the marker trajectories that OpenSim, Pose2Sim and Mokka read."""

from typing import TextIO

import numpy as np

from humanpose.io.text import rounded, write_rows
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import Skeleton

METRES_PER_UNIT = {"m": 1.0, "mm": 0.001}
_HEADER_KEYS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units",
    "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip


def write_trc(
    sequence: PoseSequence, stream: TextIO, *, file_name: str = "markers.trc", note: str = ""
) -> None:
    """Write the points of ``sequence`` in metres; one that is not known is three empty cells.

    A ``note`` stands behind the file's name, which no reader interprets.

    Frames count from 1 as in every TRC file; time is clip time. Every line below the header
    ends in a tab, as from OpenSim's own writer: its reader drops a last empty cell.
    """
    frames, names = len(sequence), sequence.skeleton.joints
    rate = f"{sequence.timeline.fps:.10g}"
    values = (rate, rate, frames, len(names), "m", rate, 1, frames)
    axes = (f"{axis}{marker}" for marker in range(1, len(names) + 1) for axis in "XYZ")
    lines = (
        ("PathFileType", "4", "(X/Y/Z)", f"{file_name} ({note})" if note else file_name),
        _HEADER_KEYS,
        values,
        ("Frame#", "Time", *(cell for name in names for cell in (name, "", "")), ""),
        ("", "", *axes, ""),
        (),
    )
    stream.writelines("\t".join(map(str, line)) + "\n" for line in lines)
    table = np.column_stack(
        [
            np.arange(1, frames + 1),
            sequence.timeline.time_s,
            rounded(sequence.positions, 6).reshape(frames, -1),
        ]
    )
    write_rows(table, "%d\t%.6f" + "\t%.6f" * (3 * len(names)) + "\t\n", stream)


def read_trc(stream: TextIO) -> PoseSequence:
    """Read a TRC file, in metres; confidence is 1 where a point is known and 0 elsewhere.

    Raises:
        ValueError: it is not a TRC file.
    """
    _, keys, values, names_line, _ = (stream.readline() for _ in range(5))
    header = dict(zip(keys.split(), values.split(), strict=True))
    if not {"DataRate", "NumMarkers", "Units"} <= header.keys():
        raise ValueError("expected a TRC header")
    count = int(header["NumMarkers"])
    names = tuple(names_line.rstrip("\r\n").split("\t")[2 : 2 + 3 * count : 3])
    if len(names) != count:
        raise ValueError(f"expected {count} markers, got {len(names)}")
    table = _read_numbers(stream, columns=2 + 3 * count)
    positions = table[:, 2:].reshape(len(table), count, 3) * METRES_PER_UNIT[header["Units"]]
    timeline = Timeline(len(table), float(header["DataRate"]), float(table[0, 1]))
    known = np.isfinite(positions).all(axis=2).astype(np.float64)
    return PoseSequence(positions, known, timeline, Skeleton("trc", names))


def _read_numbers(stream: TextIO, *, columns: int) -> Floats:
    import pandas as pd  # only to read

    table = pd.read_csv(stream, sep="\t", header=None, usecols=range(columns))
    return table.to_numpy(np.float64)
