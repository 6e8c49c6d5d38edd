"""How a first look is drawn on Analyse."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.server.glimpse import FILE, SHOWN, Glimpse
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.small_files import write_json
from humanpose.skeleton import COCO17
from humanpose.ui.analyse.glimpse import _side, skeleton
from tests.support.entries import finished_entry
from tests.support.pages import opened
from tests.support.synthetic import synthetic_analysis

JOINTS = synthetic_analysis(1).joints_world.positions[0]


def test_the_skeleton_has_two_sides_stands_up_and_is_all_in_sight() -> None:
    drawing = skeleton(Glimpse(joints=JOINTS.tolist()))
    lines = [np.reshape(line.points, (-1, 2)) for line in drawing.contents]
    colours = [line.strokeColor.hexval() for line in drawing.contents]
    assert sorted(map(colours.count, set(colours))) == [2, 5, 5]
    there = np.concatenate(lines)
    assert (there > 0).all()
    assert (there < [drawing.width, drawing.height]).all()
    ankles = [
        line[1, 1] for line, bone in zip(lines, _drawn(), strict=True) if "ankle" in bone[1]
    ]
    assert max(ankles) < np.median(there[:, 1])


def _drawn() -> list[tuple[str, str]]:
    return [bone for bone in COCO17.bones if _side(*bone)]


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
    assert len(app.get("image")) == there
