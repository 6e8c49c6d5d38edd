"""A stick person whose movement is known: squats, rises, jumps, arm raises; no walking."""

from dataclasses import dataclass, replace

import numpy as np

from humanpose.analysis import Analysis
from humanpose.kinematics.angles import joint_angles
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.settings import RAW, Settings
from humanpose.skeleton import MARKERS22
from tests.support.filtered import filtered
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import STANDING

THIGH_M, SHANK_M, HIP_M = 0.42, 0.4, 0.89
"""Hips are this high where the person stands."""
_AROUND = {"r": 1.0, "l": -1.0}


@dataclass(frozen=True)
class Mover:
    """What moves, over T frames; a person on the spot faces the camera's right."""

    fps: float
    down: Floats
    """(T,) m that the hips are below standing."""
    back: Floats | float = 0.0
    """(T,) m that they are behind it."""
    lean_deg: Floats | float = 0.0
    """(T,) of the trunk forwards."""
    up: Floats | float = 0.0
    """(T,) m that both feet are off the floor, and all of the body with them."""
    left_up: float = 0.0
    """m that the left foot is lifted, and behind the other."""
    raised_deg: Floats | float = 0.0
    """(T,) of both arms, to the side."""

    def analysis(self) -> Analysis:
        """Angles from the markers, smoothed as in the pipeline."""
        markers = self.markers()
        plain = synthetic_analysis(
            timeline=markers.timeline, settings=Settings(height_m=1.75, **RAW)
        )
        motion = replace(plain.refined, markers=markers, angles=joint_angles(markers))
        return replace(plain, refined=motion, raw=motion)

    def markers(self) -> PoseSequence:
        paths = self._trunk() | self._leg("r") | self._leg("l")
        frames = len(self.down)
        positions = np.stack(
            [
                np.stack(np.broadcast_arrays(*paths[n], np.zeros(frames))[:3], 1)
                for n in MARKERS22.joints
            ],
            1,
        )
        raw = PoseSequence(
            positions, np.ones(positions.shape[:2]), Timeline(frames, self.fps), MARKERS22
        )
        return filtered(raw)

    def _trunk(self) -> dict[str, tuple[Floats, Floats, Floats]]:
        lean, lift = np.radians(self.lean_deg), np.radians(self.raised_deg)
        hips = -np.asarray(self.back), HIP_M - self.down + self.up
        paths = {"Hip": (*hips, np.zeros(1))}
        for name in ("Neck", "Head", "Nose", "RShoulder"):
            ahead, up, aside = STANDING[name]
            above = up - STANDING["Hip"][1]
            x = hips[0] + above * np.sin(lean) + ahead * np.cos(lean)
            y = hips[1] + above * np.cos(lean) - ahead * np.sin(lean)
            paths[name] = x, y, np.full(1, aside)
        x, y, right = paths["RShoulder"]
        for side, sign in _AROUND.items():
            s = side.upper()
            paths[f"{s}Shoulder"] = x, y, sign * right
            for part, along in (("Elbow", 0.3), ("Wrist", 0.55)):
                out = sign * (right + along * np.sin(lift))
                down = along * np.cos(lift)
                paths[f"{s}{part}"] = x - down * np.sin(lean), y - down * np.cos(lean), out
        return paths

    def _leg(self, side: str) -> dict[str, tuple[Floats, Floats, Floats]]:
        s, sign = side.upper(), _AROUND[side]
        lifted = self.left_up if side == "l" else 0.0
        hip_x, hip_y = -np.asarray(self.back), HIP_M - self.down + self.up
        foot_x, foot_y = -lifted, lifted + self.up
        ankle = foot_x + STANDING["RAnkle"][0], foot_y + STANDING["RAnkle"][1]
        x, y = ankle[0] - hip_x, ankle[1] - hip_y
        reach = np.minimum(np.hypot(x, y), THIGH_M + SHANK_M - 1e-4)
        inner = np.arccos((THIGH_M**2 + reach**2 - SHANK_M**2) / (2 * THIGH_M * reach))
        thigh = np.arctan2(x, -y) + inner
        paths = {
            f"{s}Hip": (hip_x, hip_y, np.full(1, sign * 0.09)),
            f"{s}Knee": (
                hip_x + THIGH_M * np.sin(thigh),
                hip_y - THIGH_M * np.cos(thigh),
                np.full(1, sign * 0.1),
            ),
        }
        for part in ("Ankle", "Heel", "BigToe", "SmallToe"):
            ahead, up, right = STANDING[f"R{part}"]
            paths[s + part] = foot_x + ahead, up + foot_y, np.full(1, sign * right)
        return paths


def waves(count: int, *, fps: float, seconds: float = 2.0, rest_s: float = 1.0) -> Floats:
    """(T,) from 0 to 1 and back, ``count`` times, with rest before and after."""
    wave = (1 - np.cos(2 * np.pi * np.arange(round(seconds * fps)) / (seconds * fps))) / 2
    rest = np.zeros(round(rest_s * fps))
    return np.concatenate([rest, *[wave] * count, rest])


def squats(*, fps: float = 30.0, count: int = 3, deep_m: float = 0.35) -> Mover:
    wave = waves(count, fps=fps)
    return Mover(fps, deep_m * wave, 0.1 * wave, 40 * wave)


def rises(*, fps: float = 30.0, count: int = 3) -> Mover:
    """From a chair 0.42 m below standing hips, feet a little in front of the knees."""
    sits = 1 - waves(count, fps=fps)
    return Mover(fps, 0.42 * sits, 0.4 * sits, 5 * sits + 30 * sits * (1 - sits) * 4)


def jumps(*, fps: float = 60.0, flight_s: float = 0.5) -> Mover:
    """One, from a dip and into a dip, with straight legs in between."""
    time_s = np.arange(round(4 * fps)) / fps
    start = 2.0
    inside = (time_s > start) & (time_s < start + flight_s)
    since = np.where(inside, time_s - start, 0.0)
    up = 9.81 / 2 * since * np.where(inside, flight_s - since, 0.0)
    dips = [np.clip((time_s - at) / 0.6, 0, 1) for at in (start - 0.6, start + flight_s)]
    down = 0.25 * sum((np.sin(np.pi * dip) ** 2 for dip in dips), np.zeros(len(time_s)))
    return Mover(fps, down, 0.2 * down, 80 * down, up=up)


def arm_raises(*, fps: float = 30.0, raised_deg: float = 150.0) -> Mover:
    wave = waves(3, fps=fps)
    return Mover(fps, np.zeros(len(wave)), raised_deg=5 + (raised_deg - 5) * wave)


def single_leg_squats(*, fps: float = 30.0) -> Mover:
    """On the right leg."""
    wave = waves(3, fps=fps)
    return Mover(fps, 0.15 * wave, 0.05 * wave, 20 * wave, left_up=0.2)
