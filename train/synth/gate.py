"""The clips of the regression gate: exercises that nobody was recorded for, rendered and seen.

$ python -m train.synth.gate --body DIR --out tests/data/gate.npz

Bodies are in the public domain and the movements are drawn by ``exercises``, so the file is
ours to ship. No network was trained or tuned on it. See ``train.gate``.
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

import numpy as np

from humanpose.detection.mediapipe_pose import MediaPipePose
from train.engine.command import exit_code, parser_of
from train.synth.body.makehuman import Assets
from train.synth.motion.exercises import exercise
from train.synth.motion.sources import FPS, Clip
from train.synth.pairs import landmarks_of
from train.synth.shards import arrays_of, write_shard
from train.synth.take import Stock, Take, film, staged

SEQUENCES, SECONDS, SEED = 8, 2.0, 20261128
_OWN = Clip(Path("exercise"), "own", "own|exercise")


def main(arguments: list[str] | None = None) -> int:
    """Make the clips; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__, "body")
    parser.add_argument("--out", type=Path, required=True, help="the NPZ file")
    return exit_code("train.synth.gate", parser, _make, arguments)


def _make(options: argparse.Namespace) -> None:
    stock = Stock(Assets.load(options.body), ())
    sequences = []
    with closing(MediaPipePose()) as detector:
        for index in range(SEQUENCES):
            take = exercised(stock, index)
            sequences.append(arrays_of(take, landmarks_of(film(take), FPS, detector)))
    write_shard(options.out, sequences)


def exercised(stock: Stock, index: int, *, seconds: float = SECONDS) -> Take:
    """The clip ``index`` of the gate, whatever was drawn before it."""
    rng = np.random.default_rng([SEED, index])
    recording = exercise(rng, seconds=seconds, fps=FPS)
    return staged(stock, _OWN, recording, rng, index=index)


if __name__ == "__main__":
    sys.exit(main())
