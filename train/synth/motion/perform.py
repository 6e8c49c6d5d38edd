"""A body performs a motion on the floor: legs solved so that the standing foot stays put."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from train.synth.body.anatomy import (
    GROUND,
    angles_from_frames,
    bone_rotations,
    frames_from_angles,
    rest_frames,
    truth_points,
)
from train.synth.body.body import Body, PosedBody
from train.synth.body.makehuman import Floats
from train.synth.motion.channels import Motion
from train.synth.motion.feet import Leg, foot_path, leg_axes
from train.synth.motion.gait import Footprint

STANDING = {"r": (Footprint(0.0),), "l": (Footprint(0.0),)}
"""Footprints of somebody who never moves the feet."""


@dataclass(frozen=True, eq=False)
class Performance:
    """A body in motion on the floor Y = 0, with everything that is true about it."""

    posed: PosedBody
    points: Floats
    """(T, 23, 3) world, m; ``TRUTH23``."""
    angles: Floats
    """(T, 36) deg."""
    fps: float

    def __len__(self) -> int:
        return len(self.points)

    def moved(self, offset: Floats) -> "Performance":
        """Carried by offset (3,) in the world, m."""
        return replace(self, posed=self.posed.moved(offset), points=self.points + offset)


def perform(
    motion: Motion,
    body: Body,
    *,
    heading_deg: float = 0.0,
    footprints: Mapping[str, Sequence[Footprint]] = STANDING,
) -> Performance:
    """Pose the body; the path starts over the world's origin.

    Args:
        motion: pelvis, trunk, arms and head are taken from it; the legs follow the feet.
        body: who.
        heading_deg: where the person faces and walks: 0 towards the camera, 90 to the right
            of the image.
        footprints: the stays of each foot, ``"r"`` and ``"l"``.
    """
    frames = frames_from_angles(motion.angles)
    frames = {name: GROUND.T @ axes for name, axes in frames.items()}  # now in the path frame
    legs = {side: Leg.measure(body, side) for side in "rl"}
    feet = {side: foot_path(footprints[side], legs[side], motion.time_s) for side in "rl"}
    middle = _mid_hip(motion, legs["r"])
    for side, leg in legs.items():
        hip = middle + frames["pelvis"][..., 2] * leg.hip_offset
        frames[f"femur_{side}"], frames[f"tibia_{side}"] = leg_axes(
            leg, hip, feet[side], frames["pelvis"]
        )
        frames[f"foot_{side}"] = feet[side].axes
    to_world = GROUND @ Rotation.from_euler("Y", heading_deg, degrees=True).as_matrix()
    frames = {name: to_world @ axes for name, axes in frames.items()}
    bends = {side: foot.toe_bend_deg for side, foot in feet.items()}
    posed = posed_on(frames, motion.head, bends, middle @ to_world.T, body)
    angles = angles_from_frames(frames, fps=motion.fps)
    return Performance(posed, truth_points(posed), angles, motion.fps)


def _mid_hip(motion: Motion, leg: Leg) -> Floats:
    """(T, 3) path of the mid-hip, path frame, m."""
    return np.array([0.0, leg.ankle_height + leg.length, 0.0]) + motion.shift * leg.length


def posed_on(
    frames: Mapping[str, Floats],
    head: Floats,
    toe_bend_deg: Mapping[str, Floats],
    mid_hip: Floats,
    body: Body,
) -> PosedBody:
    """The body with its segments as given.

    Args:
        frames: (T, 3, 3) world axes of every segment.
        head: (T, 3) nod, tilt and turn, deg.
        toe_bend_deg: (T,) toes up against the foot, for ``"r"`` and ``"l"``.
        mid_hip: (T, 3) world, m.
        body: who.
    """
    turns = bone_rotations(frames, head, body.rig)
    rest = rest_frames(body.rig)
    for side, bend_deg in toe_bend_deg.items():
        bend = Rotation.from_euler("Z", bend_deg[:, None], degrees=True).as_matrix()
        toes = frames[f"foot_{side}"] @ bend @ rest[f"foot_{side}"].T
        turns |= {f"toe{toe}-1.{side.upper()}": toes for toe in range(1, 6)}
    hips = (body.rig.head("upperleg01.L") + body.rig.head("upperleg01.R")) / 2
    return body.pose(turns, mid_hip - turns["root"] @ (hips - body.rig.head("root")))
