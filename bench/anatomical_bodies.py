"""What anatomical markers are worth: hips, segments and angles of rendered bodies.

$ python -m bench.anatomical_bodies [--side validation] FOLDER…    (rendered pairs with the 43)

From the 22 markers and from what both augmenters make of them, these from the true joints, from
what the pipeline makes of the detections without learned stages (raw) and with POF; and from
the true 43. Each figure is what remains after one constant per sequence, then (in brackets) all
of it: the zero of a rendered body is its mesh's, which only ``MESH_POINTS`` knows. Its heading
isn't the camera's, so the truth is turned by it. Only people of one held-out side count: the
built-in augmenter was fitted to how the others move; and only cameras that stand still, since
the product takes every camera for one.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.errors import ClipError
from humanpose.geometry import relative, rotation_about
from humanpose.kinematics.anatomical import Segment, anatomical_segments
from humanpose.kinematics.angles import joint_angles
from humanpose.kinematics.harrington import hip_centres
from humanpose.kinematics.model_axes import MESH_POINTS, Points
from humanpose.kinematics.segments import arm, foot_frame, leg, pelvis_frame, trunk_frame
from humanpose.learned.loading import Networks, load_networks
from humanpose.markers.augmentation import PLACEMENTS, augment
from humanpose.pipeline import compute
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.settings import AUGMENTERS, Settings
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, MARKERS22
from train.judge.cases import case_of
from train.judge.metrics import nearest_equal
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of
from train.synth.body.anatomy import frames_from_angles

FROM = ("true joints", "raw", "POF")
Errors = Mapping[str, list[Floats]]
"""Row -> what every sequence came to."""


@dataclass(frozen=True, eq=False)
class Body:
    """One sequence as one source of the 22 markers shows it, in every way to use them."""

    name: str
    ways: dict[str, PoseSequence]
    """Name -> the 22 markers or the 65."""
    segments: dict[str, Mapping[str, Segment]]
    angles: dict[str, JointAngles]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", choices=("validation", "test"), default="test")
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args()
    shards = [path for folder in options.folders for path in sorted(folder.glob("*.npz"))]
    networks = load_networks(Settings(height_m=1.7, pof=True))
    found: dict[str, dict[str, dict[str, list[Floats]]]] = {
        source: {m.__name__: defaultdict(list) for m in MEASURES} for source in FROM
    }
    sequences = 0
    for pair in (p for path in shards for p in read_pairs(path)):
        held_out = split_of(f"{pair.source}|{pair.subject}") == options.side
        if pair.markers is None or pair.camera_rotation is not None or not held_out:
            continue
        sequences += 1
        for body in bodies(pair, networks):
            for measure in MEASURES:
                for row, error in measure(pair, body).items():
                    found[body.name][measure.__name__][row].append(error)
    print(f"{sequences} sequences of the {options.side} side, {len(shards)} shards")
    for source, measured in found.items():
        print(f"\nFrom {source}")
        for measure in MEASURES:
            print("\n" + "\n".join(_table(measured[measure.__name__], source)))


def bodies(pair: Pair, networks: Networks) -> Iterator[Body]:
    """By the true joints, and by what is detected unless the product refuses the clip."""
    yield _body(FROM[0], pair.true_markers(), pair)
    case = case_of(pair)
    settings = Settings(height_m=pair.height_m, pof=True, augmentation_cycles=0)
    try:
        seen = compute(case.info, case.detection, settings, networks=networks)
    except ClipError:
        return
    yield _body(FROM[1], seen.markers_raw, pair)
    yield _body(FROM[2], seen.markers, pair)


def _body(name: str, markers: PoseSequence, pair: Pair) -> Body:
    height_m, mass_kg = pair.height_m, Settings(height_m=pair.height_m).effective_mass_kg
    ways = {"22 markers": markers}
    for augmenter in AUGMENTERS:
        ways[augmenter] = augment(
            markers, height_m=height_m, mass_kg=mass_kg, augmenter=augmenter
        )
    placements: dict[str, Points] = {"22 markers": MESH_POINTS, "true 43": MESH_POINTS}
    placements |= {str(augmenter): points for augmenter, points in PLACEMENTS.items()}
    if name == FROM[0]:
        ways["true 43"] = _with_true_43(markers, pair)
    return Body(
        name,
        ways,
        {
            way: anatomical_segments(known, placement=placements[way])
            for way, known in ways.items()
            if len(known.skeleton) > len(MARKERS22)
        },
        {way: joint_angles(known, placement=placements[way]) for way, known in ways.items()},
    )


def _with_true_43(markers: PoseSequence, pair: Pair) -> PoseSequence:
    true = pair.true_anatomical()
    return PoseSequence(
        np.concatenate([markers.positions, true.positions], axis=1),
        np.concatenate([markers.confidence, true.confidence], axis=1),
        markers.timeline,
        AUGMENTED65,
    )


def _hips(pair: Pair, body: Body) -> dict[str, Floats]:
    """(ways, 2) mm from the true hip centre, both seen from the mid-hip: as it is, and after
    one constant vector in the pelvis' axes. After Harrington: from ASIS and PSIS."""
    true, pelvis = pair.true_markers(), _true_frames(pair)["pelvis"]
    rows: dict[str, list[Floats]] = {"hip centre": [], "hip centre after Harrington": []}
    for known in body.ways.values():
        augmented = known.skeleton == AUGMENTED65
        own = [known.joint("RHJC_study" if augmented else "RHip")]
        by_rule = _by_harrington(known) if augmented else np.full_like(own[0], np.nan)
        for row, right in zip(rows, (own[0], by_rule), strict=True):
            off = (right - known.joint("Hip")) - (true.joint("RHip") - true.joint("Hip"))
            local = 1000 * (np.swapaxes(pelvis, 1, 2) @ off[..., None])[..., 0]
            rows[row].append(np.array([_size(local), _size(local - _mean(local[None])[0])]))
    return {row: np.stack(errors) for row, errors in rows.items()}


