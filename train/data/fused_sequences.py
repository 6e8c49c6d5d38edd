"""Add what MainRefiner's trained pose part makes of the sequences that it learned from.

$ python -m train.data.fused_sequences --pairs ../shared/data/pairs,PAIRS --data ANGLES \
      --main-refiner-path pose.pth --out FUSED

To each shard of ``train.generate_joint_angles`` comes a variant ``fused``.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from humanpose.body.clip import Clues
from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.lift.baseline import lift
from humanpose.main_refiner.inference import MainRefinerInference
from humanpose.main_refiner.stage import FIRMNESS
from humanpose.motion import motion_of
from humanpose.pipeline import clean, motion_options
from humanpose.runtime.replace import check_writable
from humanpose.sequence import JointAngles, LimbField
from humanpose.settings import Settings
from train.data.angle_sequences import read_shard
from train.data.fusion_windows import Sequence
from train.engine.command import exit_code
from train.recordings.pairs import Arrays, Pair, read_pairs
from train.synth.shards import write_shard

_AS_IT_IS = 1e6
"""Concentration with which gravity is what it was with POF."""


def main(arguments: list[str] | None = None) -> int:
    """Make them; 0, or the exit code of what went wrong."""
    return exit_code("train.data.fused_sequences", _parser(), _generate, arguments)


def _generate(options: argparse.Namespace) -> None:
    check_writable(options.out)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    network = MainRefinerInference(options.main_refiner_path)
    for folder in map(Path, options.pairs.split(",")):
        for path in sorted(folder.glob("*.npz")):
            name = f"{folder.name}-{path.name}"
            shard, out = options.data / name, options.out / name
            if shard.exists() and not out.exists():
                sequences = list(_fused(path, shard, network))
                write_shard(out, sequences)
                print(f"{name}  {len(sequences)} sequences", file=sys.stderr, flush=True)


def _fused(pairs: Path, shard: Path, network: MainRefinerInference) -> Iterator[Arrays]:
    """The sequences of a shard whose pairs are found, and in which a body is."""
    by_view = {
        (pair.subject, pair.clip, round(pair.focal_px, 3)): pair for pair in read_pairs(pairs)
    }
    for stored in read_shard(shard):
        view = str(stored["subject"]), str(stored["sequence"]), round(float(stored["focal"]), 3)
        pair = by_view[view]
        try:
            yield stored | fused_angles(pair, stored, network)
        except ClipError as error:
            print(f"{pair.subject} {pair.clip} left out: {error}", file=sys.stderr)


def fused_angles(pair: Pair, stored: Arrays, network: MainRefinerInference) -> Arrays:
    """The angles of the fused pose of one sequence. Raises ClipError."""
    settings = Settings(height_m=pair.height_m)
    landmarks, _ = clean(pair.landmarks, settings)
    camera = Camera(float(stored["focal_assumed"]), landmarks.image_size)
    field = LimbField(
        stored["limb_directions"], stored["limb_concentration"], stored["up_pof"], _AS_IT_IS
    )
    sequence = Sequence.of(stored)
    field, _ = network.fuse_limbs(sequence.pair, field, fps=sequence.fps)
    firm = replace(field, concentration=FIRMNESS * field.concentration)
    lifted = lift(landmarks, camera, height_m=settings.effective_height_m)
    motion = motion_of(landmarks, lifted, camera, motion_options(settings), Clues(firm))
    return _arrays(motion.angles)


def _arrays(angles: JointAngles) -> Arrays:
    found = {"angles_fused": angles.degrees, "confidence_fused": angles.confidence}
    if angles.deviation is not None:
        found["deviation_fused"] = angles.deviation
    return {name: values.astype(np.float32) for name, values in found.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.data.fused_sequences", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--pairs", required=True, help="folders of pairs: A,B")
    parser.add_argument("--data", type=Path, required=True, help="shards made of them")
    parser.add_argument("--main-refiner-path", required=True, help="with a trained pose part")
    parser.add_argument("--out", type=Path, required=True, help="folder of the new shards")
    return parser


if __name__ == "__main__":
    sys.exit(main())
