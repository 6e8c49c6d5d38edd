"""What the product makes of rendered people, beside the truth: what the refiners learn from.

A shard is an ``.npz`` whose keys are ``<number>/<name>``. T frames, all of one person:

``source``, ``subject``, ``sequence``, ``side`` of the splits, ``origin`` (the folder of the
pairs), ``fps``, ``height`` m; ``image_size`` px and ``focal`` px, true, ``focal_assumed`` px,
what the product went by.

``truth`` (T, 36) deg: the angles that moved the body, on the contract's branch, about the same
heading as our body; NaN where the rendered body doesn't have the movement.
``truth_fit`` (T, 36) deg, which says where zero is: the body fitted to the true points.
``joints_true`` (T, 23, 3) m, ``TRUTH_POINTS`` in the camera frame; ``up_true`` (T, 3).

For each of ``VARIANTS``, ``angles_<variant>``, ``confidence_<variant>`` and
``deviation_<variant>`` (T, 36), the last in deg and NaN where nothing tells it, and
``up_<variant>`` (3,). ``body_raw`` and ``body_pof`` (T, 33, 3) m: MediaPipe's landmarks in the
camera frame, lifted by its own 3-D and on the body fitted to POF's; ``body_confidence_…``.

``keypoints`` (T, 17, 2) px and ``visibility`` (T, 17) after cleaning; ``limb_directions``
(T, 14, 3) and ``limb_concentration`` (T, 14) of the POF network, and its ``up_network`` (3,).
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from humanpose.body.clip import Clues
from humanpose.lift.baseline import lift
from humanpose.motion import motion_of
from humanpose.pipeline import clean, motion_options
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES, COCO_IN_MEDIAPIPE, JOINT_GROUPS
from train.convert.errors import SourceError
from train.data.true_fit import true_fit
from train.judge.cases import Case, case_of
from train.judge.prediction import assumed_camera
from train.recordings.pairs import Arrays, Pair
from train.recordings.splits import split_of

VARIANTS = ("raw", "pof")

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
    lifted = lift(landmarks, camera, height_m=settings.effective_height_m)
    field = limb_field(pof, landmarks, camera)
    options = motion_options(settings)
    raw, best = (motion_of(landmarks, lifted, camera, options, Clues(f)) for f in (None, field))
    arrays = _facts(pair, origin) | _truth(pair, case)
    arrays |= {
        "focal_assumed": np.array(camera.focal_px),
        "keypoints": landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        "visibility": landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        "limb_directions": field.directions,
        "limb_concentration": field.concentration,
        "up_network": field.up,
    }
    for name, motion, body in (("raw", raw, lifted), ("pof", best, best.body)):
        if body is not None:
            arrays |= {
                f"body_{name}": body.positions,
                f"body_confidence_{name}": body.confidence,
                f"up_{name}": motion.up_camera,
            }
        arrays |= _angles(name, motion.angles)
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
    ours, truth = true_fit(pair), case.truth.angles.copy()
    if pair.markers is not None:
        truth[:, _HINGES] = pair.angles[:, _HINGES]
    truth[:, _HEADING] = _about(truth[:, _HEADING], ours[:, _HEADING])
    return {
        "truth": truth,
        "truth_fit": ours,
        "joints_true": pair.joints,
        "up_true": pair.up_camera,
    }


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
