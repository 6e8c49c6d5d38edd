"""Feet that stand where they are put: the path of a foot over its footprints, and leg IK.

Everything here is in the path frame: X along the heading, Y up, Z to the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
from scipy.interpolate import CubicHermiteSpline
from scipy.spatial.transform import Rotation

from train.synth.body.anatomy import rest_frames, unit
from train.synth.body.body import Body
from train.synth.body.makehuman import Floats
from train.synth.motion.channels import eased
from train.synth.motion.gait import Footprint

TOE_OUT_DEG = 8.0
LANDING_DEG, TOE_OFF_DEG = 17.0, -43.0
"""Pitch of the foot, toes up, at heel strike and when the toes leave."""
FULL_STRIDE = 1.44
"""Leg lengths from print to print of the same foot; longer strides roll no more."""
FLAT_AFTER_S, HEEL_OFF_S = 0.12, 0.26
"""The foot is flat this long after landing, and begins to roll off this long before leaving."""
SWING_LIFT_M = 0.035
STRAIGHTEST_KNEE_DEG = 3.0


@dataclass(frozen=True, eq=False)
class Leg:
    """Measures of one leg at rest, m."""

    side: str
    thigh: float
    shank: float
    hip_offset: float
    """How far the hip joint is to the right of the middle."""
    ankle_height: float
    heel: Floats
    """(3,) where the heel rolls on the floor, seen from the ankle, in the foot's axes."""
    ball: Floats
    """(3,) base of the second toe, about which the foot rolls off while the toes lie flat."""

    @classmethod
    def measure(cls, body: Body, side: str) -> Self:
        """The ``"r"`` or ``"l"`` leg of a body at rest."""
        rig, initial = body.rig, side.upper()
        hip, knee, ankle, toe = (
            rig.head(f"{bone}.{initial}")
            for bone in ("upperleg01", "lowerleg01", "foot", "toe2-1")
        )
        sole = body.vertices[:, 1].min()
        axes = rest_frames(rig)[f"foot_{side}"]
        heel = body.vertices[body.landmarks["right_heel" if side == "r" else "left_heel"]]
        return cls(
            side=side,
            thigh=float(np.linalg.norm(knee - hip)),
            shank=float(np.linalg.norm(ankle - knee)),
            hip_offset=float(-hip[0]),
            ankle_height=float(ankle[1] - sole),
            heel=np.array([0.8 * (axes.T @ (heel - ankle))[0], sole - ankle[1], 0.0]),
            ball=(axes.T @ (toe - ankle)) * np.array([1.0, 1.0, 0.0]),
        )

    @property
    def length(self) -> float:
        return self.thigh + self.shank


@dataclass(frozen=True, eq=False)
class FootPath:
    """Where a foot is over time, path frame."""

    ankle: Floats
    """(T, 3) m."""
    axes: Floats
    """(T, 3, 3) of the foot segment, columns."""
    toe_bend_deg: Floats
    """(T,) toes up against the foot."""


@dataclass(frozen=True)
class _Swing:
    """From one print to the next; a shorter one rolls less."""

    here: Footprint
    there: Footprint

    @property
    def seconds(self) -> float:
        return self.there.land_s - self.here.leave_s

    @property
    def effort(self) -> float:
        return min(1.0, (self.there.forward - self.here.forward) / FULL_STRIDE)

    @property
    def toe_off_deg(self) -> float:
        return TOE_OFF_DEG * (0.4 + 0.6 * self.effort)

    @property
    def landing_deg(self) -> float:
        return LANDING_DEG * self.effort

    def pitch_knots(self) -> list[tuple[float, float]]:
        leave, land = self.here.leave_s, self.there.land_s
        return [
            (leave - HEEL_OFF_S, 0),
            (leave, self.toe_off_deg),
            (leave + 0.12 * self.seconds, 1.08 * self.toe_off_deg),
            (leave + 0.65 * self.seconds, 0.1 * self.landing_deg),
            (land - 0.08 * self.seconds, 1.05 * self.landing_deg),
            (land, self.landing_deg),
            (land + FLAT_AFTER_S, 0),
        ]

    def ankle(self, leg: Leg, share: Floats) -> Floats:
        """(T, 3) at shares in (0, 1) of the swing, path frame, m."""
        start = _rolling(leg, self.here, np.array([self.toe_off_deg]))[0]
        end = _rolling(leg, self.there, np.array([self.landing_deg]))[0]
        way = end[0] - start[0]
        speeds = np.array([[0.35 * way, 0.12, 0], [0.1 * way, -0.03, 0]])
        path = CubicHermiteSpline([0, 1], np.stack([start, end]), speeds)(share)
        path[:, 1] += SWING_LIFT_M * np.sin(np.pi * share) ** 2
        return np.asarray(path)


