"""What feet that don't slide do to the path of the body, in clips whose truth is known.

$ python -m bench.world_path [--sets sample,pairs-test]

With POF. Before and after ``humanpose.world.contact.root_shift``: how far the mid-hip is off
its true path (root mean square after one constant offset a clip), across the picture and in
depth, and how fast foot points slide over the floor that truly rest. Apart: clips whose true
feet rest for less than half of the frames, because the movement was recorded on a treadmill.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.pipeline import compute
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22
from humanpose.world.contact import FOOT_POINTS
from humanpose.world.ground import Ground
from train.evaluate import SHARED
from train.judge.cases import Case
from train.judge.sets import SETS

RESTING_M_S = 0.15
"""A true foot point slower than this rests."""
_POINTS = MARKERS22.indices(*FOOT_POINTS)
_COLUMNS = ("across, mm", "depth, mm", "slide, mm/s")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.world_path")
    parser.add_argument("--sets", default="sample,pairs-test")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    for name in options.sets.split(","):
        rows = [
            row for case in SETS[name](options.shared) if (row := _errors(case)) is not None
        ]
        print(f"\n{name}: {len(rows)} clips\n\n" + "\n".join(_table(np.array(rows))))


def _errors(case: Case) -> Floats | None:
    """(7,): share of frames with a resting foot; before and after, as in ``_COLUMNS``."""
    true = case.truth.markers
    if true is None:
        return None
    settings = replace(case.settings, pof=True, augmentation_cycles=0)
    analysis = compute(case.info, case.detection, settings)
    found = analysis.markers
    before = found.with_positions(found.positions - _shift(analysis)[:, None])
    rests = _speed(true.positions[:, _POINTS], true.timeline.fps) < RESTING_M_S
    errors = [_off(markers, true, rests) for markers in (before, found)]
    return np.array([rests.any(axis=1).mean(), *errors[0], *errors[1]])


def _shift(analysis: Analysis) -> Floats:
    """(T, 3) m, up to a constant: what the world has that the camera doesn't."""
    turn = Ground(analysis.up_camera, 0.0, np.zeros(3)).rotation
    hips = [pose.joint("left_hip") for pose in (analysis.joints_camera, analysis.joints_world)]
    return np.asarray(hips[1] - hips[0] @ turn.T)


def _off(
    found: PoseSequence, true: PoseSequence, rests: NDArray[np.bool_]
) -> tuple[float, float, float]:
    off = found.joint("Hip") - true.joint("Hip")
    path = np.sqrt(np.nanmean((off - np.nanmean(off, axis=0)) ** 2, axis=0))
    slide = _speed(found.positions[:, _POINTS], found.timeline.fps)[rests]
    known = slide[np.isfinite(slide)]
    return 1000 * path[0], 1000 * path[2], 1000 * known.mean() if len(known) else np.nan


def _speed(paths: Floats, fps: float) -> Floats:
    """(T - 1, P) over the floor, m/s."""
    return np.asarray(np.linalg.norm(np.diff(paths[..., [0, 2]], axis=0), axis=2) * fps)


def _table(rows: Floats) -> Iterator[str]:
    cells = [f"{column} {when}" for when in ("before", "after") for column in _COLUMNS]
    yield "| true feet | clips | " + " | ".join(cells) + " |"
    yield "|---|---|" + "---|" * len(cells)
    rest = rows[:, 0] >= 0.5
    for name, chosen in (("rest", rest), ("slide, as on a treadmill", ~rest)):
        if chosen.any():
            means = [np.nanmean(column) for column in rows[chosen, 1:].T]
            yield f"| {name} | {chosen.sum()} | " + " | ".join(f"{m:.0f}" for m in means) + " |"


if __name__ == "__main__":
    main()
