"""How far the joint refiner's angles are from the true ones."""

import torch
from torch import Tensor, nn

from humanpose.joint_refinement.network import JointRefinerOutput, ball_joints, corrected
from humanpose.nets.rotations import near, quaternions, wrapped
from train.engine.trainer import Batch

MIN_SD_DEG = 4.0
"""An angle whose truth varies less is not judged."""


def asked(model: nn.Module, batch: Batch) -> JointRefinerOutput:
    """What the network says of a batch."""
    output: JointRefinerOutput = model(
        batch["degrees"], batch["confidence"], batch["known"], batch["time_s"]
    )
    return output


def off_rad(found: Tensor, truth: Tensor) -> Tensor:
    """(B, T, 36) rad: the found angles, as near to the truth as the same rotations can be,
    minus the truth; of hinges without another way to write them."""
    ball = torch.tensor(ball_joints()).repeat_interleave(3).to(found.device)
    nearest = near(truth, quaternions(found)) - truth
    return torch.deg2rad(torch.where(ball, nearest, wrapped(found - truth)))


def weighted_mean(
    values: Tensor, weight: Tensor, dim: int | tuple[int, ...] = (), *, keepdim: bool = False
) -> Tensor:
    """Over ``dim``, or over everything; 0 where nothing counts."""
    total = weight.sum(dim=dim, keepdim=keepdim).clamp(min=1e-6)
    return (values * weight).sum(dim=dim, keepdim=keepdim) / total


@torch.no_grad()
def angle_errors(model: nn.Module, *, validation: dict[str, Batch]) -> dict[str, float]:
    """Mean errors, deg, of the angles that vary, after one constant per window and angle
    (``free``) and without, beside those of the input; the mean of all four variants decides."""
    found: dict[str, float] = {}
    for name, batch in validation.items():
        output = asked(model, batch)
        angles = corrected(batch["degrees"], output.turns, ball_joints())
        for label, degrees in (("", angles), ("_input", batch["degrees"])):
            free, absolute = _errors_deg(degrees, batch)
            found |= {f"{name}{label}_free": free, f"{name}{label}_mae": absolute}
    decisive = [found[f"{v}_{kind}"] for v in validation for kind in ("free", "mae")]
    return {"angle_deg": sum(decisive) / len(decisive)} | found


def _errors_deg(degrees: Tensor, batch: Batch) -> tuple[float, float]:
    judged = batch["judged"]
    true = batch["truth"] - weighted_mean(batch["truth"], judged, dim=1, keepdim=True)
    varies = weighted_mean(true.square(), judged, dim=(0, 1)).sqrt() >= MIN_SD_DEG
    free, absolute = (
        float(errors[varies].mean()) for errors in errors_by_angle(degrees, batch)
    )
    return free, absolute


def errors_by_angle(degrees: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """(36,) deg mean errors of (B, T, 36) angles, after one constant per window and without."""
    judged = batch["judged"]
    off = torch.rad2deg(off_rad(degrees, batch["truth"]))
    about = off - weighted_mean(off, judged, dim=1, keepdim=True)
    free, absolute = (weighted_mean(e.abs(), judged, dim=(0, 1)) for e in (about, off))
    return free, absolute
