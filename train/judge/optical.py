"""Recordings with OpenSim's inverse kinematics, their markers by OpenCap's names.

Four subjects of ``../shared/data/opensim.tar.xz`` were seen by optical cameras. Where a
laboratory's set lacks the markers on the inner side of knee and ankle, they are put where the
knee's functional hinge axis says. The clips of ``../shared/data/clips/opencap_demo`` have
OpenCap's own augmented markers, from two phones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from humanpose.io.osim import Model
from humanpose.kinematics.anatomical import Segment, anatomical_segments
from humanpose.kinematics.harrington import hip_centres
from humanpose.kinematics.model_axes import MODEL_POINTS
from humanpose.kinematics.rigid import fitted, mean_shape
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import MARKERS43, Skeleton, other_side
from train.convert import mot, trc

Names = Mapping[str, tuple[str, ...]]
"""Ours -> the laboratory's, whose mean it is; a name twice counts twice."""


def _both(right: dict[str, str], midline: dict[str, str], swap: tuple[str, str]) -> Names:
    """Both sides from ``ours: "theirs theirs"`` of the right; ``swap`` turns theirs to left."""
    names = {f"{k}_study": tuple(v.split()) for k, v in {**right, **midline}.items()}
    for ours, theirs in right.items():
        left = tuple(_swapped(name, *swap) for name in theirs.split())
        names[other_side(f"{ours}_study")] = left
    return names


def _swapped(name: str, right: str, left: str) -> str:
    for a, b in zip(right.split(), left.split(), strict=True):
        if name.startswith(a):
            return b + name.removeprefix(a)
    return name


