"""What the marker set alone costs: angles from true joints against the angles that drove them.

$ python -m bench.marker_set ../shared/data/pairs [SIDE…]

By the 22 markers, and by way of the built-in augmenter. On people of the validation and test
sides, which the augmenter was not fitted to, unless other sides are named.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from humanpose.kinematics.angles import joint_angles
from humanpose.markers.augmentation import PLACEMENTS, augment
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of

SIDES = ("validation", "test")
BEND_ONLY = ("knee_adduction", "knee_rotation", "elbow_add", "pro_sup")
"""The bodies' knees, elbows and forearms are hinges: these have no truth."""


def by_22(markers: PoseSequence, _: Settings) -> JointAngles:
    return joint_angles(markers)


def by_augmented(markers: PoseSequence, settings: Settings) -> JointAngles:
    known = augment(
        markers, height_m=settings.effective_height_m, mass_kg=settings.effective_mass_kg
    )
    return joint_angles(known, placement=PLACEMENTS["regression"])


WAYS: Mapping[str, Callable[[PoseSequence, Settings], JointAngles]] = {
    "22 markers": by_22,
    "augmented": by_augmented,
}


def main(folder: Path, sides: tuple[str, ...]) -> None:
    pairs = [pair for path in sorted(folder.glob("*.npz")) for pair in read_pairs(path)]
    pairs = [p for p in pairs if split_of(f"{p.source}|{p.subject}") in sides]
    found = {name: [error_deg(pair, way) for pair in pairs] for name, way in WAYS.items()}
    print(f"{sum(len(p.angles) for p in pairs)} frames of {', '.join(sides)}")
    print("\nMAE, offset-free MAE, and what 95 % are within offset-free, deg\n")
    print("| angle | " + " | ".join(WAYS) + " |\n|---|" + "---|" * len(WAYS))
    for name in ANGLE_NAMES:
        if not name.endswith("_l") and not name.startswith(BEND_ONLY):
            cells = (_cell(errors, ANGLE_NAMES.index(name)) for errors in found.values())
            print(f"| {name.removesuffix('_r')} | " + " | ".join(cells) + " |")


def error_deg(pair: Pair, way: Callable[[PoseSequence, Settings], JointAngles]) -> Floats:
    """(T, 36) deg in [-180, 180), found minus true; NaN where either is absent."""
    found = way(pair.true_markers(), Settings(height_m=pair.height_m)).degrees
    error = (found - pair.angles + 180) % 360 - 180
    if pair.source == "opensim":  # those files leave it at 0
        error[:, [name.startswith("ankle_rotation") for name in ANGLE_NAMES]] = np.nan
    return error


def _cell(errors: list[Floats], column: int) -> str:
    curves = [error[:, column] for error in errors if np.isfinite(error[:, column]).any()]
    absolute = np.abs(np.concatenate(curves))
    free = np.abs(np.concatenate([curve - np.nanmean(curve) for curve in curves]))
    within = np.nanpercentile(free, 95)
    return f"{np.nanmean(absolute):.1f}°, {np.nanmean(free):.1f}°, {within:.1f}°"


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]) or SIDES)
