"""Whom MainRefiner trusts in the mean, and how wide its bands are: by validation people.

The people that networks were trained on flatter those networks, and what to trust is learned
wrongly from them. So the gates' mean, one number per joint group and estimate, the same left
and right, is fitted on people that no network has seen.
"""

from pathlib import Path

import torch
from torch import Tensor

from humanpose.confidence import BAND
from humanpose.main_refiner.network import MainRefiner, MainRefinerConfig
from humanpose.nets.angle_evidence import MIRRORED_GROUPS
from humanpose.nets.checkpoint import load_checkpoint, read_tensors, save_checkpoint
from train.engine.trainer import Batch
from train.refiners.fusion_angles import (
    HELD,
    MIN_SD_DEG,
    angle_errors,
    fused_angles,
    mean,
    off_rad,
    spread_deg,
)

RANGE = 2.0
"""Weight of the range of motion's relative error beside the errors in degrees: what hits
medians best is too flat."""
_STEPS, _RATE = 80, 0.15
_LEAST_JUDGED = 500


def settle(model: MainRefiner, batch: Batch) -> dict[str, float]:
    """Fit the mean of the gates and the width of the bands to ``batch``; returns the errors."""
    model.angles.preference += _better_preference(model, batch)
    _calibrate(model, batch)
    return angle_errors(model, batch=batch)


def settle_checkpoint(path: Path, batch: Batch) -> dict[str, float]:
    """``settle`` the network in a file, which is replaced."""
    model = load_checkpoint(path, MainRefiner, MainRefinerConfig)
    figures = settle(model, batch)
    training = read_tensors(path)["training"]
    save_checkpoint(path, model, model.config, training=training, half=True)
    return figures


def _better_preference(model: MainRefiner, batch: Batch) -> Tensor:
    """(12, C) to add to the gates' logits."""
    with torch.no_grad():
        output, truth = fused_angles(model, batch), batch["truth"]
        anchor = batch["degrees"][:, :, -1]
        there = batch["there"] > 0
        degrees = torch.where(there, batch["degrees"], anchor[:, :, None])
        off = torch.stack([off_rad(d, truth) for d in degrees.unbind(dim=2)], dim=2)
        logits = output.gates.clamp_min(1e-6).log().transpose(2, 3)
        mixed = (_by_angle(output.gates.transpose(2, 3)) * off).sum(dim=2)
        rest = off_rad(output.degrees, truth) - mixed
    judged = batch["judged"] * (spread_deg(batch) >= MIN_SD_DEG)
    more = torch.zeros(logits.shape[3], logits.shape[2], requires_grad=True)
    optimiser = torch.optim.Adam([more], lr=_RATE)
    for _ in range(_STEPS):
        alike = (more + more[MIRRORED_GROUPS]) / 2
        gates = (logits + alike.T).softmax(dim=2)
        error = (_by_angle(gates) * off).sum(dim=2) + rest
        optimiser.zero_grad()
        torch.autograd.backward(_cost_deg(error, truth, judged))
        optimiser.step()
    with torch.no_grad():
        return (more + more[MIRRORED_GROUPS]) / 2


def _cost_deg(error: Tensor, truth: Tensor, judged: Tensor) -> Tensor:
    """The mean errors, absolute and about a window's mean, and that of the range of motion."""
    about = error - mean(error, judged, dim=1)
    wanted, found = (
        _ranges(curves, judged)
        for curves in (torch.deg2rad(truth), torch.deg2rad(truth) + error)
    )
    bias = (found.sum() / wanted.sum() - 1).abs()
    size = mean(error.abs(), judged) + mean(about.abs(), judged)
    return torch.rad2deg(size) + RANGE * bias


def _ranges(curves: Tensor, judged: Tensor) -> Tensor:
    """(B, 36) largest minus smallest judged value in a window; 0 where there is none."""
    known, far = judged > 0, 1e3
    highest = torch.where(known, curves, -far).amax(dim=1)
    lowest = torch.where(known, curves, far).amin(dim=1)
    return torch.where(known.any(dim=1), highest - lowest, 0.0)


def _by_angle(gates: Tensor) -> Tensor:
    """(..., C, 12) -> (..., C, 36)."""
    return gates.repeat_interleave(3, dim=-1)


@torch.no_grad()
def _calibrate(model: MainRefiner, batch: Batch) -> None:
    """Widen or narrow the bands so that they hold ``HELD`` of the truth, angle by angle."""
    output, judged = fused_angles(model, batch), batch["judged"] > 0
    off = torch.rad2deg(off_rad(output.degrees, batch["truth"])).abs()
    ratio = off / (BAND * output.deviation)
    overall = ratio[judged].quantile(HELD)
    by_angle = [
        values[known].quantile(HELD) if known.sum() > _LEAST_JUDGED else overall
        for values, known in zip(ratio.flatten(0, 1).T, judged.flatten(0, 1).T, strict=True)
    ]
    factor = torch.stack(by_angle).clamp(0.3, 3.0)
    model.angles.log_scale.add_(factor.log().view_as(model.angles.log_scale))
