"""C3D, the motion laboratories' format: markers and joint angles in one file."""

from pathlib import Path
from typing import Literal

import ezc3d
import numpy as np

from humanpose.analysis import Analysis
from humanpose.errors import OutputError
from humanpose.io.trc import METRES_PER_UNIT
from humanpose.lengths import length_note
from humanpose.runtime.replace import replaced_file
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from humanpose.version import __version__

MAX_FRAMES = 65535
"""The format counts frames in 16 bits, and every reader stops there."""


def write_c3d(analysis: Analysis, out: Path, *, units: Literal["mm", "m"] = "mm") -> None:
    """Write the markers (65 or 22) in the world frame and the 36 angles, no analogue channel.

    What is not known has the residual -1, as the format asks. An angle is a point of the type
    ``ANGLES`` with its degrees in X; Y and Z are unused. Frames count from 1, and
    ``HUMANPOSE:START_S`` is the clip time of the first.

    Raises:
        OutputError: ``out`` cannot be written, or the clip is too long for the format.
    """
    frames = analysis.timeline.frames
    if frames > MAX_FRAMES:
        raise OutputError(
            f"cannot write {out}: a C3D file holds {MAX_FRAMES} frames and this analysis has"
            f" {frames}; analyse a shorter part of the clip"
        )
    markers = analysis.markers_augmented or analysis.markers
    file = ezc3d.c3d()
    _describe(file, analysis, units)
    points = np.concatenate(
        [markers.positions / METRES_PER_UNIT[units], _as_points(analysis.joint_angles.degrees)],
        axis=1,
    ).transpose(2, 1, 0)  # (3, N, T)
    known = np.isfinite(points).all(axis=0)
    file["data"]["points"] = np.concatenate([points, np.ones((1, *known.shape))])
    file["data"]["meta_points"]["residuals"] = np.where(known, 0.0, -1.0)[None]
    with replaced_file(out) as draft:
        draft.touch()  # so that the system says itself what is wrong with the place
        file.write(str(draft))


def _describe(file: ezc3d.c3d, analysis: Analysis, units: str) -> None:
    markers = (analysis.markers_augmented or analysis.markers).skeleton.joints
    note = length_note(analysis.settings)
    about = [f"marker, {'relative' if note else units}"] * len(markers)
    about += ["angle, deg, in X"] * len(ANGLE_NAMES)
    file["parameters"]["POINT"]["RATE"]["value"] = [analysis.timeline.fps]
    file["parameters"]["POINT"]["UNITS"]["value"] = [units]
    file["parameters"]["POINT"]["LABELS"]["value"] = [*markers, *ANGLE_NAMES]
    file["parameters"]["POINT"]["DESCRIPTIONS"]["value"] = about
    for group, name, value in (
        ("POINT", "X_SCREEN", ["+X"]),
        ("POINT", "Y_SCREEN", ["+Y"]),
        ("POINT", "TYPE_GROUPS", ["ANGLES", "ANGLE_UNITS"]),
        ("POINT", "ANGLES", list(ANGLE_NAMES)),
        ("POINT", "ANGLE_UNITS", ["deg"]),
        ("MANUFACTURER", "SOFTWARE", ["humanpose"]),
        ("MANUFACTURER", "VERSION_LABEL", [__version__]),
        ("HUMANPOSE", "START_S", [analysis.timeline.start_s]),
        *([("HUMANPOSE", "LENGTHS", [note])] if note else []),
    ):
        file.add_parameter(group, name, value)


def _as_points(values: Floats) -> Floats:
    """(T, N) values as (T, N, 3) points that have them in X."""
    points = np.zeros((*values.shape, 3))
    points[..., 0] = values
    return points
