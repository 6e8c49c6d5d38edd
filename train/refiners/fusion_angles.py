"""What MainRefiner learns of angles: windows of all estimates and the truth, and the loss."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from humanpose.confidence import BAND
from humanpose.main_refiner.network import CANDIDATES, AngleInput, AngleOutput
from humanpose.nets.angle_evidence import AngleEvidence, mirrored_angles
from humanpose.nets.rotations import near, quaternions
from humanpose.nets.windows import WINDOW
from humanpose.sequence import Floats, JointAngles, Timeline
from train.data.angle_sequences import read_sequences
from train.data.angle_windows import person, rows, zeros
from train.engine.trainer import Batch
from train.recordings.pairs import Arrays
from train.recordings.splits import Side

FPS = (15.0, 15.0, 10.0)
LENGTHS, LENGTH_SHARES = (WINDOW, 8, 1), (0.85, 0.1, 0.05)
FRESH_WEIGHT = 3.0
MORE_ERROR = {True: (0.9, 1.3), False: (1.0, 1.8)}
"""What errors of all learned estimates are multiplied by, on people that POF was not trained on
and others: on those they are too small."""
KNOWN_TO_REFINER = (1.0, 1.6)
"""What the joint refiner's errors are multiplied by, moreover: it was trained on all people."""
GROSS_DEG = 60.0
LESS_SURE = (0.7, 1.2)
"""What the confidence of each estimate is multiplied by, window by window: its scale is the
kinematics' affair, and says little."""
MOVEMENT, VELOCITY, RANGE, SIZE, BAND_WEIGHT = 1.0, 0.2, 0.5, 0.02, 0.1
"""Weights of the loss's terms beside the absolute error."""
HELD = 0.9
"""Share of the truth that the band is to hold."""
MIN_SD_DEG = 4.0
_STEEP = 0.15
Refine = Callable[[JointAngles], JointAngles]
_LEARNED = (0, 2, 3)
"""Of the estimates those that a network had a say in."""


@dataclass(frozen=True, eq=False)
class Angles:
    """One person's angles over T frames."""

    evidence: AngleEvidence
    truth: Floats
    """(T, 36) deg, NaN where not known."""

    def rows(self, chosen: NDArray[np.int64]) -> Self:
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
            error = (degrees[:, estimate] - self.truth + 180) % 360 - 180
            small = there & (np.abs(error) < GROSS_DEG)  # not where the truth is NaN
            degrees[:, estimate] += (more - 1) * np.where(small, error, 0.0)
        return replace(self, evidence=replace(self.evidence, degrees=degrees))


