"""Every page, with and without an analysis, in Streamlit's own test harness."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.learned.model_cards import model_cards
from humanpose.report.remarks import Remarks, to_json
from humanpose.server.entry import Entry
from humanpose.server.people import keep, move
from humanpose.server.person import Person
from humanpose.server.small_files import write_json
from humanpose.video import FrameReader, probe
from tests.support.entries import finished_entry
from tests.support.pages import MAIN, opened, words
from tests.support.places import ROOT
from tests.support.synthetic import synthetic_analysis

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("page", ["explore", "compare", "report", "quality", "export"])
def test_a_page_without_an_analysis_says_what_to_do(page: str) -> None:
    assert "Analyse a clip first" in words(opened(page))


@pytest.mark.parametrize("token", ["../../etc", "0123456789abcdef"])
def test_a_token_of_nobody_is_like_none(token: str) -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params["a"] = token
    app.run().switch_page(str(ROOT / "pages" / "explore.py")).run()
    assert not app.exception
    assert "Analyse a clip first" in words(app)


def report_of(entry: Entry) -> str:
    return entry.report.read_text(encoding="utf-8")


def test_the_report_keeps_what_is_entered(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("report", entry)
    app.text_input(key=f"person_{entry.token}").set_value("Ada <L.>")
    app.text_area(key=f"notes_{entry.token}").set_value("left knee\nhurts")
    app.selectbox(key=f"preset_{entry.token}").set_value("squat").run()
    assert not app.exception
    assert "Ada &lt;L.&gt;" in report_of(entry)
    assert "<p>hurts</p>" in report_of(entry)
    again = opened("report", entry)
    assert again.text_input(key=f"person_{entry.token}").value == "Ada <L.>"
    assert again.selectbox(key=f"preset_{entry.token}").value == "squat"


def test_the_report_says_what_has_changed_since_another_analysis(home: Path) -> None:
    earlier = finished_entry(home)
    alone = opened("report", earlier)
    assert "Change since" not in [box.label for box in alone.selectbox]
    entry = finished_entry(home)
    app = opened("report", entry)
    assert "Last time" not in report_of(entry)
    app.selectbox(key=f"before_{entry.token}").select_index(1).run()
    assert not app.exception
    assert '<p class="note">Last time: squat.mp4, ' in report_of(entry)
    assert report_of(entry).count("<td>within error</td>") >= 5


def test_without_its_clip_the_report_shows_the_skeleton_alone(home: Path) -> None:
    entry = finished_entry(home)
    entry.playback.unlink()
    opened("report", entry)
    assert report_of(entry).count("<figure>") == 5


def test_the_person_and_their_day_before_stand_in_the_report(home: Path) -> None:
    person = keep(Person(owner="", name="Ada"))
    days = ("2026-03-01", "2026-01-01", "2026-02-01")
    march, _, february = (move(finished_entry(home), person, day) for day in days)
    finished_entry(home)
    page = opened("report", march)
    assert "<h1>Ada</h1>" in report_of(march)
    assert "<dd>2026-03-01</dd>" in report_of(march)
    page.text_input(key=f"person_{march.token}").set_value("A-17").run()
    assert "Ada" not in report_of(march)
    assert '<p class="note">Last time: squat.mp4, 2026-02-01.</p>' in report_of(march)
    rewritten = Remarks(preset="gait")
    write_json(february.remarks, to_json(rewritten))
    opened("report", march)
    assert "Last time: squat.mp4, 2026-01-01" in report_of(march)


def test_damaged_notes_are_told_in_a_sentence(home: Path) -> None:
    entry = finished_entry(home)
    entry.remarks.write_text("{}")
    assert "start them anew" in opened("report", entry).error[0].value


def test_models_are_shown_with_and_without_an_analysis(home: Path) -> None:
    bare = words(opened("models"))
    assert f"{model_cards()[0].parameters} parameters" in bare
    assert "In use" not in bare
    assert "was made with another best_pof_model.pth" in words(
        opened("models", finished_entry(home))
    )


def test_quality_says_what_was_found_and_how_far_to_trust_it(home: Path) -> None:
    app = opened("quality", finished_entry(home))
    assert "The person is seen from the front." in words(app)
    trust = app.dataframe[0].value
    assert len(trust) == 36
    assert "Knee flexion, right" in set(trust["angle"])
    app.toggle(key="clinical_names").set_value(False).run()
    assert "knee_angle_r" in set(app.dataframe[0].value["angle"])


def test_three_frames_are_called_good_by_no_page(home: Path) -> None:
    entry = finished_entry(home, synthetic_analysis(3))
    quality = words(opened("quality", entry))
    assert r"**Act first on\: Length.**" in quality
    assert "The person is seen in 3 frames only (0.1 s)" in quality
    opened("report", entry)
    assert "Act first on: Length." in report_of(entry)
    assert "The person is seen in 3 frames only (0.1 s)" in report_of(entry)


def test_export_offers_every_file(home: Path) -> None:
    app = opened("export", finished_entry(home))
    ids = [element.proto.id for element in app.get("download_button")]
    assert {id_.partition("-download_")[2] for id_ in ids} == {
        "squat.humanpose", "angles.csv", "angles_raw.csv", "angles_long.csv",
        "landmarks.csv", "pelvis.csv", "analysis.npz", "analysis.json", "angles.mot",
        "pose.trc", "pose_raw.trc", "markers.c3d", "opensim.zip", "angles.png", "angles.svg",
    }  # fmt: skip


def test_the_annotated_video_is_made_when_asked_for(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("export", entry)
    next(button for button in app.button if button.label == "Make video").click().run()
    assert not app.exception
    assert len(list(FrameReader(probe(entry.annotated)))) == 60
    ids = [element.proto.id for element in app.get("download_button")]
    assert any(id_.endswith("-download_annotated.mp4") for id_ in ids)
