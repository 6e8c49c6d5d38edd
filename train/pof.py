"""Train the POF network.

$ python -m train.pof --data motion.npz,../shared/data/pairs --minutes 100 --bf16

``motion.npz`` is a bank of ``train.synth.motion.bank``; folders hold pairs of ``train.synth
pairs`` or sequences of ``train.convert``.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from humanpose.nets.windows import WINDOW
from humanpose.pof.network import Pof, PofConfig, PofOutput
from humanpose.skeleton import COCO17
from train.data.pof_data import PofData
from train.engine.command import exit_code, parser_of
from train.engine.loop import Task, fit
from train.engine.options import LoopConfig, add_loop_options, loop_config
from train.engine.trainer import Batch, seed_all

DEFAULTS = LoopConfig(out=Path("checkpoints/best_pof_model.pth"), batch_size=48, lr=2e-3)
CERTAINTY, UP, UP_CERTAINTY = 0.03, 0.3, 0.01
"""Weights of the loss's terms beside the limbs' directions."""


def main() -> int:
    """Train; 0, or the exit code of what went wrong."""
    return exit_code("train.pof", _parser(), _train)


def _train(options: argparse.Namespace) -> None:
    config = loop_config(options)
    model_config = PofConfig(
        COCO17.bone_indices,
        d_model=options.d_model,
        num_layers=options.num_layers,
        num_heads=options.num_heads,
    )
    data = PofData([Path(path) for path in options.data.split(",")], frames=WINDOW)
    seed_all(config.seed)
    course = fit(
        Pof(model_config),
        Task(pof_loss, partial(data.batch, config.batch_size), partial(limb_errors, data=data)),
        model_config=model_config,
        config=config,
    )
    print(f"{config.out}: {course.best}, {course.samples} windows, {course.minutes:.0f} min")


def _parser() -> argparse.ArgumentParser:
    parser = parser_of(__doc__)
    parser.add_argument(
        "--data", required=True, help="motion banks, folders of pairs or of sequences: A,B"
    )
    parser.add_argument("--d-model", type=int, default=128)
    parser.add_argument("--num-layers", type=int, default=6)
    parser.add_argument("--num-heads", type=int, default=8)
    add_loop_options(parser, DEFAULTS)
    return parser


def pof_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """Chord from the predicted to the true direction, and how likely the stated certainty is.

    The chord's mean has the geometric median as its best answer, so that one wrong sign in
    depth doesn't bend the others; the likelihood trains the certainty alone.
    """
    output: PofOutput = model(batch["points"], batch["frame"], batch["time_s"])
    limb, limb_nll = direction_loss(
        output.directions, output.log_concentration, batch["directions"]
    )
    up, up_nll = direction_loss(output.up, output.up_log_concentration, batch["up"])
    knows = batch["knows_up"][:, None]
    terms = {"limb": limb.mean(), "certainty": limb_nll.mean(), "up": (up * knows).mean()}
    loss = terms["limb"] + CERTAINTY * terms["certainty"] + UP * terms["up"]
    loss = loss + UP_CERTAINTY * (up_nll * knows).mean()
    return loss, {name: term.detach() for name, term in terms.items()}


def direction_loss(
    predicted: Tensor, log_concentration: Tensor, true: Tensor
) -> tuple[Tensor, Tensor]:
    """Chords (...) and von Mises-Fisher negative log-likelihoods (...), without log 2 pi.

    Args:
        predicted, true: (..., 3) unit vectors.
        log_concentration: (...) log kappa.
    """
    chord = ((predicted - true).square().sum(dim=-1) + 1e-6).sqrt()
    kappa = log_concentration.exp()
    off = 1 - (predicted.detach() * true).sum(dim=-1)
    return chord, kappa * off + torch.log1p(-torch.exp(-2 * kappa)) - log_concentration


@torch.no_grad()
def limb_errors(model: nn.Module, *, data: PofData) -> dict[str, float]:
    """Mean angles, deg, on the validation side; their mean decides, real detections twice."""
    found: dict[str, float] = {}
    for name, batch in data.validation.items():
        output: PofOutput = model(batch["points"], batch["frame"], batch["time_s"])
        found[f"{name}_limb_deg"] = angle_deg(output.directions, batch["directions"])
        found[f"{name}_up_deg"] = angle_deg(output.up, batch["up"])
    shares = {"pairs": 2.0, "motion": 1.0, "clean": 1.0}
    known = {k: v for k, v in shares.items() if k in data.validation}
    decisive = sum(v * found[f"{k}_limb_deg"] for k, v in known.items()) / sum(known.values())
    return {"limb_deg": decisive} | found


def angle_deg(a: Tensor, b: Tensor) -> float:
    """Mean angle between unit vectors (..., 3), deg."""
    cosine = (a * b).sum(dim=-1).clamp(-1, 1)
    return float(np.degrees(torch.arccos(cosine).mean().item()))


if __name__ == "__main__":
    sys.exit(main())
