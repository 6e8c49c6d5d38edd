"""A stick person whose steps are known: 22 markers that walk, run or go on a treadmill."""

from dataclasses import dataclass

import numpy as np

from humanpose.measures.events import SIDES, Event, Side
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import MARKERS22
from tests.support.filtered import filtered

STANDING = {
    "Hip": (0, 0.9, 0), "Neck": (0, 1.45, 0), "Head": (0, 1.65, 0), "Nose": (0.1, 1.62, 0),
    "RHip": (0, 0.9, 0.09), "RKnee": (0.03, 0.48, 0.1), "RAnkle": (-0.02, 0.08, 0.1),
    "RHeel": (-0.07, 0.02, 0.1), "RBigToe": (0.15, 0.02, 0.1), "RSmallToe": (0.12, 0.02, 0.15),
    "RShoulder": (0, 1.42, 0.18), "RElbow": (0, 1.12, 0.2), "RWrist": (0.05, 0.9, 0.2),
}  # fmt: skip
"""Ahead, up, to the right, m; the left side mirrors."""


@dataclass(frozen=True)
class Walker:
    """Even steps. A foot stays where it lands and swings straight to its next place."""

    step_s: float = 0.55
    step_m: float = 0.65
    swing: float = 0.75
    """Duration of a swing, in steps; from 1 on the person runs."""
    steps: int = 12
    longer_right: float = 0.0
    """How much longer the right foot's steps are than the left's, m."""

    def strikes(self, side: Side) -> Floats:
        """Where in time the foot lands, s."""
        first = 1.0 if side == "r" else 1.0 + self.step_s
        return first + 2 * self.step_s * np.arange(self.steps // 2)

    def events(self) -> tuple[Event, ...]:
        """The truth, from the first landing of the right foot on."""
        times = [(s, t) for s in SIDES for t in self.strikes(s)]
        strikes = [Event(float(t), s, "heel_strike") for s, t in times]
        offs = [Event(float(t - self.swing * self.step_s), s, "toe_off") for s, t in times]
        return tuple(sorted(strikes + offs))

    def markers(
        self, *, fps: float = 60.0, heading_deg: float = 30.0, belt: bool = False
    ) -> PoseSequence:
        """World frame, smoothed as in the pipeline; on a treadmill with ``belt``.

        ``heading_deg`` is 0 towards the camera, 90 to the right of the image.
        """
        frames = round((2.0 + self.steps * self.step_s) * fps)
        time_s = np.arange(frames) / fps
        body = self._hips(time_s)
        paths = []
        for name in MARKERS22.joints:
            ahead, up, right = STANDING.get(name) or _mirrored(STANDING["R" + name[1:]])
            foot = name[1:] in ("Ankle", "Heel", "BigToe", "SmallToe")
            moved = self._foot(name[0].lower(), time_s) if foot else body
            height = up if foot else up + self._bob(time_s)
            along = ahead + moved - (body if belt else 0)
            paths.append(_to_world(along, height, right, np.radians(heading_deg)))
        positions = np.stack(paths, axis=1)
        raw = PoseSequence(
            positions, np.ones(positions.shape[:2]), Timeline(frames, fps), MARKERS22
        )
        return filtered(raw)

    def _foot(self, side: str, time_s: Floats) -> Floats:
        """(T,) m on the way."""
        land = self.strikes("r" if side == "r" else "l")
        number = 2 * np.arange(len(land)) + (1 if side == "r" else 2)
        place = self.step_m * number + (self.longer_right if side == "r" else 0)
        before = np.array([place[0] - 2 * self.step_m, *place[:-1]])
        knots = np.stack([land - self.swing * self.step_s, land], axis=1)
        return np.interp(time_s, knots.ravel(), np.stack([before, place], axis=1).ravel())

    def _hips(self, time_s: Floats) -> Floats:
        """(T,) m: at even speed, midway between the feet at each landing."""
        return (time_s - 1.0) / self.step_s * self.step_m + self.step_m / 2

    def _bob(self, time_s: Floats) -> Floats:
        """(T,) m: highest in mid-stance walking, lowest running."""
        phase = 2 * np.pi * (time_s - 1.0) / self.step_s
        return -0.02 * np.cos(phase - np.pi * 0.25) * (1 if self.swing < 1 else -1)


def _mirrored(point: tuple[float, float, float]) -> tuple[float, float, float]:
    return point[0], point[1], -point[2]


def _to_world(along: Floats, up: Floats | float, right: float, heading: float) -> Floats:
    """(T, 3)"""
    x = np.sin(heading) * along - np.cos(heading) * right
    z = np.cos(heading) * along + np.sin(heading) * right
    return np.stack([x, np.broadcast_to(up, x.shape), z], axis=1)
