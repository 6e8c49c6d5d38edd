"""Another setting of an analysis is computed beside the server, under its limits."""

import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.processes import command_line, descendants
from humanpose.errors import AnalysisError, CheckpointError
from humanpose.io.load import load_analysis
from humanpose.measures.takes import take_of
from humanpose.server import recompute
from humanpose.server.entry import Entry
from humanpose.server.helpers import Asked, wait_for
from humanpose.settings import Settings
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis, synthetic_analysis

WORKER = "humanpose.server.recompute_worker"


@pytest.fixture
def entry(home: Path) -> Entry:
    return finished_entry(home, synthetic_analysis(60))


def smoothed(entry: Entry, cutoff_hz: float) -> Settings:
    return replace(entry.settings(), cutoff_hz=cutoff_hz)


def answered(asked: Asked) -> Asked:
    wait_for([asked])
    return asked


def wait_until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def workers() -> list[int]:
    return [pid for pid in descendants(os.getpid()) if WORKER in command_line(pid)]


def test_a_take_comes_through_as_it_was() -> None:
    take = take_of(refined_analysis(20, missing=[4]))
    same = recompute.take_in(recompute.answer_of(take), take.angles.timeline)
    np.testing.assert_array_equal(same.markers.positions, take.markers.positions)
    np.testing.assert_array_equal(same.angles.degrees, take.angles.degrees)
    assert (same.angles.deviation is None) == (take.angles.deviation is None)


def test_another_setting_is_computed_once_for_all_who_ask(entry: Entry) -> None:
    first = answered(recompute.ask(entry, smoothed(entry, 2.0)))
    assert recompute.ask(entry, smoothed(entry, 2.0)) is first
    other = answered(recompute.ask(entry, smoothed(entry, 4.0)))
    timeline = load_analysis(entry.result).timeline
    a, b = (recompute.take_in(one.result(), timeline) for one in (first, other))
    assert np.nanmax(np.abs(a.angles.degrees - b.angles.degrees)) > 0


def test_a_model_that_is_missing_is_a_sentence(entry: Entry, tmp_path: Path) -> None:
    settings = replace(entry.settings(), pof=True, pof_model_path=str(tmp_path / "none.pth"))
    with pytest.raises(CheckpointError):
        answered(recompute.ask(entry, settings)).result()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_process_that_is_killed_is_a_sentence_and_the_next_one_answers(
    entry: Entry,
) -> None:
    answered(recompute.ask(entry, smoothed(entry, 2.0)))
    [worker] = workers()
    os.kill(worker, signal.SIGSTOP)
    asked = recompute.ask(entry, smoothed(entry, 3.0))
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(AnalysisError, match="could not be computed within"):
        answered(asked).result()
    assert not answered(recompute.ask(entry, smoothed(entry, 3.0))).failed
