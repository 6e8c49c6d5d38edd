"""Markers that were lost, from the rest of the clip and of the body.

The torso is completed as one piece. Limbs keep their lengths; where they point is guessed by
``humanpose.markers.limb_priors``. A knee or elbow between two known joints lies on the circle
that its bones allow, a foot keeps its shape. Only what is NaN is filled.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import frame_from_y, relative, rotate, runs, unit
from humanpose.lift.attach import neutral_foot
from humanpose.markers.input_markers import small_toe
from humanpose.markers.limb_priors import filled
from humanpose.markers.torso import TORSO, complete_torso
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import COCO17, MARKERS22
from humanpose.world.filters import bridge_gaps

HALF_SURE = 0.06
"""The expected error that halves the confidence, in body heights (as in the solver)."""

Mask = NDArray[np.bool_]
_RESTLESS_M_S = 0.05
"""How far a foot that is back at the same place may have been meanwhile, per second."""
_SIDES = {"R": "right", "L": "left"}
_OPPOSITE = {"R": "L", "L": "R", "": ""}


@dataclass(frozen=True)
class _Bone:
    """A part of a limb, or of the head. Means over the training side of the rendered pairs."""

    parent: str
    child: str
    across: str
    """The pair of joints that says, with the trunk, how the axes are turned."""
    length: float
    """In body heights."""
    neutral: tuple[float, float, float] | str
    """Where it points in those axes, the right side's; or the part of the foot that it ends in,
    whose place follows from the leg."""
    variance: float
    """rad² about that."""


_LIMBS = (
    _Bone("Shoulder", "Elbow", "Shoulder", 0.1485, (0.125, -0.760, 0.250), 0.5),
    _Bone("Elbow", "Wrist", "Shoulder", 0.1439, (0.584, 0.000, -0.019), 0.9),
    _Bone("Hip", "Knee", "Hip", 0.2390, (0.402, -0.797, 0.044), 0.35),
    _Bone("Knee", "Ankle", "Hip", 0.2452, (-0.172, -0.905, -0.032), 0.35),
)
_FOOT = (
    _Bone("Ankle", "Heel", "Hip", 0.0381, "heel", 0.1),
    _Bone("Ankle", "BigToe", "Hip", 0.1011, "foot_index", 0.1),
)
_ANKLE_TO = {bone.child: bone for bone in _FOOT}
_SOLE = _Bone("Heel", "BigToe", "Hip", 0.130, (1.0, 0.0, 0.0), np.inf)
_HEAD = (
    _Bone("Neck", "Head", "Shoulder", 0.1358, (0.065, 0.993, 0.0), 0.06),
    _Bone("Neck", "Nose", "Shoulder", 0.1465, (0.578, 0.809, 0.0), 0.06),
)


def estimate_missing(markers: PoseSequence, *, height_m: float) -> PoseSequence:
    """The 22 ``markers`` with what was lost estimated.

    The confidence of an estimate is 0.49 / (1 + (u / 6 % of the height)²), u being the error to
    expect, times the mean confidence of the markers that were seen. A marker that nothing tells
    of, since the torso is lost for over a second or too little of it is ever seen, stays NaN.

    Args:
        markers: ``MARKERS22``, m; NaN where one is lost.
        height_m: of the person.
    """
    if np.isfinite(markers.positions).all():
        return markers
    body = _Body(markers, height_m)
    for side in _SIDES:
        body.add_limbs(_LIMBS, side)
        body.plant(side)
        body.bend_between(side, _LIMBS[:2])
        body.bend_between(side, _LIMBS[2:])
    for side in _SIDES:
        body.add_limbs(_FOOT, side)
        body.keep_length(side, "Heel", "BigToe")
        body.keep_length(side, "BigToe", "Heel")
        body.add_small_toe(side)
    body.add_limbs(_HEAD, "")
    return body.completed()


class _Body:
    """The markers known so far, parents before children."""

    def __init__(self, markers: PoseSequence, height_m: float) -> None:
        self._seen, self._height_m = markers, height_m
        self._at = {name: markers.joint(name) for name in markers.skeleton.joints}
        self._variance = {name: np.zeros(len(markers)) for name in self._at}
        paths = markers.positions[:, MARKERS22.indices(*TORSO)]
        torso, variance = complete_torso(paths, markers.timeline.fps, height_m=height_m)
        for i, name in enumerate(TORSO):
            self._fill(name, torso[:, i], variance[:, i])
        for middle, part in (("Neck", "Shoulder"), ("Hip", "Hip")):
            pair = [f"{side}{part}" for side in _SIDES]
            mean = (self._at[pair[0]] + self._at[pair[1]]) / 2
            self._fill(middle, mean, np.mean([self._variance[p] for p in pair], axis=0))

    def add_limbs(self, bones: Sequence[_Bone], side: str) -> None:
        """Estimate the far ends of ``bones`` of one side, ``""`` for the head."""
        own = self._directions(bones, side)
        other = self._directions(bones, _OPPOSITE[side]) if side else np.full_like(own, np.nan)
        neutral = np.stack([self._neutral(bone, side) for bone in bones], axis=1)
        expected = np.array([bone.variance for bone in bones])
        guess = filled(own, other, neutral, expected, self._seen.timeline.fps)
        for i, bone in enumerate(bones):
            length = self._length(bone, side)
            arm = length * rotate(self._axes(bone), guess.directions[:, i : i + 1])[:, 0]
            parent = side + bone.parent
            variance = self._variance[parent] + guess.variance[:, i] * length**2
            self._fill(side + bone.child, self._at[parent] + arm, variance)

    def plant(self, side: str) -> None:
        """Draw an estimated ankle to where it stood before and after, if that is one place."""
        name = f"{side}Ankle"
        path, lost = self._seen.joint(name), ~self._known(name)
        straight = bridge_gaps(path[:, None])[:, 0]
        doubt = self._variance[name].copy()
        for gap in runs(lost):
            if gap.start > 0 and gap.stop < len(path):
                way = np.linalg.norm(path[gap.stop] - path[gap.start - 1])
                duration_s = (gap.stop - gap.start + 1) / self._seen.timeline.fps
                planted = way**2 / 4 + (_RESTLESS_M_S * duration_s) ** 2
                share = (doubt[gap] / (doubt[gap] + planted))[:, None]
                self._at[name] = self._at[name].copy()
                self._at[name][gap] += share * (straight[gap] - self._at[name][gap])
                self._variance[name][gap] *= 1 - share[:, 0]

    def bend_between(self, side: str, bones: Sequence[_Bone]) -> None:
        """Where a knee or elbow was lost, keep both lengths to what is known about its ends."""
        start, middle, end = (
            side + name for name in (bones[0].parent, bones[0].child, bones[1].child)
        )
        lost = ~self._known(middle)
        lengths = [self._length(bone, side) for bone in bones]
        bent = _on_circle(
            self._at[start], self._at[middle], self._at[end], lengths[0], lengths[1]
        )
        self._at[middle] = np.where(lost[:, None], bent, self._at[middle])

    def keep_length(self, side: str, child: str, other: str) -> None:
        """Where one end of the foot was lost and the other seen, keep the foot's length."""
        ankle, name, end = (side + part for part in ("Ankle", child, other))
        lost = ~self._known(name) & self._known(end)
        lengths = (self._length(b, side) for b in (_ANKLE_TO[child], _SOLE))
        kept = _on_circle(self._at[ankle], self._at[name], self._at[end], *lengths)
        self._at[name] = np.where(lost[:, None], kept, self._at[name])

    def add_small_toe(self, side: str) -> None:
        heel, toe, ankle = (self._at[side + name] for name in ("Heel", "BigToe", "Ankle"))
        place = small_toe(heel, toe, ankle, side=_SIDES[side])
        self._fill(f"{side}SmallToe", place, self._variance[f"{side}BigToe"])

    def completed(self) -> PoseSequence:
        positions = np.stack([self._at[name] for name in MARKERS22.joints], axis=1)
        variance = np.stack([self._variance[name] for name in MARKERS22.joints], axis=1)
        seen = np.isfinite(self._seen.positions).all(axis=2)
        source = float(self._seen.confidence[seen].mean()) if seen.any() else 0.0
        off = np.sqrt(variance) / (HALF_SURE * self._height_m)
        guessed = INFERRED_AT_MOST * source / (1 + off**2)
        guessed = np.where(np.isfinite(positions).all(axis=2), guessed, 0.0)
        sure = np.where(seen, self._seen.confidence, guessed)
        return PoseSequence(positions, sure, self._seen.timeline, MARKERS22)

    def _fill(self, name: str, path: Floats, variance: Floats) -> None:
        """Where it isn't known yet; ``path`` (T, 3) m, ``variance`` (T,) m²."""
        lost = np.isnan(self._at[name]).any(axis=1)
        self._at[name] = np.where(lost[:, None], path, self._at[name])
        self._variance[name] = np.where(lost, variance, self._variance[name])

    def _known(self, name: str) -> Mask:
        """(T,) where it was seen."""
        return np.isfinite(self._seen.joint(name)).all(axis=1)

    def _axes(self, bone: _Bone) -> Floats:
        """(T, 3, 3) Y up the trunk, Z to the right as the hips or the shoulders are."""
        across = self._at[f"R{bone.across}"] - self._at[f"L{bone.across}"]
        return frame_from_y(self._at["Neck"] - self._at["Hip"], across)

    def _directions(self, bones: Sequence[_Bone], side: str) -> Floats:
        """(T, B, 3) unit vectors in ``_axes``; NaN where an end was not seen."""
        vectors = [
            self._seen.joint(side + bone.child) - self._seen.joint(side + bone.parent)
            for bone in bones
        ]
        own = [
            relative(self._axes(bone), vector[..., None])[..., 0]
            for bone, vector in zip(bones, vectors, strict=True)
        ]
        return unit(np.stack(own, axis=1))

    def _neutral(self, bone: _Bone, side: str) -> Floats:
        """(T, 3) where it points in ``_axes`` when nothing else is known."""
        if isinstance(bone.neutral, str):
            place = neutral_foot(self._joints(), _SIDES[side])[bone.neutral]
            away = place - self._at[side + bone.parent]
            return unit(relative(self._axes(bone), away[..., None])[..., 0])
        constant = np.array(bone.neutral) * [1, 1, -1 if side == "L" else 1]
        return np.broadcast_to(constant, (len(self._seen), 3))

    def _joints(self) -> PoseSequence:
        """The joints of COCO-17 as far as they are known by now."""
        positions = np.full((len(self._seen), len(COCO17), 3), np.nan)
        for s, side in _SIDES.items():
            for part in ("Shoulder", "Hip", "Knee", "Ankle"):
                positions[:, COCO17.index(f"{side}_{part.lower()}")] = self._at[s + part]
        confidence = np.zeros(positions.shape[:2])
        return PoseSequence(positions, confidence, self._seen.timeline, COCO17)

    def _length(self, bone: _Bone, side: str) -> float:
        """m: the side's own, else the other's, else the usual one."""
        for s in (side, _OPPOSITE[side]):
            start, end = (self._seen.joint(s + name) for name in (bone.parent, bone.child))
            length = np.linalg.norm(end - start, axis=1)
            if np.isfinite(length).any():
                return float(np.nanmedian(length))
        return bone.length * self._height_m


def _on_circle(
    start: Floats, guess: Floats, end: Floats, first: float, second: float
) -> Floats:
    """(T, 3) the point nearest to ``guess`` that is ``first`` from start and ``second`` from
    end; on the line between them where they are too far apart. m."""
    across = end - start
    distance = np.linalg.norm(across, axis=1, keepdims=True)
    along = unit(across)
    reach = np.clip((distance**2 + first**2 - second**2) / (2 * distance), -first, first)
    aside = guess - start
    aside = unit(aside - (aside * along).sum(axis=1, keepdims=True) * along)
    return np.asarray(start + reach * along + np.sqrt(first**2 - reach**2) * aside)
