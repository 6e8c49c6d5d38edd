"""One measure over sessions: changed only beyond the minimal detectable change."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from humanpose.measures import detectable
from humanpose.measures.presets import PRESETS, Preset
from humanpose.measures.repetitions import Repetition
from humanpose.report.key_numbers import Sample
from humanpose.report.progress import measures_of, progress_table, samples_of
from tests.support.synthetic import synthetic_analysis

SQUAT = PRESETS["squat"]


def knee(mean_deg: float) -> dict[str, Sample]:
    return {"knee": Sample(mean_deg + np.array([-1.0, 0.0, 1.0]), 4.0)}


def test_only_what_is_beyond_the_error_has_changed() -> None:
    mdc = np.hypot(detectable.of_two(4, 4), student.ppf(0.975, 4) * np.sqrt(2 / 3))
    clips = [knee(90), knee(90 + mdc - 0.1), knee(90 + mdc + 0.1), knee(90 - mdc - 0.1), {}]
    table = progress_table(clips, "knee")
    assert list(table["verdict"]) == [
        "before",
        "within error",
        "larger",
        "smaller",
        "not known",
    ]
    assert table["mdc"][1] == pytest.approx(mdc)
    later = progress_table(clips, "knee", since=2)
    assert list(later["verdict"][:3]) == ["smaller", "within error", "before"]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_asymmetry_is_followed_of_all_that_has_two_sides(preset: Preset) -> None:
    measures = measures_of(preset)
    sides = [name for name in measures if name.endswith("_r")]
    assert {f"{name}-l" for name in sides} == {n for n in measures if n.endswith("_r-l")}
    assert all("right − left" in measures[f"{name}-l"][0] for name in sides)


def test_squats_are_measured_one_by_one_and_left_out_with_their_box() -> None:
    analysis = synthetic_analysis(60)
    items = tuple(Repetition(s, s + 0.4, s + 0.8) for s in (0.1, 1.0))
    found = samples_of(analysis, SQUAT, items)
    assert set(found) == set(measures_of(SQUAT))
    right, left = (found[f"knee_angle_{side}"].values for side in "rl")
    assert found["knee_angle_r-l"].values == pytest.approx(right - left)
    assert len(right) == 2
    without = (replace(items[0], excluded=True), items[1])
    assert samples_of(analysis, SQUAT, without)["knee_angle_r"].values == pytest.approx(
        right[1:]
    )
    assert samples_of(analysis, SQUAT, ()) == {}
    assert samples_of(analysis, SQUAT, (without[0],)) == {}
