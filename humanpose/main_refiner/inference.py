"""MainRefiner: the poses of MediaPipe and POF become one, and the angles of four estimates.

First the limbs: the network weighs the two poses joint by joint, and the solver finds the body
of constant bone lengths that has such limbs and was seen where it was. Then the angles, which
the network turns and weighs group by group: those of that body, MediaPipe's, POF's, and what
the joint refiner makes of that body's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from humanpose.confidence import of_deviation
from humanpose.geometry import unit
from humanpose.main_refiner.network import (
    CANDIDATES,
    AngleInput,
    AngleOutput,
    MainRefiner,
    MainRefinerConfig,
    PoseInput,
    PoseOutput,
)
from humanpose.main_refiner.pose_evidence import (
    PoseEvidence,
    PosePair,
    mirrored_evidence,
    pose_evidence,
)
from humanpose.nets.angle_evidence import (
    LEAST_CONFIDENCE,
    MIRRORED_GROUPS,
    AngleEvidence,
    mirrored_angles,
)
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.gaps import spikes
from humanpose.nets.windows import batches, middle_weight
from humanpose.pof.limb_view import mirrored_limbs
from humanpose.sequence import Floats, JointAngles, LimbField, concentration_of, mean_cosine
from humanpose.skeleton import COCO17, JOINT_GROUPS

E = TypeVar("E", PoseEvidence, AngleEvidence)

_MIRROR = list(COCO17.mirror)


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
            field: what POF said about them.
        """
        count = len(pair.raw)
        vectors, gates = np.zeros((count, len(COCO17.bones), 3)), np.zeros((count, len(COCO17)))
        total = np.zeros(count)
        for frames in batches(count, fps):
            evidence = pose_evidence(pair.rows(frames))
            weight = middle_weight(frames)
            along, share = self._expected(evidence, (frames[0] - frames[0, 0]) / fps)
            np.add.at(vectors, frames, along * weight[..., None, None])
            np.add.at(gates, frames, share * weight[..., None])
            np.add.at(total, frames, weight)
        vectors /= total[:, None, None]
        known = np.isfinite(field.directions).all(axis=-1)
        sure = np.where(known, np.linalg.norm(vectors, axis=-1), 0.0)
        fused = replace(
            field,
            directions=np.where(known[..., None], unit(vectors), np.nan),
            concentration=concentration_of(sure),
        )
        return fused, gates / total[:, None]

    def _expected(self, evidence: PoseEvidence, time_s: Floats) -> tuple[Floats, Floats]:
        """Expected vectors (B, T, 14, 3) of the limbs, camera frame, and gates (B, T, 17): the
        mean of what is said of the picture and of its mirror image."""
        both = _together(evidence, mirrored_evidence(evidence))
        (limbs, other), (gates, other_gates) = map(_apart, _vectors(self._pose(both, time_s)))
        limbs = (limbs + mirrored_limbs(other)) / 2
        return limbs @ evidence.turn, (gates + other_gates[..., _MIRROR]) / 2

    def fuse_angles(
        self, candidates: Sequence[JointAngles], *, fps: float
    ) -> tuple[JointAngles, Floats]:
        """Angles that take all candidates into account, and (T, 12, C) the share of each.

        Args:
            candidates: in the order of ``CANDIDATES``; the last has the class, measured or
                inferred, of what comes out.
        """
        clip = AngleEvidence.of([*map(_without_spikes, candidates[:-1]), candidates[-1]])
        count = len(clip.deviation)
        off, deviation = np.zeros_like(clip.deviation), np.zeros_like(clip.deviation)
        gates, total = np.zeros((count, len(JOINT_GROUPS), len(CANDIDATES))), np.zeros(count)
        for frames in batches(count, fps):
            weight = middle_weight(frames)
            said = self._fused(clip.rows(frames), (frames[0] - frames[0, 0]) / fps)
            np.add.at(off, frames, said[0] * weight[..., None])
            np.add.at(deviation, frames, said[1] * weight[..., None])
            np.add.at(gates, frames, said[2] * weight[..., None, None])
            np.add.at(total, frames, weight)
        last = candidates[-1]
        degrees = np.where(clip.known, clip.anchor + off / total[:, None], np.nan)
        sure = np.where(clip.known, np.maximum(last.confidence, LEAST_CONFIDENCE), 0.0)
        fused = of_deviation(
            replace(last, degrees=degrees, confidence=sure), deviation / total[:, None]
        )
        return fused, gates / total[:, None, None]

    def _fused(self, seen: AngleEvidence, time_s: Floats) -> tuple[Floats, Floats, Floats]:
        """Degrees (B, T, 36) from the anchor, deviation (B, T, 36) and gates (B, T, 12, C): the
        mean of what is said of the person and of their mirror image."""
        both = _together(seen, seen.mirrored())
        (off, other), (deviation, other_deviation), (gates, other_gates) = map(
            _apart, self._angles(both, time_s)
        )
        return (
            (off + mirrored_angles(other)) / 2,
            (deviation + np.abs(mirrored_angles(other_deviation))) / 2,
            (gates + other_gates[..., MIRRORED_GROUPS, :]) / 2,
        )

    def _angles(self, seen: AngleEvidence, time_s: Floats) -> tuple[Floats, Floats, Floats]:
        tensors = AngleInput(*map(_tensor, seen.arrays()))
        with torch.inference_mode():
            output: AngleOutput = self._network(tensors, _tensor(time_s))
        degrees, deviation, gates = (
            value.numpy().astype(float)
            for value in (output.degrees, output.deviation, output.gates)
        )
        return degrees - seen.anchor, deviation, gates

    def _pose(self, evidence: PoseEvidence, time_s: Floats) -> PoseOutput:
        seen = PoseInput(*map(_tensor, (evidence.points, evidence.limbs, evidence.frame)))
        with torch.inference_mode():
            output: PoseOutput = self._network(seen, _tensor(time_s))
        return output


def _together(seen: E, mirrored: E) -> E:
    """Both as windows of one batch: half as many calls of the network."""
    names = [field.name for field in fields(seen)]
    pairs = [(getattr(seen, name), getattr(mirrored, name)) for name in names]
    return type(seen)(*map(np.concatenate, pairs))


def _apart(both: Floats) -> tuple[Floats, Floats]:
    """What was said of either half of a batch."""
    seen, mirrored = np.split(both, 2)
    return seen, mirrored


def _without_spikes(angles: JointAngles) -> JointAngles:
    """As the joint refiner does with what it is given."""
    spoilt = spikes(angles.degrees, fps=angles.timeline.fps)
    return replace(angles, degrees=np.where(spoilt, np.nan, angles.degrees))


def _vectors(output: PoseOutput) -> tuple[Floats, Floats]:
    """Directions as long as their expected cosine, and the gates."""
    kappa = np.exp(output.log_concentration.numpy().astype(float))
    along = output.directions.numpy().astype(float) * mean_cosine(kappa)[..., None]
    return along, output.gates.numpy().astype(float)


def _tensor(array: Floats) -> torch.Tensor:
    return torch.from_numpy(np.asarray(array, dtype=np.float32))
