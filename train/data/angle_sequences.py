"""What the product makes of rendered people, beside the truth: what the refiners learn from.

A shard is an ``.npz`` whose keys are ``<number>/<name>``. T frames, all of one person:

``source``, ``subject``, ``sequence``, ``side`` of the splits, ``origin`` (the folder of the
pairs), ``fps``, ``height`` m; ``image_size`` px and ``focal`` px, true, ``focal_assumed`` px,
what the product went by.

``truth`` (T, 36) deg: the angles that moved the body, on the contract's branch, about the same
heading as our kinematics; NaN where the rendered body doesn't have the movement.
``truth_<markers>`` (T, 36) deg, which say where zero is: our kinematics on the true markers,
the ``22``, the 65 that the augmenter makes of these (``derived``), and the true 65 (``65``),
NaN where the pair has none.
``joints_true`` (T, 23, 3) m, ``TRUTH_POINTS`` in the camera frame; ``up_true`` (T, 3).

For each of ``VARIANTS``, ``angles_<variant>``, ``confidence_<variant>`` and
``deviation_<variant>`` (T, 36), the last in deg and NaN where nothing tells it.
For ``raw`` and ``pof``: ``body_<lift>`` (T, 33, 3) m, MediaPipe's landmarks in the camera frame
before the product smooths them, ``body_confidence_<lift>`` (T, 33), ``up_<lift>`` (3,).

``keypoints`` (T, 17, 2) px and ``visibility`` (T, 17) after cleaning; ``limb_directions``
(T, 14, 3) and ``limb_concentration`` (T, 14) of the POF network, and its ``up_network`` (3,).
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from humanpose.kinematics.angles import joint_angles
from humanpose.kinematics.model_axes import MESH_POINTS
from humanpose.lift.baseline import lift
from humanpose.markers.augmentation import augment
from humanpose.motion import motion_of
from humanpose.pipeline import clean, motion_options
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field, solve_body
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, COCO_IN_MEDIAPIPE, JOINT_GROUPS
from train.convert.errors import SourceError
from train.judge.cases import Case, case_of
from train.judge.prediction import assumed_camera
from train.recordings.pairs import Arrays, Pair
from train.recordings.splits import split_of

VARIANTS = ("raw", "raw_augmented", "pof", "pof_augmented")

_HEADING = ANGLE_NAMES.index("pelvis_rotation")
_HINGES = [
    ANGLE_NAMES.index(name)
    for group, names in JOINT_GROUPS.items()
    if group.startswith(("knee", "ankle", "elbow"))
    for name in names
]
"""A body with all 43 markers moves in all of these, and ``train.judge.cases`` judges none;
since no hinge bends sideways by 90°, its angles are on the right branch as they are."""


def analysed(pair: Pair, pof: CameraPOFInference, *, origin: str) -> Arrays:
    """One sequence under the names of the module's docstring. Raises ClipError."""
    case = case_of(pair)
    settings = case.settings
    camera = assumed_camera(case, settings)
    landmarks, _ = clean(case.landmarks, settings)
    height_m = settings.effective_height_m
    body = lift(landmarks, camera, height_m=height_m)
    field = limb_field(pof, landmarks, camera)
    solved, _ = solve_body(
        field, landmarks, camera, height_m=height_m, max_gap_s=settings.max_gap_s
    )
    options = motion_options(settings)
    lifts = {"raw": (body, None), "pof": (solved, field)}
    arrays = _facts(pair, origin) | _truth(pair, case)
    arrays |= {
        "focal_assumed": np.array(camera.focal_px),
        "keypoints": landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        "visibility": landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        "limb_directions": field.directions,
        "limb_concentration": field.concentration,
        "up_network": field.up,
    }
    for name, (points, told) in lifts.items():
        plain, augmented = (
            motion_of(points, replace(options, augmentation_cycles=n), field=told)
            for n in (0, 1)
        )
        arrays |= {
            f"body_{name}": points.positions,
            f"body_confidence_{name}": points.confidence,
            f"up_{name}": plain.up_camera,
        }
        arrays |= _angles(name, plain.angles) | _angles(f"{name}_augmented", augmented.angles)
    return {name: _compact(value) for name, value in arrays.items()}


