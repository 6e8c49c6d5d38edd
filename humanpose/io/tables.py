"""The CSV files: the detector's landmarks and the joint angles."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TextIO

import numpy as np

from humanpose.analysis import Analysis
from humanpose.io.text import as_saved, blocks, rounded, write_rows
from humanpose.lengths import length_note
from humanpose.measures.neutral import neutral_sentence
from humanpose.runtime.cells import json_line
from humanpose.sequence import JointAngles, Landmarks, Timeline
from humanpose.skeleton import ANGLE_NAMES, MEDIAPIPE33

LANDMARK_COLUMNS = (
    "time_s", "frame", "landmark", "x_px", "y_px", "visibility", "x_m", "y_m", "z_m",
)  # fmt: skip


def write_landmarks(landmarks: Landmarks, stream: TextIO) -> None:
    """One row per landmark per frame, frame by frame; empty cells where nobody was seen."""
    frames = landmarks.timeline.frames
    count = (frames, len(MEDIAPIPE33), 1)
    columns = (
        np.broadcast_to(landmarks.timeline.time_s[:, None, None], count),
        np.broadcast_to(np.arange(frames)[:, None, None], count),
        landmarks.pixels,
        landmarks.visibility[..., None],
        landmarks.world,
    )
    cells = ",%.6f" * 6
    rows = "".join(f"%.6f,%d,{name}{cells}\n" for name in MEDIAPIPE33.joints)
    stream.write(",".join(LANDMARK_COLUMNS) + "\n")
    for block in blocks(frames):
        table = np.concatenate([column[block] for column in columns], axis=2)
        write_rows(rounded(table, 6).reshape(len(table), -1), rows, stream)


def read_landmarks(
    stream: TextIO, timeline: Timeline, image_size: tuple[int, int]
) -> Landmarks:
    """Read what ``write_landmarks`` wrote.

    Raises:
        ValueError: the rows are not those of ``timeline``.
    """
    import pandas as pd  # only to read

    table = pd.read_csv(stream)
    if tuple(table.columns) != LANDMARK_COLUMNS:
        raise ValueError(f"expected the columns {LANDMARK_COLUMNS}, got {tuple(table.columns)}")
    columns = ["x_px", "y_px", "visibility", "x_m", "y_m", "z_m"]
    values = table[columns].to_numpy(np.float64)
    values = values.reshape(timeline.frames, len(MEDIAPIPE33), len(columns))
    return Landmarks(values[..., :2], values[..., 3:], values[..., 2], timeline, image_size)


def write_angles(
    angles: JointAngles,
    stream: TextIO,
    *,
    columns: Sequence[str] = ANGLE_NAMES,
    header: str = "",
) -> None:
    """Time, frame and the angles called ``columns`` in degrees, under ``header`` lines."""
    timeline = angles.timeline
    chosen = [ANGLE_NAMES.index(name) for name in columns]
    table = np.column_stack(
        [
            timeline.time_s,
            np.arange(timeline.frames),
            rounded(as_saved(angles.degrees[:, chosen]), 4),
        ]
    )
    stream.write(header + ",".join(("time_s", "frame", *columns)) + "\n")
    write_rows(table, "%.6f,%d" + ",%.4f" * len(columns) + "\n", stream)


def angles_header(analysis: Analysis) -> str:
    """The ``#`` lines above the angles: units, clip, settings and versions.

    JSON keeps each value on its line and in ASCII, whatever the clip is called, and no part of
    it between two commas is a formula.
    """
    lines = (
        "units: angles in degrees, time_s in seconds of clip time",
        "names, signs and zero: those of OpenSim's Rajagopal and LaiUhlrich models",
        "empty cells: not measurable, or nobody was seen",
        *([note] if (note := length_note(analysis.settings)) else []),
        *([f"neutral: {neutral}"] if (neutral := neutral_sentence(analysis)) else []),
        f"clip: {json_line(analysis.clip_name)}",
        f"settings: {json_line(asdict(analysis.settings))}",
        f"versions: {json_line(dict(analysis.provenance))}",
    )
    return "".join(f"# {line}\n" for line in lines)


def write_long(angles: JointAngles, stream: TextIO, *, header: str = "") -> None:
    """One row per angle and frame, frame by frame, with its confidence in [0, 1]; an angle that
    is absent has an empty cell."""
    timeline = angles.timeline
    count = (timeline.frames, len(ANGLE_NAMES))
    columns = (
        np.broadcast_to(timeline.time_s[:, None], count),
        np.broadcast_to(np.arange(timeline.frames)[:, None], count),
        rounded(as_saved(angles.degrees), 4),
        rounded(angles.confidence, 3),
    )
    table = np.stack(columns, axis=2).reshape(timeline.frames, -1)
    stream.write(header + "time_s,frame,angle,degrees,confidence\n")
    write_rows(table, "".join(f"%.6f,%d,{name},%.4f,%.3f\n" for name in ANGLE_NAMES), stream)
