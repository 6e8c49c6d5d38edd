"""The fit: one body, one person, the whole clip."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.body.coordinates import coordinates
from humanpose.body.evidence import Evidence
from humanpose.body.model import GENERIC_HEIGHT_M, ROOT, SCALES, TURNS, UNKNOWNS
from humanpose.body.pose import BodyPose, place, positions
from humanpose.body.prior import load_pose_prior
from humanpose.body.sites import FEET, KINDS, landmark_sites
from humanpose.body.system import System
from humanpose.body.terms import OF_UP, Belief, Person, linearised
from humanpose.sequence import Floats
from humanpose.world.gravity import Up

_COARSE_HZ = 10.0
_FIRST_STEPS, _COARSE_STEPS = 3, 2
"""Of Gauss-Newton: some in about so many frames a second, then it is asked where the person
stands quietly; more in these, then one in all."""
_LARGEST_RAD = 0.6
_FLOOR_TELLS_FROM_M = 1.0
"""Where feet rest over less, their height errors would tilt the floor, and up with it."""
_UP_KEPT = 0.7
"""Share of the doubt about up that the floor cannot take away: lens and detector err alike in
all frames."""
_DAMPING = 1.0
_PROPORTIONS = {
    "pelvis_width": 0.12, "torso": -0.13, "shoulder_width": 0.06, "humerus": -0.04,
    "femur": 0.02, "tibia": 0.02,
}  # fmt: skip
"""Logarithms: how people differ from the unscaled model. Widths and trunk: means of the scaled
models of four people (AddBiomechanics' Expert1-3, OpenCap's laboratory); legs: between
MakeHuman's adults (0.484 of the height) and Winter's (0.491); upper arm: between the model and
MakeHuman's."""
_WINDOW, _OVERLAP = 1000, 60
"""Longer clips are fitted in windows of so many frames that overlap by so many on each side,"""
_STRETCHES, _STRETCH = 8, 100
"""with the person that so many stretches of so many frames tell."""
_TRIANGLE = tuple(at + ROOT.stop for at in np.tril_indices(UNKNOWNS - ROOT.stop))
"""Rows and columns of what is kept of a frame's covariance."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A body that was fitted to T frames."""

    pose: BodyPose
    person: Person
    triangle: NDArray[np.float32]
    """(T, 351) of ``covariance`` the part below its diagonal, and that: it is the largest."""
    up_sd_deg: float | None
    """Of the person's up, about each axis across it; None where the clip told nothing of it."""
    standing: Floats
    """(T,) in [0, 1] how surely the person stands quietly."""

    @property
    def covariance(self) -> NDArray[np.float32]:
        """(T, 26, 26) of the frames' turns and bends."""
        rows, columns = np.array(_TRIANGLE) - ROOT.stop
        whole = np.empty((len(self.triangle), rows[-1] + 1, rows[-1] + 1), np.float32)
        whole[:, rows, columns] = whole[:, columns, rows] = self.triangle
        return whole

    def at(self, frames: slice) -> Self:
        """Of some frames only."""
        return replace(
            self,
            pose=self.pose.at(frames),
            triangle=self.triangle[frames],
            standing=self.standing[frames],
        )


@dataclass(frozen=True, eq=False)
class Guess:
    """Where a fit starts, T frames."""

    pose: BodyPose
    person: Person | None = None
    standing: Floats | None = None
    """(T,) as in ``Fit``; this and ``person`` are None for a pose that no fit found."""

    def at(self, frames: slice | NDArray[np.int_]) -> Self:
        """The same in some of the (T,) frames only."""
        standing = None if self.standing is None else self.standing[frames]
        return replace(self, pose=self.pose.at(frames), standing=standing)


def fit_body(start: Guess, seen: Evidence, belief: Belief) -> Fit:
    """The body that explains the evidence best, and how surely.

    Time grows with the length of the clip; memory does by the covariance, 1.4 KB a frame.

    Args:
        start: from where to look for it, T frames; from what another fit found only the last
            step is made.
        seen: of the same frames.

    Raises:
        LinAlgError: nothing tells of the body.
    """
    frames = len(start.pose)
    if frames <= _WINDOW:
        return _minimum(start, seen, belief)
    some = _spread(frames)
    person, precision = _person(start.at(some), _with_breaks(seen.at(some)), belief)
    start, known = (
        replace(start, person=person),
        replace(belief, expected=person, held=precision),
    )
    parts = [
        _minimum(start.at(around), seen.at(around), known).at(inner)
        for around, inner in _windows(frames)
    ]
    pose = BodyPose(
        *(
            np.concatenate([getattr(p.pose, name) for p in parts])
            for name in ("root", "turns", "bends")
        )
    )
    triangle = np.concatenate([part.triangle for part in parts])
    up_sd_deg = _up_sd_deg(np.linalg.inv(precision), belief)
    standing = np.concatenate([part.standing for part in parts])
    return Fit(pose, person, triangle, up_sd_deg, standing)


def people_at_large(start: BodyPose, seen: Evidence, *, up: Up, height_m: float) -> Belief:
    """What is believed of somebody of average proportions, whose feet stand where they seem to,
    before a camera that sees up there."""
    scales = np.full(len(SCALES), np.log(height_m / GENERIC_HEIGHT_M))
    for name, log in _PROPORTIONS.items():
        scales[SCALES.index(name)] += log
    everybody = np.zeros((len(KINDS), 3))
    marks = positions(place(start, scales), landmark_sites(height_m, everybody))
    heights = marks[:, FEET] @ up.direction
    resting = heights[seen.resting] if seen.resting.any() else heights
    expected = Person(scales, everybody, float(np.median(resting)), up.direction)
    told = _reach_m(marks[:, FEET][seen.resting], up.direction) > _FLOOR_TELLS_FROM_M
    doubt = np.radians(up.sd_deg) if told else 0.0
    return Belief(expected, None, load_pose_prior(), height_m, doubt)


