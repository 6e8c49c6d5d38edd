"""Rendered people and what MediaPipe sees of them.

$ python -m train.synth pairs --out D --minutes 60 --workers 2 --body B --mocap M --opensim O
$ python -m train.synth contact-sheet --out docs/synth.png --body B --mocap M --opensim O

B, M and O are the unpacked ``body.tar.xz``, ``mocap.tar.xz`` and ``opensim.tar.xz``. A run of
``pairs`` that was stopped, even by kill -9, goes on when it is started again.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from train.engine.command import exit_code
from train.synth.pairs import Budget, Recipe, make_pairs
from train.synth.sheet import contact_sheet, write_png

SHEET_SEQUENCES, SHEET_COLOURS = 24, 256


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    return exit_code("train.synth", _parser(), _make, arguments)


def _make(options: argparse.Namespace) -> None:
    recipe = Recipe(
        options.body,
        options.mocap,
        options.opensim,
        options.photographs,
        options.seed,
        test_people=options.test_people,
    )
    if options.command == "contact-sheet":
        indices = list(range(options.first, options.first + SHEET_SEQUENCES))
        sheet = contact_sheet(recipe.stock(), indices, seed=options.seed)
        write_png(options.out, sheet, colours=SHEET_COLOURS)
    else:
        _pairs(recipe, options)


def _pairs(recipe: Recipe, options: argparse.Namespace) -> None:
    deadline = time.monotonic() + 60 * options.minutes
    budget = Budget(deadline, options.shards)
    recipe = replace(recipe, seconds=options.seconds, shard_sequences=options.sequences)
    make_pairs(recipe, options.out, budget, workers=options.workers)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--body", type=Path, required=True, help="unpacked body.tar.xz")
    shared.add_argument("--mocap", type=Path, required=True, help="unpacked mocap.tar.xz")
    shared.add_argument("--opensim", type=Path, required=True, help="unpacked opensim.tar.xz")
    shared.add_argument("--photographs", type=Path, help="a folder of pictures for the walls")
    shared.add_argument("--test-people", action="store_true", help="film them, too")
    shared.add_argument("--seed", type=int, default=0, help="another seed, other sequences")
    shared.add_argument("--out", type=Path, required=True, help="folder, or the sheet's file")
    parser = argparse.ArgumentParser(
        prog="python -m train.synth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    pairs = commands.add_parser("pairs", parents=[shared], help="write shards of pairs")
    pairs.add_argument("--workers", type=int, default=1, help="processes")
    pairs.add_argument("--minutes", type=float, default=float("inf"), help="then no new shard")
    pairs.add_argument("--shards", type=int, help="stop before the shard of this number")
    pairs.add_argument("--seconds", type=float, default=6.0, help="longest sequence")
    pairs.add_argument("--sequences", type=int, default=4, help="in each shard")
    sheet = commands.add_parser("contact-sheet", parents=[shared], help="24 frames to look at")
    sheet.add_argument("--first", type=int, default=0, help="number of the first sequence")
    return parser


if __name__ == "__main__":
    sys.exit(main())
