"""Recorded motion as joint angles that any body can perform: from joint positions or ``.mot``.

Joint positions don't show how knees and elbows deviate from hinges, how forearm, head and foot
are turned, nor how the pelvis tilts below the trunk. ``lifelike`` draws those, smooth and in
physiological ranges, so that every angle of the truth varies.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from humanpose.geometry import (
    bend_deg,
    frame_from_x,
    frame_from_y,
    rotation_about,
    runs,
    unit,
)
from humanpose.kinematics.segments import MIN_BEND_DEG, carried, pelvis_frame
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, Skeleton
from train.convert.mot import OpenSimMotion
from train.synth.body.anatomy import angles_from_frames, frames_from_angles

FASTEST_M_S = 15.0
"""Joints that move faster are errors of the recording."""
MODEL_LEG_M, MODEL_MID_HIP_M = 0.7972, np.array([-0.0563, -0.0785, 0.0])
"""Of the unscaled LaiUhlrich2022: hip to ankle; the mid-hip seen from the pelvis' origin."""
LUMBAR_LEGS = 0.2
"""Height above the mid-hip about which the mesh's five spine bones bend, leg lengths."""
STEEPEST_GAZE_DEG = 40.0

_FOOT_FLAT_QUANTILE = 0.3
_PELVIS_MARKERS = Skeleton("pelvis_markers", ("RHip", "LHip", "RKnee", "LKnee"))
_PELVIS_JOINTS = ("right_hip", "left_hip", "right_knee", "left_knee")


@dataclass(frozen=True, eq=False)
class Recording:
    """A motion for any body. T frames."""

    angles: Floats
    """(T, 36) deg, the contract's; NaN where the recording doesn't tell."""
    head: Floats
    """(T, 3) nod, tilt and turn of the head on the trunk, deg; NaN where it doesn't tell."""
    mid_hip: Floats
    """(T, 3) world, Y up, in leg lengths."""
    fps: float
    exact: bool
    """Whether the source gave the angles themselves, rather than joint positions."""

    def __len__(self) -> int:
        return len(self.angles)

    def heading(self, degrees: float) -> "Recording":
        """Turned to the left about the vertical; the first pelvis_rotation is in ±180."""
        angles, column = self.angles.copy(), ANGLE_NAMES.index("pelvis_rotation")
        angles[:, column] += degrees
        angles[:, column] -= 360 * np.round(angles[0, column] / 360)
        return replace(
            self, angles=angles, mid_hip=self.mid_hip @ rotation_about("y", degrees).T
        )


def sound_runs(pose: PoseSequence) -> list[slice]:
    """The stretches in which every joint is known and none moves faster than 15 m/s."""
    steps = np.linalg.norm(np.diff(pose.positions, axis=0), axis=2) * pose.timeline.fps
    calm = ~(steps > FASTEST_M_S).any(axis=1)
    known = np.isfinite(pose.positions).all(axis=(1, 2))
    return runs(known & np.append(calm, True) & np.insert(calm, 0, True))


def resampled(values: Floats, fps: float, *, to_fps: float) -> Floats:
    """(T', …) values (T, …) at another rate, linear between frames."""
    at = np.arange(0, len(values) - 1 + 1e-6, fps / to_fps).clip(0, len(values) - 1)
    before = np.minimum(at.astype(int), max(len(values) - 2, 0))
    share = (at - before).reshape(-1, *[1] * (values.ndim - 1))
    after = np.minimum(before + 1, len(values) - 1)
    return np.asarray((1 - share) * values[before] + share * values[after])


def from_positions(pose: PoseSequence) -> Recording:
    """The angles of a body whose joints are known in every frame.

    Directions of the limbs are kept, lengths are not. Knees and elbows bend as hinges whose
    axis is the limb's own plane; in frames where the limb is nearly straight the axis is
    carried from the bent frames.

    Args:
        pose: ``skeletons.BODY``, Y up, m, without NaN.
    """
    at = {name: pose.joint(name) for name in pose.skeleton.joints}
    leg_m = _leg_length(at)
    up = unit(at["neck"] - at["pelvis"])
    pelvis = pelvis_frame(_pelvis_markers(pose), up[..., None] * np.array([0.0, 1, 0]))
    lumbar = at["pelvis"] + LUMBAR_LEGS * leg_m * pelvis[..., 1]
    trunk = frame_from_y(at["neck"] - lumbar, at["right_shoulder"] - at["left_shoulder"])
    frames = {"pelvis": pelvis, "trunk": trunk}
    for side, s in (("right", "r"), ("left", "l")):
        frames |= _leg(at, side, s, pelvis) | _arm(at, side, s, trunk)
    angles = angles_from_frames(frames, fps=pose.timeline.fps)
    angles[:, _columns("pro_sup", "elbow_add", "knee_adduction", "knee_rotation")] = np.nan
    head = _head(at["head"] - at["neck"], trunk)
    return Recording(angles, head, at["pelvis"] / leg_m, pose.timeline.fps, exact=False)


