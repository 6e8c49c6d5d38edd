"""OpenSim ``.mot``: joint angles of a Rajagopal or LaiUhlrich model, and its pelvis' place.

Format: OpenSim's documentation, "Motion (.mot) Files". A laboratory has no camera: our world is
the laboratory's turned so that its X, the usual way of walking, points towards the camera.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import cardan_yxz, rotation_about, rotation_zxy
from humanpose.kinematics.branches import on_best_branch
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, Skeleton
from train.convert.errors import SourceError, reading
from train.convert.skeletons import BODY, sequence_of

LABORATORY = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""The laboratory's axes (columns) in our world: the contract's ground of the pelvis angles."""
PELVIS = Skeleton("pelvis", ("pelvis",))

_ROTATIONS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")
_TRANSLATIONS = ("pelvis_tx", "pelvis_ty", "pelvis_tz")
_KNEES = ("knee_angle_r", "knee_angle_l")
_MOST_HYPEREXTENDED_DEG = -15.0

_OFFSETS = {
    "hip": (-0.0563, -0.0785, 0.0773), "knee": (-0.0045, -0.3960, 0.0),
    "ankle": (-0.0019, -0.4012, 0.0), "toe": (0.1300, -0.0440, 0.0090),
    "back": (-0.1007, 0.0815, 0.0), "shoulder": (0.0032, 0.3715, 0.1700),
    "elbow": (0.0131, -0.2863, -0.0096), "wrist": (-0.0155, -0.2488, 0.0),
}  # fmt: skip
"""Right side, m: each joint centre in the segment above it, of the unscaled LaiUhlrich2022."""


@dataclass(frozen=True, eq=False)
class OpenSimMotion:
    """What a ``.mot`` file says, and nothing beyond."""

    angles: JointAngles
    """In the contract's names, signs and pelvis order. Confidence 1; below 0.5 where the
    coordinate is locked (one value throughout); 0 and NaN where the model has no such one."""
    pelvis: PoseSequence
    """The path of the model's pelvis origin, m, world."""


def read(path: Path) -> Iterator[PoseSequence]:
    """The body with the joint lengths of the unscaled model, m, Y up. Raises SourceError.

    Spine and head are not known: NaN. For exact angles see ``read_motion``.
    """
    motion = read_motion(path)
    with reading(path):
        joints = _joints(motion)
    nowhere = np.full((motion.angles.timeline.frames, 3), np.nan)
    positions = np.stack([joints.get(name, nowhere) for name in BODY.joints], axis=1)
    yield sequence_of(positions, BODY, motion.angles.timeline)


def read_motion(path: Path) -> OpenSimMotion:
    """The 36 angles and the pelvis' path. Raises SourceError."""
    with reading(path):
        return _motion(_degrees_and_metres(path))


def _motion(values: dict[str, Floats]) -> OpenSimMotion:
    time = values["time"]
    timeline = Timeline(len(time), 1 / float(np.median(np.diff(time))), float(time[0]))
    ground = rotation_zxy(np.stack([values[name] for name in _ROTATIONS], axis=1))
    turns = cardan_yxz(ground)
    absent = np.full(len(time), np.nan)
    angles = values | dict(zip(_ROTATIONS[::-1], turns.T, strict=True))
    degrees = np.stack([angles.get(name, absent) for name in ANGLE_NAMES], axis=1)
    locked = np.ptp(degrees, axis=0) == 0
    confidence = np.where(locked, INFERRED_AT_MOST, np.isfinite(degrees).astype(float))
    place = np.stack([values[name] for name in _TRANSLATIONS], axis=1) @ LABORATORY.T
    chosen = on_best_branch(JointAngles(degrees, np.isfinite(degrees).astype(float), timeline))
    return OpenSimMotion(
        replace(chosen, confidence=confidence),
        sequence_of(place[:, None], PELVIS, timeline),
    )


