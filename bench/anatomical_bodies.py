"""What anatomical markers are worth: angles of rendered bodies from their true markers.

$ python -m bench.anatomical_bodies FOLDER…      (shards of rendered pairs that hold the 43)

From the 22 markers, from what both augmenters make of them, and from the true 43. Each figure
is what remains after one constant per sequence, then (in brackets) all of it: the zero of a
rendered body is its mesh's, which only ``MESH_POINTS`` knows. Its heading isn't the camera's,
so the truth is turned by it. Only people of the validation and test side count: the augmenter
of the package was fitted to how the others move.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.anatomical import Segment, anatomical_segments
from humanpose.anatomical_angles import anatomical_angles
from humanpose.angles import joint_angles
from humanpose.augmentation import augment
from humanpose.geometry import relative, rotation_about
from humanpose.harrington import hip_centres
from humanpose.model_axes import MESH_POINTS, MODEL_POINTS
from humanpose.segments import arm, foot_frame, leg, pelvis_frame, trunk_frame
from humanpose.sequence import Floats, PoseSequence
from humanpose.settings import AUGMENTERS
from humanpose.skeleton import ANGLE_NAMES
from train.pairs import Pair, read_pairs
from train.splits import split_of
from train.synth.anatomy import frames_from_angles

MEAN_BMI = 22.0
"""kg/m², what the package takes for somebody whose mass isn't told."""

Errors = Mapping[str, list[Floats]]
"""Row -> what every sequence came to."""


def main(folders: list[Path]) -> None:
    shards = [path for folder in folders for path in sorted(folder.glob("*.npz"))]
    measures = {_hips: _hip_table, _turns: _table, _angles: _table}
    found: dict[str, dict[str, list[Floats]]] = {
        m.__name__: defaultdict(list) for m in measures
    }
    sequences = 0
    for pair in (p for path in shards for p in read_pairs(path)):
        if pair.markers is None or split_of(f"{pair.source}|{pair.subject}") == "train":
            continue
        sequences += 1
        for measure in measures:
            for name, error in measure(pair).items():
                found[measure.__name__][name].append(error)
    print(f"{sequences} sequences of {len(shards)} shards")
    for measure, table in measures.items():
        print("\n" + "\n".join(table(found[measure.__name__])))


def _hips(pair: Pair) -> dict[str, Floats]:
    """(2, 3) m, found minus true in the pelvis' axes, mean over the frames; Z is outward."""
    at = pair.true_anatomical()
    psis = (at.joint("r.PSIS_study") + at.joint("L.PSIS_study")) / 2
    right, left = hip_centres(at.joint("r.ASIS_study"), at.joint("L.ASIS_study"), psis)
    to_pelvis = np.swapaxes(_true_frames(pair)["pelvis"], 1, 2)
    off = [
        np.nanmean(to_pelvis @ (found - at.joint(true))[..., None], axis=0)[:, 0]
        for found, true in ((right, "RHJC_study"), (left, "LHJC_study"))
    ]
    return {"hip": np.stack([off[0], off[1] * [1, 1, -1]])}


def _hip_table(found: Errors) -> Iterator[str]:
    off = 1000 * np.concatenate(found["hip"])
    parts = zip(("forward", "up", "outward"), off.mean(axis=0), off.std(axis=0), strict=True)
    distance = np.linalg.norm(off, axis=1).mean()
    yield f"Hip centres after Harrington: {distance:.0f} mm from the rig's; " + ", ".join(
        f"{mean:+.0f} ± {sd:.0f} {way}" for way, mean, sd in parts
    )


def _turns(pair: Pair) -> dict[str, Floats]:
    """(columns, 2) deg: mean angle between found and true axes, and after one constant turn."""
    true = _true_frames(pair)
    by = [_frames22(pair.true_markers())]
    by += [{name: s.frames for name, s in found.items()} for found in _anatomical(pair)]
    return {name: np.array([_turn(true[name], found[name]) for found in by]) for name in true}


