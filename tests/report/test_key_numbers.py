"""The five numbers: which, with what band, and when a change is one."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.measures.events import find_gait_events
from humanpose.measures.movement import Items
from humanpose.measures.presets import PRESETS
from humanpose.measures.repetitions import Repetition
from humanpose.quality.angle_trust import range_errors
from humanpose.report.key_numbers import KeyNumber, key_numbers
from humanpose.settings import RAW, Settings
from tests.support.corrections import excluding
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import Walker


def waving() -> Analysis:
    """All angles rise and fall by 50° and more once a second, each time by a little more."""
    plain = synthetic_analysis(120)
    time_s, angles = plain.timeline.time_s, plain.joint_angles
    wave = 50 * (1 + 0.02 * np.floor(time_s)) * np.sin(np.pi * (time_s % 1)) ** 2
    known = np.where(np.isfinite(angles.degrees), wave[:, np.newaxis], np.nan)
    return replace(plain, refined=replace(plain.refined, angles=replace(angles, degrees=known)))


PLAIN = waving()
REPETITIONS = tuple(Repetition(s, s + 0.4, s + 0.9) for s in (0.1, 1.1, 2.1))
NAMES = ["knee_angle_r", "knee_angle_l", "depth_percent", "duration_s"]


def times(factor: float) -> Analysis:
    """Everybody's angles, so many times as large."""
    angles = replace(PLAIN.joint_angles, degrees=factor * PLAIN.joint_angles.degrees)
    return replace(PLAIN, refined=replace(PLAIN.refined, angles=angles))


def squats(now: Analysis = PLAIN, before: Analysis | None = None, items: Items = REPETITIONS,
           ) -> dict[str, KeyNumber]:  # fmt: skip
    earlier = None if before is None else (before, items)
    return {n.name: n for n in key_numbers((now, items), PRESETS["squat"], before=earlier)}


def test_of_squats_they_are_knees_depth_and_duration() -> None:
    numbers = squats()
    assert list(numbers) == NAMES
    assert numbers["duration_s"].value == pytest.approx(0.9)
    curve = PLAIN.joint_angles.curve("knee_angle_l")
    ranges = [np.ptp(curve[f : f + 28]) for f in (3, 33, 63)]
    assert numbers["knee_angle_l"].value == pytest.approx(np.mean(ranges))
    assert numbers["knee_angle_l"].count == 3
    assert numbers["knee_angle_l"].words == "Knee flexion, left: range in a repetition"


def test_the_band_holds_scatter_and_what_all_are_off_alike() -> None:
    number = squats()["knee_angle_l"]
    ranges = [np.ptp(PLAIN.joint_angles.curve("knee_angle_l")[f : f + 28]) for f in (3, 33, 63)]
    scatter = 4.3027 * np.std(ranges, ddof=1) / np.sqrt(3)
    own = 1.96 * range_errors(PLAIN)["knee_angle_l"]
    assert number.half == pytest.approx(np.hypot(scatter, own), rel=1e-4)


def test_a_duration_is_as_sure_as_its_start() -> None:
    assert squats()["duration_s"].half == pytest.approx(1.96 * 0.2)  # docs/measures.md


def test_a_repetition_left_out_is_not_in_them() -> None:
    assert squats(items=excluding(REPETITIONS, REPETITIONS[0]))["duration_s"].count == 2


def test_one_repetition_has_the_error_of_any_range_and_a_time_without_band() -> None:
    numbers = squats(items=REPETITIONS[:1])
    own = 1.96 * range_errors(PLAIN)["knee_angle_l"]
    assert numbers["knee_angle_l"].half == pytest.approx(own)
    assert np.isnan(numbers["duration_s"].half)
    with_before = squats(before=PLAIN, items=REPETITIONS[:1])
    assert with_before["knee_angle_l"].verdict == "within error"
    assert with_before["duration_s"].verdict == "not judged"


def test_a_change_is_called_one_only_beyond_the_mdc() -> None:
    same, more = squats(before=PLAIN), squats(now=times(3.0), before=PLAIN)
    assert {number.verdict for number in same.values()} == {"within error"}
    left = more["knee_angle_l"]
    assert left.value - left.earlier > left.mdc
    assert left.verdict == "larger"
    assert squats(now=PLAIN, before=times(3.0))["knee_angle_l"].verdict == "smaller"
    inside = squats(now=times(1.3), before=PLAIN)["knee_angle_l"]
    assert inside.verdict == "within error"
    assert squats()["knee_angle_l"].verdict == "not known"


def test_where_nothing_repeats_the_five_that_move_most_and_are_known_are_shown() -> None:
    numbers = key_numbers((PLAIN, ()), PRESETS["overview"], before=(PLAIN, ()))
    assert len(numbers) == 5
    values = [number.value for number in numbers]
    assert values == sorted(values, reverse=True)
    assert all(np.isfinite(number.half) and number.count == 1 for number in numbers)
    assert {number.verdict for number in numbers} == {"within error"}


def test_repetitions_are_not_compared_with_a_whole_clip() -> None:
    numbers = key_numbers((PLAIN, REPETITIONS), PRESETS["squat"], before=(PLAIN, ()))
    assert {number.verdict for number in numbers} == {"not known"}
    assert all(np.isnan(number.earlier) for number in numbers)


def walk(*, height_m: float | None = 1.78) -> tuple[Analysis, Items]:
    markers = Walker(longer_right=0.1).markers()
    settings = Settings(height_m=height_m, **RAW)
    plain = synthetic_analysis(timeline=markers.timeline, settings=settings)
    analysis = replace(plain, refined=replace(plain.refined, markers=markers))
    return analysis, find_gait_events(markers).items


def test_of_gait_they_are_cadence_steps_and_stance() -> None:
    cadence, right, left, *stance = key_numbers(walk(), PRESETS["gait"], before=walk())
    assert cadence.value == pytest.approx(60 / 0.55, abs=0.6)
    assert (right.value, left.value) == pytest.approx((0.75, 0.55), abs=0.02)
    assert cadence.half == pytest.approx(1.96 * 4.8)  # docs/measures.md
    assert right.half == pytest.approx(1.96 * 0.13)
    assert [number.words for number in stance] == ["Stance, right", "Stance, left"]
    assert {n.verdict for n in (cadence, right, left, *stance)} == {"within error"}


def test_lengths_without_a_height_are_shares_and_not_compared_with_metres() -> None:
    relative = walk(height_m=None)
    numbers = {n.name: n for n in key_numbers(relative, PRESETS["gait"], before=walk())}
    assert numbers["step_length_m_r"].unit == " body heights"
    assert numbers["step_length_m_r"].value == pytest.approx(0.75 / 1.75, abs=0.03)
    assert numbers["step_length_m_r"].verdict == "not known"
    assert numbers["cadence_steps_per_min"].verdict == "within error"
