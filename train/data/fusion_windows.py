"""Windows of what MainRefiner weighs, beside the truth, from ``train.data.angle_sequences``."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from humanpose.camera import Camera
from humanpose.geometry import rotate, rotation_about, unit
from humanpose.main_refiner.pose_evidence import PosePair, pose_evidence
from humanpose.pof.limb_view import MIRRORED_LIMBS, mirrored_limbs
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.data.pair_windows import PAIR_FPS, ROLL_SD_DEG
from train.data.views import ENDS, STARTS
from train.engine.trainer import Batch
from train.recordings.pairs import Arrays

WINDOW_LENGTHS, LENGTH_SHARES = (32, 8, 1), (0.8, 0.12, 0.08)
"""Frames of the windows of a batch, and how often."""
FPS = (15.0, 15.0, 10.0)
"""Frame rates that are drawn; views have but the first."""
SHARES = {"fresh": 5.0, "views": 1.0, "known": 0.6}
"""How often a frame is drawn, beside others: what counts are POF's errors on people that it was
not trained on."""
MORE_ERROR = {"fresh": (0.9, 1.2), "views": (0.9, 1.4), "known": (1.0, 1.9)}
"""What POF's errors are multiplied by: on rendered people that it was trained on they are 1.6
times too small."""
UNIT = 0.25
"""Of true joints, in body heights, as in ``humanpose.main_refiner.pose_evidence``."""
_DEPTH = np.array([0.0, 0.0, 1.0])
_COCO = MEDIAPIPE33.indices(*COCO17.joints)
_MIRROR = list(COCO17.mirror)
_HIPS = COCO17.indices("left_hip", "right_hip")


@dataclass(frozen=True, eq=False)
class Sequence:
    """One person's frames, with the truth."""

    pair: PosePair
    fps: float
    joints: Floats
    """(T, 17, 3) true, camera frame, m."""
    kind: str = "known"
    """``"fresh"`` if POF was not trained on this person, ``"views"`` of ``fusion_views``."""

    @classmethod
    def of(cls, stored: Arrays, *, kind: str = "known") -> Self:
        """From the arrays of ``train.data.angle_sequences``."""
        width, height = (int(n) for n in stored["image_size"])
        camera = Camera(float(stored["focal_assumed"]), (width, height))
        with np.errstate(divide="ignore"):
            log_concentration = np.log(stored["limb_concentration"])
        pair = PosePair(
            stored["body_raw"][:, _COCO],
            stored["body_confidence_raw"][:, _COCO],
            stored["body_pof"][:, _COCO],
            stored["body_confidence_pof"][:, _COCO],
            camera.rays(stored["keypoints"]),
            stored["visibility"],
            stored["limb_directions"],
            log_concentration,
            np.array(float(stored["height"])),
        )
        joints = stored["joints_true"][:, : len(COCO17)]
        return cls(pair, float(stored["fps"]), joints, kind)

    def __len__(self) -> int:
        return len(self.joints)

    def rows(self, rows: NDArray[np.int64]) -> Self:
        """Some of its frames."""
        return replace(self, pair=self.pair.rows(rows), joints=self.joints[rows])

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        pair, flip = self.pair, np.array([-1.0, 1.0, 1.0])
        other = PosePair(
            pair.raw[:, _MIRROR] * flip,
            pair.raw_confidence[:, _MIRROR],
            pair.pof[:, _MIRROR] * flip,
            pair.pof_confidence[:, _MIRROR],
            pair.rays[:, _MIRROR] * flip,
            pair.visibility[:, _MIRROR],
            mirrored_limbs(pair.directions),
            pair.log_concentration[:, MIRRORED_LIMBS],
            pair.height_m,
        )
        return replace(self, pair=other, joints=self.joints[:, _MIRROR] * flip)

    def with_errors(self, factor: float) -> Self:
        """With POF's errors so many times as large: in depth, since keypoints hold the rest."""
        pair, more = self.pair, factor - 1
        ours, true = (
            j - j[:, _HIPS].mean(axis=1, keepdims=True) for j in (pair.pof, self.joints)
        )
        pof = pair.pof + more * (ours - true) * _DEPTH
        limbs = unit(self.joints[:, ENDS] - self.joints[:, STARTS])
        directions = unit(pair.directions + more * (pair.directions - limbs))
        sure = pair.log_concentration - 2 * np.log(factor)
        worse = replace(pair, pof=pof, directions=directions, log_concentration=sure)
        return replace(self, pair=worse)

    def rolled(self, degrees: float) -> Self:
        """Seen by a camera that is turned about its line of sight."""
        roll, pair = rotation_about("z", degrees), self.pair
        names = ("raw", "pof", "rays", "directions")
        other = replace(pair, **{name: rotate(roll, getattr(pair, name)) for name in names})
        return replace(self, pair=other, joints=rotate(roll, self.joints))