_OPENCAP = _both(
    {
        "r.ASIS": "r.ASIS", "r.PSIS": "r.PSIS", "RHJC": "R_HJC", "r_shoulder": "R_Shoulder",
        "r_knee": "r_knee", "r_mknee": "r_mknee", "r_ankle": "r_ankle", "r_mankle": "r_mankle",
        "r_thigh1": "r_thigh1", "r_thigh2": "r_thigh2", "r_thigh3": "r_thigh3",
        "r_sh1": "r_shank_antsup", "r_sh2": "r_sh2", "r_sh3": "r_sh3",
        "r_calc": "r_calc", "r_toe": "r_toe", "r_5meta": "r_5meta",
        "r_lelbow": "R_elbow_lat", "r_melbow": "R_elbow_med",
        "r_lwrist": "R_wrist_radius", "r_mwrist": "R_wrist_ulna",
    },
    {"C7": "C7"}, ("r R", "L L"),
)  # fmt: skip
_SPRINTER = _both(
    {
        "r.ASIS": "RASI", "r.PSIS": "SACR", "r_shoulder": "RSH", "r_knee": "RLEPI",
        "r_thigh1": "RTHLP", "r_thigh2": "RTHLD", "r_thigh3": "RTHAP", "r_ankle": "RLMAL",
        "r_sh1": "RTIAP", "r_sh2": "RTIAD", "r_sh3": "RTILAT",
        "r_calc": "RHEEL", "r_toe": "RP1MT RP1MT RP5MT", "r_5meta": "RP5MT",
    },
    {"C7": "C7"}, ("R", "L"),
)  # fmt: skip
_CAMARGO = _both(
    {
        "r.ASIS": "R_ASIS", "r.PSIS": "R_PSIS", "r_knee": "R_Knee_Lat",
        "r_thigh1": "R_Thigh_Upper", "r_thigh2": "R_Thigh_Front", "r_thigh3": "R_Thigh_Rear",
        "r_ankle": "R_Ankle_Lat",
        "r_sh1": "R_Shank_Upper", "r_sh2": "R_Shank_Front", "r_sh3": "R_Shank_Rear",
        "r_calc": "R_Heel", "r_toe": "R_Toe_Med R_Toe_Med R_Toe_Lat", "r_5meta": "R_Toe_Lat",
    },
    {}, ("R", "L"),
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """One person of the archive."""

    name: str
    trials: str
    """Glob of the ``.mot`` files."""
    markers: str
    """The ``.trc`` file of a trial."""
    generic: str
    """The laboratory's model with its markers, before it was fitted to anybody. Camargo's isn't
    in the archive: its markers count as OpenCap's."""
    scaled: str
    """The model, fitted to this person, that OpenSim's angles are of."""
    names: Names
    static: str = ""
    """A trial with all the markers, where the others lack some."""
    hinged: bool = False
    """Whether no trial has the inner markers of knee and ankle."""
    relabelled: dict[str, dict[str, str]] = field(default_factory=dict)


_RIGHT_THIGH = {"r_thigh3": "r_thigh5", "r_thigh5": "r_thigh3"}
_LEFT_THIGH = {f"L_thigh{a}": f"L_thigh{b}" for a, b in ((1, 3), (2, 4), (3, 1), (4, 2))}
SUBJECTS = (
    Subject(
        "Expert1", "addbiomechanics/Expert1/*.mot", "addbiomechanics/Expert1/{}.trc",
        "addbiomechanics/Expert1/generic.osim", "addbiomechanics/Expert1/hand_scaled.osim",
        _OPENCAP, "static1",
        relabelled={
            **dict.fromkeys(("DJ1", "DJ2"), _RIGHT_THIGH),
            **dict.fromkeys(("walkingTO1", "walkingTO2", "walkingTO4"), _RIGHT_THIGH),
            **dict.fromkeys(("walking1", "walking3"), _LEFT_THIGH),
        },
    ),
    Subject(
        "OpenCap", "opencap_unfiltered/IK/*_ik.mot", "opencap_unfiltered/MarkerData/{}.trc",
        "opencap_unfiltered/Models/unscaled_generic.osim",
        "opencap_unfiltered/Models/final.osim", _OPENCAP, hinged=True,
    ),
    Subject(
        "Expert2", "addbiomechanics/Expert2/*.mot", "addbiomechanics/Expert2/{}.trc",
        "addbiomechanics/Expert2/generic.osim", "addbiomechanics/Expert2/hand_scaled.osim",
        _SPRINTER, hinged=True,
    ),
    Subject(
        "Camargo", "camargo/IK/*_ik.mot", "camargo/MarkerData/{}.trc", "",
        "camargo/Models/final.osim", _CAMARGO, hinged=True,
    ),
)  # fmt: skip
"""In some of Expert1's trials the thigh's labels are swapped (seen in the distances between
markers: with the swap undone the static trial's thigh fits to 5-7 mm instead of 31-52). Expert3
has no marker files in the archive."""


PHONES = Subject(
    "phones", "*.mot", "{}.trc", "", "LaiUhlrich2022_scaled.osim",
    {name: (name,) for name in MARKERS43.joints},
)  # fmt: skip
"""OpenCap's own demonstration: the marker set that the table of the package is for."""


@dataclass(frozen=True, eq=False)
class Trial:
    """What was recorded and what OpenSim made of it, frame by frame."""

    name: str
    laboratory: dict[str, Floats]
    """(T, 3) of every marker by its own name, in our world."""
    markers: PoseSequence
    """By our names."""
    angles: JointAngles


def trials(subject: Subject, folder: Path) -> Iterator[Trial]:
    for path in sorted(folder.glob(subject.trials)):
        name = path.stem.removesuffix("_ik")
        angles = mot.read_motion(path).angles
        recorded, timeline = _recorded(subject, folder, name)
        frames = np.round((angles.timeline.time_s - timeline.start_s) * timeline.fps)
        at = {
            k: p[frames.astype(int).clip(0, timeline.frames - 1)] for k, p in recorded.items()
        }
        yield Trial(name, at, _ours(subject, at, angles.timeline), angles)


def static_segments(subject: Subject, folder: Path) -> Mapping[str, Segment] | None:
    """Of the static trial; None where there is none."""
    if not subject.static:
        return None
    markers = _ours(subject, *_recorded(subject, folder, subject.static))
    return anatomical_segments(markers, placement=placement(subject, folder))


def _recorded(subject: Subject, folder: Path, trial: str) -> tuple[dict[str, Floats], Timeline]:
    source = next(trc.read(folder / subject.markers.format(trial)))
    swapped = subject.relabelled.get(trial, {})
    at = {
        name: source.joint(swapped.get(name, name)) @ mot.LABORATORY.T
        for name in source.skeleton.joints
    }
    return at, source.timeline


def _ours(subject: Subject, at: Mapping[str, Floats], timeline: Timeline) -> PoseSequence:
    paths = _named(subject.names, at)
    if subject.hinged:
        paths = _with_inner_markers(paths)
    positions = np.stack(list(paths.values()), axis=1)
    known = np.isfinite(positions).all(axis=2).astype(float)
    return PoseSequence(positions, known, timeline, Skeleton(subject.name, tuple(paths)))


def _named(names: Names, at: Mapping[str, Floats]) -> dict[str, Floats]:
    return {
        ours: np.asarray(np.mean([at[name] for name in theirs], axis=0))
        for ours, theirs in names.items()
        if all(name in at for name in theirs)
    }


def _with_inner_markers(paths: Mapping[str, Floats]) -> dict[str, Floats]:
    """Medial epicondyles and malleoli on the hinge axis of the knee, as wide as the model's."""
    across = paths["r.ASIS_study"] - paths["L.ASIS_study"]
    psis = (paths["r.PSIS_study"] + paths["L.PSIS_study"]) / 2
    hips = hip_centres(paths["r.ASIS_study"], paths["L.ASIS_study"], psis)
    inner = {}
    for s, hip, sign in (("r", hips[0], 1), ("L", hips[1], -1)):
        knee, ankle = f"{s}_knee_study", f"{s}_ankle_study"
        thigh, shank = (
            _frames(np.stack([*ends, *(paths[f"{s}_{part}{i}_study"] for i in (1, 2, 3))], 1))
            for ends, part in (((hip, paths[knee]), "thigh"), ((paths[ankle],), "sh"))
        )
        for outer, frames, own in zip(
            (knee, ankle), (thigh, shank), _hinge(thigh, shank), strict=True
        ):
            axis = frames @ own
            rightward = np.sign(np.nanmean((axis * across).sum(axis=1)))
            inner[_INNER[outer]] = paths[outer] - sign * rightward * _width(outer) * axis
    return {**paths, **inner}


_INNER = {
    f"{s}_{joint}_study": f"{s}_m{joint}_study" for s in "rL" for joint in ("knee", "ankle")
}


def _width(outer: str) -> float:
    """How far the model's inner marker lies from the outer one, m."""
    return float(np.linalg.norm(MODEL_POINTS[outer] - MODEL_POINTS[_INNER[outer]]))


def _frames(paths: Floats) -> Floats:
    return fitted(mean_shape(paths), paths)[0]


def _hinge(above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """The axis that moves least against either of two bodies (T, 3, 3), in the axes of each.

    Least squares of above·a - below·b, as the symmetrical axis of rotation (Ehrig et al. 2007).
    """
    rows = np.concatenate([above, -below], axis=2)
    rows = rows[np.isfinite(rows).all(axis=(1, 2))].reshape(-1, 6)
    a, b = np.linalg.svd(rows, full_matrices=False)[2][-1].reshape(2, 3)
    return a / np.linalg.norm(a), b / np.linalg.norm(b)


def placement(subject: Subject, folder: Path) -> Mapping[str, Floats]:
    """Where the laboratory's set sits on its generic model, by our names."""
    found = dict(MODEL_POINTS)
    if subject.generic:
        found |= _named(subject.names, Model.read(folder / subject.generic).in_default_pose())
    if subject.hinged:
        for outer, inner in _INNER.items():
            across = np.array([0.0, 0.0, 1.0 if outer.startswith("r") else -1.0])
            found[inner] = found[outer] - _width(outer) * across
    return found
