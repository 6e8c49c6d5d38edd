"""Measure what goes with the errors of angles: ``humanpose/assets/bands.json``.

$ python -m train.bands --shared ../shared [--tilted DIR] [--out FILE]

On people whom no network learned from: the validation side of the rendered pairs and of the
tilted ones (``pairs_tilted.tar.xz``, unpacked), and the two filmed people of ``twocam``, who
count for half: it is filmed people whom the bands are for. Two cameras are off themselves;
that part of the difference is taken off in quadrature. All five settings count alike, and
every person. Prints what the bands hold of each person when they are left out.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from humanpose.bands import BANDS_FILE, Bands
from train.bands.fit import Errors, bands_of, held
from train.bands.people import all_errors
from train.data.held_out import CORE
from train.engine.command import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train.bands", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--shared", type=Path, required=True, help="the folder with data/")
    parser.add_argument("--tilted", type=Path, help="unpacked pairs_tilted.tar.xz")
    parser.add_argument("--out", type=Path, default=BANDS_FILE)
    return exit_code("train.bands", parser, _measure, arguments)


def _measure(options: argparse.Namespace) -> None:
    clips = all_errors(options.shared, *filter(None, [options.tilted]))
    print("left out: share inside, half-width, rank correlation with the error (21 angles)")
    for person in sorted({clip.person for clip in clips}):
        others = bands_of([clip for clip in clips if clip.person != person])
        theirs = [clip for clip in clips if clip.person == person]
        _say(person, theirs, others)
    bands = bands_of(clips)
    _say("everybody, nobody left out", clips, bands)
    _write(bands, options.out)


def _say(name: str, clips: list[Errors], bands: Bands) -> None:
    share, half_width, rank = held(clips, bands, CORE)
    print(f"{name}: {100 * share:.0f} %, ±{half_width:.1f}°, {rank:.2f}", flush=True)


def _write(bands: Bands, path: Path) -> None:
    rounded = {
        "weights": {name: round(value, 3) for name, value in bands.weights.items()},
        "angles": {name: round(value, 3) for name, value in bands.angles.items()},
    }
    path.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
