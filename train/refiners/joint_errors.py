"""How far the joint refiner's angles are from the true ones."""

import torch
from torch import Tensor, nn

from humanpose.joint_refinement.network import JointRefinerOutput, ball_joints, corrected
from humanpose.nets.rotations import near, quaternions, wrapped
from train.engine.trainer import Batch
from train.refiners.losses import mean_errors_deg


def ask(model: nn.Module, batch: Batch) -> JointRefinerOutput:
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


@torch.no_grad()
def angle_errors(model: nn.Module, *, validation: dict[str, Batch]) -> dict[str, float]:
    """Mean errors, deg, of the angles that vary, after one constant per window and angle
    (``free``) and without, beside those of the input; the mean of all four variants decides."""
    found: dict[str, float] = {}
    for name, batch in validation.items():
        output, truth = ask(model, batch), batch["truth"]
        angles = corrected(batch["degrees"], output.turns, ball_joints())
        for label, degrees in (("", angles), ("_input", batch["degrees"])):
            absolute, free = mean_errors_deg(off_rad(degrees, truth), truth, batch["judged"])
            found |= {f"{name}{label}_free": free, f"{name}{label}_mae": absolute}
    decisive = [found[f"{v}_{kind}"] for v in validation for kind in ("free", "mae")]
    return {"angle_deg": sum(decisive) / len(decisive)} | found
