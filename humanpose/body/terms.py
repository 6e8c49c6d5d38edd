"""The terms of the fit: what evidence and belief ask of a body, as weighted residuals."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from humanpose.body.coordinates import coordinates
from humanpose.body.evidence import ERRORS_LAST_S, Evidence, Told
from humanpose.body.model import ROOT, SCALES, UNKNOWNS
from humanpose.body.pose import BodyPose, Points, place, points
from humanpose.body.prior import COORDINATES, PosePrior
from humanpose.body.sites import (
    FEET,
    KIND_OF,
    KINDS,
    LIMBS,
    SIDES,
    joint_sites,
    landmark_sites,
)
from humanpose.body.system import Chain, Rows, Steps, System, normal_equations
from humanpose.geometry import cross, unit
from humanpose.sequence import Floats

_LANDMARK_DOUBT, _LIMB_DOUBT = 2.4, 3.0
"""Beyond so many standard deviations evidence counts for less (Cauchy)."""
_LIMITED = [COORDINATES.index(f"{a}_{s}") for a in ("knee_angle", "elbow_flex") for s in "rl"]
_LIMIT_SD = 0.05
"""How far a knee or an elbow bends backwards, rad."""
_FLOOR_SD_M, _SLIDE_SD_M_S, _SLIDE_S = 0.02, 0.15, 0.1
"""How high a resting foot is above the floor; how fast it slides, for looks that long."""
_MOVES_HZ, _MOVES_M, _MOVES_RAD = 5.0, 0.02, 0.07
"""Movement of this frequency has about these amplitudes; what is faster is taken for noise."""
_SCALE_SD, _FOOT_SCALE_SD, _TOTAL_SD, _SITE_SD = 0.05, 0.01, 0.006, 0.010
"""How much people differ: log lengths, the foot's, of trunk and legs together, and landmark
sites, in body heights."""
_FLOOR_FREE_M, _FIXED = 100.0, 1e-6
_TOTAL = {"torso": 0.28, "femur": 0.24, "tibia": 0.24}
"""Shares of what makes a body's height."""

_OF_SCALES = slice(0, len(SCALES))
_OF_SITES = slice(len(SCALES), len(SCALES) + 3 * len(KINDS))
_FLOOR = _OF_SITES.stop
OF_UP = slice(_FLOOR + 1, _FLOOR + 3)
SHARED = OF_UP.stop


@dataclass(frozen=True, eq=False)
class Person:
    """What is constant in a clip: who is seen, the floor, and up."""

    log_scales: Floats
    """(9,) logarithms of ``SCALES``."""
    sites: Floats
    """(8, 3) how far a person's landmarks are seen from everybody's, right side, m."""
    floor_m: float
    """Height of the floor along up, camera frame, m."""
    up: Floats
    """(3,) unit vector against gravity, camera frame."""

    def moved(self, step: Floats) -> "Person":
        """After a step (36,) of the shared unknowns."""
        return replace(
            self,
            log_scales=self.log_scales + step[_OF_SCALES],
            sites=self.sites + step[_OF_SITES].reshape(-1, 3),
            floor_m=self.floor_m + float(step[_FLOOR]),
            up=unit(self.up + across(self.up) @ step[OF_UP]),
        )


@dataclass(frozen=True, eq=False)
class Belief:
    """What is believed before a clip is seen."""

    expected: Person
    """The person of average proportions, at the height that is given."""
    held: Floats | None
    """(36, 36) precision of ``expected`` where a fit found it; None for people at large."""
    prior: PosePrior
    height_m: float
    up_sd_rad: float
    """Of ``expected.up``, about each axis across it; 0 where nothing can tell better."""


def across(up: Floats) -> Floats:
    """(3, 2) unit vectors across (3,) and across one another; finite."""
    first = unit(cross(up, np.array([0.0, 0.0, 1.0])))
    return np.stack([first, cross(up, first)], axis=-1)


def linearised(
    pose: BodyPose,
    person: Person,
    seen: Evidence,
    belief: Belief,
    *,
    standing: Floats | None = None,
) -> System:
    """The normal equations about a body.

    Args:
        standing: (T,) how surely the person stands quietly; not at all without.
    """
    placed = place(pose, person.log_scales)
    marks = points(placed, landmark_sites(belief.height_m, person.sites))
    by_person = _by_person(marks)

    def rows() -> Iterator[Rows]:
        yield _landmarks(marks, by_person, pose.root[:, 2], seen)
        yield _limbs(points(placed, joint_sites(belief.height_m)), seen)
        values, slopes = coordinates(pose, person.up)
        yield _habits(values, slopes, seen, belief.prior, standing)
        yield _limits(values, slopes, seen)
        yield _floor(marks, by_person, person, seen)
        if seen.told is not None:
            yield _told(values, slopes, seen.told, seen.looks)

    information, pull = _belief_in(person, belief)
    return normal_equations(
        rows(),  # one by one: they are large
        _slides(marks, by_person, seen),
        Chain(seen.follows, _stiffness(seen.fps), pose.change()),
        shared_information=information,
        shared_gradient=pull,
    )


def _landmarks(marks: Points, by_person: Floats, depth: Floats, seen: Evidence) -> Rows:
    """Where landmarks are seen, m across the line of sight at the hips' depth (T,)."""
    z = marks.positions[..., 2:]
    at = marks.positions[..., :2] / z
    off = (at - seen.rays) * depth[:, None, None]
    doubt = (off**2).sum(axis=-1) * seen.precision / _LANDMARK_DOUBT**2
    weight = np.sqrt(seen.precision * seen.looks / (1 + doubt))[..., None]
    slope = np.zeros((*at.shape, 3))
    slope[..., 0, 0] = slope[..., 1, 1] = 1 / z[..., 0]
    slope[..., 2] = -at / z
    slope *= (depth[:, None] * weight[..., 0])[..., None, None]
    return Rows.of(slope @ marks.by_pose, slope @ by_person, off * weight)