def _degrees_and_metres(path: Path) -> dict[str, Floats]:
    """Coordinate -> (T,) values."""
    text = path.read_text(encoding="utf-8", errors="replace")
    header, found, body = text.partition("endheader")
    names, _, rows = body.lstrip().partition("\n")
    columns = names.split()
    if not found or not {"time", *_ROTATIONS, *_TRANSLATIONS} <= set(columns):
        raise SourceError(
            f"{path.name} holds no motion of a body; give the .mot file of inverse kinematics"
        )
    table = np.loadtxt(io.StringIO(rows), ndmin=2) if rows.strip() else np.empty((0, 0))
    if len(table) < 2:
        raise SourceError(f"{path.name} holds no motion; give a file with at least two frames")
    values = dict(zip(columns, table.T, strict=True))
    if "indegrees=yes" not in header.lower().replace(" ", ""):
        angles = set(ANGLE_NAMES) & set(values)
        values |= {name: np.degrees(values[name]) for name in angles}
    return values | _flexion_positive(values)


def _flexion_positive(values: dict[str, Floats]) -> dict[str, Floats]:
    """The knees' angles. Gait2392 and its kin (as in Camargo 2021) count extension positive:
    no knee extends further than 15° beyond straight."""
    knees = {name: angle for name, angle in values.items() if name in _KNEES}
    if knees and np.percentile(np.stack(list(knees.values())), 5) < _MOST_HYPEREXTENDED_DEG:
        return {name: -angle for name, angle in knees.items()}
    return knees


def _joints(motion: OpenSimMotion) -> dict[str, Floats]:
    """Joint -> (T, 3) m, world; coordinates that the model lacks are taken as 0."""
    tilt, obliquity, heading = (motion.angles.curve(name) for name in _ROTATIONS)
    turn = rotation_about("y", heading) @ rotation_about("x", obliquity)
    pelvis = LABORATORY @ turn @ rotation_about("z", tilt)
    trunk = pelvis @ _turn(motion, ("lumbar_extension", "lumbar_bending", "lumbar_rotation"))
    origin = motion.pelvis.joint("pelvis")
    back = origin + pelvis @ np.array(_OFFSETS["back"])
    joints: dict[str, Floats] = {}
    for side in ("right", "left"):
        joints |= _leg(motion, side, origin, pelvis) | _arm(motion, side, back, trunk)
    return joints | {
        "pelvis": (joints["left_hip"] + joints["right_hip"]) / 2,
        "neck": (joints["left_shoulder"] + joints["right_shoulder"]) / 2,
    }


def _leg(motion: OpenSimMotion, side: str, origin: Floats, pelvis: Floats) -> dict[str, Floats]:
    s = side[0]
    femur = pelvis @ _turn(
        motion, (f"hip_flexion_{s}", f"hip_adduction_{s}", f"hip_rotation_{s}")
    )
    tibia = femur @ _turn(motion, (f"knee_angle_{s}",), flexion=-1)
    foot = tibia @ _turn(motion, (f"ankle_angle_{s}", f"subtalar_angle_{s}"))
    chain = (("hip", pelvis), ("knee", femur), ("ankle", tibia), ("toe", foot))
    return _chain(chain, side, origin)


def _arm(motion: OpenSimMotion, side: str, back: Floats, trunk: Floats) -> dict[str, Floats]:
    s = side[0]
    humerus = trunk @ _turn(motion, (f"arm_flex_{s}", f"arm_add_{s}", f"arm_rot_{s}"))
    forearm = humerus @ _turn(motion, (f"elbow_flex_{s}",))
    return _chain((("shoulder", trunk), ("elbow", humerus), ("wrist", forearm)), side, back)


def _chain(
    links: tuple[tuple[str, Floats], ...], side: str, start: Floats
) -> dict[str, Floats]:
    joints, place = {}, start
    for name, frame in links:
        offset = np.array(_OFFSETS[name]) * [1, 1, 1 if side == "right" else -1]
        joints[f"{side}_{name}"] = place = place + frame @ offset
    return joints


def _turn(motion: OpenSimMotion, names: tuple[str, ...], *, flexion: int = 1) -> Floats:
    """(T, 3, 3) from up to three of a joint's angles (z, x, y)."""
    angles = np.zeros((motion.angles.timeline.frames, 3))
    for i, name in enumerate(names):
        angles[:, i] = np.nan_to_num(motion.angles.curve(name))
    left = names[0].endswith("_l")
    return rotation_zxy(angles * [flexion, -1 if left else 1, -1 if left else 1])
