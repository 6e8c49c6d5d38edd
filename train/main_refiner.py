"""Train MainRefiner: first what it makes of poses, then of angles.

$ python -m train.main_refiner --data ANGLES --minutes 20 --out pose.pth
$ python -m train.main_refiner --data ANGLES --minutes 15 --pose pose.pth \
      --joint-checkpoint checkpoints/best_joint_model.pth
"""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import get_args

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from humanpose.joint_refinement import JointRefiner
from humanpose.main_refiner.network import MainRefiner, MainRefinerConfig, PoseInput, PoseOutput
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.settings import Settings
from humanpose.skeleton import COCO17
from train.convert.errors import SourceError
from train.data.angle_sequences import read_sequences
from train.data.fusion_windows import SHARES, PoseWindows, Sequence
from train.data.views import ENDS, STARTS
from train.engine.command import exit_code
from train.engine.loop import Task, fit
from train.engine.options import LoopConfig, add_loop_options, loop_config
from train.engine.trainer import Batch, seed_all
from train.pof import angle_deg, direction_loss
from train.recordings.splits import Side
from train.refiners.fusion_angles import (
    FusedAngleWindows,
    angle_errors,
    angle_loss,
    read_fusion_clips,
)
from train.refiners.fusion_settling import settle, settle_checkpoint
from train.refiners.losses import mean

DEFAULTS = LoopConfig(
    out=Path("checkpoints/best_main_refiner.pth"), batch_size=32, lr=1e-3, weight_decay=0.1
)
CERTAINTY, PLACE = 0.03, 0.3
"""Weights of the loss's terms beside the limbs' directions."""


def main() -> int:
    """Train; 0, or the exit code of what went wrong."""
    return exit_code("train.main_refiner", _parser(), _train)


def _train(options: argparse.Namespace) -> None:
    config = loop_config(options)
    folders, fresh = [Path(f) for f in options.data.split(",")], options.fresh.split(",")
    seed_all(config.seed)
    if options.pose is None:
        model = MainRefiner(MainRefinerConfig(COCO17.bone_indices))
        task = _pose_task(folders, fresh, config.batch_size)
        course = fit(model, task, model_config=model.config, config=config)
    else:
        model = load_checkpoint(options.pose, MainRefiner, MainRefinerConfig)
        refine = JointRefiner(options.joint_checkpoint).refined
        train, validation = (
            FusedAngleWindows(read_fusion_clips(folders, refine, fresh=fresh, side=side))
            for side in get_args(Side)[:2]
        )
        held_out = validation.all()
        print(settle(model.angles, held_out), file=sys.stderr)
        task = Task(
            angle_loss,
            partial(train.batch, config.batch_size),
            partial(angle_errors, batch=held_out),
            part="angles",
        )
        course = fit(model, task, model_config=model.config, config=config)
        print(settle_checkpoint(config.out, held_out))
    print(f"{config.out}: {course.best}, {course.samples} windows, {course.minutes:.0f} min")


def _pose_task(folders: list[Path], fresh: list[str], windows: int) -> Task:
    train, validation = pose_windows(folders, fresh)
    validate = partial(limb_errors, batch=validation.all())
    return Task(pose_loss, partial(train.batch, windows), validate, part="pose")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        required=True,
        help="folders of train.generate_joint_angles and train.data.fusion_views: A,B; for the"
        " angles, of train.data.fused_sequences",
    )
    parser.add_argument(
        "--fresh", default="", help="names of the folders of pairs new to POF: A,B"
    )
    parser.add_argument(
        "--pose", type=Path, help="train the angles; the poses are trained here"
    )
    parser.add_argument("--joint-checkpoint", default=Settings.joint_model_path)
    add_loop_options(parser, DEFAULTS)
    return parser


def pose_windows(folders: list[Path], fresh: list[str]) -> tuple[PoseWindows, PoseWindows]:
    """Those of the training and of the validation side. Raises SourceError."""
    sides: dict[str, list[Sequence]] = {"train": [], "validation": []}
    for folder in folders:
        for stored in read_sequences(folder):
            origin = str(stored["origin"])
            kind = "fresh" if origin in fresh else origin if origin in SHARES else "known"
            sides[str(stored["side"])].append(Sequence.of(stored, kind=kind))
    for side, sequences in sides.items():
        if not sequences:
            raise SourceError(f"no sequences of the {side} side in {folders[0]}")
    return PoseWindows(sides["train"]), PoseWindows(sides["validation"])


def pose_loss(fusion: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """Chords of the limbs, how likely their certainty is, and where the gates put joints."""
    output = fuse_poses(fusion, batch)
    limb, certainty = direction_loss(
        output.directions, output.log_concentration, batch["directions"]
    )
    place = (output.joints - batch["joints"]).norm(dim=-1)
    known = batch["limbs_there"]
    terms = {
        "limb": mean(limb, known),
        "certainty": mean(certainty, known),
        "place": mean(place, batch["there"]),
    }
    loss = terms["limb"] + CERTAINTY * terms["certainty"] + PLACE * terms["place"]
    return loss, {name: term.detach() for name, term in terms.items()}


def fuse_poses(fusion: nn.Module, batch: Batch) -> PoseOutput:
    """What the network says of a batch of poses."""
    seen = PoseInput(batch["points"], batch["limbs"], batch["frame"])
    output: PoseOutput = fusion(seen, batch["time_s"])
    return output


@torch.no_grad()
def limb_errors(fusion: nn.Module, *, batch: Batch) -> dict[str, float]:
    """Mean angles, deg, of the fused limbs, and of the two poses' beside them."""
    output, known = fuse_poses(fusion, batch), batch["limbs_there"] > 0
    true = batch["directions"][known]
    found = {"limb_deg": angle_deg(output.directions[known], true)}
    for name, columns in {"raw": slice(0, 3), "pof": slice(3, 6)}.items():
        joints = batch["points"][..., columns]
        limbs = normalize(joints[:, :, ENDS] - joints[:, :, STARTS], dim=-1)
        found[f"{name}_deg"] = angle_deg(limbs[known], true)
    return found | {"raw_share": float(output.gates.mean())}


if __name__ == "__main__":
    sys.exit(main())
