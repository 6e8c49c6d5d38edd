"""Every stage on one set of clips: the rows of the table."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from train.judge.cases import Case
from train.judge.figures import Figures, Part, figures_of
from train.judge.scoring import Score, score, truth_sd_deg, views_of
from train.judge.stages import STAGES, predicted

MIN_TRUTH_SD_DEG = 4.0
"""An angle whose truth varies less says little about following a movement."""


@dataclass(frozen=True)
class Row:
    """One stage on one set, in all and by group."""

    all: Figures
    by_view: dict[str, Figures]
    by_activity: dict[str, Figures]
    by_person: dict[str, Figures]
    by_clip: dict[str, Figures]


@dataclass(frozen=True)
class Comparison:
    """All stages on one set."""

    clips: int
    frames: int
    subjects: list[str]
    truth_sd_deg: dict[str, float]
    """Angle -> SD within clips; NaN where the truth doesn't tell."""
    stages: dict[str, Row]

    @property
    def angles_left_out(self) -> dict[str, float]:
        """Angle -> SD, of those whose truth doesn't vary enough or isn't known."""
        return {name: sd for name, sd in self.truth_sd_deg.items() if not _varies(sd)}


def compare(cases: list[Case], stages: Iterable[str]) -> Comparison:
    """Judge every stage that these cases can judge; ``cases`` must not be empty."""
    spread = truth_sd_deg(cases)
    angles = [name for name, sd in spread.items() if _varies(sd)]
    scores: dict[str, list[Score]] = {
        name: [] for name in stages if all(STAGES[name].can_judge(case) for case in cases)
    }
    for case in cases:  # one after the other, since stages of a clip share the network's answer
        for name, judged in scores.items():
            judged.append(score(predicted(STAGES[name], case), case))
    return Comparison(
        clips=len(cases),
        frames=sum(case.landmarks.timeline.frames for case in cases),
        subjects=sorted({case.subject for case in cases}),
        truth_sd_deg=spread,
        stages={name: _row(cases, judged, angles) for name, judged in scores.items()},
    )


def _row(cases: list[Case], scores: list[Score], angles: list[str]) -> Row:
    everything: list[Part] = []
    views: dict[str, list[Part]] = {}
    activities: dict[str, list[Part]] = {}
    people: dict[str, list[Part]] = {}
    clips: dict[str, list[Part]] = {}
    for case, judged in zip(cases, scores, strict=True):
        whole = (judged, np.ones(case.landmarks.timeline.frames, dtype=bool))
        everything.append(whole)
        activities.setdefault(case.activity, []).append(whole)
        people.setdefault(case.subject, []).append(whole)
        clips.setdefault(case.clip, []).append(whole)
        for view, frames in views_of(case).items():
            if frames.any():
                views.setdefault(view, []).append((judged, frames))
    groups = (
        {name: figures_of(parts, angles) for name, parts in group.items()}
        for group in (views, activities, people, clips)
    )
    return Row(figures_of(everything, angles), *groups)


def _varies(sd_deg: float) -> bool:
    return sd_deg >= MIN_TRUTH_SD_DEG
