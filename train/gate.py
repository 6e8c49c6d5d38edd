"""A gate for changes: nothing may get worse on a few small clips of our own.

$ python -m train.gate            # compare with the figures that are stored
$ python -m train.gate --update   # store today's, after a change that is meant to move them

The clips (``tests/data/gate.npz``, made by ``train.synth.gate``) are detections beside exact
truth. They are far too few to say how good anything is: that is what ``train.evaluate`` and its
held-out people are for.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from train.judge.cases import Case, case_of
from train.judge.comparison import MIN_TRUTH_SD_DEG
from train.judge.figures import figures_of
from train.judge.scoring import score, truth_sd_deg
from train.judge.stages import STAGES as KNOWN
from train.judge.stages import predicted
from train.recordings.pairs import read_pairs

_DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
CLIPS, STORED = _DATA / "gate.npz", _DATA / "gate.json"
STAGES = ("mediapipe", "raw", "pof")
WORSE_BY = 0.03
"""More than this share above the stored figure is worse; all figures are errors."""

_POSE = ("limb_mean_deg", "mpjpe_mm", "pa_mpjpe_mm", "up_error_deg", "jitter_mm")
_ANGLES = ("mae_deg", "offset_free_mae_deg", "rom_error_deg")

Table = Mapping[str, float]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="store today's figures")
    options = parser.parse_args(arguments)
    today = measured()
    if options.update:
        STORED.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
        return 0
    worse = worsened(today, json.loads(STORED.read_text("utf-8")))
    print("\n".join(worse) or "nothing got worse")
    return int(bool(worse))


def measured() -> dict[str, float]:
    """``stage figure`` → what it is today."""
    cases = [case_of(pair) for pair in read_pairs(CLIPS)]
    angles = [name for name, sd in truth_sd_deg(cases).items() if sd >= MIN_TRUTH_SD_DEG]
    return {
        f"{stage} {name}": round(value, 4)
        for stage in STAGES
        for name, value in _figures(cases, stage, angles).items()
    }


def worsened(today: Table, stored: Table) -> list[str]:
    """A sentence for every figure that is gone, not a number, or worse by more than 3 %."""
    return [
        f"{name}: {today.get(name, math.nan):g}, was {before:g}; python -m train.gate --update"
        " if that is meant"
        for name, before in stored.items()
        if not today.get(name, math.nan) <= before * (1 + WORSE_BY)
    ]


def _figures(cases: list[Case], stage: str, angles: list[str]) -> dict[str, float]:
    parts = [
        (
            score(predicted(KNOWN[stage], case), case),
            np.ones(case.landmarks.timeline.frames, bool),
        )
        for case in cases
    ]
    figures = figures_of(parts, angles)
    pose = {name: float(getattr(figures.pose, name)) for name in _POSE}
    return pose | {name: float(getattr(figures.angle_mean, name)) for name in _ANGLES}


if __name__ == "__main__":
    sys.exit(main())
