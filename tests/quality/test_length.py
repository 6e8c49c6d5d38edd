"""Whether a clip is long enough for what is wanted of it."""

from dataclasses import replace

import pytest

from humanpose import Analysis
from humanpose.measures.repetitions import Repetition
from humanpose.quality.figures import quality_warnings, too_few
from humanpose.quality.length import length_check
from humanpose.sequence import PoseSequence, Timeline
from tests.support.corrections import excluding
from tests.support.mover import squats
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import Walker


def walk(seconds: float) -> Analysis:
    """An even walk with steps of 0.55 s, from a second in."""
    whole = Walker(steps=14).markers()
    part = slice(60, 60 + round(seconds * 60))
    timeline = Timeline(part.stop - part.start, 60.0)
    markers = PoseSequence(
        whole.positions[part], whole.confidence[part], timeline, whole.skeleton
    )
    analysis = synthetic_analysis(timeline=timeline)
    return replace(analysis, refined=replace(analysis.refined, markers=markers))


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0.8, "bad", "too short to say anything about a movement"),
        (1.2, "bad", "No complete cycle of either leg in 1.2 s: cadence, step lengths and"),
        (
            3.0,
            "watch",
            "1 complete gait cycle of the right leg and 2 of the left in 3.0 s: few",
        ),
        (6.0, "good", "complete gait cycles of the right leg and 4 of the left in 6.0 s."),
    ],
)
def test_a_walk_is_as_long_as_its_complete_cycles(
    seconds: float, state: str, words: str
) -> None:
    check = length_check(walk(seconds), preset="gait")
    assert check.state == state
    assert words in check.finding
    assert bool(check.advice) == (state != "good")


def test_steps_are_recognised_where_nothing_was_chosen() -> None:
    assert length_check(walk(6.0)) == length_check(walk(6.0), preset="gait")


def test_too_few_cycles_are_no_fault_where_nobody_asked_for_them() -> None:
    asked, unasked = (length_check(walk(1.6), preset=p) for p in ("gait", "overview"))
    assert (asked.state, unasked.state) == ("bad", "watch")
    assert asked.finding == unasked.finding


def test_repetitions_are_counted_as_corrected() -> None:
    analysis = squats().analysis()
    assert length_check(analysis).finding == "3 squats in 8.0 s."
    three = tuple(Repetition(t, t + 1.0, t + 2.0) for t in (1.0, 3.0, 5.0))
    fewer = length_check(analysis, preset="squat", items=excluding(three, three[1]))
    assert fewer.state == "watch"
    assert fewer.finding == "2 squats in 8.0 s: how much they vary is hardly known."
    none = length_check(analysis, preset="squat", items=())
    assert (none.state, none.finding) == ("bad", "No squat is found in 8.0 s.")


def test_without_a_movement_the_seconds_count() -> None:
    states = [length_check(synthetic_analysis(n)).state for n in (20, 45, 90)]
    assert states == ["bad", "watch", "good"]
    assert "may lie outside the clip" in length_check(synthetic_analysis(45)).finding


def test_frames_and_seconds_are_both_needed() -> None:
    assert too_few(synthetic_analysis(timeline=Timeline(100, 240.0)).landmarks)
    assert too_few(synthetic_analysis(timeline=Timeline(12, 10.0)).landmarks)
    assert not too_few(synthetic_analysis(timeline=Timeline(30, 30.0)).landmarks)
    once = synthetic_analysis(40, missing=range(1, 40)).landmarks
    assert too_few(once) == "The person is seen in 1 frame only (0.0 s)"


def test_a_clip_of_a_few_frames_is_warned_of_everywhere() -> None:
    figures = {"detected_share": 1.0, "person_height_px": 300.0}
    few, enough = (synthetic_analysis(n).landmarks for n in (3, 60))
    assert quality_warnings(few, figures) == [
        "The person is seen in 3 frames only (0.1 s): too short to say anything about a"
        " movement."
    ]
    assert quality_warnings(enough, figures) == []