def _limbs(joints: Points, seen: Evidence) -> Rows:
    """Where limbs point."""
    parents, children = np.array(LIMBS).T
    along = joints.positions[:, children] - joints.positions[:, parents]
    length = np.linalg.norm(along, axis=-1, keepdims=True)
    along = along / length
    off = along - seen.directions
    doubt = seen.concentration * (off**2).sum(axis=-1) / _LIMB_DOUBT**2
    weight = np.sqrt(seen.concentration * seen.looks / (1 + doubt))[..., None]
    across = np.eye(3) - along[..., :, None] * along[..., None, :]
    slope = across * (weight / length)[..., None]
    by_pose = joints.by_pose[:, children]
    by_pose -= joints.by_pose[:, parents]
    by_scale = joints.by_scale[:, children] - joints.by_scale[:, parents]
    return Rows.of(slope @ by_pose, slope @ by_scale, off * weight)


def _habits(
    values: Floats,
    slopes: Floats,
    seen: Evidence,
    prior: PosePrior,
    standing: Floats | None,
) -> Rows:
    """How people hold themselves. It tells nothing of up: that would read a person's own
    posture as the camera's."""
    root, off = prior.pull(values, standing)
    weight = np.sqrt(seen.looks)
    return Rows.of_pose(weight[..., None] * (root @ slopes), weight * off)


def _limits(values: Floats, slopes: Floats, seen: Evidence) -> Rows:
    """Knees and elbows don't bend backwards."""
    over = np.minimum(values[:, _LIMITED], 0)
    weight = (over < 0) * np.sqrt(seen.looks) / _LIMIT_SD
    return Rows.of_pose(slopes[:, _LIMITED] * weight[..., None], over * weight)


def _told(values: Floats, slopes: Floats, told: Told, looks: Floats) -> Rows:
    """What a network says of the angles, each the shorter way round."""
    off = (values - told.values + np.pi) % (2 * np.pi) - np.pi
    weight = np.sqrt(looks) * told.sureness
    return Rows.of_pose(slopes * weight[..., None], off * weight)


def _floor(marks: Points, by_person: Floats, person: Person, seen: Evidence) -> Rows:
    """Resting feet are on the floor."""
    up = person.up
    weight = (seen.resting * np.sqrt(seen.looks) / _FLOOR_SD_M)[..., None]
    above = marks.positions[:, FEET] @ up - person.floor_m
    by_person = up @ by_person[:, FEET]
    by_person[..., _FLOOR] = -1
    by_person[..., OF_UP] = marks.positions[:, FEET] @ across(up)
    return Rows(
        up @ marks.by_pose[:, FEET] * weight, by_person * weight, above * weight[..., 0]
    )


def _slides(marks: Points, by_person: Floats, seen: Evidence) -> Steps:
    """Resting feet don't slide."""
    both = seen.resting[1:] & seen.resting[:-1] & seen.follows[1:, None]
    weight = both * np.sqrt(1 / (seen.fps * _SLIDE_S)) / _SLIDE_SD_M_S * seen.fps
    wide = weight[..., None, None]
    by_pose = marks.by_pose[:, FEET]
    return Steps.of(
        by_pose[:-1] * wide,
        by_pose[1:] * wide,
        np.diff(by_person[:, FEET], axis=0) * wide,
        np.diff(marks.positions[:, FEET], axis=0) * wide[..., 0],
    )


def _by_person(marks: Points) -> Floats:
    """(T, N, 3, 36) how landmark sites follow what is constant in a person."""
    slopes = np.zeros((*marks.positions.shape, SHARED))
    slopes[..., _OF_SCALES] = marks.by_scale
    for number, kind in enumerate(KIND_OF):
        first = _OF_SITES.start + 3 * kind
        slopes[:, number, :, first : first + 3] = marks.rotations[:, number] * SIDES[number]
    return slopes


def _belief_in(person: Person, belief: Belief) -> tuple[Floats, Floats]:
    """(36, 36) precision of what is constant in a clip, and (36,) the gradient."""
    expected = belief.expected
    away = np.concatenate(
        [
            person.log_scales - expected.log_scales,
            (person.sites - expected.sites).ravel(),
            [person.floor_m - expected.floor_m],
            (person.up - expected.up) @ across(person.up),
        ]
    )
    precision = belief.held
    if precision is None:
        spread = np.full(SHARED, _SCALE_SD)
        spread[SCALES.index("foot")] = _FOOT_SCALE_SD
        spread[_OF_SITES] = _SITE_SD * belief.height_m
        spread[_FLOOR] = _FLOOR_FREE_M
        spread[OF_UP] = max(belief.up_sd_rad, _FIXED)
        tall = np.zeros(SHARED)
        for name, share in _TOTAL.items():
            tall[SCALES.index(name)] = share / _TOTAL_SD
        precision = np.diag(spread**-2) + np.outer(tall, tall)
    return precision, precision @ away


def _stiffness(fps: float) -> Floats:
    """(29,) against second differences, so that movement is not faster than people's."""
    amplitude = np.full(UNKNOWNS, _MOVES_RAD)
    amplitude[ROOT] = _MOVES_M
    spectrum = (2 * np.pi * _MOVES_HZ) ** 4 * ERRORS_LAST_S * amplitude**2
    return np.asarray(fps**3 / spectrum)
