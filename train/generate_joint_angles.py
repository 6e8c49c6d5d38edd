"""Make what the refiners learn from: the product on rendered people, beside the truth.

$ python -m train.generate_joint_angles --pairs ../shared/data/pairs,PAIRS --out DIR --workers 2

One shard for each shard of pairs; those that are in DIR already are left alone, so that a run
that was stopped goes on, and pairs that came later are added. People who test are left out.
``train.data.angle_sequences`` says what is in them.
"""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import torch

from humanpose.errors import ClipError
from humanpose.nets.places import find_checkpoint
from humanpose.pof.inference import CameraPOFInference
from humanpose.runtime.replace import check_writable
from humanpose.settings import Settings
from train.convert.errors import SourceError
from train.data.angle_sequences import analysed
from train.engine.command import exit_code
from train.recordings.pairs import Arrays, Pair, read_pairs
from train.recordings.splits import split_of
from train.synth.shards import write_shard


def main(arguments: list[str] | None = None) -> int:
    """Make them; 0, or the exit code of what went wrong."""
    return exit_code("train.generate_joint_angles", _parser(), _generate, arguments)


def _generate(options: argparse.Namespace) -> None:
    folders = [Path(folder) for folder in options.pairs.split(",")]
    shards = [path for folder in folders for path in sorted(folder.glob("*.npz"))]
    if not shards:
        raise SourceError(f"no pairs in {folders[0]}; make them with train.synth pairs")
    check_writable(options.out)
    options.out.mkdir(parents=True, exist_ok=True)
    _network(options.pof_model_path)  # refuse a bad one before the work begins
    left, context = options.max_sequences, get_context("spawn")
    with ProcessPoolExecutor(options.workers, mp_context=context) as pool:
        jobs = []
        for path in shards:
            out = options.out / f"{path.parent.name}-{path.name}"
            count = sum(1 for _ in _usable(path))
            if left is not None:
                count = min(count, left)
                left -= count
            if count and not out.exists():
                jobs.append(pool.submit(make_shard, path, out, options.pof_model_path, count))
        for job in jobs:
            print(job.result(), file=sys.stderr, flush=True)


def make_shard(pairs: Path, out: Path, pof_model_path: str, count: int) -> str:
    """Analyse the first ``count`` sequences of a shard of pairs; returns what to report."""
    torch.set_num_threads(1)
    network = _network(pof_model_path)
    sequences = list(_analysed(islice(_usable(pairs), count), network, pairs.parent.name))
    write_shard(out, sequences)
    frames = sum(len(sequence["truth"]) for sequence in sequences)
    return f"{out.name}  {len(sequences)} sequences, {frames} frames"


def _analysed(
    pairs: Iterator[Pair], network: CameraPOFInference, origin: str
) -> Iterator[Arrays]:
    for pair in pairs:
        try:
            yield analysed(pair, network, origin=origin)
        except ClipError as error:
            print(f"{pair.subject} {pair.clip} left out: {error}", file=sys.stderr)


def _usable(path: Path) -> Iterator[Pair]:
    """The sequences of a shard whose people don't test."""
    for pair in read_pairs(path):
        if split_of(f"{pair.source}|{pair.subject}") != "test":
            yield pair


@cache
def _network(path: str) -> CameraPOFInference:
    return CameraPOFInference(find_checkpoint(path))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.generate_joint_angles", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--pairs", required=True, help="folders of pairs: A,B")
    parser.add_argument("--out", type=Path, required=True, help="folder of the shards")
    parser.add_argument("--max-sequences", type=int, help="at most so many, for a quick look")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--pof-model-path", default=Settings.pof_model_path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
