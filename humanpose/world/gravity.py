"""Which way is up, and how surely: what cameras do, how people stand, edges of rooms.

Every direction that a camera may have is given a probability: the product of what each piece of
evidence says of it. What came of it is in ``docs/lab/gravity.md``.
"""

from dataclasses import dataclass

import numpy as np

from humanpose.geometry import bend_deg, cross, unit
from humanpose.runtime.remembered import remembered
from humanpose.sequence import Floats, LimbField, PoseSequence

_HELD_ROLL = (0.6, 0.0, 2.0), (0.4, 0.0, 12.0)
_HELD_DOWN = (0.5, 4.0, 8.0), (0.5, 8.0, 18.0)
"""How many cameras are held with care and how many without, and the mean and standard deviation
of their roll and of their pitch downwards, deg: beliefs, nobody measured tripods and hands."""
_MOST_DEG, _STEP_DEG = 60.0, 1.0

_STANDING_BEND_DEG = 35.0
"""A frame counts as standing when no knee or hip is bent more than this."""
_STANDING_MIN_S = 0.15


@dataclass(frozen=True, eq=False)
class Up:
    """Against gravity."""

    direction: Floats
    """(3,) unit vector, camera frame."""
    sd_deg: float
    """Standard deviation about each of the two axes across it."""


@dataclass(frozen=True)
class _Witness:
    """How an estimate of roll or pitch follows the truth: slope · truth + offset, deg, off by
    floor and share · its own standard deviation, with Student's tails of 4 degrees of freedom.

    Slopes below 1 say that the estimate leans towards level.
    """

    slope: float
    offset: float
    floor: float
    share: float = 0.0

    def log_density(self, said: float, truth: Floats, sd: float = 0.0) -> Floats:
        width = np.hypot(self.floor, self.share * sd)
        off = (said - self.slope * truth - self.offset) / width
        return np.asarray(-2.5 * np.log1p(off**2 / 4))


_NETWORK = _Witness(0.68, 0.0, 1.5, 0.6), _Witness(0.72, 1.1, 1.5, 1.1)
"""POF's up: its roll and its pitch."""
_STANDING = _Witness(0.96, 0.0, 3.0), _Witness(0.55, 2.1, 5.5)
"""The long axis of a person who stands, in MediaPipe's 3-D. Both were fitted to 185 rendered
clips of level and tilted cameras, none of a person who tests."""
_NETWORK_COUNTS, _STANDING_COUNTS = 0.85, 0.7
"""Less than 1, since both err alike (correlation 0.4-0.6)."""

_EDGE_SD_DEG = 1.25
_UNHEARD = 6.0
"""So many standard deviations away an edge's vote is 0."""
_UPRIGHT_SHARE = 0.2
"""Of the edges in a room."""
_EDGE_COUNTS = 0.2
"""Less than 1: others run along it, and it is seen in several pictures."""
_LONGEST = 3.0
"""An edge counts as its length, up to so many times the mean."""
_MISLEADING = 0.15
"""How often a room's edges say something else: planks, streets, none that is upright."""
_FOCAL_ERROR = 0.12
"""Of a focal length that is assumed."""


def _directions() -> tuple[Floats, Floats, Floats]:
    """(N,) roll and (N,) pitch downwards, deg, and (N, 3) up, camera frame."""
    steps = np.arange(-_MOST_DEG, _MOST_DEG + _STEP_DEG / 2, _STEP_DEG)
    roll, down = (axis.ravel() for axis in np.meshgrid(steps, steps, indexing="ij"))
    r, d = np.radians(roll), np.radians(down)
    up = np.stack([np.sin(r) * np.cos(d), -np.cos(r) * np.cos(d), -np.sin(d)], axis=-1)
    return roll, down, up


_ROLL, _DOWN, _UPS = _directions()