def _by_harrington(known: PoseSequence) -> Floats:
    psis = (known.joint("r.PSIS_study") + known.joint("L.PSIS_study")) / 2
    return hip_centres(known.joint("r.ASIS_study"), known.joint("L.ASIS_study"), psis)[0]


def _size(vectors: Floats) -> float:
    """Mean length of (T, 3); NaN where none is known."""
    length = np.linalg.norm(vectors, axis=1)
    return float(length[np.isfinite(length)].mean()) if np.isfinite(length).any() else np.nan


def _turns(pair: Pair, body: Body) -> dict[str, Floats]:
    """(ways, 2) deg: mean angle between found and true axes, and after one constant turn."""
    true = _true_frames(pair)
    by = [_frames22(body.ways["22 markers"])]
    by += [{n: s.frames for n, s in found.items()} for found in body.segments.values()]
    return {name: np.array([_turn(true[name], found[name]) for found in by]) for name in true}


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


def _angles(pair: Pair, body: Body) -> dict[str, Floats]:
    """Angle -> (ways, 2) deg: MAE, and after one offset."""
    true = pair.angles.copy()
    true[:, _HEADING] += _heading(pair)
    found = np.stack([angles.degrees for angles in body.angles.values()])
    off = np.stack([nearest_equal(true, one) for one in found]) - true
    free = off - _mean(off)[:, None]
    both = np.stack([_mean(np.abs(off)), _mean(np.abs(free))], axis=2)
    return {name: both[:, i] for i, name in enumerate(ANGLE_NAMES)}


def _mean(values: Floats) -> Floats:
    """Over the frames (second axis); NaN where none is finite."""
    count = np.isfinite(values).sum(axis=1)
    return np.nansum(values, axis=1) / np.where(count > 0, count, np.nan)


def _table(found: Errors, source: str) -> Iterator[str]:
    """The right and the left side together."""
    ways = ["22 markers", *AUGMENTERS, *(["true 43"] if source == FROM[0] else [])]
    yield "| | " + " | ".join(ways) + " |\n|---|" + "---|" * len(ways)
    for name in (n for n in found if not n.endswith("_l")):
        both = np.stack(found[name] + (found[name[:-2] + "_l"] if name.endswith("_r") else []))
        cells = " | ".join(map(_cell, both.swapaxes(0, 1)))
        yield f"| {name.removesuffix('_r')} | {cells} |"


def _cell(errors: Floats) -> str:
    """From (sequences, 2)."""
    known = errors[np.isfinite(errors).all(axis=1)]
    return f"{known[:, 1].mean():.1f} ({known[:, 0].mean():.1f})" if len(known) else "–"


MEASURES = (_hips, _turns, _angles)

if __name__ == "__main__":
    main()
