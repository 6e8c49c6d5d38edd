"""What ``--estimate-missing`` is worth: limbs hidden in clips whose truth is known.

$ python -m bench.missing_markers [--sets sample,pairs-test,hdm05]

Hidden for half a second out of every one and a half, or throughout: once among the true
markers, once among what the detector saw, which then goes through the pipeline without learned
stages. Without estimation all these markers are absent. Beside it what a straight line across
the gap comes to, and how far off the detected markers are when nothing is hidden (from the
mid-hip, as are the estimates from them).
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humanpose.markers.missing import estimate_missing
from humanpose.pipeline import compute
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.skeleton import MARKERS22, MEDIAPIPE33
from humanpose.world.filters import without_gaps
from train.evaluate import SHARED
from train.judge.cases import Case
from train.judge.sets import SETS

LIMBS = {
    "right arm": ("right_shoulder", "right_elbow", "right_wrist"),
    "left leg": ("left_knee", "left_ankle", "left_heel", "left_foot_index"),
    "both feet": ("left_heel", "left_foot_index", "right_heel", "right_foot_index"),
}
MARKERS = {
    "right arm": ("RShoulder", "RElbow", "RWrist"),
    "left leg": ("LKnee", "LAnkle", "LHeel", "LBigToe", "LSmallToe"),
    "both feet": tuple(s + part for s in "RL" for part in ("Heel", "BigToe", "SmallToe")),
}
_DERIVED = {"right arm": ("Neck",), "left leg": (), "both feet": ()}
GAP_S, SEEN_S = 0.5, 1.0
COLUMNS = ("straight line", "estimated", "confidence", "nothing hidden", "estimated, detected")


@dataclass(frozen=True)
class Hiding:
    """What is hidden, and when."""

    limb: str
    throughout: bool

    def frames(self, count: int, fps: float) -> NDArray[np.bool_]:
        """(T,) in which frames; no gap touches an end of the clip."""
        if self.throughout:
            return np.ones(count, dtype=bool)
        hidden = np.zeros(count, dtype=bool)
        for start_s in np.arange(SEEN_S, count / fps - GAP_S - 0.2, GAP_S + SEEN_S):
            hidden[round(start_s * fps) : round((start_s + GAP_S) * fps)] = True
        return hidden


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.missing_markers")
    parser.add_argument("--sets", default="sample,pairs-test,hdm05")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    for name in options.sets.split(","):
        cases = SETS[name](options.shared)
        print(f"\n{name}: {len(cases)} clips\n")
        print("\n".join(table(cases)))


def table(cases: list[Case]) -> Iterator[str]:
    """A row for each limb and duration; mm, means over the clips, and over the median clip."""
    yield "| hidden | how long | clips | " + " | ".join(COLUMNS) + " |"
    yield "|---|---|---|" + "---|" * len(COLUMNS)
    for limb in LIMBS:
        for throughout in (False, True):
            hiding = Hiding(limb, throughout)
            rows = np.array([row for case in cases if (row := errors(case, hiding))])
            if len(rows):
                length = "all clip" if throughout else f"{GAP_S} s"
                cells = [_cell(*pair) for pair in zip(COLUMNS, rows.T, strict=True)]
                yield f"| {limb} | {length} | {len(rows)} | " + " | ".join(cells) + " |"


def errors(case: Case, hiding: Hiding) -> tuple[float, ...] | None:
    """In the order of ``COLUMNS``; None if the clip is too short or the truth not known."""
    true = case.truth.markers
    if true is None:
        return None
    hidden = hiding.frames(len(true), true.timeline.fps)
    if not hidden.any():
        return None
    lost = _without(true, hiding.limb, hidden)
    found = estimate_missing(lost, height_m=case.settings.effective_height_m)
    straight = lost.with_positions(without_gaps(lost.positions))
    columns = MARKERS22.indices(*MARKERS[hiding.limb])
    sure = found.confidence[hidden][:, columns].mean()
    seen = analysed(case, case.landmarks, estimate=False)
    guessed = analysed(case, _unseen(case.landmarks, hiding.limb, hidden), estimate=True)
    return (
        off_mm(straight, true, hiding, hidden),
        off_mm(found, true, hiding, hidden),
        float(sure),
        off_mm(_from_hip(seen), _from_hip(true), hiding, hidden),
        off_mm(_from_hip(guessed), _from_hip(true), hiding, hidden),
    )


def analysed(case: Case, landmarks: Landmarks, *, estimate: bool) -> PoseSequence:
    """The 22 markers that the pipeline makes of ``landmarks`` without learned stages."""
    settings = replace(case.settings, augmentation_cycles=0, estimate_missing=estimate)
    detection = replace(case.detection, landmarks=landmarks)
    return compute(case.info, detection, settings).markers


def off_mm(
    found: PoseSequence, true: PoseSequence, hiding: Hiding, hidden: NDArray[np.bool_]
) -> float:
    columns = MARKERS22.indices(*MARKERS[hiding.limb])
    away = np.linalg.norm(found.positions - true.positions, axis=2)[hidden][:, columns]
    known = away[np.isfinite(away)]
    return 1000 * float(known.mean()) if len(known) else np.nan


def _without(markers: PoseSequence, limb: str, hidden: NDArray[np.bool_]) -> PoseSequence:
    columns = MARKERS22.indices(*MARKERS[limb], *_DERIVED[limb])
    positions, confidence = markers.positions.copy(), markers.confidence.copy()
    rows = np.flatnonzero(hidden)[:, None]
    positions[rows, columns], confidence[rows, columns] = np.nan, 0.0
    return replace(markers, positions=positions, confidence=confidence)


def _unseen(landmarks: Landmarks, limb: str, hidden: NDArray[np.bool_]) -> Landmarks:
    rows, columns = np.flatnonzero(hidden)[:, None], MEDIAPIPE33.indices(*LIMBS[limb])
    pixels, world = landmarks.pixels.copy(), landmarks.world.copy()
    visibility = landmarks.visibility.copy()
    pixels[rows, columns], world[rows, columns] = np.nan, np.nan
    visibility[rows, columns] = 0.0
    return landmarks.replace(pixels=pixels, world=world, visibility=visibility)


def _from_hip(markers: PoseSequence) -> PoseSequence:
    return markers.with_positions(markers.positions - markers.joint("Hip")[:, None])


def _cell(column: str, values: Floats) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return "–"
    if column == "confidence":
        return f"{known.mean():.2f}"
    return f"{known.mean():.0f} (median {np.median(known):.0f})"


if __name__ == "__main__":
    main()
