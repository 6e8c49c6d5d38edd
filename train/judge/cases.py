"""What ``train.evaluate`` judges on: clips with their truth, and those that were rendered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humanpose.assets import SAMPLE
from humanpose.detection.cache import cached_detection
from humanpose.detection.detect import Detection
from humanpose.kinematics.branches import on_best_branch
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES, COCO17
from humanpose.video import ClipInfo, probe
from train.convert.errors import SourceError
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import Side, split_of

UNINFORMATIVE = ("knee_adduction", "knee_rotation", "elbow_add", "pro_sup")
"""Knees, elbows and forearms of the rendered body are hinges: these say nothing."""

_CMU_ACTIVITIES = {"cmu03": "uneven walk", "martial": "martial arts"}
_SHORT_NAMES = {"DJ": "drop jump", "STS": "sit to stand"}


@dataclass(frozen=True, eq=False)
class Truth:
    """What really happened, over T frames; NaN where that is not known."""

    angles: Floats
    """(T, 36) deg."""
    has_zero: NDArray[np.bool_]
    """(36,) whether an angle's zero is known, so that absolute values can be compared."""
    joints: PoseSequence | None = None
    """COCO-17 in the camera frame."""
    markers: PoseSequence | None = None
    """The 22 markers, Y up."""
    up: Floats | None = None
    """(3,) unit vector against gravity, camera frame."""
    focal_px: float | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """One clip of one person: what the detector saw, and the truth."""

    clip: str
    subject: str
    """``source|subject``."""
    activity: str
    info: ClipInfo
    detection: Detection
    settings: Settings
    """Height and mass; the stages switch themselves on."""
    truth: Truth
    answers: Mapping[str, Floats] = field(default_factory=dict)
    """What other systems said of the clip: their name -> (T, 36) deg, NaN where nothing."""

    @property
    def landmarks(self) -> Landmarks:
        return self.detection.landmarks


def pairs_test(shared: Path) -> list[Case]:
    """Test subjects of the rendered pairs, without HDM05. Raises SourceError."""
    return [c for c in _rendered(shared, "test") if not c.subject.startswith("hdm05")]


def hdm05(shared: Path) -> list[Case]:
    """The actors of HDM05 in the rendered pairs, all test. Raises SourceError."""
    return [c for c in _rendered(shared, "test") if c.subject.startswith("hdm05")]


def pairs_validation(shared: Path) -> list[Case]:
    """Validation subjects of the rendered pairs, to look at while something is being made: no
    figure of theirs is a result. Raises SourceError."""
    return _rendered(shared, "validation")


def sample(shared: Path) -> list[Case]:
    """The clip that the package ships, seen by the real detector; needs no ``shared``."""
    info = probe(SAMPLE)
    with np.load(SAMPLE.with_name("sample_truth.npz")) as truth:
        height_m = float(truth["height"])
        detection = cached_detection(info, Settings(height_m=height_m, **RAW))
        pair = Pair(
            *("own", "sample", SAMPLE.name),
            detection.landmarks,
            joints=truth["joints_camera"].astype(float),
            angles=truth["angles"].astype(float),
            up_camera=truth["up_camera"].astype(float),
            focal_px=float(truth["focal"]),
            height_m=height_m,
        )
    return [replace(case_of(pair), info=info, detection=detection)]


def case_of(pair: Pair) -> Case:
    """A rendered sequence, as if it were a clip whose field of view nobody knows."""
    seen = pair.landmarks
    width, height = seen.image_size
    frames, fps = seen.timeline.frames, seen.timeline.fps
    info = ClipInfo(
        Path(pair.clip), width, height, fps=fps, duration_s=frames / fps,
        rotation_deg=0, codec="rendered", focal_px=None,
    )  # fmt: skip
    joints = pair.joints[:, : len(COCO17)]
    known = np.isfinite(joints[..., 0]).astype(float)
    truth = Truth(
        _known_angles(pair),
        np.ones(len(ANGLE_NAMES), dtype=bool),
        PoseSequence(joints, known, seen.timeline, COCO17),
        pair.true_markers(),
        pair.up_camera,
        pair.focal_px,
    )
    subject = f"{pair.source}|{pair.subject}"
    settings = Settings(height_m=pair.height_m, **RAW)
    return Case(pair.clip, subject, activity(pair), info, Detection(seen, 1), settings, truth)


def activity(pair: Pair) -> str:
    """From the name of the clip, or ``"unknown"``."""
    if pair.subject in _CMU_ACTIVITIES:
        return _CMU_ACTIVITIES[pair.subject]
    trial = re.match(r"(?:HDM_[a-z]{2}_|IK_)?(?P<word>[a-z]{2,}|[A-Z]{2,})", pair.clip)
    return _SHORT_NAMES.get(trial["word"], trial["word"]) if trial else "unknown"


def on_contract_branch(degrees: Floats, *, fps: float) -> Floats:
    """(T, 36) angles, of equal Cardan triples those that the contract asks for."""
    sure = np.isfinite(degrees).astype(float)
    return on_best_branch(JointAngles(degrees, sure, Timeline(len(degrees), fps))).degrees


def _known_angles(pair: Pair) -> Floats:
    angles = on_contract_branch(pair.angles, fps=pair.landmarks.timeline.fps)
    hidden = UNINFORMATIVE + (("ankle_rotation",) if pair.source == "opensim" else ())
    angles[:, [name.startswith(hidden) for name in ANGLE_NAMES]] = np.nan
    return angles


def _rendered(shared: Path, side: Side) -> list[Case]:
    found = files_in(shared / "data/pairs", "*.npz")
    pairs = (pair for path in found for pair in read_pairs(path))
    return [
        case_of(pair) for pair in pairs if split_of(f"{pair.source}|{pair.subject}") == side
    ]


def files_in(folder: Path, pattern: str) -> list[Path]:
    """At least one file, by name. Raises SourceError."""
    found = sorted(folder.glob(pattern))
    if not found:
        raise SourceError(
            f"no {pattern} in {folder}; give the folder that holds data/ as --shared"
        )
    return found
