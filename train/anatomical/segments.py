"""Segment frames from the augmented markers (OpenCap's anatomical set).

Each segment has a shape, taken from the clip itself: the mean shape of its markers, in the
axes that its anatomical landmarks give. Its pose in a frame is the least-squares fit of that
shape, so one lost marker changes little. Joint centres go on from segment to segment: the hip
from the pelvis to the femur, the knee from the femur to the tibia.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import cross, frame_from_x, frame_from_y, relative
from humanpose.kinematics.model_axes import MODEL_POINTS
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import other_side
from train.anatomical.harrington import hip_centres
from train.anatomical.rigid import fitted, interpolated, mean_shape

Points = Mapping[str, Floats]
Names = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Segment:
    """One body segment over a clip. T frames."""

    frames: Floats
    """(T, 3, 3) its axes (columns), those of OpenSim's LaiUhlrich model; NaN where absent."""
    confidence: Floats
    """(T,) that of its third surest marker, since three make a pose. Below 0.5 where only two
    are seen and the turn about the line between them is carried over; 0 where absent."""
    shape: dict[str, Floats]
    """Point -> (3,) where it lies in the segment's own axes, m; NaN where never seen."""


@dataclass(frozen=True)
class _Plan:
    """How a segment is made of points."""

    parent: str
    points: Names
    rightward: tuple[Names, Names]
    """Z runs from the middle of the first points to the middle of the second ones."""
    onward: tuple[Names, Names]
    """So does X in the pelvis and the foot, Y in all others."""
    exact: Literal["x", "y", "z"] = "y"
    """The axis that runs exactly so; the other one only as near as can be."""

    def axes(self, at: Points) -> Floats:
        """(3, 3) anatomical axes (columns) from the places of its points."""
        z, other = (
            _middle(at, end) - _middle(at, start)
            for start, end in (self.rightward, self.onward)
        )
        if self.exact == "y":
            return frame_from_y(other, z)
        up = cross(z, other)
        return frame_from_y(up, z) if self.exact == "z" else frame_from_x(other, up)


def anatomical_segments(
    markers: PoseSequence,
    *,
    shaped: Mapping[str, Segment] | None = None,
    placement: Points = MODEL_POINTS,
) -> dict[str, Segment]:
    """Pelvis, trunk, and femur, tibia, foot, humerus, forearm with ``_r`` and ``_l``.

    The hip centres are those of Harrington et al. (2007) where the clip has no HJC markers.

    Args:
        markers: any of ``MARKERS43``, Y up; other points don't count.
        shaped: segments that lend their shapes, those of a static trial say, which shows
            markers that are off in this one.
        placement: where a marker set sits on the model, if not where OpenCap's does.
    """
    body = _Body(markers, placement)
    for name, plan in _PLANS.items():
        body.add(name, plan, shaped[name].shape if shaped else None)
    return body.segments


class _Body:
    """Segments and the points known so far, parents before children."""

    def __init__(self, markers: PoseSequence, placement: Points) -> None:
        self.segments: dict[str, Segment] = {}
        self._model = dict(placement)
        for joint in _BETWEEN:
            self._model[joint] = _between(placement, joint)
        self._nowhere = np.full((len(markers), 3), np.nan)
        self._paths: dict[str, Floats] = {}
        self._sure: dict[str, Floats] = {}
        for i, name in enumerate(markers.skeleton.joints):
            path = markers.positions[:, i]
            if np.isfinite(path).all(axis=1).any():
                self._paths[name], self._sure[name] = path, markers.confidence[:, i]

    def add(self, name: str, plan: _Plan, shape: Points | None) -> None:
        paths = np.stack([self._paths.get(p, self._nowhere) for p in plan.points], axis=1)
        if shape is None:
            own = dict(zip(plan.points, mean_shape(paths), strict=True))
            turn = plan.axes(own) @ plan.axes(self._model).T
            shape = {point: place @ turn for point, place in own.items()}
        rotation, place = self._posed(np.stack(list(shape.values())), paths, plan.parent)
        sure = np.where(np.isfinite(rotation[:, 0, 0]), self._third_surest(plan.points), 0.0)
        self.segments[name] = Segment(rotation, sure, dict(shape))
        for centre, at in self._centres(name, shape).items():
            if centre not in self._paths and np.isfinite(at).all():
                self._paths[centre] = place + rotation @ at
                self._sure[centre] = sure

    def _posed(self, shape: Floats, paths: Floats, parent: str) -> tuple[Floats, Floats]:
        """With three markers by them alone, with two also by what the parent did."""
        rotation, place = fitted(shape, paths)
        seen = (np.isfinite(paths) & np.isfinite(shape)).all(axis=2)
        if not (seen.sum(axis=1) == 2).any():
            return rotation, place
        above = self.segments[parent].frames if parent else np.eye(3)
        carried = above @ interpolated(relative(above, rotation))
        return fitted(shape, paths, carried)

    def _third_surest(self, points: Names) -> Floats:
        nothing = np.zeros(len(self._nowhere))
        sure = np.sort([self._sure.get(point, nothing) for point in points], axis=0)
        return np.where(sure[-3] > 0, sure[-3], INFERRED_AT_MOST * sure[-2])

    def _centres(self, segment: str, at: Points) -> dict[str, Floats]:
        """The joint centres that a segment hands on, in its own axes."""
        if segment == "pelvis":
            right, left = hip_centres(at[_ASIS[0]], at[_ASIS[1]], _middle(at, _PSIS))
            lumbar = self._as_on_model(at, _ASIS, "lumbar")
            return {"RHJC_study": right, "LHJC_study": left, "lumbar": lumbar}
        if segment == "trunk":
            shoulders = ("right_shoulder", "left_shoulder")
            return {joint: self._as_on_model(at, _ACROMIA, joint) for joint in shoulders}
        joint = _HANDS_ON.get(segment)
        return {joint: _between(at, joint)} if joint else {}

    def _as_on_model(self, at: Points, pair: Names, centre: str) -> Floats:
        """Where the model has it, with the distance between two markers for a scale."""
        width, of_model = (np.linalg.norm(p[pair[0]] - p[pair[1]]) for p in (at, self._model))
        away = self._model[centre] - _middle(self._model, pair)
        return np.asarray(_middle(at, pair) + width / of_model * away)


