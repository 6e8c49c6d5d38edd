"""How a first look is drawn on Analyse."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.server.glimpse import FILE, SHOWN, Glimpse
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.small_files import write_json
from humanpose.ui.analyse.glimpse import _skeleton
from tests.support.entries import finished_entry
from tests.support.pages import opened
from tests.support.synthetic import synthetic_analysis

JOINTS = synthetic_analysis(1).joints_world.positions[0]


def test_the_skeleton_has_two_sides_and_all_of_it_is_in_sight() -> None:
    figure = _skeleton(Glimpse(joints=JOINTS.tolist()))
    lines = [np.array([trace.x, trace.y, trace.z], dtype=float) for trace in figure.data]
    assert len({trace.line.color for trace in figure.data}) == 3
    assert [np.isnan(line[0]).sum() for line in lines] == [5, 5, 2]
    for number, axis in enumerate("xyz"):
        low, high = figure.layout.scene[f"{axis}axis"].range
        there = np.concatenate([line[number] for line in lines])
        assert low < np.nanmin(there)
        assert np.nanmax(there) < high


@pytest.mark.parametrize("there", [True, False])
def test_a_running_analysis_shows_what_is_found_so_far(
    home: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    entry = finished_entry(home)
    running = JobState("running", stage="Finding the person", done=7, total=9)
    write_state(entry, running)
    monkeypatch.setattr("humanpose.server.jobs.Jobs.state", lambda *_: running)
    if there:
        angles = {name: [1.0, 2.0] for name in SHOWN}
        glimpse = {"time_s": [0.0, 0.1], "angles": angles, "joints": JOINTS.tolist()}
        write_json(entry.folder / FILE, glimpse)
    app = opened("analyse", entry)
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2 * there
