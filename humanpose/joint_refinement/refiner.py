"""The trained joint refiner: numpy in, numpy out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from humanpose.confidence import of_deviation
from humanpose.joint_refinement.network import JointRefiner as Network
from humanpose.joint_refinement.network import JointRefinerConfig, corrected
from humanpose.nets.angle_evidence import LEAST_CONFIDENCE, MIRRORED_ANGLES, mirrored_angles
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.gaps import spikes, without_gaps
from humanpose.nets.places import find_checkpoint
from humanpose.nets.windows import batches, middle_weight
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import JOINT_GROUPS

_SHAPE = (len(JOINT_GROUPS), 3)


class JointRefiner:
    """The trained network. Raises CheckpointError if it cannot be loaded."""

    def __init__(self, checkpoint: str | Path) -> None:
        self._network = load_checkpoint(
            find_checkpoint(str(checkpoint)), Network, JointRefinerConfig
        )

    def refine(self, angles: Floats, visibility: Floats, *, fps: float = 30.0) -> Floats:
        """Refined angles of one person over a clip.

        Args:
            angles: (T, 12, 3) deg, the 36 columns of an analysis; NaN where absent.
            visibility: (T, 12) in [0, 1], how sure each joint group is.
            fps: frames/s.

        Returns:
            (T, 12, 3) deg. Absent angles are filled in, but not where no angle of a frame is
            known.
        """
        degrees, sure = _checked(angles, visibility, fps)
        refined, _ = self._refined(degrees, np.repeat(sure, 3, axis=1), fps)
        return refined.reshape(-1, *_SHAPE)

    def refined(self, angles: JointAngles) -> JointAngles:
        """The same, each angle with its standard deviation and as sure as that makes it.

        A measured angle stays measured while its deviation is below 15°, and one that was
        absent is inferred.
        """
        degrees, deviation = self._refined(
            angles.degrees, angles.confidence, angles.timeline.fps
        )
        there = np.isfinite(degrees)
        sure = np.where(there, np.maximum(angles.confidence, LEAST_CONFIDENCE), 0.0)
        return of_deviation(replace(angles, degrees=degrees, confidence=sure), deviation)

    def _refined(self, degrees: Floats, sure: Floats, fps: float) -> tuple[Floats, Floats]:
        """(T, 36) deg each: the angles, and their standard deviations."""
        somebody = np.isfinite(degrees).any(axis=1, keepdims=True)
        degrees = np.where(spikes(degrees, fps=fps), np.nan, degrees)
        known = np.isfinite(degrees)
        seen = np.stack([without_gaps(degrees), np.where(known, sure, 0.0), known])
        moved, deviation, total = (np.zeros(degrees.shape) for _ in range(3))
        for frames in batches(len(degrees), fps):
            weight = np.broadcast_to(middle_weight(frames)[..., None], (*frames.shape, 36))
            found, spread = self._said(seen[:, frames], (frames[0] - frames[0, 0]) / fps)
            np.add.at(moved, frames, (found - seen[0, frames]) * weight)
            np.add.at(deviation, frames, spread * weight)
            np.add.at(total, frames, weight)
        refined = np.where(somebody, seen[0] + moved / total, np.nan)
        return refined, np.where(somebody, deviation / total, np.nan)

    def _said(self, seen: Floats, time_s: Floats) -> tuple[Floats, Floats]:
        """(B, T, 36) deg angles and deviations: the mean of what is said of the person and of
        their mirror image, so that left and right are treated alike."""
        other = seen[..., MIRRORED_ANGLES]
        other[0] = mirrored_angles(seen[0])
        both = self._run(np.concatenate([seen, other], axis=1), time_s)
        (angles, other_angles), (deviation, other_deviation) = (
            np.split(said, 2) for said in both
        )
        angles = (angles + mirrored_angles(other_angles)) / 2
        return angles, (deviation + other_deviation[..., MIRRORED_ANGLES]) / 2

    def _run(self, seen: Floats, time_s: Floats) -> tuple[Floats, Floats]:
        degrees, sure, known, times = (_tensor(array) for array in (*seen, time_s))
        with torch.inference_mode():
            output = self._network(degrees, sure, known, times)
            angles = corrected(degrees, output.turns, self._network.config.balls)
        return _array(angles), _array(output.deviation.flatten(-2))


def _checked(angles: Floats, visibility: Floats, fps: float) -> tuple[Floats, Floats]:
    angles, visibility = np.asarray(angles, dtype=float), np.asarray(visibility, dtype=float)
    if angles.ndim != 3 or not len(angles) or angles.shape[1:] != _SHAPE:
        raise ValueError(f"angles must be (T, 12, 3), got {angles.shape}")
    if visibility.shape != angles.shape[:2]:
        raise ValueError(f"visibility must be {angles.shape[:2]}, got {visibility.shape}")
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps must be above 0, got {fps}")
    return angles.reshape(len(angles), -1), np.nan_to_num(visibility)


def _tensor(array: Floats) -> torch.Tensor:
    return torch.from_numpy(np.asarray(array, dtype=np.float32))


def _array(tensor: torch.Tensor) -> Floats:
    values: NDArray[np.float32] = tensor.numpy()
    return values.astype(float)
