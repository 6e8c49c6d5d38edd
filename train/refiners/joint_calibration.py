"""What the joint refiner is told about itself, on people who did not train: how much of its
corrections to trust, and how wide its bands are to be."""

from pathlib import Path

import torch
from torch import Tensor

from humanpose.confidence import BAND
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
from train.refiners.joint_errors import asked, errors_by_angle, off_rad

HELD = 0.9
"""Share of the truth that the band is to hold."""
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
    outputs = {name: asked(model, batch) for name, batch in batches.items()}
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
    """(2, 36) deg, after one constant per window and angle, and without."""
    return torch.stack(
        errors_by_angle(corrected(batch["degrees"], turns, ball_joints()), batch)
    )


def on_turns(trust: Tensor) -> Tensor:
    """(12, 3) trust of the network's turns from that of the (36,) angles.

    A ball joint is turned about X, Y and Z: those of its second, third and first angle.
    """
    triples = by_joint(trust)
    balls = torch.tensor(ball_joints())[:, None]
    return torch.where(balls, triples[:, [1, 2, 0]], triples)


def band_factors(model: JointRefiner, batches: dict[str, Batch]) -> Tensor:
    """(12, 3) what to multiply the deviations by, so that each band holds ``HELD``."""
    ratios, masks = [], []
    for batch in batches.values():
        output = asked(model, batch)
        angles = corrected(batch["degrees"], output.turns, ball_joints())
        off = torch.rad2deg(off_rad(angles, batch["truth"])).abs()
        ratios.append((off / (BAND * output.deviation.flatten(-2))).flatten(0, 1))
        masks.append(batch["judged"].flatten(0, 1) > 0)
    ratio, judged = torch.cat(ratios), torch.cat(masks)
    overall = float(ratio[judged].quantile(HELD)) if judged.any() else 1.0
    factors = [
        float(column[known].quantile(HELD)) if known.sum() > _LEAST_KNOWN else overall
        for column, known in zip(ratio.T, judged.T, strict=True)
    ]
    return by_joint(torch.tensor(factors)).clamp(0.5, 3.0)
