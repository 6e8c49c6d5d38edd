"""Train the joint refiner.

$ python -m train.joint_refiner --data ANGLES --fresh PAIRS --opensim OPENSIM --minutes 30

ANGLES is a folder of ``train.generate_joint_angles``; PAIRS names those pairs in it that POF
was not trained on; OPENSIM holds laboratory motions.
"""

import argparse
import math
import sys
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from humanpose.joint_refinement.network import (
    JointRefiner,
    JointRefinerConfig,
    JointRefinerOutput,
    ball_joints,
    by_joint,
    corrected,
    kinematic_chain,
)
from humanpose.nets.rotations import (
    quaternions,
    rotation_vectors,
    times,
    turned,
    wrapped,
)
from train.data.angle_sequences import VARIANTS
from train.data.angle_windows import AngleWindows, read_clips, read_movements
from train.engine.command import exit_code
from train.engine.loop import Task, fit
from train.engine.options import LoopConfig, add_loop_options, loop_config
from train.engine.trainer import Batch, seed_all
from train.refiners.joint_calibration import calibrate
from train.refiners.joint_errors import angle_errors, ask, off_rad
from train.refiners.losses import add_up, clearness, common_terms, mean

DEFAULTS = LoopConfig(
    out=Path("checkpoints/best_joint_model.pth"),
    batch_size=32,
    lr=1e-3,
    weight_decay=0.05,
    half=True,
)
WEIGHTS = {
    "rotation": 1.0, "absolute": 0.5, "movement": 2.0, "velocity": 0.1, "range": 0.5,
    "size": 0.02, "band": 0.1,
}  # fmt: skip
"""Of the loss's terms."""
STILL_DEG = 2.0
"""An angle that moves less than this need not keep its range."""
VALIDATION_WINDOWS, CALIBRATION_WINDOWS = 64, 256


def main() -> int:
    """Train; 0, or the exit code of what went wrong."""
    return exit_code("train.joint_refiner", _parser(), _train)


def _train(options: argparse.Namespace) -> None:
    config = loop_config(options)
    folders, fresh = [Path(f) for f in options.data.split(",")], options.fresh.split(",")
    movements = read_movements(options.opensim, side="train") if options.opensim else []
    train = AngleWindows(read_clips(folders, fresh=fresh, side="train"), movements)
    held_out = AngleWindows(read_clips(folders, fresh=fresh, side="validation"), [])
    validation = {v: held_out.fixed(VALIDATION_WINDOWS, v) for v in VARIANTS}
    model_config = JointRefinerConfig(kinematic_chain(), ball_joints())
    seed_all(config.seed)
    course = fit(
        JointRefiner(model_config),
        Task(
            refiner_loss,
            partial(train.batch, config.batch_size),
            partial(angle_errors, validation=validation),
        ),
        model_config=model_config,
        config=config,
    )
    calibrate(config.out, {v: held_out.fixed(CALIBRATION_WINDOWS, v) for v in VARIANTS})
    print(f"{config.out}: {course.best}, {course.samples} windows, {course.minutes:.0f} min")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data", required=True, help="folders of train.generate_joint_angles: A,B"
    )
    parser.add_argument(
        "--fresh", default="", help="names of the folders of pairs new to POF: A,B"
    )
    parser.add_argument("--opensim", type=Path, help="folder of laboratory motions")
    add_loop_options(parser, DEFAULTS)
    return parser


def refiner_loss(model: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """How far the joints are turned from the truth, how far the angles are off, in a window's
    mean and about it, how fast that changes, whether movements keep their size, and whether the
    band holds what it should.

    The angles' medians are the best answer, so that one wrong branch doesn't bend the others.
    """
    output, truth, judged = ask(model, batch), batch["truth"], batch["judged"]
    found = corrected(batch["degrees"], output.turns, ball_joints())
    off, deviation = off_rad(found, truth), output.deviation.flatten(-2)
    change = (off[:, 1:] - off[:, :-1]).abs() * (judged[:, 1:] * judged[:, :-1])
    clear = clearness(truth)[:, 1:]
    terms = common_terms(off, truth, judged, turns=output.turns, deviation=deviation)
    terms |= {
        "rotation": _rotation_error(batch, output),
        "velocity": (change * clear).sum() / judged.sum().clamp(min=1),
        "range": mean(_range_error(found, batch), judged.amin(dim=1)),
    }
    return add_up(terms, WEIGHTS)


def _rotation_error(batch: Batch, output: JointRefinerOutput) -> Tensor:
    """Mean angle, rad, between the ball joints' rotations and the true ones."""
    found = turned(quaternions(batch["degrees"]), output.turns)
    true = quaternions(batch["truth"])
    inverse = true * true.new_tensor([1, -1, -1, -1])
    apart = (rotation_vectors(times(inverse, found)).square().sum(dim=-1) + 1e-5).sqrt()
    judged = by_joint(batch["judged"]).amin(dim=-1)
    return mean(apart, judged * torch.tensor(ball_joints(), device=judged.device))


def _range_error(found: Tensor, batch: Batch) -> Tensor:
    """(B, 36) how far a movement is too large or too small, logarithmic: without it, what is
    unsure would be flattened."""
    ours, true = (
        (_spread(angles) + math.radians(STILL_DEG) ** 2).log() / 2
        for angles in (found, batch["truth"])
    )
    return (ours - true).abs()


def _spread(angles: Tensor) -> Tensor:
    """(B, 36) variance over time, rad²."""
    return torch.deg2rad(wrapped(angles - angles[:, :1])).var(dim=1, unbiased=False)


if __name__ == "__main__":
    sys.exit(main())
