"""Right against left in gait: a limp is named, noise is not."""

import numpy as np
import pandas as pd
import pytest

from humanpose.measures.events import Event
from humanpose.measures.gait_sides import OWN_ERROR, gait_sides
from humanpose.sequence import PoseSequence
from tests.support.corrections import excluding
from tests.support.walker import Walker

WALKER = Walker()
MARKERS = WALKER.markers()


def shifted(*, left_s: float = 0.0, scatter_s: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """An even walk whose left foot lands and leaves so much later, all events astray."""
    rng = np.random.default_rng(seed)
    events = [
        Event(e.time_s + left_s * (e.side == "l") + rng.normal(0, scatter_s), e.side, e.kind)
        for e in WALKER.events()
    ]
    return gait_sides(MARKERS, tuple(sorted(events)))


def test_a_limp_of_30_percent_is_named() -> None:
    row = shifted(left_s=0.0825).loc["step_time_s"]
    assert row["difference"] == pytest.approx(-0.165)  # 0.4675 and 0.6325 s
    assert row["verdict"] == "left larger"
    assert shifted(left_s=-0.0825).loc["step_time_s", "verdict"] == "right larger"


def test_noise_of_a_clip_and_of_each_landing_is_named_in_about_a_twentieth() -> None:
    rng, named = np.random.default_rng(1), []
    for seed in range(60):
        constant = rng.normal(0, OWN_ERROR["step_time_s"] / 2**0.5)  # in both sides' steps
        table = shifted(left_s=constant, scatter_s=0.015, seed=seed)
        named.append(table.loc["step_time_s", "verdict"] != "within error")
    assert np.mean(named) <= 0.07


def test_longer_steps_within_what_lengths_are_off_are_no_finding() -> None:
    markers: PoseSequence = Walker(longer_right=0.1).markers()
    row = gait_sides(markers, WALKER.events()).loc["step_length_m"]
    assert row["difference"] == pytest.approx(0.2, abs=0.01)
    assert row["mdc"] > 0.36
    assert row["verdict"] == "within error"


def test_one_cycle_a_side_is_not_judged_and_none_not_known() -> None:
    events = WALKER.events()
    strikes = [e for e in events if e.kind == "heel_strike"]
    four = tuple(e for e in events if e.time_s <= strikes[3].time_s)
    row = gait_sides(MARKERS, four).loc["stance_percent"]
    assert row["verdict"] == "not judged"
    assert np.isfinite(row["difference"])
    assert row["reason"].startswith("fewer than 2")
    none = gait_sides(MARKERS, excluding(four, strikes[1]))
    assert set(none["reason"]) == {"no complete cycle of the left leg"}
    assert none[["right", "left", "difference", "mdc"]].isna().all(axis=None)
