"""Whom MainRefiner trusts in the mean, and how wide its bands are: by validation people.

The people that networks were trained on flatter those networks, and what to trust is learned
wrongly from them. So the gates' mean, one number per joint group and estimate, the same left
and right, is fitted on people that no network has seen.
"""

from pathlib import Path

import torch
from torch import Tensor

from humanpose.main_refiner.network import AngleFusion, MainRefiner, MainRefinerConfig
from humanpose.nets.angle_evidence import MIRRORED_GROUPS
from humanpose.nets.checkpoint import load_checkpoint, read_tensors, save_checkpoint
from train.engine.trainer import Batch
from train.refiners.fusion_angles import angle_errors, fuse_angles, off_rad
from train.refiners.losses import MIN_SD_DEG, about_mean, band_ratios, mean, spread_deg

RANGE = 2.0
"""Weight of the range of motion's relative error beside the errors in degrees: what hits
medians best is too flat."""
_STEPS, _RATE = 80, 0.15
_LEAST_JUDGED = 500


def settle(fusion: AngleFusion, batch: Batch) -> dict[str, float]:
    """Fit the mean of the gates and the width of the bands to ``batch``; returns the errors."""
    fusion.preference += _better_preference(fusion, batch)
    _calibrate(fusion, batch)
    return angle_errors(fusion, batch=batch)


def settle_checkpoint(path: Path, batch: Batch) -> dict[str, float]:
    """``settle`` the angle part of the network in a file, which is replaced."""
    model = load_checkpoint(path, MainRefiner, MainRefinerConfig)
    figures = settle(model.angles, batch)
    training = read_tensors(path)["training"]
    save_checkpoint(path, model, model.config, training=training, half=True)
    return figures


def _better_preference(fusion: AngleFusion, batch: Batch) -> Tensor:
    """(12, C) to add to the gates' logits."""
    with torch.no_grad():
        output, truth = fuse_angles(fusion, batch), batch["truth"]
        anchor = batch["degrees"][:, :, -1]
        there = batch["there"] > 0
        degrees = torch.where(there, batch["degrees"], anchor[:, :, None])
        off = torch.stack([off_rad(d, truth) for d in degrees.unbind(dim=2)], dim=2)
        logits = output.gates.clamp_min(1e-6).log().transpose(2, 3)
        mixed = (_by_angle(output.gates.transpose(2, 3)) * off).sum(dim=2)
        rest = off_rad(output.degrees, truth) - mixed
    judged = batch["judged"] * (spread_deg(truth, batch["judged"]) >= MIN_SD_DEG)
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
    about = about_mean(error, judged)
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
def _calibrate(fusion: AngleFusion, batch: Batch) -> None:
    """Widen or narrow the bands so that they hold ``HELD`` of the truth, angle by angle."""
    output = fuse_angles(fusion, batch)
    off = off_rad(output.degrees, batch["truth"])
    ratios = band_ratios(off, output.deviation, batch["judged"], least=_LEAST_JUDGED)
    fusion.log_scale.add_(ratios.clamp(0.3, 3.0).log().view_as(fusion.log_scale))
