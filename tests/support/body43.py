"""OpenSim's model body with OpenCap's markers on it: angles in, 43 markers out.

Forward kinematics with SciPy's rotations alone, about the joint centres that the markers
themselves define. World frame: X right, Y up, Z towards the camera; m.
"""

from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.kinematics.model_axes import MODEL_POINTS
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import MARKERS43, other_side
from tests.support.body import GROUND

ON = {
    "pelvis": ("r.ASIS", "r.PSIS", "RHJC"),
    "trunk": ("C7", "r_shoulder"),
    "femur": ("r_knee", "r_mknee", "r_thigh1", "r_thigh2", "r_thigh3"),
    "tibia": ("r_ankle", "r_mankle", "r_sh1", "r_sh2", "r_sh3"),
    "foot": ("r_calc", "r_toe", "r_5meta"),
    "humerus": ("r_lelbow", "r_melbow"),
    "forearm": ("r_lwrist", "r_mwrist"),
}
CLUSTERS = {
    "r_thigh1": (0.03, -0.22, 0.147), "r_thigh2": (0.0, -0.33, 0.162),
    "r_thigh3": (-0.08, -0.22, 0.177), "r_sh1": (-0.05, -0.60, 0.147),
    "r_sh2": (-0.03, -0.71, 0.157), "r_sh3": (-0.10, -0.70, 0.157),
}  # fmt: skip
JOINTS = {
    "trunk": ("pelvis", ("lumbar",)),
    "femur": ("pelvis", ("RHJC_study",)),
    "tibia": ("femur", ("r_knee_study", "r_mknee_study")),
    "foot": ("tibia", ("r_ankle_study", "r_mankle_study")),
    "humerus": ("trunk", ("right_shoulder",)),
    "forearm": ("humerus", ("r_lelbow_study", "r_melbow_study")),
}
RADIAL_HEAD = 0.26
GROUPS = {
    "trunk": ("lumbar_extension", "lumbar_bending", "lumbar_rotation"),
    "femur": ("hip_flexion", "hip_adduction", "hip_rotation"),
    "tibia": ("knee_angle", "knee_adduction", "knee_rotation"),
    "foot": ("ankle_angle", "subtalar_angle", "ankle_rotation"),
    "humerus": ("arm_flex", "arm_add", "arm_rot"),
    "forearm": ("elbow_flex", "elbow_add", "pro_sup"),
}


def body43(
    angles: Mapping[str, float | Floats], *, frames: int = 1, scale: float = 1.0
) -> PoseSequence:
    """Markers of a person with these ``angles`` (deg, contract names); the others are 0."""
    values = {k: np.broadcast_to(np.asarray(v, float), frames) for k, v in angles.items()}
    at = {side: _places(side) for side in "rl"}
    origin = np.tile([0.2, 0.95, -0.1], (frames, 1))
    found = {}
    for side in "rl":
        turns, places = {"pelvis": _pelvis(values, frames)}, {"pelvis": origin}
        for segment, names in GROUPS.items():
            above, centre = JOINTS[segment]
            turns[segment] = turns[above] * _joint(values, names, side, frames)
            pivot = _pivot(at[side], segment, centre)
            joint = places[above] + turns[above].apply(scale * pivot)
            places[segment] = joint - turns[segment].apply(scale * pivot)
        for segment, markers in ON.items():
            for name in markers:
                path = places[segment] + turns[segment].apply(scale * at[side][f"{name}_study"])
                marker = f"{name}_study"
                found[marker if side == "r" else other_side(marker)] = path
    positions = np.stack([found[name] for name in MARKERS43.joints], axis=1)
    return PoseSequence(
        positions, np.ones(positions.shape[:2]), Timeline(frames, 30.0), MARKERS43
    )


def _places(side: str) -> dict[str, Floats]:
    """Right-side names, with Z turned over for the left."""
    right = {f"{name}_study": np.array(place) for name, place in CLUSTERS.items()}
    mirror = [1, 1, 1 if side == "r" else -1]
    return {name: place * mirror for name, place in (MODEL_POINTS | right).items()}


def _pivot(at: dict[str, Floats], segment: str, centre: tuple[str, ...]) -> Floats:
    share = RADIAL_HEAD if segment == "forearm" else 0.5
    if len(centre) == 1:
        return at[centre[0]]
    return np.asarray((1 - share) * at[centre[0]] + share * at[centre[1]])


def _pelvis(values: Mapping[str, Floats], frames: int) -> Rotation:
    names = ("pelvis_rotation", "pelvis_list", "pelvis_tilt")
    triple = np.stack([values.get(n, np.zeros(frames)) for n in names], axis=1)
    return GROUND * Rotation.from_euler("YXZ", triple, degrees=True)


def _joint(
    values: Mapping[str, Floats], names: tuple[str, ...], side: str, frames: int
) -> Rotation:
    sided = names if names[0].startswith("lumbar") else tuple(f"{n}_{side}" for n in names)
    s = -1 if side == "l" and sided != names else 1
    signs = [-1 if names[0] == "knee_angle" else 1, s, s]
    triple = np.stack([values.get(n, np.zeros(frames)) for n in sided], axis=1)
    return Rotation.from_euler("ZXY", triple * signs, degrees=True)
