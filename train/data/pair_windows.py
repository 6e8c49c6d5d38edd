"""Windows of real detections: MediaPipe on rendered people, cleaned as the product does it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.geometry import rotation_about
from humanpose.pipeline import clean
from humanpose.pof.limb_view import mirrored_joints, mirrored_vectors
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE
from train.data.views import Seen
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import Side, split_of

RECORDED_FPS = 30.0
PAIR_FPS = (15.0, 10.0)
"""Frame rates that pairs can be thinned to."""
ROLL_SD_DEG = 4.0


class PairWindows:
    """Draws windows from the pairs of one side of the splits."""

    def __init__(self, folders: list[Path], *, frames: int, side: Side) -> None:
        paths = [path for folder in folders for path in sorted(folder.glob("*.npz"))]
        pairs = (pair for path in paths for pair in read_pairs(path))
        self.frames = frames
        self.pairs = [
            _prepared(pair)
            for pair in pairs
            if split_of(f"{pair.source}|{pair.subject}") == side and len(pair.joints) > frames
        ]
        lengths = np.array([len(pair.joints) for pair in self.pairs], dtype=float)
        self.weights = lengths / max(lengths.sum(), 1.0)

    def draw(self, rng: np.random.Generator, windows: int, *, fps: float) -> Seen:
        """Windows at one of ``PAIR_FPS``."""
        stride = round(RECORDED_FPS / fps)
        parts = [self._window(rng, stride) for _ in range(windows)]
        keypoints, visibility, joints, up, knows_up, focal_px, default_px = (
            np.stack(values) for values in zip(*parts, strict=True)
        )
        return Seen(keypoints, visibility, joints, up, knows_up, focal_px, default_px, fps)

    def _window(self, rng: np.random.Generator, stride: int) -> tuple[Floats, ...]:
        """One window of everything that ``Seen`` holds, mirrored and rolled at random."""
        seen = self.pairs[rng.choice(len(self.pairs), p=self.weights)]
        span = stride * self.frames
        start = rng.integers(0, max(1, len(seen.joints) - span + 1))
        last = len(seen.joints) - 1
        rows = np.minimum(start + stride * np.arange(self.frames), last)
        keypoints, joints, up = seen.keypoints[rows], seen.joints[rows], seen.up[rows]
        visibility = seen.visibility[rows]
        if rng.random() < 0.5:
            mirror = list(COCO17.mirror)
            keypoints, visibility = keypoints[:, mirror] * [-1, 1], visibility[:, mirror]
            joints, up = mirrored_joints(joints), mirrored_vectors(up)
        roll = rotation_about("z", float(rng.normal(0, ROLL_SD_DEG)))
        turned = joints @ roll.T, up @ roll.T
        focals = np.array(1.0), np.array(seen.focal_px), np.array(seen.default_px)
        return keypoints @ roll[:2, :2].T, visibility, *turned, *focals


@dataclass(frozen=True, eq=False)
class _Prepared:
    keypoints: Floats
    visibility: Floats
    joints: Floats
    up: Floats
    focal_px: float
    default_px: float


def _prepared(pair: Pair) -> _Prepared:
    landmarks, _ = clean(pair.landmarks, Settings(height_m=1.7))
    size = landmarks.image_size
    middle = (np.array(size) - 1) / 2
    return _Prepared(
        landmarks.pixels[:, COCO_IN_MEDIAPIPE] - middle,
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        pair.joints[:, : len(COCO17)],
        np.broadcast_to(pair.up_camera, (len(pair.joints), 3)),
        pair.focal_px,
        Camera.from_fov(DEFAULT_FOV_DEG, size).focal_px,
    )