@dataclass(frozen=True, eq=False)
class FusionClip:
    """One clip, with or without augmented markers."""

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
        weights = np.array(
            [len(c.angles.truth) * (FRESH_WEIGHT if c.fresh else 1.0) for c in clips]
        )
        self._shares = weights / weights.sum()

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one length and frame rate, with more errors than they had."""
        frames = int(rng.choice(LENGTHS, p=LENGTH_SHARES))
        fps = float(rng.choice(FPS))
        count = windows * min(WINDOW // frames, 4)
        return as_batch([self._window(rng, frames, fps) for _ in range(count)], fps=fps)

    def all(self) -> Batch:
        """Every second frame of every clip, in windows one after the other."""
        chosen = []
        for clip in self._clips:
            thinned = np.arange(0, len(clip.angles.truth), round(clip.fps / FPS[0]))
            for start in range(0, len(thinned), WINDOW):
                at = np.minimum(np.arange(start, start + WINDOW), len(thinned) - 1)
                chosen.append(clip.angles.rows(thinned[at]))
        return as_batch(chosen, fps=FPS[0])

    def _window(self, rng: np.random.Generator, frames: int, fps: float) -> Angles:
        clip = self._clips[rng.choice(len(self._clips), p=self._shares)]
        at = rows(rng, len(clip.angles.truth), frames, clip.fps / fps)
        window = clip.angles.rows(at)
        window = window.with_errors(
            rng.uniform(*MORE_ERROR[clip.fresh]), of_refiner=rng.uniform(*KNOWN_TO_REFINER)
        )
        window = window.as_sure(rng.uniform(*LESS_SURE, len(CANDIDATES)))
        return window.mirrored() if rng.random() < 0.5 else window


def as_batch(windows: list[Angles], *, fps: float) -> Batch:
    """Windows of the same length as tensors."""
    names = ("degrees", "there", "confidence", "deviation")
    arrays = zip(*(window.evidence.arrays() for window in windows), strict=True)
    truth = np.stack([window.truth for window in windows])
    found = dict(zip(names, map(np.stack, arrays), strict=True)) | {
        "truth": np.nan_to_num(truth),
        "judged": np.isfinite(truth) & np.stack([w.evidence.known for w in windows]),
        "time_s": np.arange(truth.shape[1]) / fps,
    }
    return {k: torch.from_numpy(np.asarray(v, dtype=np.float32)) for k, v in found.items()}


def angle_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """How far the angles are off, in a window's mean and about it, how their errors change,
    whether they move as much as they should, and the band holds what it should.

    The angles' medians are the best answer, so that one wrong branch doesn't bend the others.
    """
    output = fused_angles(model, batch)
    off, judged = off_rad(output.degrees, batch["truth"]), batch["judged"]
    weight = judged * _clearness(batch["truth"])
    about = off - mean(off, judged, dim=1)
    change = (off[:, 1:] - off[:, :-1]).abs()
    both = weight[:, 1:] * weight[:, :-1]
    beyond = off.detach().abs() - torch.deg2rad(BAND * output.deviation)
    terms = {
        "absolute": mean(off.abs(), weight),
        "movement": mean(about.abs(), weight),
        "velocity": mean(change, both),
        "range": _range_error(about, batch["truth"], judged),
        "size": output.turns.square().mean(),
        # least where the band holds HELD of the errors (Koenker and Bassett 1978)
        "band": mean(torch.maximum(HELD * beyond, (HELD - 1) * beyond), judged),
    }
    weights = (1.0, MOVEMENT, VELOCITY, RANGE, SIZE, BAND_WEIGHT)
    loss = sum(w * t for w, t in zip(weights, terms.values(), strict=True))
    return torch.as_tensor(loss), {name: term.detach() for name, term in terms.items()}


def _range_error(about: Tensor, truth: Tensor, judged: Tensor) -> Tensor:
    """Mean over the angles of how much more or less they move than they should, rad: what hits
    medians best is too flat, and that shows in a batch, not in a window.

    Args:
        about: (B, T, 36) errors about their mean in the window, rad.
    """
    true = torch.deg2rad(truth - mean(truth, judged, dim=1))
    spread, wanted = (
        (mean(moves.square(), judged, dim=1) + 1e-6).sqrt() for moves in (true + about, true)
    )
    return mean(spread - wanted, judged.amax(dim=1, keepdim=True), dim=0).abs().mean()


def fused_angles(model: nn.Module, batch: Batch) -> AngleOutput:
    """What the network says of a batch of angles."""
    seen = AngleInput(batch["degrees"], batch["there"], batch["confidence"], batch["deviation"])
    output: AngleOutput = model(seen, batch["time_s"])
    return output


def off_rad(degrees: Tensor, truth: Tensor) -> Tensor:
    """(B, T, 36) the angles, as near to the truth as the same rotations can be, minus it."""
    return torch.deg2rad(near(truth, quaternions(degrees)) - near(truth, quaternions(truth)))


def mean(values: Tensor, weight: Tensor, dim: int | None = None) -> Tensor:
    """Weighted; over ``dim``, which is kept, or over all."""
    if dim is None:
        return (values * weight).sum() / weight.sum().clamp_min(1e-6)
    total = weight.sum(dim=dim, keepdim=True).clamp_min(1e-6)
    return (values * weight).sum(dim=dim, keepdim=True) / total


@torch.no_grad()
def angle_errors(model: nn.Module, *, batch: Batch) -> dict[str, float]:
    """Mean errors, deg, of the angles that vary, absolute and after one constant per window and
    angle, beside those of the estimates; their sum decides. And how much the band holds."""
    output = fused_angles(model, batch)
    found = _errors_deg(output.degrees, batch)
    figures = {"angle_deg": sum(found) / 2, "mae": found[0], "free": found[1]}
    for i, name in enumerate(("kinematics", "raw", "pof", "joint")):
        there = {**batch, "judged": batch["judged"] * batch["there"][:, :, i]}
        figures[f"{name}_mae"], figures[f"{name}_free"] = _errors_deg(
            batch["degrees"][:, :, i], there
        )
    off = torch.rad2deg(off_rad(output.degrees, batch["truth"])).abs()
    inside = mean((off <= BAND * output.deviation).float(), batch["judged"])
    return figures | {"band": float(inside), "range": _range_share(output.degrees, batch)}


def _range_share(degrees: Tensor, batch: Batch) -> float:
    """How much the angles move in windows, beside how much they should."""
    judged, truth = batch["judged"], batch["truth"]
    true = truth - mean(truth, judged, dim=1)
    off = torch.rad2deg(off_rad(degrees, truth))
    moves = true + off - mean(off, judged, dim=1)
    found, wanted = (mean(m.square(), judged, dim=1).sqrt().sum() for m in (moves, true))
    return float(found / wanted)


def _errors_deg(degrees: Tensor, batch: Batch) -> tuple[float, float]:
    judged, truth = batch["judged"], batch["truth"]
    spread = spread_deg(batch)
    off = torch.rad2deg(off_rad(degrees, truth))
    errors = [
        mean(error.abs().flatten(0, 1), judged.flatten(0, 1), dim=0)[0][spread >= MIN_SD_DEG]
        for error in (off, off - mean(off, judged, dim=1))
    ]
    return float(errors[0].mean()), float(errors[1].mean())


def spread_deg(batch: Batch) -> Tensor:
    """(36,) how much each angle's truth varies within windows, standard deviation, deg."""
    judged, truth = batch["judged"], batch["truth"]
    about = (truth - mean(truth, judged, dim=1)).square()
    return mean(about.flatten(0, 1), judged.flatten(0, 1), dim=0).sqrt()[0]


def _clearness(truth: Tensor) -> Tensor:
    """(B, T, 36) how much an angle says: near the gimbal the first and third say little."""
    middle = torch.deg2rad(truth.view(*truth.shape[:-1], -1, 3)[..., 1:2])
    clear = middle.cos().abs().clamp_min(_STEEP)
    return torch.cat([clear, torch.ones_like(clear), clear], dim=-1).flatten(-2)


def _evidence(stored: Arrays, refine: Refine) -> AngleEvidence:
    timeline = Timeline(len(stored["truth"]), float(stored["fps"]))
    ending = "_augmented" if stored["augmented"] else ""
    fused, raw, pof = (
        JointAngles(
            stored[f"angles_{name}"], np.nan_to_num(stored[f"confidence_{name}"]), timeline
        )
        for name in ("fused", f"raw{ending}", f"pof{ending}")
    )
    return AngleEvidence.of((fused, raw, pof, refine(fused)))