def _middle(at: Points, names: Names) -> Floats:
    return np.asarray(np.mean([at[name] for name in names], axis=0))


def _between(at: Points, joint: str) -> Floats:
    (medial, lateral), share = _BETWEEN[joint]
    return np.asarray(share * at[medial] + (1 - share) * at[lateral])


_ASIS, _PSIS = ("r.ASIS_study", "L.ASIS_study"), ("r.PSIS_study", "L.PSIS_study")
_ACROMIA = ("r_shoulder_study", "L_shoulder_study")


def _mirrored(names: Names) -> Names:
    return tuple(other_side(name) for name in names)


_KNEE, _ANKLE = ("r_mknee_study", "r_knee_study"), ("r_mankle_study", "r_ankle_study")
_ELBOW, _WRIST = ("r_melbow_study", "r_lelbow_study"), ("r_mwrist_study", "r_lwrist_study")
"""The medial marker and the lateral one."""
_RADIAL_HEAD = 0.26
"""Of the way from the lateral epicondyle to the medial one, as in the model. The forearm's long
axis starts here and not at the middle, since about this point it stays put in pronation."""
_BETWEEN: dict[str, tuple[Names, float]] = {
    "right_knee": (_KNEE, 0.5),
    "right_ankle": (_ANKLE, 0.5),
    "right_radial_head": (_ELBOW, _RADIAL_HEAD),
}
_BETWEEN |= {
    other_side(joint): (_mirrored(pair), share) for joint, (pair, share) in _BETWEEN.items()
}
"""Joint centres between a medial marker and a lateral one: the medial one's share."""
_HANDS_ON = {
    f"{segment}_{side[0]}": f"{side}_{joint}"
    for side in ("right", "left")
    for segment, joint in {"femur": "knee", "tibia": "ankle", "humerus": "radial_head"}.items()
}
"""Segment -> the joint centre at its far end."""


def _across(pair: Names) -> tuple[Names, Names]:
    return pair[:1], pair[1:]


_TRUNK_PLANS = {
    "pelvis": _Plan(
        "",
        (*_ASIS, *_PSIS, "RHJC_study", "LHJC_study"),
        rightward=(_ASIS[1:], _ASIS[:1]),
        onward=(_PSIS, _ASIS),
        exact="z",
    ),
    "trunk": _Plan(
        "pelvis",
        ("lumbar", "C7_study", *_ACROMIA),
        rightward=(_ACROMIA[1:], _ACROMIA[:1]),
        onward=(("lumbar",), ("C7_study",)),
    ),
}
_RIGHT_PLANS = {
    "femur_r": _Plan(
        "pelvis",
        ("RHJC_study", *_KNEE, "r_thigh1_study", "r_thigh2_study", "r_thigh3_study"),
        rightward=_across(_KNEE),
        onward=(_KNEE, ("RHJC_study",)),
    ),
    "tibia_r": _Plan(
        "femur_r",
        ("right_knee", *_ANKLE, "r_sh1_study", "r_sh2_study", "r_sh3_study"),
        rightward=_across(_ANKLE),
        onward=(_ANKLE, ("right_knee",)),
    ),
    "foot_r": _Plan(
        "tibia_r",
        ("right_ankle", "r_calc_study", "r_toe_study", "r_5meta_study"),
        rightward=_across(("r_calc_study", "r_5meta_study")),
        onward=_across(("r_calc_study", "r_toe_study")),
        exact="x",
    ),
    "humerus_r": _Plan(
        "trunk",
        ("right_shoulder", *_ELBOW),
        rightward=_across(_ELBOW),
        onward=(_ELBOW, ("right_shoulder",)),
    ),
    "forearm_r": _Plan(
        "humerus_r",
        ("right_radial_head", *_WRIST),
        rightward=_across(_WRIST),
        onward=(_WRIST, ("right_radial_head",)),
    ),
}


def _left(plan: _Plan) -> _Plan:
    """The same on the left, where Z still runs to the body's right."""
    lateral, medial = (_mirrored(end) for end in plan.rightward[::-1])
    start, end = (_mirrored(names) for names in plan.onward)
    return _Plan(
        plan.parent.replace("_r", "_l"),
        _mirrored(plan.points),
        rightward=(lateral, medial),
        onward=(start, end),
        exact=plan.exact,
    )


_PLANS = _TRUNK_PLANS | _RIGHT_PLANS
_PLANS |= {name.replace("_r", "_l"): _left(plan) for name, plan in _RIGHT_PLANS.items()}
"""Axes after ISB (Wu et al. 2002, 2005) as far as the set has the landmarks: the trunk runs
from the lumbar joint to C7, the humerus from the shoulder centre to between the epicondyles."""
