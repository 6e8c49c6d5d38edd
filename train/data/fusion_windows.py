"""Windows of what MainRefiner weighs, beside the truth, from ``train.data.angle_sequences``."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from humanpose.camera import Camera
from humanpose.geometry import rotate, rotation_about, unit
from humanpose.main_refiner.pose_evidence import PosePair, pose_evidence
from humanpose.nets.tensors import to_tensor
from humanpose.nets.windows import join
from humanpose.pof.limb_view import MIRRORED_LIMBS, mirrored_joints, mirrored_limbs
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.data.drawing import Rows, draw_format, rows_in_turn, shares_of
from train.data.pair_windows import PAIR_FPS, ROLL_SD_DEG
from train.data.views import ENDS, STARTS, limb_directions
from train.engine.trainer import Batch
from train.recordings.pairs import Arrays

LENGTH_SHARES = (0.8, 0.12, 0.08)
"""Of windows of the lengths of ``train.data.drawing``."""
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

    def rows(self, rows: Rows) -> Self:
        """Some of its frames."""
        return replace(self, pair=self.pair.rows(rows), joints=self.joints[rows])

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        pair = self.pair
        other = PosePair(
            mirrored_joints(pair.raw),
            pair.raw_confidence[:, _MIRROR],
            mirrored_joints(pair.pof),
            pair.pof_confidence[:, _MIRROR],
            mirrored_joints(pair.rays),
            pair.visibility[:, _MIRROR],
            mirrored_limbs(pair.directions),
            pair.log_concentration[:, MIRRORED_LIMBS],
            pair.height_m,
        )
        return replace(self, pair=other, joints=mirrored_joints(self.joints))

    def with_errors(self, factor: float) -> Self:
        """With POF's errors so many times as large: in depth, since keypoints hold the rest."""
        pair, more = self.pair, factor - 1
        ours, true = (
            j - j[:, _HIPS].mean(axis=1, keepdims=True) for j in (pair.pof, self.joints)
        )
        pof = pair.pof + more * (ours - true) * _DEPTH
        limbs = limb_directions(self.joints)
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
        self._shares = shares_of(len(s) * SHARES[s.kind] for s in sequences)

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one length and frame rate, mirrored and rolled at random."""
        count, frames, fps = draw_format(rng, windows, shares=LENGTH_SHARES, fps=FPS)
        return as_batch([self._draw(rng, frames, fps) for _ in range(count)], fps=fps)

    def all(self) -> Batch:
        """Every second frame of every sequence, in windows one after the other."""
        windows = [
            sequence.rows(rows)
            for sequence in self._sequences
            for rows in rows_in_turn(len(sequence), stride=round(sequence.fps / PAIR_FPS[0]))
        ]
        return as_batch(windows, fps=PAIR_FPS[0])

    def _draw(self, rng: np.random.Generator, frames: int, fps: float) -> Sequence:
        window = self._draw_rows(rng, frames, fps)
        window = window.with_errors(rng.uniform(*MORE_ERROR[window.kind]))
        if rng.random() < 0.5:
            window = window.mirrored()
        return window.rolled(float(rng.normal(0, ROLL_SD_DEG)))

    def _draw_rows(self, rng: np.random.Generator, frames: int, fps: float) -> Sequence:
        sequence = self._sequences[rng.choice(len(self._sequences), p=self._shares)]
        stride = max(1, round(sequence.fps / fps))
        start = rng.integers(0, max(1, len(sequence) - stride * frames + 1))
        rows = start + stride * np.arange(frames)
        return sequence.rows(np.minimum(rows, len(sequence) - 1))


def as_batch(windows: list[Sequence], *, fps: float) -> Batch:
    """Windows of the same length and rate as tensors: the evidence, and the answers."""
    pair = join([window.pair for window in windows], np.stack)
    evidence = pose_evidence(pair)
    joints = np.stack([window.joints for window in windows])
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
        "directions": rotate(turn, limb_directions(joints)),
        "joints": rotate(turn, from_hips) / (UNIT * pair.height_m)[:, None, None, None],
    }
    return {name: to_tensor(array) for name, array in arrays.items()}
