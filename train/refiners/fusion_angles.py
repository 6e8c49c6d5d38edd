"""What MainRefiner learns of angles: windows of all estimates and the truth, and the loss."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from humanpose.confidence import BAND
from humanpose.main_refiner.network import CANDIDATES, AngleInput, AngleOutput
from humanpose.nets.angle_evidence import AngleEvidence, mirrored_angles
from humanpose.nets.rotations import near, quaternions
from humanpose.nets.tensors import to_tensor
from humanpose.nets.windows import join
from humanpose.sequence import Floats, JointAngles, Timeline
from train.data.angle_sequences import read_sequences
from train.data.angle_windows import FRESH_WEIGHT, LENGTH_SHARES, person, zeros
from train.data.drawing import (
    Rows,
    draw_format,
    draw_rows,
    enlarge_errors,
    rows_in_turn,
    shares_of,
)
from train.engine.trainer import Batch
from train.recordings.pairs import Arrays
from train.recordings.splits import Side
from train.refiners.losses import (
    about_mean,
    add_up,
    clearness,
    common_terms,
    mean,
    mean_errors_deg,
)

FPS = (15.0, 15.0, 10.0)
MORE_ERROR = {True: (0.9, 1.3), False: (1.0, 1.8)}
"""What errors of all learned estimates are multiplied by, on people that POF was not trained on
and others: on those they are too small."""
KNOWN_TO_REFINER = (1.0, 1.6)
"""What the joint refiner's errors are multiplied by, moreover: it was trained on all people."""
LESS_SURE = (0.7, 1.2)
"""What the confidence of each estimate is multiplied by, window by window: its scale is the
kinematics' affair, and says little."""
WEIGHTS = {
    "absolute": 1.0, "movement": 1.0, "velocity": 0.2, "range": 0.5, "size": 0.02, "band": 0.1,
}  # fmt: skip
"""Of the loss's terms."""
Refine = Callable[[JointAngles], JointAngles]
_LEARNED = (0, 2, 3)
"""Of the estimates those that a network had a say in."""


@dataclass(frozen=True, eq=False)
class Angles:
    """One person's angles over T frames."""

    evidence: AngleEvidence
    truth: Floats
    """(T, 36) deg, NaN where not known."""

    def rows(self, chosen: Rows) -> Self:
        """Some of the frames."""
        return replace(self, evidence=self.evidence.rows(chosen), truth=self.truth[chosen])

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        return replace(
            self, evidence=self.evidence.mirrored(), truth=mirrored_angles(self.truth)
        )

    def as_sure(self, factors: Floats) -> Self:
        """With the estimates' confidence (C,) times as large, within [0, 1]."""
        confidence = np.minimum(self.evidence.confidence * factors[:, None], 1.0)
        return replace(self, evidence=replace(self.evidence, confidence=confidence))

    def with_errors(self, factor: float, *, of_refiner: float = 1.0) -> Self:
        """With the learned estimates' errors so many times as large, unless they are gross.

        Those of the joint refiner, the last one, moreover ``of_refiner`` times.
        """
        degrees = self.evidence.degrees.copy()
        for estimate in _LEARNED:
            more = factor * (of_refiner if estimate == _LEARNED[-1] else 1.0)
            there = self.evidence.there[:, estimate] > 0
            enlarged = enlarge_errors(degrees[:, estimate], self.truth, factor=more)
            degrees[:, estimate] = np.where(there, enlarged, 0.0)
        return replace(self, evidence=replace(self.evidence, degrees=degrees))


@dataclass(frozen=True, eq=False)
class FusionClip:
    """One clip."""

    angles: Angles
    fps: float
    fresh: bool
    """Whether POF was not trained on this person."""


def read_fusion_clips(
    folders: Iterable[Path], refine: Refine, *, fresh: Iterable[str], side: Side
) -> list[FusionClip]:
    """The sequences of ``train.data.fused_sequences`` of one side, their truth moved to our
    zero.

    Args:
        refine: what the joint refiner makes of the fused pose's angles.
        fresh: names of the folders of pairs that POF was not trained on.
    """
    stored = [s for folder in folders for s in read_sequences(folder) if str(s["side"]) == side]
    zero, names = zeros(stored), set(fresh)
    return [
        FusionClip(
            Angles(_evidence(s, refine), s["truth"] + zero[person(s)]),
            float(s["fps"]),
            str(s["origin"]) in names,
        )
        for s in stored
    ]


