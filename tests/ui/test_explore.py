"""The Explore page: the viewer, its table, and what the learned stages did."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from humanpose.io.load import load_analysis
from humanpose.motion import Gates
from humanpose.quality.angle_trust import range_errors
from humanpose.report.remarks import MOST_MARKS, Remarks, from_json, to_json
from humanpose.sequence import Floats
from humanpose.server.small_files import write_json
from humanpose.skeleton import ANGLE_NAMES
from humanpose.ui.explore.marks import change_marks
from tests.support.entries import finished_entry
from tests.support.pages import opened, viewer_text, words
from tests.support.synthetic import refined_analysis, synthetic_analysis

pytestmark = pytest.mark.usefixtures("home")


def test_explore_shows_viewer_warnings_and_range_of_motion(home: Path) -> None:
    app = opened("explore", finished_entry(home))
    assert len(app.get("bidi_component")) == 3  # one hears commas, one the language
    assert "The clip is synthetic." in words(app)
    table = app.dataframe[0].value.set_index("Column")
    assert len(table) == 36
    errors = range_errors(synthetic_analysis())
    assert table.loc["knee_angle_r", "Range ±"] == errors["knee_angle_r"] > 20
    assert list(table.loc[["pelvis_tilt", "pro_sup_l"], "Kind"]) == ["inferred", "absent"]


def test_explore_counts_from_the_neutral_frame_unless_told_otherwise(home: Path) -> None:
    def most(app: AppTest) -> Floats:
        return np.asarray(app.dataframe[0].value["Max"][1:])  # pelvic tilt has another sign

    entry = finished_entry(home)
    absolute = most(opened("explore", entry))
    write_json(entry.remarks, to_json(Remarks(neutral_at_s=0.5)))
    app = opened("explore", entry)
    neutral = load_analysis(entry.result).joint_angles.degrees[15]
    order = [ANGLE_NAMES.index(name) for name in app.dataframe[0].value["Column"]]
    np.testing.assert_allclose(most(app), absolute - neutral[order[1:]])
    assert "the pose at 0.500 s (frame 15)" in words(app)
    app.toggle(key=f"minus_neutral_{entry.token}").set_value(False).run()
    np.testing.assert_allclose(most(app), absolute)
    app.button[0].click().run()
    assert app.toggle(key="minus_neutral_missing").disabled


def test_only_what_can_be_an_event_is_marked(home: Path) -> None:
    entry, analysis = finished_entry(home), synthetic_analysis()
    heard: tuple[Any, ...] = (
        {"name": "Up", "frame": 45}, {"name": "Down", "frame": 9}, {"name": " ", "frame": 1},
        {"name": "Never", "frame": 60}, {"name": "No", "frame": "x"}, {"frame": 3}, 7, None,
        {"place": 5}, {"place": []}, "place",
    )  # fmt: skip
    for said in heard:
        change_marks(entry, analysis, said)
    marks = from_json(entry.remarks.read_text()).marks
    assert [(mark.name, mark.time_s) for mark in marks] == [("Down", 0.3), ("Up", 1.5)]
    for _ in range(12):
        change_marks(entry, analysis, {"name": "Again", "frame": 50})
    assert len(from_json(entry.remarks.read_text()).marks) == MOST_MARKS
    change_marks(entry, analysis, {"place": 0})
    assert from_json(entry.remarks.read_text()).marks[0].name == "Up"


def test_explore_says_what_the_learned_stages_changed(home: Path) -> None:
    app = opened("explore", finished_entry(home, refined_analysis(30)))
    assert "What POF changed" in [expander.label for expander in app.expander]
    table = app.dataframe[0].value
    assert len(table) == 12
    assert table["Mean change"].to_numpy() == pytest.approx(2)


def test_explore_shows_whom_main_refiner_believed(home: Path) -> None:
    gates = Gates(np.full((30, 17), 0.5), np.full((30, 12, 4), 0.25))
    fused = replace(refined_analysis(30), gates=gates)
    assert not opened("explore", finished_entry(home, refined_analysis(30))).get("plotly_chart")
    assert len(opened("explore", finished_entry(home, fused)).get("plotly_chart")) == 1


def test_names_and_signs_are_the_clinics_or_the_files(home: Path) -> None:
    entry = finished_entry(home)
    explore = opened("explore", entry)
    clinic = explore.dataframe[0].value.set_index("Column")
    assert clinic.loc["knee_angle_r", "Angle"] == "Knee flexion, right"
    assert "Knee flexion, right" in viewer_text(explore)
    explore.toggle(key="clinical_names").set_value(False).run()
    files = explore.dataframe[0].value.set_index("Column")
    assert files.loc["knee_angle_r", "Angle"] == "knee_angle_r"
    assert files.loc["pelvis_tilt", "Max"] == -clinic.loc["pelvis_tilt", "Min"]
    assert '"title":"pelvis_tilt"' in viewer_text(explore)