def read_sequences(folder: Path) -> Iterator[Arrays]:
    """The sequences in all shards of a folder, numbers in double precision.

    Raises:
        SourceError: there are none.
    """
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise SourceError(f"no sequences in {folder}; make them: train.generate_joint_angles")
    for path in paths:
        yield from read_shard(path)


def read_shard(path: Path) -> Iterator[Arrays]:
    """The sequences in one shard. Raises SourceError where there is something else."""
    with np.load(path, allow_pickle=False) as shard:
        names = [key.split("/") for key in shard.files]
        if not all(len(parts) == 2 and parts[0].isdigit() for parts in names):
            raise SourceError(f"{path} holds no sequences of train.generate_joint_angles")
        for number in sorted({parts[0] for parts in names}, key=int):
            stored = {n: shard[f"{i}/{n}"] for i, n in names if i == number}
            yield {
                name: value.astype(float) if value.dtype.kind == "f" else value
                for name, value in stored.items()
            }


def _facts(pair: Pair, origin: str) -> Arrays:
    return {
        "source": np.array(pair.source),
        "subject": np.array(pair.subject),
        "sequence": np.array(pair.clip),
        "side": np.array(split_of(f"{pair.source}|{pair.subject}")),
        "origin": np.array(origin),
        "fps": np.array(pair.landmarks.timeline.fps),
        "height": np.array(pair.height_m),
        "image_size": np.array(pair.landmarks.image_size),
        "focal": np.array(pair.focal_px),
    }


def _truth(pair: Pair, case: Case) -> Arrays:
    markers, settings = pair.true_markers(), case.settings
    derived = augment(
        markers, height_m=settings.effective_height_m, mass_kg=settings.effective_mass_kg
    )
    by = {"22": joint_angles(markers), "derived": joint_angles(derived, placement=MESH_POINTS)}
    found = {f"truth_{name}": angles.degrees for name, angles in by.items()}
    found["truth_65"] = np.full_like(pair.angles, np.nan)
    truth = case.truth.angles.copy()
    if pair.markers is not None:
        found["truth_65"] = _of_true_65(markers, pair.true_anatomical()).degrees
        truth[:, _HINGES] = pair.angles[:, _HINGES]
    truth[:, _HEADING] = _about(truth[:, _HEADING], found["truth_22"][:, _HEADING])
    joints = {"joints_true": pair.joints, "up_true": pair.up_camera}
    return {"truth": truth} | found | joints


def _of_true_65(markers: PoseSequence, anatomical: PoseSequence) -> JointAngles:
    both = PoseSequence(
        np.concatenate([markers.positions, anatomical.positions], axis=1),
        np.concatenate([markers.confidence, anatomical.confidence], axis=1),
        markers.timeline,
        AUGMENTED65,
    )
    return joint_angles(both, placement=MESH_POINTS)


def _about(heading: Floats, ours: Floats) -> Floats:
    """(T,) a heading counted from where ours is."""
    apart = np.radians(ours - heading)
    apart = apart[np.isfinite(apart)]
    if not apart.size:
        return np.full_like(heading, np.nan)
    return heading + np.degrees(np.arctan2(np.median(np.sin(apart)), np.median(np.cos(apart))))


def _angles(name: str, angles: JointAngles) -> Arrays:
    unknown = np.full_like(angles.degrees, np.nan)
    return {
        f"angles_{name}": angles.degrees,
        f"confidence_{name}": angles.confidence,
        f"deviation_{name}": unknown if angles.deviation is None else angles.deviation,
    }


def _compact(value: Floats) -> Floats:
    return value.astype(np.float32) if value.dtype.kind == "f" and value.ndim else value