def foot_path(prints: Sequence[Footprint], leg: Leg, time_s: Floats) -> FootPath:
    """A foot that stands still on its prints, rolls over heel and ball, and swings between."""
    swings = [_Swing(*pair) for pair in pairwise(prints)]
    knots = [(-1e3, 0.0), *(knot for swing in swings for knot in swing.pitch_knots())]
    pitch = eased(knots, time_s)
    ankle = np.empty((len(time_s), 3))
    bend = np.maximum(-pitch, 0)
    for here in prints:
        stay = (time_s >= here.land_s) & (time_s <= here.leave_s)
        ankle[stay] = _rolling(leg, here, pitch[stay])
    for swing in swings:
        air = (time_s > swing.here.leave_s) & (time_s < swing.there.land_s)
        share = (time_s[air] - swing.here.leave_s) / swing.seconds
        ankle[air] = swing.ankle(leg, share)
        bend[air] = -swing.toe_off_deg * np.clip(1 - share / 0.5, 0, 1)
    return FootPath(ankle, _foot_axes(leg, pitch), bend)


def _foot_axes(leg: Leg, pitch: Floats) -> Floats:
    """(T, 3, 3): toes turned out, then pitched about the foot's own Z."""
    out = -TOE_OUT_DEG if leg.side == "r" else TOE_OUT_DEG
    turns = np.stack([np.full(len(pitch), out), pitch], axis=1)
    return np.asarray(Rotation.from_euler("YZ", turns, degrees=True).as_matrix())


def _rolling(leg: Leg, place: Footprint, pitch: Floats) -> Floats:
    """(T, 3) ankle over a print: about the heel while the toes are up, else about the ball."""
    flat = np.array([place.forward * leg.length, leg.ankle_height, leg.hip_offset])
    pivot = np.where(pitch[:, None] > 0, leg.heel, leg.ball)
    level = _foot_axes(leg, np.zeros(len(pitch)))
    lever = (level - _foot_axes(leg, pitch)) @ pivot[..., None]
    return np.asarray(flat + lever[..., 0])


def leg_axes(leg: Leg, hip: Floats, foot: FootPath, pelvis: Floats) -> tuple[Floats, Floats]:
    """(T, 3, 3) axes of femur and tibia that carry the ankle from the hip; the knee is a hinge.

    Args:
        leg: lengths.
        hip: (T, 3) hip joint centre, m.
        foot: where the foot is; the knee points half-way between foot and pelvis.
        pelvis: (T, 3, 3) axes of the pelvis.
    """
    reach = foot.ankle - hip
    a, b = leg.thigh, leg.shank
    bend = np.radians(STRAIGHTEST_KNEE_DEG)
    longest = np.sqrt(a * a + b * b + 2 * a * b * np.cos(bend))
    distance = np.minimum(np.linalg.norm(reach, axis=1), longest)
    down = unit(reach)
    hinge = foot.axes[..., 2] + pelvis[..., 2]
    z = unit(hinge - (hinge * down).sum(axis=1, keepdims=True) * down)
    ahead = np.cross(z, down)
    lean = np.arccos((a * a + distance**2 - b * b) / (2 * a * distance))[:, None]
    thigh = np.cos(lean) * down + np.sin(lean) * ahead
    shank = unit(distance[:, None] * down - a * thigh)
    return _segment(-thigh, z), _segment(-shank, z)


def _segment(y: Floats, z: Floats) -> Floats:
    return np.stack([np.cross(y, z), y, z], axis=-1)
