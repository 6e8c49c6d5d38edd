"""The trained joint refiner: numpy in, numpy out."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch

from humanpose.confidence import of_deviation
from humanpose.joint_refinement.network import JointRefiner as Network
from humanpose.joint_refinement.network import JointRefinerConfig, corrected
from humanpose.kinematics.branches import on_best_branch
from humanpose.nets.angle_evidence import LEAST_CONFIDENCE, exchange_sides, mirrored_angles
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.gaps import spikes, without_gaps
from humanpose.nets.places import find_checkpoint
from humanpose.nets.tensors import to_array, to_tensor
from humanpose.nets.windows import Evidence, average_over_windows, between
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import JOINT_GROUPS

_SHAPE = (len(JOINT_GROUPS), 3)


@dataclass(frozen=True, eq=False)
class Measured(Evidence):
    """What the network is shown of T frames, any leading axes; no NaN."""

    degrees: Floats
    """(..., T, 36); where an angle isn't known, a guess."""
    confidence: Floats
    """(..., T, 36) in [0, 1]; 0 where not known."""
    known: Floats
    """(..., T, 36) 1 where the angle is no guess, else 0."""

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        return type(self)(
            mirrored_angles(self.degrees),
            exchange_sides(self.confidence),
            exchange_sides(self.known),
        )


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
        degrees, by_group = _checked(angles, visibility, fps)
        sure = np.repeat(by_group, 3, axis=1)
        refined, _ = self._refine(degrees, sure, fps)
        clip = JointAngles(refined, sure, Timeline(len(refined), fps))
        return on_best_branch(clip).degrees.reshape(-1, *_SHAPE)

    def refined(self, angles: JointAngles) -> JointAngles:
        """The same, each angle with its standard deviation and as sure as that makes it.

        A measured angle stays measured while its deviation is below 15°, and one that was
        absent is inferred.
        """
        degrees, deviation = self._refine(
            angles.degrees, angles.confidence, angles.timeline.fps
        )
        there = np.isfinite(degrees)
        sure = np.where(there, np.maximum(angles.confidence, LEAST_CONFIDENCE), 0.0)
        refined = replace(angles, degrees=degrees, confidence=sure)
        return on_best_branch(of_deviation(refined, deviation))

    def _refine(self, degrees: Floats, sure: Floats, fps: float) -> tuple[Floats, Floats]:
        """(T, 36) deg each: the angles, and their standard deviations; NaN where nobody is."""
        somebody = np.isfinite(degrees).any(axis=1, keepdims=True)
        degrees = np.where(spikes(degrees, fps=fps), np.nan, degrees)
        known = np.isfinite(degrees)
        clip = Measured(without_gaps(degrees), np.where(known, sure, 0.0), known.astype(float))
        asked, (angles, deviation) = average_over_windows(
            len(degrees),
            fps=fps,
            show=clip.rows,
            ask=self._ask,
            mirrors=(mirrored_angles, exchange_sides),
        )
        change = between(asked, angles - clip.degrees[asked], len(degrees))
        deviation = between(asked, deviation, len(degrees), degree=1)
        found = clip.degrees + change, deviation
        refined, deviation = (np.where(somebody, values, np.nan) for values in found)
        return refined, deviation

    def _ask(self, seen: Measured, time_s: Floats) -> tuple[Floats, Floats]:
        """(B, T, 36) deg each: the corrected angles, and their standard deviations."""
        degrees, confidence, known, times = map(to_tensor, (*seen.arrays(), time_s))
        with torch.inference_mode():
            output = self._network(degrees, confidence, known, times)
            angles = corrected(degrees, output.turns, self._network.config.balls)
        return to_array(angles), to_array(output.deviation.flatten(-2))


def _checked(angles: Floats, visibility: Floats, fps: float) -> tuple[Floats, Floats]:
    angles, visibility = np.asarray(angles, dtype=float), np.asarray(visibility, dtype=float)
    if angles.ndim != 3 or not len(angles) or angles.shape[1:] != _SHAPE:
        raise ValueError(f"angles must be (T, 12, 3), got {angles.shape}")
    if visibility.shape != angles.shape[:2]:
        raise ValueError(f"visibility must be {angles.shape[:2]}, got {visibility.shape}")
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps must be above 0, got {fps}")
    return angles.reshape(len(angles), -1), np.nan_to_num(visibility)
