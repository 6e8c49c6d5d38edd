"""What the joint refiner is told about itself, on people who did not train: how much of its
corrections to trust, and how wide its bands are to be."""

from pathlib import Path

import torch
from torch import Tensor

from humanpose.joint_refinement.network import (
    JointRefiner,
    JointRefinerConfig,
    ball_joints,
    by_joint,
    corrected,
)
from humanpose.nets.angle_evidence import MIRRORED_ANGLES
from humanpose.nets.checkpoint import load_checkpoint, read_tensors, save_checkpoint
from train.engine.trainer import Batch
from train.refiners.joint_errors import ask, off_rad
from train.refiners.losses import band_ratios, errors_by_angle

TRUSTS = (0.0, 0.25, 0.5, 0.75, 1.0)
NEARLY = 1.005
"""Of trusts this near the best one the smallest is taken, so that movements keep their size."""
_LEAST_KNOWN = 1000


@torch.no_grad()
def calibrate(path: Path, batches: dict[str, Batch]) -> None:
    """Set trust and bands of the network in ``path``.

    Args:
        batches: windows of people who did not train, of every variant of the product.
    """
    model = load_checkpoint(path, JointRefiner, JointRefinerConfig)
    model.trust.fill_(1.0)
    model.scale.fill_(1.0)
    model.trust.copy_(on_turns(best_trust(model, batches)))
    model.scale.copy_(band_factors(model, batches))
    training = read_tensors(path)["training"]
    save_checkpoint(path, model, model.config, training=training, half=True)


def best_trust(model: JointRefiner, batches: dict[str, Batch]) -> Tensor:
    """(36,) the share of each angle's correction with the smallest error, relative to the
    input's, on average over the variants; left and right alike."""
    outputs = {name: ask(model, batch) for name, batch in batches.items()}
    errors = torch.stack(
        [
            torch.stack([_errors(batch, share * outputs[name].turns) for share in TRUSTS])
            for name, batch in batches.items()
        ]
    )  # (variants, trusts, 2, 36)
    relative = (errors / errors[:, :1].clamp(min=1e-6)).mean(dim=(0, 2))
    relative = (relative + relative[:, MIRRORED_ANGLES]) / 2
    good = relative <= NEARLY * relative.amin(dim=0)
    return torch.tensor(TRUSTS)[good.int().argmax(dim=0)]


def _errors(batch: Batch, turns: Tensor) -> Tensor:
    """(2, 36) deg, absolute and after one constant per window and angle."""
    angles = corrected(batch["degrees"], turns, ball_joints())
    return torch.stack(errors_by_angle(off_rad(angles, batch["truth"]), batch["judged"]))


def on_turns(trust: Tensor) -> Tensor:
    """(12, 3) trust of the network's turns from that of the (36,) angles.

    A ball joint is turned about X, Y and Z: those of its second, third and first angle.
    """
    triples = by_joint(trust)
    balls = torch.tensor(ball_joints())[:, None]
    return torch.where(balls, triples[:, [1, 2, 0]], triples)


def band_factors(model: JointRefiner, batches: dict[str, Batch]) -> Tensor:
    """(12, 3) what to multiply the deviations by, so that each band holds ``HELD``."""
    found = []
    for batch in batches.values():
        output = ask(model, batch)
        off = off_rad(corrected(batch["degrees"], output.turns, ball_joints()), batch["truth"])
        found.append((off, output.deviation.flatten(-2), batch["judged"]))
    off, deviation, judged = (torch.cat(parts) for parts in zip(*found, strict=True))
    ratios = band_ratios(off, deviation, judged, least=_LEAST_KNOWN)
    return by_joint(ratios).clamp(0.5, 3.0)