def from_angles(motion: OpenSimMotion) -> Recording:
    """The angles of a ``.mot`` as they are; NaN where its model has none or has it locked."""
    angles = np.where(motion.angles.confidence == 1, motion.angles.degrees, np.nan)
    pelvis = frames_from_angles(np.nan_to_num(angles))["pelvis"]
    mid_hip = motion.pelvis.joint("pelvis") + pelvis @ MODEL_MID_HIP_M
    nothing = np.full((len(angles), 3), np.nan)
    fps = motion.angles.timeline.fps
    return Recording(angles, nothing, mid_hip / MODEL_LEG_M, fps, exact=True)


def _leg_length(at: dict[str, Floats]) -> float:
    bones = [
        np.linalg.norm(at[f"{s}_{a}"] - at[f"{s}_{b}"], axis=1)
        for s in ("left", "right")
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    return float(np.median(bones, axis=1).sum() / 2)


def _pelvis_markers(pose: PoseSequence) -> PoseSequence:
    columns = pose.skeleton.indices(*_PELVIS_JOINTS)
    return PoseSequence(
        pose.positions[:, columns], pose.confidence[:, columns], pose.timeline, _PELVIS_MARKERS
    )


def _leg(at: dict[str, Floats], side: str, s: str, pelvis: Floats) -> dict[str, Floats]:
    hip, knee, ankle, toe = (at[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "toe"))
    upper, lower = unit(hip - knee), unit(knee - ankle)
    hinge = np.cross(lower, upper)
    to_the_right = (hinge * pelvis[..., 2]).sum(axis=-1) > 0  # no knee bends forward
    bent = (bend_deg(upper, lower) >= MIN_BEND_DEG) & to_the_right
    axis = carried(hinge, bent, along=upper, parent=pelvis) if bent.any() else pelvis[..., 2]
    tibia = frame_from_y(lower, axis)
    foot = frame_from_x(toe - ankle, np.cross(tibia[..., 2], toe - ankle))
    return {
        f"femur_{s}": frame_from_y(upper, axis),
        f"tibia_{s}": tibia,
        f"foot_{s}": foot @ rotation_about("z", -_pitch_when_flat(foot, toe[:, 1])),
    }


def _pitch_when_flat(foot: Floats, toe_height: Floats) -> float:
    """Slope of ankle to toe, deg, in the frames where the toe is low and hardly rises."""
    low = toe_height <= np.quantile(toe_height, _FOOT_FLAT_QUANTILE)
    return float(np.median(np.degrees(np.arcsin(foot[low, 1, 0]))))


def _arm(at: dict[str, Floats], side: str, s: str, trunk: Floats) -> dict[str, Floats]:
    shoulder, elbow, wrist = (at[f"{side}_{n}"] for n in ("shoulder", "elbow", "wrist"))
    upper, lower = unit(shoulder - elbow), unit(elbow - wrist)
    hinge = np.cross(upper, lower)
    bent = bend_deg(upper, lower) >= MIN_BEND_DEG
    axis = carried(hinge, bent, along=upper, parent=trunk) if bent.any() else trunk[..., 2]
    return {
        f"humerus_{s}": frame_from_y(upper, axis),
        f"forearm_{s}": frame_from_y(lower, axis),
    }


def _head(neck_to_head: Floats, trunk: Floats) -> Floats:
    """(T, 3) nod and tilt from the clip's usual attitude, deg; how it turns is not known."""
    x, y, z = np.moveaxis((np.swapaxes(trunk, -1, -2) @ neck_to_head[..., None])[..., 0], -1, 0)
    nod, tilt = np.degrees(np.arctan2(-x, y)), np.degrees(np.arctan2(z, y))
    free = np.full(len(x), np.nan)
    return np.stack([nod - np.median(nod), tilt - np.median(tilt), free], axis=1)


@dataclass(frozen=True)
class Free:
    """A degree of freedom that a recording doesn't tell, deg."""

    mean: float
    between: float
    """Standard deviation from sequence to sequence."""
    within: float
    """Standard deviation over time."""
    low: float
    high: float


FREE = {
    "knee_adduction": Free(0, 2.5, 1.5, -8, 8),
    "knee_rotation": Free(-3, 5, 3, -20, 20),
    "subtalar_angle": Free(0, 5, 3, -20, 25),
    "ankle_rotation": Free(0, 5, 2.5, -20, 20),
    "elbow_add": Free(-8, 4, 1.5, -20, 4),
    "pro_sup": Free(80, 25, 20, 0, 155),
    "arm_flex": Free(5, 10, 8, -30, 60),
    "arm_add": Free(-12, 6, 4, -40, 0),
    "arm_rot": Free(5, 12, 8, -40, 50),
    "elbow_flex": Free(30, 18, 10, 3, 120),
    "lumbar_extension": Free(-5, 5, 2, -40, 20),
    "lumbar_bending": Free(0, 2, 2, -20, 20),
    "lumbar_rotation": Free(0, 3, 4, -30, 30),
}
"""What is drawn where it isn't told. Ranges after textbooks: tibial rotation ±20° (Grood &
Suntay 1983), carrying angle 5-15° of abduction, forearm 0-155° from supine."""
ADDED = {
    "pelvis_tilt": Free(0, 3, 2, -10, 10),
    "subtalar_angle": Free(0, 5, 3, -20, 20),
    "ankle_rotation": Free(0, 5, 2.5, -20, 20),
}
"""What is added to angles that joint positions tell only by an assumption."""
LIMITS = {
    "knee_angle": (-5, 155), "ankle_angle": (-55, 35),
    "subtalar_angle": (-30, 35), "ankle_rotation": (-25, 25), "elbow_flex": (0, 150),
    "lumbar_extension": (-80, 35), "lumbar_bending": (-40, 40), "lumbar_rotation": (-55, 55),
}  # fmt: skip
"""Beyond these a recorded angle is an artefact; it is held at the limit."""
SCREW_HOME = 0.1
"""Internal rotation of the tibia per degree of knee flexion, up to 90°."""
_DRIFT_S = 0.5
"""How slowly what is drawn changes: standard deviation of the smoothing."""


def lifelike(recording: Recording, rng: np.random.Generator) -> Recording:
    """The recording with what it doesn't tell drawn at random; no NaN is left."""
    drawn = recording.angles.copy()
    untold = np.isnan(drawn).any(axis=0)
    for column, name in enumerate(ANGLE_NAMES):
        short = name[:-2] if name[-2:] in ("_r", "_l") else name
        if untold[column]:
            drawn[:, column] = _wander(rng, FREE[short], len(drawn), recording.fps)
        elif short in ADDED and not recording.exact:
            drawn[:, column] += _wander(rng, ADDED[short], len(drawn), recording.fps)
        if untold[column] and short == "knee_rotation":
            flexion = drawn[:, ANGLE_NAMES.index(f"knee_angle{name[-2:]}")]
            drawn[:, column] += SCREW_HOME * flexion.clip(0, 90)
        drawn[:, column] = drawn[:, column].clip(*LIMITS.get(short, (-np.inf, np.inf)))
    return replace(recording, angles=drawn, head=_gaze(recording, drawn, rng))


def _gaze(recording: Recording, angles: Floats, rng: np.random.Generator) -> Floats:
    """(T, 3) the head looks about; where nothing is told it keeps upright over a bent trunk."""
    trunk = frames_from_angles(angles)["trunk"]
    lean = np.degrees(np.arcsin(np.clip(trunk[:, 1, 0], -1, 1)))
    side = np.degrees(np.arcsin(np.clip(trunk[:, 1, 2], -1, 1)))
    upright = np.stack([-0.6 * lean, 0.6 * side, np.zeros(len(lean))], axis=1)
    head = np.where(np.isfinite(recording.head), recording.head, upright)
    for column, sd in enumerate((6.0, 3.0, 14.0)):
        head[:, column] += _wander(rng, Free(0, sd, sd, -60, 60), len(head), recording.fps)
    limits = np.array([STEEPEST_GAZE_DEG, 25.0, 60.0])
    return gaussian_filter1d(head.clip(-limits, limits), 0.05 * recording.fps, axis=0)


def _wander(rng: np.random.Generator, free: Free, frames: int, fps: float) -> Floats:
    """(T,) a smooth random path."""
    noise = gaussian_filter1d(rng.normal(0, 1, frames + 200), _DRIFT_S * fps)[100:-100]
    spread = np.sqrt(2 * np.sqrt(np.pi) * _DRIFT_S * fps)  # of one over the filtered noise
    centre = free.mean + free.between * rng.normal()
    return np.clip(centre + free.within * spread * noise, free.low, free.high)


def _columns(*names: str) -> list[int]:
    return [i for i, angle in enumerate(ANGLE_NAMES) if angle in names or angle[:-2] in names]
