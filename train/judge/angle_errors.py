"""The table behind *Quality*: how far every angle is off, by view, on people held out.

$ python -m train.evaluate --sets pairs-test,hdm05 --stages raw pof pof-joint --json views.json
$ python -m train.judge.angle_errors views.json > humanpose/assets/angle_errors.csv
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from humanpose.quality.view import VIEWS

Row = tuple[str, str, str]
"""Stage, view, angle without its side."""


def main(evaluated: Path) -> None:
    sets = json.loads(evaluated.read_text(encoding="utf-8"))["sets"]
    print("stage,view,angle,values,offset_free_deg,rom_error_deg")
    for (stage, view, stem), figures in pooled(sets).items():
        frames, offset_free, rom = figures
        print(f"{stage},{view},{stem},{frames:.0f},{offset_free:.1f},{rom:.1f}")


def pooled(sets: dict[str, Any]) -> dict[Row, tuple[float, float, float]]:
    """How many values; offset-free error and error of the range of motion, deg.

    Means over the sets, weighted by frames, and over the two sides.
    """
    found: dict[Row, list[tuple[float, float, float]]] = defaultdict(list)
    for judged in sets.values():
        for stage, row in judged["stages"].items():
            for view in VIEWS:
                figures = row["by_view"][view]
                for name, angle in figures["angles"].items():
                    stem = name.removesuffix("_r").removesuffix("_l")
                    off = angle["offset_free_mae_deg"], angle["rom_error_deg"]
                    found[stage, view, stem].append((figures["frames"], *off))
    return {row: _mean(np.array(parts)) for row, parts in found.items()}


def _mean(parts: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float, float]:
    frames = parts[:, 0]
    offset_free, rom = np.average(parts[:, 1:], axis=0, weights=frames)
    return float(frames.sum()), float(offset_free), float(rom)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
