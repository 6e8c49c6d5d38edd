"""The clinic's own targets of a person and of everybody."""

from dataclasses import replace
from pathlib import Path

import pytest

from humanpose.server.person import Person
from humanpose.server.targets import FILE, keep_common, targets_of, with_target


@pytest.mark.usefixtures("home")
def test_a_target_is_one_of_a_movement_until_it_is_taken_back() -> None:
    ada = with_target(Person("", name="Ada"), "squat", "depth_percent", (40.0, 60.0))
    ada = with_target(ada, "squat", "duration_s", (1.0, 2.0))
    assert targets_of(ada, "squat") == {"depth_percent": (40.0, 60.0), "duration_s": (1.0, 2.0)}
    assert targets_of(ada, "gait") == {}
    ada = with_target(ada, "squat", "depth_percent", None)
    assert targets_of(ada, "squat") == {"duration_s": (1.0, 2.0)}


def test_a_person_s_own_target_counts_more_than_that_of_everybody(home: Path) -> None:
    keep_common("me", "squat", "depth_percent", (40.0, 60.0))
    keep_common("me", "squat", "duration_s", (1.0, 2.0))
    ada = with_target(Person("me", name="Ada"), "squat", "duration_s", (2.0, 3.0))
    assert targets_of(ada, "squat") == {"depth_percent": (40.0, 60.0), "duration_s": (2.0, 3.0)}
    assert targets_of(Person("you", name="Eve"), "squat") == {}
    keep_common("me", "squat", "depth_percent", None)
    assert targets_of(ada, "squat") == {"duration_s": (2.0, 3.0)}
    (home / FILE).write_text("[1]")
    assert targets_of(Person("me", name="Eve"), "squat") == {}


@pytest.mark.usefixtures("home")
def test_damaged_targets_are_none() -> None:
    for text in (
        "[",
        "[1]",
        '{"squat": [1]}',
        '{"squat": {"a": [1]}}',
        '{"squat": {"a": "bc"}}',
    ):
        damaged = replace(Person("", name="Ada"), targets=text)
        assert targets_of(damaged, "squat") == {}
        assert targets_of(with_target(damaged, "squat", "b", (1, 2)), "squat") == {"b": (1, 2)}
