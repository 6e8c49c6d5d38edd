"""The built-in augmenter: where the anatomical markers lie on a body whose joints are known.

Every marker rides on a frame of its segment, which the 22 markers give. Where on it follows
from the person's build and, for the leg, from how the foot is turned: linear, by least
squares on the bodies of MakeHuman's CC0 mesh (``train/fit_markers.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from humanpose.assets import ASSETS
from humanpose.geometry import cross, frame_from_y, rotate, rotation_between, unit
from humanpose.kinematics.segments import foot_frame, pelvis_frame, trunk_frame
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22, MARKERS43, other_side

ORIGINS: dict[str, dict[str, str]] = {
    "pelvis": {"r.ASIS_study": "Hip", "r.PSIS_study": "Hip", "RHJC_study": "RHip"},
    "trunk": {"r_shoulder_study": "RShoulder", "C7_study": "Neck"},
    "thigh": {
        "r_knee_study": "RKnee", "r_mknee_study": "RKnee",
        "r_thigh1_study": "RHip", "r_thigh2_study": "RHip", "r_thigh3_study": "RHip",
    },
    "shank": {
        "r_ankle_study": "RAnkle", "r_mankle_study": "RAnkle",
        "r_sh1_study": "RKnee", "r_sh2_study": "RKnee", "r_sh3_study": "RKnee",
    },
    "foot": {"r_toe_study": "RBigToe", "r_5meta_study": "RBigToe", "r_calc_study": "RHeel"},
    "upper_arm": {"r_lelbow_study": "RElbow", "r_melbow_study": "RElbow"},
    "forearm": {"r_lwrist_study": "RWrist", "r_mwrist_study": "RWrist"},
}  # fmt: skip
"""Segment -> the markers of the right side that ride on it -> where each is measured from."""
_CARRIERS = {
    "pelvis": ("RHip", "LHip", "RShoulder", "LShoulder"),
    "trunk": ("RHip", "LHip", "RShoulder", "LShoulder"),
    "thigh": ("RHip", "LHip", "RKnee"),
    "shank": ("RHip", "LHip", "RKnee", "RAnkle"),
    "foot": ("RAnkle", "RHeel", "RBigToe"),
    "upper_arm": ("RShoulder", "RElbow"),
    "forearm": ("RElbow", "RWrist"),
}
"""Segment -> the detected markers that its frame is made of."""

PLACES_FILE = ASSETS / "marker_places.npz"

_PARENT_SHARE = 0.2
"""A knee or elbow bent by asin(0.2) = 12° shows its axis as surely as the parent segment does.
From 0.05 to 0.3 the error of arm_rot rises from 2.7° to 4.3° with true joints, and falls from
15.0° to 13.6° with detected ones (POF, people of the validation side)."""
_LARGEST = 2.5
"""Features count as no further than this from the mean, in standard deviations: the bodies of
the fit tell nothing about builds beyond."""
_MIRRORED = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, eq=False)
class Places:
    """Where the M markers of a segment lie, in its axes, from their origins; body heights."""

    usual: Floats
    """(M, 3) at the mean of the F features."""
    slopes: Floats
    """(F, M, 3) per standard deviation of a feature."""
    mean: Floats
    """(F,)"""
    deviation: Floats
    """(F,)"""

    @classmethod
    def fit(cls, features: Floats, places: Floats, *, ridge: float) -> Self:
        """Least squares over N frames: ``features`` (N, F) to ``places`` (N, M, 3).

        Places are m in the segment's axes; nothing is NaN. ``ridge`` is the weight of the wish
        for slopes of 0, per frame.
        """
        mean, deviation = features.mean(axis=0), features.std(axis=0)
        x = (features - mean) / deviation
        usual = places.mean(axis=0)
        y = (places - usual).reshape(len(places), -1)
        normal = x.T @ x + ridge * len(x) * np.eye(x.shape[1])
        slopes = np.linalg.solve(normal, x.T @ y).reshape(-1, *usual.shape)
        return cls(usual, slopes, mean, deviation)

    def at(self, features: Floats) -> Floats:
        """(T, M, 3) for ``features`` (T, F); a NaN counts as the mean."""
        x = np.nan_to_num((features - self.mean) / self.deviation).clip(-_LARGEST, _LARGEST)
        return self.usual + np.einsum("tf,fmi->tmi", x, self.slopes)


def place_markers(
    markers: PoseSequence, *, height_m: float, mass_kg: float
) -> tuple[Floats, Floats]:
    """The 43 markers of ``MARKERS43`` and how sure the joints are that carry them.

    Args:
        markers: the 22 markers, world frame, m.

    Returns:
        (T, 43, 3) world, m, NaN where the segment's joints are; (T, 43) in [0, 1].
    """
    right = _right_side(markers, height_m=height_m, mass_kg=mass_kg)
    left = _right_side(mirror_image(markers), height_m=height_m, mass_kg=mass_kg)
    left = {other_side(name): (path * _MIRRORED, sure) for name, (path, sure) in left.items()}
    midline = {
        name: ((right[name][0] + path) / 2, np.minimum(right[name][1], sure))
        for name, (path, sure) in left.items()
        if name in right
    }
    found = right | left | midline
    positions = np.stack([found[name][0] for name in MARKERS43.joints], axis=1)
    return positions, np.stack([found[name][1] for name in MARKERS43.joints], axis=1)


def mirror_image(markers: PoseSequence) -> PoseSequence:
    """The same person in a mirror across X = 0: what was left is right."""
    swap = list(MARKERS22.mirror)
    return PoseSequence(
        markers.positions[:, swap] * _MIRRORED,
        markers.confidence[:, swap],
        markers.timeline,
        MARKERS22,
    )


def segment_frames(markers: PoseSequence) -> dict[str, Floats]:
    """(T, 3, 3) axes (columns) of each segment of ``ORIGINS``, the right side's.

    Limbs: Y along the bone, Z as the hinge's axis; the straighter the hinge, the more like Z
    of the parent segment, carried along the shortest way (one frame tells all). NaN where a
    marker that the segment needs is.
    """
    trunk = trunk_frame(markers)
    pelvis = pelvis_frame(markers, trunk)
    upper_arm, forearm = _bone(markers, "Shoulder", "Elbow"), _bone(markers, "Elbow", "Wrist")
    thigh, shank = _bone(markers, "Hip", "Knee"), _bone(markers, "Knee", "Ankle")
    elbow, knee = cross(upper_arm, forearm), cross(shank, thigh)
    to_the_right = (knee * pelvis[..., 2]).sum(axis=-1, keepdims=True) > 0
    elbow = _between(elbow, upper_arm, trunk)
    knee = _between(np.where(to_the_right, knee, 0.0), thigh, pelvis)  # none bends forward
    return {
        "pelvis": pelvis,
        "trunk": trunk,
        "thigh": frame_from_y(thigh, knee),
        "shank": frame_from_y(shank, knee),
        "foot": foot_frame(markers, "r"),
        "upper_arm": frame_from_y(upper_arm, elbow),
        "forearm": frame_from_y(forearm, elbow),
    }


def features_of(
    frames: Mapping[str, Floats], *, height_m: float, mass_kg: float
) -> dict[str, Floats]:
    """(T, F) what decides where the markers of each segment lie.

    The build: body mass index (kg/m²) and height (m). For thigh and shank also how far the foot
    points to the right of the segment, the same by how straight the knee is, and how much the
    knee is bent; NaN where those ``frames`` (T, 3, 3) are.
    """
    count = len(frames["pelvis"])
    build = np.tile([mass_kg / height_m**2, height_m], (count, 1))
    features = dict.fromkeys(frames, build)
    thigh, shank = frames["thigh"][..., 1], frames["shank"][..., 1]
    bend = np.linalg.norm(cross(thigh, shank), axis=-1)
    straightness = _PARENT_SHARE / (_PARENT_SHARE + bend)
    for segment, other in (("thigh", shank), ("shank", thigh)):
        x, _, z = np.moveaxis(frames[segment], -1, 0)
        turn = (frames["foot"][..., 0] * z).sum(axis=-1)
        pose = [turn, straightness * turn, (other * x).sum(axis=-1)]
        features[segment] = np.column_stack([build, *pose])
    return features


def save_places(places: Mapping[str, Places], path: Path) -> None:
    """Write plain arrays, no pickles; the keys are ``segment/field``."""
    arrays = {f"{s}/{k}": v for s, found in places.items() for k, v in vars(found).items()}
    np.savez_compressed(path, **arrays)


@cache
def load_places(path: Path = PLACES_FILE) -> dict[str, Places]:
    """Read what ``save_places`` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return {
            segment: Places(
                **{k: stored[f"{segment}/{k}"] for k in Places.__dataclass_fields__}
            )
            for segment in ORIGINS
        }


