"""One clip in one row: quality, and kind, range, extremes and peak speed of every angle."""

from typing import Any

import numpy as np
from fsspec import AbstractFileSystem

from humanpose.errors import AnalysisError
from humanpose.io import npz, record
from humanpose.io.load import DAMAGE
from humanpose.io.names import ARRAYS, RECORD
from humanpose.measures.ranges import angle_measures
from humanpose.sequence import JointAngles, Timeline

_COLUMNS = (
    "range_deg", "maximum_deg", "minimum_deg",
    "maximum_velocity_deg_per_s", "minimum_velocity_deg_per_s",
)  # fmt: skip


def saved_record(files: AbstractFileSystem, folder: str) -> dict[str, Any]:
    """``analysis.json`` of a saved analysis.

    Raises:
        AnalysisError: there is none, or it is damaged or a newer version's.
    """
    try:
        with files.open(f"{folder}/{RECORD}", "r", encoding="utf-8") as stream:
            return record.read_record(stream, of=f"the analysis in {folder}")
    except DAMAGE as error:
        raise AnalysisError(
            f"there is no whole analysis in {folder}; analyse it again"
        ) from error


def saved_figures(files: AbstractFileSystem, folder: str) -> dict[str, float | str]:
    """The figures of a saved analysis, so that a clip done before counts like any other.

    Raises:
        AnalysisError: it is missing, damaged or a newer version's.
    """
    saved = saved_record(files, folder)
    try:
        with files.open(f"{folder}/{ARRAYS}", "rb") as stream:
            arrays = npz.read_arrays(stream, of=f"the analysis in {folder}")
        timeline = Timeline(len(arrays["time"]), float(arrays["fps"]), float(arrays["time"][0]))
        angles = JointAngles(
            arrays["angles"],
            np.where(np.isfinite(arrays["angles"]), arrays["angle_confidence"], 0.0),
            timeline,
        )
        measures = angle_measures(angles)
        about = {
            "movement": saved["movement"],
            "fps": timeline.fps,
            **saved["quality"],
            "warnings": len(saved["warnings"]),
        }
    except DAMAGE as error:
        raise AnalysisError(f"the analysis in {folder} is damaged; analyse it again") from error
    return about | {
        f"{angle}_{column}": measures.loc[angle, column]
        for angle in measures.index
        for column in ("kind", *_COLUMNS)
    }