class PoseWindows:
    """Draws batches for the fusion of poses."""

    def __init__(self, sequences: list[Sequence]) -> None:
        self._sequences = sequences
        weights = np.array([len(s) * SHARES[s.kind] for s in sequences])
        self._shares = weights / weights.sum()

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one length and frame rate, mirrored and rolled at random."""
        frames = int(rng.choice(WINDOW_LENGTHS, p=LENGTH_SHARES))
        windows *= min(WINDOW_LENGTHS[0] // frames, 4)
        fps = float(rng.choice(FPS))
        chosen = [self._window(rng, frames, fps) for _ in range(windows)]
        return as_batch(chosen, fps=fps)

    def all(self) -> Batch:
        """Every second frame of every sequence, in windows one after the other."""
        frames, fps, chosen = WINDOW_LENGTHS[0], PAIR_FPS[0], []
        for sequence in self._sequences:
            thinned = np.arange(0, len(sequence), round(sequence.fps / fps))
            for start in range(0, len(thinned), frames):
                rows = np.minimum(np.arange(start, start + frames), len(thinned) - 1)
                chosen.append(sequence.rows(thinned[rows]))
        return as_batch(chosen, fps=fps)

    def _window(self, rng: np.random.Generator, frames: int, fps: float) -> Sequence:
        window = self._rows(rng, frames, fps)
        window = window.with_errors(rng.uniform(*MORE_ERROR[window.kind]))
        if rng.random() < 0.5:
            window = window.mirrored()
        return window.rolled(float(rng.normal(0, ROLL_SD_DEG)))

    def _rows(self, rng: np.random.Generator, frames: int, fps: float) -> Sequence:
        sequence = self._sequences[rng.choice(len(self._sequences), p=self._shares)]
        stride = max(1, round(sequence.fps / fps))
        start = rng.integers(0, max(1, len(sequence) - stride * frames + 1))
        rows = start + stride * np.arange(frames)
        return sequence.rows(np.minimum(rows, len(sequence) - 1))


def as_batch(windows: list[Sequence], *, fps: float) -> Batch:
    """Windows of the same length and rate as tensors: the evidence, and the answers."""
    pair = stacked([window.pair for window in windows])
    evidence = pose_evidence(pair)
    joints = np.stack([window.joints for window in windows])
    limbs = unit(joints[:, :, ENDS] - joints[:, :, STARTS])
    from_hips = joints - joints[:, :, _HIPS].mean(axis=2, keepdims=True)
    turn = evidence.turn
    there = (evidence.points[..., 6:8] > 0).all(axis=-1)
    arrays = {
        "there": there,
        "limbs_there": there[:, :, STARTS] & there[:, :, ENDS],
        "points": evidence.points,
        "limbs": evidence.limbs,
        "frame": evidence.frame,
        "time_s": np.arange(joints.shape[1]) / fps,
        "directions": rotate(turn, limbs),
        "joints": rotate(turn, from_hips) / (UNIT * pair.height_m)[:, None, None, None],
    }
    return {k: torch.from_numpy(np.asarray(v, dtype=np.float32)) for k, v in arrays.items()}


def stacked(pairs: list[PosePair]) -> PosePair:
    """Windows of the same length as one value."""
    names = PosePair.__dataclass_fields__
    return PosePair(**{name: np.stack([getattr(p, name) for p in pairs]) for name in names})
