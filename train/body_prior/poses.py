"""Recorded poses as the body fit's coordinates, in the zero of OpenSim's model.

OpenSim's ``.mot`` files are in it. Motion from joint positions counts from the rest pose of
the rendered mesh: its segments are turned by as much as the mesh's landmarks are against the
model's.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from humanpose.body.prior import COORDINATES, HEADING
from humanpose.geometry import cardan_yxz, cardan_zxy
from humanpose.kinematics.model_axes import MESH_POINTS
from humanpose.nets.angle_evidence import mirrored_angles
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS, MARKERS43
from train.anatomical.segments import anatomical_segments
from train.convert.errors import SourceError
from train.synth.body.anatomy import GROUND, JOINTS, frames_from_angles, signs
from train.synth.motion.sources import Clip, recordings

FRAMES_PER_CLIP = 200
"""At most so many poses of one file, evenly spaced: the next ones are much the same."""
OTHER_ZERO = {
    "opensim|addbiomechanics_Expert3": (
        "pelvis_tilt", "lumbar_extension", "hip_flexion_r", "hip_flexion_l",
        "elbow_flex_r", "elbow_flex_l",
    )
}  # fmt: skip
"""Who has coordinates with another zero than the model's: that walking pelvis is tilted back
by 21° on the average, the trunk bent forward on it by 36°, the elbows bent by 133°."""
_ASSUMED = ("subtalar_angle_r", "subtalar_angle_l")
"""What joint positions tell only by an assumption."""
RANGES = {
    "lumbar_extension": (-80, 35), "lumbar_bending": (-40, 40), "lumbar_rotation": (-55, 55),
    "knee_angle": (-15, 155), "ankle_angle": (-60, 45), "subtalar_angle": (-30, 35),
    "elbow_flex": (-15, 155),
}  # fmt: skip
"""deg; what is beyond them is an artefact of the recording, and so not known."""
_COLUMNS = [ANGLE_NAMES.index(name) for name in COORDINATES]


def poses_of(clip: Clip) -> Floats:
    """(N, 26) rad, at most ``FRAMES_PER_CLIP``; NaN for what the recording doesn't tell.

    The middle angle of every ball joint is within ±90°, the others within ±180°, the heading 0.
    Raises SourceError.
    """
    found = [
        recording.angles if recording.exact else _in_model_axes(recording.angles)
        for recording in recordings(clip)
    ]
    if not found:
        raise SourceError(f"{clip.path.name} moves too fast or is too short; leave it out")
    angles = np.concatenate(found)
    chosen = np.linspace(0, len(angles) - 1, min(len(angles), FRAMES_PER_CLIP)).astype(int)
    degrees = _principal(angles[chosen])[:, _COLUMNS]
    low, high = np.transpose(
        [RANGES.get(of_either_side(name), (-180, 180)) for name in COORDINATES]
    )
    poses = np.radians(np.where((degrees < low) | (degrees > high), np.nan, degrees))
    poses[:, HEADING] = 0
    unknown = (*OTHER_ZERO.get(clip.subject, ()), *(() if clip.kind == "mot" else _ASSUMED))
    poses[:, [COORDINATES.index(name) for name in unknown]] = np.nan
    return poses


def of_either_side(coordinate: str) -> str:
    """``hip_flexion`` of ``hip_flexion_r``."""
    return coordinate[:-2] if coordinate[-2:] in ("_r", "_l") else coordinate


def mirrored(poses: Floats) -> Floats:
    """The poses (N, 26) of the same people in a mirror."""
    angles = np.full((len(poses), len(ANGLE_NAMES)), np.nan)
    angles[:, _COLUMNS] = poses
    return mirrored_angles(angles)[:, _COLUMNS]


def poses_by_person(clips: Iterable[Clip]) -> dict[str, list[Floats]]:
    """Subject -> the poses of each of his or her files; unusable files are left out."""
    found: dict[str, list[Floats]] = {}
    for subject, poses in _usable(clips):
        found.setdefault(subject, []).append(poses)
    return found


def _usable(clips: Iterable[Clip]) -> Iterator[tuple[str, Floats]]:
    for clip in clips:
        try:
            yield clip.subject, poses_of(clip)
        except SourceError:
            continue


@cache
def _mesh_turns() -> dict[str, Floats]:
    """Segment -> (3, 3) the model's axes in the mesh's segment frame."""
    at = np.array([MESH_POINTS.get(name, np.full(3, np.nan)) for name in MARKERS43.joints])
    sure = np.isfinite(at[:, 0]).astype(float)
    still = PoseSequence(at[None], sure[None], Timeline(1, 1.0), MARKERS43)
    return {name: found.frames[0] for name, found in anatomical_segments(still).items()}


def _in_model_axes(angles: Floats) -> Floats:
    """(T, 36) deg of the mesh's segments -> of the model's; NaN stays."""
    turns = _mesh_turns()
    frames = frames_from_angles(np.nan_to_num(angles))
    frames = {name: frame @ turns[name] for name, frame in frames.items()}
    triples = {"pelvis": cardan_yxz(GROUND.T @ frames["pelvis"])[:, ::-1]}
    for group, (parent, child) in JOINTS.items():
        turn = np.swapaxes(frames[parent], 1, 2) @ frames[child]
        triples[group] = cardan_zxy(turn) * signs(group)
    moved = np.concatenate([triples[group] for group in JOINT_GROUPS], axis=1)
    return np.where(np.isfinite(angles), moved, np.nan)


def _principal(angles: Floats) -> Floats:
    """(T, 36) deg with the middle angle of every joint within ±90° and no turns counted."""
    triples = (angles.reshape(len(angles), -1, 3) + 180) % 360 - 180
    other = (triples * [1, -1, 1] + 360) % 360 - 180
    beyond = np.abs(triples[..., 1:2]) > 90
    return np.where(beyond, other, triples).reshape(len(angles), -1)
