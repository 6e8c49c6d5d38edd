"""What the 22 markers alone cost: angles from true joints against the angles that drove them.

$ python -m bench.marker_set ../shared/data/pairs
"""

import sys
from pathlib import Path

import numpy as np

from humanpose.angles import joint_angles
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from train.pairs import Pair, read_pairs


def main(folder: Path) -> None:
    pairs = [pair for path in sorted(folder.glob("*.npz")) for pair in read_pairs(path)]
    errors = [error_deg(pair) for pair in pairs]
    absolute = np.concatenate(errors)
    offset_free = np.concatenate([error - _mean(error) for error in errors])
    print(
        f"{len(absolute)} frames\n\n"
        "| angle | MAE | offset-free MAE | 95 % within |\n|---|---|---|---|"
    )
    for i, name in enumerate(ANGLE_NAMES):
        if name.endswith("_l"):
            continue
        if np.isnan(absolute[:, i]).all():
            print(f"| {name} | absent | | |")
            continue
        mae, free = (np.nanmean(np.abs(e[:, i])) for e in (absolute, offset_free))
        within = np.nanpercentile(np.abs(offset_free[:, i]), 95)
        print(f"| {name} | {mae:.1f}° | {free:.1f}° | {within:.1f}° |")


def error_deg(pair: Pair) -> Floats:
    """(T, 36) deg in [-180, 180), found minus true; NaN where absent."""
    found = joint_angles(pair.true_markers()).degrees
    return (found - pair.angles + 180) % 360 - 180


def _mean(error: Floats) -> Floats:
    """(36,) mean over time; NaN where nothing is finite."""
    count = np.isfinite(error).sum(axis=0)
    return np.nansum(error, axis=0) / np.where(count > 0, count, np.nan)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