def _reach_m(places: Floats, up: Floats) -> float:
    """How far apart on the floor most of the (N, 3) places lie."""
    if not len(places):
        return 0.0
    level = places - (places @ up)[:, None] * up
    level = level - np.median(level, axis=0)
    _, _, axes = np.linalg.svd(level, full_matrices=False)
    return float(np.ptp(np.percentile(level @ axes[0], [5, 95])))


def _minimum(start: Guess, seen: Evidence, belief: Belief) -> Fit:
    pose, person, system, standing = _descended(start, seen, belief)
    covariance, of_shared = system.covariance(damping=_DAMPING)
    rows, columns = _TRIANGLE
    triangle = covariance[:, rows, columns].astype(np.float32)
    return Fit(pose, person, triangle, _up_sd_deg(of_shared, belief), standing)


def _person(start: Guess, seen: Evidence, belief: Belief) -> tuple[Person, Floats]:
    """Who is seen, and the precision of that."""
    _, person, system, _ = _descended(start, seen, belief)
    return person, system.shared_precision(damping=_DAMPING)


def _up_sd_deg(covariance: Floats, belief: Belief) -> float | None:
    """From (36, 36) of what is shared, after the fit, and what was believed before it."""
    if not belief.up_sd_rad:
        return None
    after, before = covariance.diagonal()[OF_UP].mean(), belief.up_sd_rad**2
    return float(np.degrees(np.sqrt(after + _UP_KEPT**2 * max(0.0, before - after))))


def _descended(
    start: Guess, seen: Evidence, belief: Belief
) -> tuple[BodyPose, Person, System, Floats]:
    """At the minimum, the normal equations of the step that led there, and (T,) how surely the
    person stands quietly."""
    pose, person, standing = start.pose, start.person or belief.expected, start.standing
    if standing is None:
        pose, person, standing = _approached(pose, person, seen, belief)
    return *_stepped(pose, person, seen, belief, standing), standing


def _approached(
    start: BodyPose, person: Person, seen: Evidence, belief: Belief
) -> tuple[BodyPose, Person, Floats]:
    """Near the minimum, by steps in some of the frames."""
    some = thinned(seen)
    pose = start.at(some.frames)
    for _ in range(_FIRST_STEPS):
        pose, person = _stepped(pose, person, some.seen, belief, None)[:2]
    values, _ = coordinates(pose, person.up)
    standing = belief.prior.standing(values, fps=some.seen.fps)
    for _ in range(_COARSE_STEPS):
        pose, person = _stepped(pose, person, some.seen, belief, standing)[:2]
    return some.between(pose), person, np.interp(np.arange(len(start)), some.frames, standing)


def _stepped(
    pose: BodyPose, person: Person, seen: Evidence, belief: Belief, standing: Floats | None
) -> tuple[BodyPose, Person, System]:
    """After one step, and its normal equations."""
    system = linearised(pose, person, seen, belief, standing=standing)
    step, shared = system.step(damping=_DAMPING)
    turned = step[:, TURNS.start :]
    step[:, TURNS.start :] = turned.clip(-_LARGEST_RAD, _LARGEST_RAD)
    return pose.moved(step), person.moved(shared), system


@dataclass(frozen=True, eq=False)
class Thinned:
    """Some of a clip's frames, evenly spaced in every stretch of them."""

    frames: NDArray[np.int_]
    """(K,) which."""
    seen: Evidence
    """Of those."""
    before: NDArray[np.int_]
    """(T,) for every frame the last of the K that is not later,"""
    share: Floats
    """and how far it is on the way to the next; 0 where that is beyond a break."""

    def between(self, pose: BodyPose) -> BodyPose:
        """Of all T frames, from that of the K."""
        onward = np.concatenate([pose.change(), np.zeros((1, UNKNOWNS))])[self.before]
        return pose.at(self.before).moved(self.share[:, None] * onward)


def thinned(seen: Evidence) -> Thinned:
    """About ``_COARSE_HZ`` of the frames, from the first of every stretch on."""
    every = max(1, round(seen.fps / _COARSE_HZ))
    begins = ~seen.follows
    begins[0] = True
    stretch = np.cumsum(begins) - 1
    since = np.arange(len(stretch)) - np.flatnonzero(begins)[stretch]
    frames = np.flatnonzero(since % every == 0)
    follows = np.diff(stretch[frames], prepend=-1) == 0
    before = np.searchsorted(frames, np.arange(len(stretch)), side="right") - 1
    onward = np.append(follows[1:], False)[before]
    share = onward * (since % every) / every
    some = replace(seen.at(frames), follows=follows, fps=seen.fps / every)
    return Thinned(frames, some, before, share)


def _spread(frames: int) -> NDArray[np.int_]:
    """Stretches all over the clip."""
    first = np.linspace(0, frames - _STRETCH, _STRETCHES).astype(int)
    return np.asarray(first[:, None] + np.arange(_STRETCH)).ravel()


def _with_breaks(seen: Evidence) -> Evidence:
    follows = seen.follows.copy()
    follows[::_STRETCH] = False
    return replace(seen, follows=follows)


def _windows(frames: int) -> Iterator[tuple[slice, slice]]:
    """The frames of every window, and of these those that it decides."""
    count = -(-frames // _WINDOW)
    edges = np.linspace(0, frames, count + 1).astype(int)
    for first, last in pairwise(edges):
        start, stop = max(0, first - _OVERLAP), min(frames, last + _OVERLAP)
        yield slice(start, stop), slice(first - start, last - start)
