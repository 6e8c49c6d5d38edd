"""``angles.mot``: a motion of OpenSim's LaiUhlrich2022 model, in the world frame of the TRC."""

from collections.abc import Mapping
from typing import TextIO

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from humanpose.geometry import runs
from humanpose.io.model_scale import pelvis_from_mid_hip
from humanpose.io.text import rounded, write_rows
from humanpose.kinematics.branches import calmest_branch
from humanpose.kinematics.model_axes import BODY_ORIGINS
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import JOINT_GROUPS

PELVIS_ROTATIONS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
PELVIS_TRANSLATIONS = ("pelvis_tx", "pelvis_ty", "pelvis_tz")
LEG = (
    "hip_flexion", "hip_adduction", "hip_rotation",
    "knee_angle", "ankle_angle", "subtalar_angle", "mtp_angle",
)  # fmt: skip
LUMBAR = JOINT_GROUPS["trunk"]
ARM = ("arm_flex", "arm_add", "arm_rot", "elbow_flex", "pro_sup")
COORDINATES = (
    *PELVIS_ROTATIONS,
    *PELVIS_TRANSLATIONS,
    *(f"{name}_{side}" for side in "rl" for name in LEG),
    *LUMBAR,
    *(f"{name}_{side}" for side in "rl" for name in ARM),
)
"""The free coordinates of LaiUhlrich2022.osim, in the order of OpenCap's motion files."""

PELVIS_IN_WORLD = Rotation.from_euler("Y", -90, degrees=True)
"""The ground axes of the pelvis angles (X towards the camera), seen from the world frame."""


def write_mot(
    angles: JointAngles,
    markers: PoseSequence,
    stream: TextIO,
    *,
    origins: Mapping[str, Floats] = BODY_ORIGINS,
    note: str = "",
) -> None:
    """Write the model's coordinates, degrees and metres, one row per frame and no cell empty.

    A gap (NaN) is interpolated, or holds the nearest value at either end; a coordinate that no
    frame carries is 0. The header names both.

    Args:
        angles: the 36 angles; those that the model has not are left out.
        markers: the 22 in the world frame, for the place of the pelvis.
        origins: (3,) of each body of the model, m; LaiUhlrich2022's by default.
        note: a line more for the header.
    """
    motion = np.column_stack(
        _known_coordinates(angles, markers, origins)
    )  # (T, 33), NaN in gaps
    known = np.isfinite(motion)
    gaps = known.any(axis=0) & ~known.all(axis=0)
    filled = [
        _without_gaps(column, is_angle=name not in PELVIS_TRANSLATIONS)
        for name, column in zip(COORDINATES, motion.T, strict=True)
    ]
    table = np.column_stack([angles.timeline.time_s, *(rounded(c, 6) for c in filled)])
    absent = _names(~known.any(axis=0))
    stream.write(_header(table, absent=absent, gaps=_names(gaps), note=note))
    write_rows(table, "\t".join(["%.6f"] * table.shape[1]) + "\n", stream)


def pelvis_rotations(angles: JointAngles) -> Floats:
    """(T, 3) tilt, list and rotation of the pelvis, deg, as the model has them: intrinsic Z-X-Y
    in the world frame; NaN where one of the three is not known.

    The columns of ``angles`` are intrinsic Y-X-Z (rotation, list, tilt; Baker 2001).
    """
    heading_first = np.column_stack([angles.curve(name) for name in PELVIS_ROTATIONS[::-1]])
    model = np.full_like(heading_first, np.nan)
    known = np.isfinite(heading_first).all(axis=1)
    if known.any():
        turns = PELVIS_IN_WORLD * Rotation.from_euler("YXZ", heading_first[known], degrees=True)
        model[known] = turns.as_euler("ZXY", degrees=True, suppress_warnings=True)
    for run in runs(known):
        model[run] = calmest_branch(model[run])
    return model


def pelvis_origin(
    rotations: Floats, markers: PoseSequence, origins: Mapping[str, Floats] = BODY_ORIGINS
) -> Floats:
    """(T, 3) origin of the scaled model's pelvis in the world frame, m; NaN where not known."""
    right, left = markers.joint("RHip"), markers.joint("LHip")
    origin = np.full_like(right, np.nan)
    known = np.isfinite(np.column_stack([rotations, right, left])).all(axis=1)
    if known.any():
        pelvis = Rotation.from_euler("ZXY", rotations[known], degrees=True)
        away = pelvis_from_mid_hip(markers, origins)
        origin[known] = (right + left)[known] / 2 + pelvis.apply(away)
    return origin


def _known_coordinates(
    angles: JointAngles, markers: PoseSequence, origins: Mapping[str, Floats]
) -> list[Floats]:
    """Per coordinate (T,) values, NaN where nothing carries them."""
    rotations = pelvis_rotations(angles)
    origin = pelvis_origin(rotations, markers, origins)
    unknown = np.full(angles.timeline.frames, np.nan)
    motion = {name: angles.curve(name) for group in JOINT_GROUPS.values() for name in group}
    motion |= dict(zip(PELVIS_ROTATIONS, rotations.T, strict=True))
    motion |= dict(zip(PELVIS_TRANSLATIONS, origin.T, strict=True))
    return [motion.get(name, unknown) for name in COORDINATES]


def _without_gaps(values: Floats, *, is_angle: bool) -> Floats:
    known = np.flatnonzero(np.isfinite(values))
    if known.size == 0:
        return np.zeros_like(values)
    samples = np.unwrap(values[known], period=360) if is_angle else values[known]
    return np.interp(np.arange(len(values)), known, samples)


def _names(chosen: NDArray[np.bool_]) -> str:
    return " ".join(np.array(COORDINATES)[chosen]) or "none"


def _header(table: Floats, *, absent: str, gaps: str, note: str) -> str:
    note = f"{note}\n" if note else ""
    rows, columns = table.shape
    return (
        "angles\nversion=1\n"
        f"nRows={rows}\nnColumns={columns}\ninDegrees=yes\n\n"
        "Model: LaiUhlrich2022. Ground: X right in the image, Y up, Z towards the camera.\n"
        f"Not measured, set to 0: {absent}\n"
        f"Gaps interpolated in: {gaps}\n{note}"
        "endheader\n" + "\t".join(("time", *COORDINATES)) + "\n"
    )