def _right_side(
    markers: PoseSequence, *, height_m: float, mass_kg: float
) -> dict[str, tuple[Floats, Floats]]:
    """Marker -> (T, 3) its path, m, and (T,) how sure its carriers are."""
    frames = segment_frames(markers)
    features = features_of(frames, height_m=height_m, mass_kg=mass_kg)
    found = {}
    for segment, origins in ORIGINS.items():
        local = load_places()[segment].at(features[segment]) * height_m
        offsets = rotate(frames[segment], local)
        carriers = markers.skeleton.indices(*_CARRIERS[segment])
        sure = markers.confidence[:, carriers].min(axis=1)
        for i, (name, origin) in enumerate(origins.items()):
            found[name] = markers.joint(origin) + offsets[:, i], sure
    return found


def _bone(markers: PoseSequence, start: str, end: str) -> Floats:
    """(T, 3) unit vectors from the end to the start, the right side's."""
    return unit(markers.joint(f"R{start}") - markers.joint(f"R{end}"))


def _between(hinge: Floats, bone: Floats, parent: Floats) -> Floats:
    """(T, 3) the hinge's axis, as long as the sine of its bend, with the parent's say in it."""
    carried = (rotation_between(parent[..., 1], bone) @ parent)[..., 2]
    return np.asarray(np.nan_to_num(hinge) + _PARENT_SHARE * np.nan_to_num(carried))
