"""The head of ``train.evaluate``'s report."""

import numpy as np
import pytest

from tests.support.squat import squat_case
from train.judge.comparison import compare
from train.judge.targets import TARGETS, targets_as_text, verdict


@pytest.mark.parametrize(
    ("value", "expected"),
    [(9.01, "9.01 MISSED"), (9.0, "9.00 met"), (7.5, "7.50 stretch"), (np.nan, "-")],
)
def test_a_value_is_met_missed_or_better_than_asked(value: float, expected: str) -> None:
    assert verdict(value, 9.0, 7.5) == expected


def test_of_a_correlation_more_is_better() -> None:
    assert [verdict(v, 0.5, 0.7, sign=-1) for v in (0.4, 0.6, 0.8)] == [
        "0.40 MISSED", "0.60 met", "0.80 stretch",
    ]  # fmt: skip


def test_without_a_stretch_a_value_is_met_at_best() -> None:
    assert verdict(0.1, 0.6, None) == "0.10 met"


def test_stages_without_pof_have_no_targets() -> None:
    assert targets_as_text({"squat": compare([squat_case()], ["raw"])}) == []


def test_every_target_is_a_line_with_the_value_of_every_set() -> None:
    comparison = compare([squat_case()], ["mediapipe", "raw"])
    as_pof = dict.fromkeys({target.stage for target in TARGETS}, comparison.stages["raw"])
    comparison.stages.update(as_pof)
    (table, by_clip) = targets_as_text({"squat": comparison, "twocam": comparison})
    assert len(table.splitlines()) == 1 + len(TARGETS)
    assert table.splitlines()[0].split() == ["stage", "target", "stretch", "squat", "twocam"]
    error = comparison.stages["raw"].by_clip["squat"].angle_mean.mae_deg
    assert by_clip.splitlines()[1].split()[:4] == [
        "squat",
        f"{error:.2f}",
        f"{error:.2f}",
        "met",
    ]