class FusedAngleWindows:
    """Draws batches for the fusion of angles."""

    def __init__(self, clips: list[FusionClip]) -> None:
        self._clips = clips
        self._shares = shares_of(
            len(clip.angles.truth) * (FRESH_WEIGHT if clip.fresh else 1.0) for clip in clips
        )

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one length and frame rate, with more errors than they had."""
        count, frames, fps = draw_format(rng, windows, shares=LENGTH_SHARES, fps=FPS)
        return as_batch([self._draw(rng, frames, fps) for _ in range(count)], fps=fps)

    def all(self) -> Batch:
        """Every second frame of every clip, in windows one after the other."""
        windows = [
            clip.angles.rows(rows)
            for clip in self._clips
            for rows in rows_in_turn(len(clip.angles.truth), stride=round(clip.fps / FPS[0]))
        ]
        return as_batch(windows, fps=FPS[0])

    def _draw(self, rng: np.random.Generator, frames: int, fps: float) -> Angles:
        clip = self._clips[rng.choice(len(self._clips), p=self._shares)]
        at = draw_rows(rng, len(clip.angles.truth), frames, clip.fps / fps)
        window = clip.angles.rows(at)
        window = window.with_errors(
            rng.uniform(*MORE_ERROR[clip.fresh]), of_refiner=rng.uniform(*KNOWN_TO_REFINER)
        )
        window = window.as_sure(rng.uniform(*LESS_SURE, len(CANDIDATES)))
        return window.mirrored() if rng.random() < 0.5 else window


def as_batch(windows: list[Angles], *, fps: float) -> Batch:
    """Windows of the same length as tensors."""
    evidence = join([window.evidence for window in windows], np.stack)
    truth = np.stack([window.truth for window in windows])
    arrays = vars(evidence) | {
        "truth": np.nan_to_num(truth),
        "judged": np.isfinite(truth) & evidence.known,
        "time_s": np.arange(truth.shape[1]) / fps,
    }
    return {name: to_tensor(array) for name, array in arrays.items()}


def angle_loss(fusion: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """How far the angles are off, in a window's mean and about it, how their errors change,
    whether they move as much as they should, and the band holds what it should.

    The angles' medians are the best answer, so that one wrong branch doesn't bend the others.
    """
    output, truth, judged = fuse_angles(fusion, batch), batch["truth"], batch["judged"]
    off, weight = off_rad(output.degrees, truth), judged * clearness(truth)
    change = (off[:, 1:] - off[:, :-1]).abs()
    terms = common_terms(off, truth, judged, turns=output.turns, deviation=output.deviation)
    terms |= {
        "velocity": mean(change, weight[:, 1:] * weight[:, :-1]),
        "range": _range_error(about_mean(off, judged), truth, judged),
    }
    return add_up(terms, WEIGHTS)


def _range_error(about: Tensor, truth: Tensor, judged: Tensor) -> Tensor:
    """Mean over the angles of how much more or less they move than they should, rad: what hits
    medians best is too flat, and that shows in a batch, not in a window.

    Args:
        about: (B, T, 36) errors about their mean in the window, rad.
    """
    true = torch.deg2rad(about_mean(truth, judged))
    spread, wanted = (
        (mean(moves.square(), judged, dim=1) + 1e-6).sqrt() for moves in (true + about, true)
    )
    return mean(spread - wanted, judged.amax(dim=1, keepdim=True), dim=0).abs().mean()


def fuse_angles(fusion: nn.Module, batch: Batch) -> AngleOutput:
    """What the network says of a batch of angles."""
    seen = AngleInput(batch["degrees"], batch["there"], batch["confidence"], batch["deviation"])
    output: AngleOutput = fusion(seen, batch["time_s"])
    return output


def off_rad(degrees: Tensor, truth: Tensor) -> Tensor:
    """(B, T, 36) the angles, as near to the truth as the same rotations can be, minus it."""
    return torch.deg2rad(near(truth, quaternions(degrees)) - near(truth, quaternions(truth)))


@torch.no_grad()
def angle_errors(fusion: nn.Module, *, batch: Batch) -> dict[str, float]:
    """Mean errors, deg, of the angles that vary, absolute and after one constant per window and
    angle, beside those of the estimates; their sum decides. And how much the band holds."""
    output, truth, judged = fuse_angles(fusion, batch), batch["truth"], batch["judged"]
    off = off_rad(output.degrees, truth)
    mae, free = mean_errors_deg(off, truth, judged)
    figures = {"angle_deg": (mae + free) / 2, "mae": mae, "free": free}
    for i, name in enumerate(("kinematics", "raw", "pof", "joint")):
        found, there = (batch[key][:, :, i] for key in ("degrees", "there"))
        figures[f"{name}_mae"], figures[f"{name}_free"] = mean_errors_deg(
            off_rad(found, truth), truth, judged * there
        )
    inside = mean((torch.rad2deg(off).abs() <= BAND * output.deviation).float(), judged)
    return figures | {"band": float(inside), "range": _range_share(off, truth, judged)}


def _range_share(off: Tensor, truth: Tensor, judged: Tensor) -> float:
    """How much the angles move in windows, beside how much they should.

    Args:
        off: (B, T, 36) errors, rad.
    """
    true = about_mean(truth, judged)
    moves = true + about_mean(torch.rad2deg(off), judged)
    found, wanted = (mean(m.square(), judged, dim=1).sqrt().sum() for m in (moves, true))
    return float(found / wanted)


def _evidence(stored: Arrays, refine: Refine) -> AngleEvidence:
    timeline = Timeline(len(stored["truth"]), float(stored["fps"]))
    fused, raw, pof = (
        JointAngles(
            stored[f"angles_{name}"], np.nan_to_num(stored[f"confidence_{name}"]), timeline
        )
        for name in ("fused", "raw", "pof")
    )
    return AngleEvidence.of((fused, raw, pof, refine(fused)))