def find_up(
    pose: PoseSequence, *, field: LimbField | None = None, edges: Floats | None = None
) -> Up:
    """The mean of all directions, each as probable as the evidence makes it.

    Args:
        pose: MediaPipe's 33 landmarks in the camera frame, m.
        field: what the POF network said of up; None where it was not asked.
        edges: (14641,) finite, of ``votes_of_edges``; None without any.
    """
    log = _log_prior()
    if field is not None and np.isfinite(field.up).all():
        sd_deg = np.degrees(1) / np.sqrt(max(field.up_concentration, 1e-9))
        log = log + _NETWORK_COUNTS * _said(_NETWORK, field.up, sd_deg)
    standing = _standing_axis(pose)
    if standing is not None:
        log = log + _STANDING_COUNTS * _said(_STANDING, standing)
    if edges is not None:
        log = log + edges
    share = np.exp(log - log.max())
    share /= share.sum()
    up = unit(share @ _UPS)
    across = _UPS - (_UPS @ up)[:, None] * up
    spread = np.degrees(np.sqrt(share @ (across**2).sum(axis=1) / 2))
    _, down = roll_pitch_deg(up)
    by_focal = _FOCAL_ERROR * np.degrees(np.sin(2 * np.radians(down)) / 2)
    return Up(up, float(np.sqrt(spread**2 + by_focal**2 / 2)))


def roll_pitch_deg(up: Floats) -> tuple[float, float]:
    """How a camera is held that sees up (3,), finite, there: rolled, positive when up leans to
    the right in the picture, and pitched down, deg."""
    return (
        float(np.degrees(np.arctan2(up[0], -up[1]))),
        float(-np.degrees(np.arcsin(np.clip(up[2], -1, 1)))),
    )


def _log_prior() -> Floats:
    held = _mixture(_ROLL, _HELD_ROLL) * _mixture(_DOWN, _HELD_DOWN)
    return np.asarray(np.log(held * np.cos(np.radians(_DOWN))))


def _mixture(x: Floats, parts: tuple[tuple[float, float, float], ...]) -> Floats:
    return np.sum([w / sd * np.exp(-0.5 * ((x - at) / sd) ** 2) for w, at, sd in parts], axis=0)


def _said(by: tuple[_Witness, _Witness], up: Floats, sd_deg: float = 0.0) -> Floats:
    roll, down = roll_pitch_deg(up)
    of_roll, of_pitch = by
    return of_roll.log_density(roll, _ROLL, sd_deg) + of_pitch.log_density(down, _DOWN, sd_deg)


@remembered
def votes_of_edges(edges: Floats) -> Floats | None:
    """What lines that run up in the room say: they all meet where up vanishes.

    Args:
        edges: (N, 2, 3) where the ends of straight edges of the background are seen, camera
            frame, any length, finite.

    Returns:
        (14641,) logarithm of how probable that makes every direction of up, finite; None
        without edges.
    """
    if not len(edges):
        return None
    start, end = np.moveaxis(unit(edges), 1, 0)
    length = np.arccos(np.clip((start * end).sum(axis=1), -1, 1))
    weight = _EDGE_COUNTS * np.minimum(length / length.mean(), _LONGEST)
    beside, middle = unit(cross(start, end)), unit(start + end)
    square = (_UPS @ beside.T) ** 2 / np.maximum(1 - (_UPS @ middle.T) ** 2, 1e-4)
    ups, lines = np.nonzero(square < np.sin(np.radians(_UNHEARD * _EDGE_SD_DEG)) ** 2)
    off_deg = np.degrees(np.arcsin(np.sqrt(square[ups, lines])))
    among_all = 90 / (_EDGE_SD_DEG * np.sqrt(np.pi / 2))
    odds = _UPRIGHT_SHARE / (1 - _UPRIGHT_SHARE) * among_all
    votes = weight[lines] * np.log1p(odds * np.exp(-0.5 * (off_deg / _EDGE_SD_DEG) ** 2))
    log = np.bincount(ups, votes, minlength=len(_UPS))
    share = np.exp(log - log.max()) * np.cos(np.radians(_DOWN))
    return np.asarray(np.log(_MISLEADING + (1 - _MISLEADING) * share / share.mean()))


def _standing_axis(pose: PoseSequence) -> Floats | None:
    """(3,) the body's long axis over the frames where the person stands."""
    shoulders, hips, ankles = (pose.middle(part) for part in ("shoulder", "hip", "ankle"))
    bends = []
    for side in ("left", "right"):
        hip, knee, ankle = (pose.joint(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
        bends += [bend_deg(hip - knee, knee - ankle), bend_deg(shoulders - hips, hip - knee)]
    axis = unit(shoulders - ankles)
    upright_in_image = axis[:, 1] < -0.5
    stands = (np.max(bends, axis=0) < _STANDING_BEND_DEG) & upright_in_image
    if stands.sum() < max(3, _STANDING_MIN_S * pose.timeline.fps):
        return None
    return unit(axis[stands].mean(axis=0))
