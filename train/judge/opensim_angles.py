"""Our angles from optical markers against OpenSim's inverse kinematics of the same markers.

$ python -m train.judge.opensim_angles FOLDER ../shared/data/clips/opencap_demo
                                       (../shared/data/opensim.tar.xz, unpacked)

A marker set's zero is that of the laboratory's generic model; nothing is fitted to the angles.
Ball joints are compared where our angle is measured, that is clear of the gimbal.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from humanpose.io.osim import Model
from humanpose.kinematics.anatomical import Segment, anatomical_segments
from humanpose.kinematics.anatomical_angles import anatomical_angles
from humanpose.kinematics.rigid import fitted
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from train.judge.optical import (
    PHONES,
    SUBJECTS,
    Subject,
    Trial,
    placement,
    static_segments,
    trials,
)

MOVES_DEG = 10.0
"""The correlation says something where OpenSim's angle moves by this much in the trial."""
MEASURED = 0.5
_BALLS = [
    slice(3 * i, 3 * i + 3)
    for i, group in enumerate(JOINT_GROUPS)
    if group.startswith(("hip", "shoulder"))
]


@dataclass(frozen=True, eq=False)
class Comparison:
    """One subject: all trials one after another."""

    subject: str
    difference: Floats
    """(N, 36) deg, ours minus OpenSim's; NaN where either has none."""
    correlation: Floats
    """(trials, 36); NaN where the angle hardly moves."""

    @property
    def offset(self) -> Floats:
        """(36,) deg, the mean difference."""
        return _mean(self.difference)

    @property
    def absolute(self) -> Floats:
        """(36,) deg, mean absolute difference."""
        return _mean(np.abs(self.difference))

    @property
    def free(self) -> Floats:
        """(36,) deg, the same after one constant offset per angle."""
        return _mean(np.abs(self.difference - self.offset))


Frames = Callable[[Trial], Mapping[str, Segment]]


def compare(subject: Subject, folder: Path, segments: Frames) -> Comparison:
    """All trials of a subject."""
    differences, correlations = [], []
    for trial in trials(subject, folder):
        ours = anatomical_angles(segments(trial), trial.markers.timeline)
        theirs = np.where(trial.angles.confidence >= MEASURED, trial.angles.degrees, np.nan)
        found = np.where(ours.confidence >= MEASURED, ours.degrees, np.nan)
        found = _on_their_branch(found, theirs)
        differences.append((found - theirs + 180) % 360 - 180)
        correlations.append(_correlation(theirs + differences[-1], theirs))
    return Comparison(subject.name, np.concatenate(differences), np.stack(correlations))


def ours(subject: Subject, folder: Path) -> Frames:
    """Segments as the package makes them."""
    static, on_model = static_segments(subject, folder), placement(subject, folder)

    def made(trial: Trial) -> dict[str, Segment]:
        return anatomical_segments(trial.markers, shaped=static, placement=on_model)

    return made


def floor(subject: Subject, folder: Path) -> Frames:
    """Segments fitted one by one to where OpenSim's own fitted model has their markers.

    What is left comes of the inverse kinematics, which moves all segments at once, by joints
    that can't turn in all ways: no segment-by-segment method gets below it.
    """
    model = Model.read(folder / subject.scaled)

    def made(trial: Trial) -> dict[str, Segment]:
        found = {}
        for segment, body in _BODIES.items():
            on_it = {n: at for n, (b, at) in model.markers.items() if b == body}
            names = [name for name in on_it if name in trial.laboratory]
            frames = np.full((len(trial.markers), 3, 3), np.nan)
            if len(names) >= 3:
                paths = np.stack([trial.laboratory[name] for name in names], axis=1)
                frames, _ = fitted(np.stack([on_it[name] for name in names]), paths)
            found[segment] = Segment(frames, np.isfinite(frames[:, 0, 0]).astype(float), {})
        return found

    return made