def _anatomical(pair: Pair) -> list[dict[str, Segment]]:
    """By each augmenter, and by the true 43."""
    markers, height_m = pair.true_markers(), pair.height_m
    mass_kg = MEAN_BMI * height_m**2
    augmented = [
        augment(markers, height_m=height_m, mass_kg=mass_kg, augmenter=a) for a in AUGMENTERS
    ]
    return [
        anatomical_segments(
            found, placement=MODEL_POINTS if augmenter == "lstm" else MESH_POINTS
        )
        for augmenter, found in zip(
            (*AUGMENTERS, "true"), (*augmented, pair.true_anatomical()), strict=True
        )
    ]


def _true_frames(pair: Pair) -> dict[str, Floats]:
    """(T, 3, 3) of every segment, in the world as the camera sees it."""
    turn = rotation_about("y", _heading(pair))
    return {name: turn @ axes for name, axes in frames_from_angles(pair.angles).items()}


def _heading(pair: Pair) -> float:
    """What the sequence's ``pelvis_rotation`` is off by the place of the camera, deg."""
    found = joint_angles(pair.true_markers()).curve("pelvis_rotation")
    return float(np.nanmean(found - pair.angles[:, _HEADING]))


_HEADING = ANGLE_NAMES.index("pelvis_rotation")


def _frames22(markers: PoseSequence) -> dict[str, Floats]:
    trunk = trunk_frame(markers)
    pelvis = pelvis_frame(markers, trunk)
    frames = {"pelvis": pelvis, "trunk": trunk}
    for s in "rl":
        thigh, upper_arm = leg(markers, s, pelvis), arm(markers, s, trunk)
        frames |= {f"femur_{s}": thigh.upper, f"tibia_{s}": thigh.lower}
        frames |= {f"foot_{s}": foot_frame(markers, s), f"humerus_{s}": upper_arm.upper}
        frames[f"forearm_{s}"] = upper_arm.lower
    return frames


def _turn(true: Floats, found: Floats) -> Floats:
    known = np.isfinite(found).all(axis=(1, 2))
    if not known.any():
        return np.full(2, np.nan)
    off = Rotation.from_matrix(relative(true[known], found[known]))
    return np.degrees([off.magnitude().mean(), (off * off.mean().inv()).magnitude().mean()])


def _angles(pair: Pair) -> dict[str, Floats]:
    """Angle -> (columns, 2) deg: MAE, and after one offset."""
    timeline = pair.landmarks.timeline
    by = [joint_angles(pair.true_markers())]
    by += [anatomical_angles(found, timeline) for found in _anatomical(pair)]
    true = pair.angles.copy()
    true[:, _HEADING] += _heading(pair)
    off = np.stack([(found.degrees - true + 180) % 360 - 180 for found in by])
    free = off - _mean(off)[:, None]
    both = np.stack([_mean(np.abs(off)), _mean(np.abs(free))], axis=2)
    return {name: both[:, i] for i, name in enumerate(ANGLE_NAMES)}


def _mean(values: Floats) -> Floats:
    """Over the frames (second axis); NaN where none is finite."""
    count = np.isfinite(values).sum(axis=1)
    return np.nansum(values, axis=1) / np.where(count > 0, count, np.nan)


def _table(found: Errors) -> Iterator[str]:
    """The right and the left side together."""
    yield "| | 22 markers | " + " | ".join(AUGMENTERS) + " | true 43 |"
    yield "|---|---|---|" + "---|" * len(AUGMENTERS)
    for name in (n for n in found if not n.endswith("_l")):
        both = np.stack(found[name] + (found[name[:-2] + "_l"] if name.endswith("_r") else []))
        yield (
            f"| {name.removesuffix('_r')} | "
            + " | ".join(map(_cell, both.swapaxes(0, 1)))
            + " |"
        )


def _cell(errors: Floats) -> str:
    """From (sequences, 2)."""
    known = errors[np.isfinite(errors).all(axis=1)]
    return f"{known[:, 1].mean():.1f} ({known[:, 0].mean():.1f})" if len(known) else "absent"


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
