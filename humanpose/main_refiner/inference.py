"""MainRefiner: the poses of MediaPipe and POF become one, and the angles of four estimates.

First the limbs: the network weighs the two poses joint by joint, and the solver finds the body
of constant bone lengths that has such limbs and was seen where it was. Then the angles, which
the network turns and weighs group by group: those of that body, MediaPipe's, POF's, and what
the joint refiner makes of that body's.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from humanpose.confidence import of_deviation
from humanpose.kinematics.branches import on_best_branch
from humanpose.main_refiner.network import (
    ANCHORS,
    AngleInput,
    AngleOutput,
    MainRefiner,
    MainRefinerConfig,
    PoseInput,
    PoseOutput,
)
from humanpose.main_refiner.pose_evidence import PoseEvidence, PosePair, pose_evidence
from humanpose.nets.angle_evidence import (
    LEAST_CONFIDENCE,
    MIRRORED_GROUPS,
    AngleEvidence,
    exchange_sides,
    mirrored_angles,
)
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.gaps import spikes
from humanpose.nets.tensors import to_array, to_tensor
from humanpose.nets.windows import average_over_windows, between, told_of
from humanpose.pof.expectation import expected_vectors, split_expected
from humanpose.pof.limb_view import mirrored_limbs
from humanpose.sequence import Floats, JointAngles, LimbField
from humanpose.skeleton import COCO17


class MainRefinerInference:
    """The trained network. Raises CheckpointError if it cannot be loaded."""

    def __init__(self, checkpoint: str | Path) -> None:
        self._network = load_checkpoint(Path(checkpoint), MainRefiner, MainRefinerConfig)

    def fuse_limbs(
        self, pair: PosePair, field: LimbField, *, fps: float
    ) -> tuple[LimbField, Floats]:
        """Limbs that take both poses into account, and (T, 17) the share of MediaPipe's pose.

        Args:
            pair: of T frames.
            field: what POF said about them; NaN stays NaN.
            fps: frames/s.
        """
        count = len(pair.raw)
        asked, (vectors, shares) = average_over_windows(
            count,
            fps=fps,
            show=lambda frames: pose_evidence(pair.rows(frames)),
            ask=self._ask_about_poses,
            mirrors=(mirrored_limbs, lambda gates: gates[..., list(COCO17.mirror)]),
        )
        known = np.isfinite(field.directions).all(axis=-1)
        told = told_of(known.any(axis=1), asked)
        vectors = between(asked[told], vectors[told], count)
        shares = between(asked[told], shares[told], count, degree=1)
        directions, concentration = split_expected(vectors, known)
        return replace(field, directions=directions, concentration=concentration), shares

    def fuse_angles(
        self, candidates: Sequence[JointAngles], *, fps: float
    ) -> tuple[JointAngles, Floats]:
        """Angles that take all candidates into account, and (T, 12, C) the share of each.

        Args:
            candidates: in the order of ``CANDIDATES``; the last has the class, measured or
                inferred, of what comes out. Absent is what no candidate has.
            fps: frames/s.
        """
        last = candidates[-1]
        clip = AngleEvidence.of([*map(_without_spikes, candidates[:-1]), last])
        count = len(clip.deviation)
        asked, (degrees, deviation, shares) = average_over_windows(
            count,
            fps=fps,
            show=clip.rows,
            ask=self._ask_about_angles,
            mirrors=(
                mirrored_angles,
                exchange_sides,
                lambda gates: gates[..., MIRRORED_GROUPS, :],
            ),
        )
        told = told_of(clip.known.any(axis=1), asked)
        anchor = clip.anchor(ANCHORS)
        change = between(asked[told], (degrees - anchor[asked])[told], count)
        deviation, shares = (
            between(asked[told], values[told], count, degree=1)
            for values in (deviation, shares)
        )
        degrees = anchor + change
        sure = np.where(clip.known, np.maximum(last.confidence, LEAST_CONFIDENCE), 0.0)
        degrees = np.where(clip.known, degrees, np.nan)
        fused = of_deviation(replace(last, degrees=degrees, confidence=sure), deviation)
        return on_best_branch(fused), shares

    def _ask_about_poses(self, evidence: PoseEvidence, time_s: Floats) -> tuple[Floats, Floats]:
        """Expected vectors (B, T, 14, 3) of the limbs, camera frame, and gates (B, T, 17)."""
        seen = PoseInput(*map(to_tensor, (evidence.points, evidence.limbs, evidence.frame)))
        with torch.inference_mode():
            output: PoseOutput = self._network.pose(seen, to_tensor(time_s))
        limbs = expected_vectors(output.directions, output.log_concentration)
        return limbs @ evidence.turn, to_array(output.gates)

    def _ask_about_angles(
        self, evidence: AngleEvidence, time_s: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """(B, T, 36) deg, their deviation (B, T, 36), deg, and gates (B, T, 12, C)."""
        seen = AngleInput(*map(to_tensor, evidence.arrays()))
        with torch.inference_mode():
            output: AngleOutput = self._network.angles(seen, to_tensor(time_s))
        return to_array(output.degrees), to_array(output.deviation), to_array(output.gates)


def _without_spikes(angles: JointAngles) -> JointAngles:
    """As the joint refiner does with what it is given."""
    spoilt = spikes(angles.degrees, fps=angles.timeline.fps)
    return replace(angles, degrees=np.where(spoilt, np.nan, angles.degrees))