_BODIES = {"pelvis": "pelvis", "trunk": "torso"} | {
    f"{segment}_{s}": f"{body}_{s}"
    for s in "rl"
    for segment, body in {
        "femur": "femur", "tibia": "tibia", "foot": "calcn", "humerus": "humerus",
        "forearm": "radius",
    }.items()
}  # fmt: skip


def _on_their_branch(ours: Floats, theirs: Floats) -> Floats:
    """Of the two equal triples of a ball joint the one nearer to OpenSim's."""
    chosen = ours.copy()
    for columns in _BALLS:
        triple, other = ours[:, columns], ours[:, columns] * [1, -1, 1] + 180
        far, near = (
            np.abs((t - theirs[:, columns] + 180) % 360 - 180).sum(axis=1)
            for t in (triple, other)
        )
        chosen[:, columns] = np.where((near < far)[:, None], other, triple)
    return chosen


def _correlation(a: Floats, b: Floats) -> Floats:
    """(36,) Pearson's r of the columns over the frames where both are known."""
    found = np.full(a.shape[1], np.nan)
    for i in range(a.shape[1]):
        both = np.isfinite(a[:, i]) & np.isfinite(b[:, i])
        if both.sum() > 2 and np.ptp(b[both, i]) >= MOVES_DEG:
            found[i] = np.corrcoef(a[both, i], b[both, i])[0, 1]
    return found


def _mean(values: Floats) -> Floats:
    count = np.isfinite(values).sum(axis=0)
    return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def table(found: Sequence[Comparison]) -> Iterator[str]:
    """Per angle, the right and the left side together."""
    yield "| angle |" + "".join(f" {c.subject} |" for c in found)
    yield "|---|" + "---|" * len(found)
    for name in ANGLE_NAMES:
        if name.endswith("_l"):
            continue
        columns = [i for i, n in enumerate(ANGLE_NAMES) if n in (name, name[:-2] + "_l")]
        cells = [_cell(c, columns) for c in found]
        if any(cell != "–" for cell in cells):
            yield f"| {name.removesuffix('_r')} | " + " | ".join(cells) + " |"


def _cell(found: Comparison, columns: list[int]) -> str:
    free = found.free[columns]
    if np.isnan(free).all():
        return "–"
    absolute = np.nanmean(found.absolute[columns])
    r = found.correlation[:, columns]
    shown = f", {np.nanmedian(r):.3f}" if np.isfinite(r).any() else ""
    return f"{np.nanmean(free):.1f} ({absolute:.1f}){shown}"


def offsets(found: Sequence[Comparison]) -> Iterator[str]:
    """Per angle and subject, ours minus OpenSim's."""
    yield "| angle |" + "".join(f" {c.subject} |" for c in found)
    yield "|---|" + "---|" * len(found)
    for i, name in enumerate(ANGLE_NAMES):
        values = [c.offset[i] for c in found]
        if np.isfinite(values).any():
            cells = ("–" if np.isnan(v) else f"{v:+.1f}" for v in values)
            yield f"| {name} | " + " | ".join(cells) + " |"


def main(folder: Path, phones: Path) -> None:
    sources = [*((subject, folder) for subject in SUBJECTS), (PHONES, phones)]
    found = [compare(subject, at, ours(subject, at)) for subject, at in sources]
    least = [compare(subject, at, floor(subject, at)) for subject, at in sources]
    print(", ".join(f"{c.subject} {len(c.correlation)} trials" for c in found))
    print("\nMAE, deg, after one offset per subject (absolute), median r of the trials\n")
    print("\n".join(table(found)))
    print("\nThe same with OpenSim's own fitted model\n")
    print("\n".join(table(least)))
    print("\nOffsets, deg, ours minus OpenSim's\n")
    print("\n".join(offsets(found)))


if __name__ == "__main__":
    main(*(Path(folder) for folder in sys.argv[1:]))
