"""The Analyse page: a clip, a form, what is going on and what was done before."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from humanpose.assets import ASSETS, SAMPLE
from humanpose.io.bundle import save_bundle
from humanpose.io.load import load_analysis
from humanpose.measures.comparison import stages_of
from humanpose.server import workspace
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.listing import remove
from humanpose.settings import OPTIONS, RAW, Settings
from humanpose.settings.options import ModelFile, Point
from humanpose.ui.analyse.clip_choice import SAMPLE_HEIGHT_M
from humanpose.ui.stages import STAGES
from humanpose.video import FrameReader, probe
from tests.support.clips import numbered, write_clip
from tests.support.entries import finished_entry
from tests.support.pages import ALL_MODELS, opened, viewer_text, words
from tests.support.places import ROOT
from tests.support.synthetic import synthetic_analysis

pytestmark = pytest.mark.usefixtures("home")


def test_analyse_waits_for_a_clip_and_a_height(home: Path) -> None:
    app = opened("analyse")
    run = next(button for button in app.button if button.label == "Analyse")
    assert run.disabled
    clip = write_clip(home / "a.mp4", numbered(12), fps=30)
    app.file_uploader[0].upload("walk.mp4", clip.read_bytes()).run()
    assert "0.4 s  ·  64 × 48 px  ·  30 frames/s" in words(app)
    app.number_input(key="height_m").set_value(1.75).run()
    assert not next(button for button in app.button if button.label == "Analyse").disabled


def test_a_height_that_nobody_knows_is_no_hindrance(home: Path) -> None:
    app = opened("analyse")
    clip = write_clip(home / "a.mp4", numbered(12), fps=30)
    app.file_uploader[0].upload("walk.mp4", clip.read_bytes()).run()
    app.checkbox(key="height_unknown").set_value(True).run()
    assert app.number_input(key="height_m").disabled
    assert not next(button for button in app.button if button.label == "Analyse").disabled
    unknown = finished_entry(
        home, synthetic_analysis(20, settings=Settings(height_m=None, **RAW))
    )
    assert "height not known, lengths relative" in words(opened("explore", unknown))
    columns = opened("quality", unknown).dataframe[-1].proto.columns
    assert "Length, % of the height" in columns


def test_a_preset_says_what_explore_and_report_show(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Jobs, "submit", lambda _, entry: write_state(entry, JobState("cancelled"))
    )
    app = opened("analyse")
    next(button for button in app.button if "sample" in button.label).click().run()
    app.segmented_control(key="preset").set_value("upper_limb").run()
    next(button for button in app.button if button.label == "Analyse").click().run()
    (started,) = Entry.newest(limit=2)
    entry = finished_entry(home)
    shutil.copyfile(started.remarks, entry.remarks)
    assert opened("report", entry).selectbox(key=f"preset_{entry.token}").value == "upper_limb"
    assert '"joints":["Trunk","Shoulder","Elbow"]' in viewer_text(opened("explore", entry))


def test_a_file_that_is_no_video_gets_a_sentence_with_its_name() -> None:
    app = opened("analyse")
    app.file_uploader[0].upload("notes.mp4", b"Dear diary, today I walked.").run()
    assert not app.exception
    assert "notes.mp4" in app.error[0].value


def test_every_setting_but_the_model_files_has_a_control_in_its_own_words(
    with_models: Callable[..., None],
) -> None:
    with_models(*ALL_MODELS)
    app = opened("analyse")
    drawn = (*app.number_input, *app.selectbox, *app.toggle)
    shown = {widget.key: (widget.label, widget.help) for widget in drawn}
    del shown["unkept"], shown["whose"], shown["language"]  # no settings of the analysis
    declared = {
        field: (option.title, option.help)
        for field, option in OPTIONS.items()
        if not isinstance(option, ModelFile | Point)  # who to follow is chosen in the picture
    }
    assert shown == declared
    assert all(stage.gain in words(app) for stage in STAGES)


def test_the_stillest_upright_pose_can_be_asked_for_instead_of_a_time(home: Path) -> None:
    app = opened("analyse")
    app.number_input(key="neutral_at_s").set_value(1.0)
    app.checkbox(key="neutral_at_s_auto").check().run()
    assert app.number_input(key="neutral_at_s").disabled
    app.checkbox(key="neutral_at_s_auto").uncheck().run()
    assert not app.number_input(key="neutral_at_s").disabled
    assert app.number_input(key="neutral_at_s").value == 1.0


def test_a_stage_without_its_model_cannot_be_switched_on(
    with_models: Callable[..., None],
) -> None:
    with_models(Settings.pof_model_path)
    app = opened("analyse")
    assert not app.toggle(key="pof").disabled
    assert app.toggle(key="joint_refinement_missing").disabled
    assert app.toggle(key="main_refiner_missing").disabled
    assert f"lacks {Settings.joint_model_path}" in words(app)


def test_main_refiner_brings_the_two_others_and_gives_them_back(
    with_models: Callable[..., None],
) -> None:
    with_models(*ALL_MODELS)
    app = opened("analyse")
    app.toggle(key="main_refiner").set_value(True).run()
    for key in ("pof_implied", "joint_refinement_implied"):
        assert app.toggle(key=key).value
        assert app.toggle(key=key).disabled
    app.toggle(key="main_refiner").set_value(False).run()
    assert app.toggle(key="pof").value
    assert app.toggle(key="joint_refinement").value


def test_contradicting_options_get_a_sentence(home: Path) -> None:
    app = opened("analyse")
    app.number_input(key="height_m").set_value(1.75)
    app.number_input(key="start_s").set_value(5.0)
    app.number_input(key="end_s").set_value(2.0).run()
    assert "must come after start" in app.error[0].value


def test_the_sample_brings_its_height() -> None:
    app = opened("analyse")
    next(button for button in app.button if "sample" in button.label).click().run()
    assert app.number_input(key="height_m").value == SAMPLE_HEIGHT_M
    with np.load(SAMPLE.with_name("sample_truth.npz")) as truth:
        assert truth["height"] == pytest.approx(SAMPLE_HEIGHT_M, abs=0.01)


def test_the_form_survives_a_look_at_another_page() -> None:
    app = opened("analyse")
    app.number_input(key="height_m").set_value(1.62)
    app.selectbox(key="filter").set_value("median").run()
    app.switch_page(str(ROOT / "pages" / "export.py")).run()
    app.switch_page(str(ROOT / "pages" / "analyse.py")).run()
    assert app.number_input(key="height_m").value == 1.62
    assert app.selectbox(key="filter").value == "median"


def test_an_analysis_from_elsewhere_is_opened(home: Path, tmp_path: Path) -> None:
    sent = finished_entry(home)
    file = save_bundle(sent.result, tmp_path / "a.humanpose", clip=sent.playback)
    remove(sent.folder)
    app = opened("analyse")
    app.file_uploader(key="open_0").upload("a.humanpose", file.read_bytes()).run()
    assert not app.exception
    assert "**squat.mp4**" in words(app)
    (entry,) = Entry.newest(limit=2)
    assert load_analysis(entry.result).timeline.frames == 60
    assert len(list(FrameReader(probe(entry.playback)))) == 60
    assert app.query_params["a"] == [entry.about.link]


def test_a_foreign_file_gets_a_sentence_and_leaves_nothing(home: Path) -> None:
    app = opened("analyse")
    app.file_uploader(key="open_0").upload("a.humanpose", b"Dear diary").run()
    assert "not a .humanpose file" in app.error[0].value
    assert list((home / "analyses").iterdir()) == []


def test_an_analysis_can_be_deleted_and_brought_back(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("analyse", entry)
    app.button(key=f"delete_{entry.token}").click().run()
    assert not app.exception
    assert Entry.find(entry.about.link) is None
    assert "deleted" in words(app)
    app.button(key=f"undo_{entry.token}").click().run()
    assert Entry.find(entry.about.link) == entry


def test_a_failure_is_told_where_it_was_started(home: Path) -> None:
    clip = write_clip(home / "a.mp4", numbered(3), fps=30)
    entry = workspace.create(clip, "dark.mp4", Settings(height_m=1.8, **RAW))
    write_state(entry, JobState("failed", "Nobody is in this clip; film the whole body."))
    assert "Nobody is in this clip" in words(opened("analyse", entry))
    assert "not finished" in words(opened("explore", entry))


def test_a_file_name_is_shown_as_it_is(home: Path) -> None:
    clip = write_clip(home / "a.mp4", numbered(3), fps=30)
    label = "**bold** [x](http://example.org) :red[no] $a$.mp4"
    entry = workspace.create(clip, label, Settings(height_m=1.8, **RAW))
    write_state(entry, JobState("cancelled"))
    shown = r"\*\*bold\*\* \[x\](http\://example.org) \:red\[no\] \$a\$.mp4"
    assert shown.replace("//", "\N{WORD JOINER}//") in words(opened("analyse", entry))


def test_a_full_disk_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("analyse")
    next(button for button in app.button if "sample" in button.label).click().run()
    monkeypatch.setenv("HUMANPOSE_HOME", "/dev/full/home")
    next(button for button in app.button if button.label == "Analyse").click().run()
    assert not app.exception
    assert "free space there" in app.error[0].value


STAGES_OF_THE_FIVE = {
    "raw": "raw",
    "pof": "POF",
    "raw-joint": "raw + joint",
    "pof-joint": "POF + joint",
    "main": "MainRefiner",
}
"""Rows of ``train.evaluate`` → what the app calls them."""


def test_the_gains_that_toggles_state_are_those_of_the_evaluation() -> None:
    stated = json.loads((ASSETS / "stage_errors.json").read_text("utf-8"))
    judged = json.loads((ROOT / "docs" / "figures" / "figures.json").read_text("utf-8"))
    stages = judged["phone"]["stages"]
    assert stated["command"] == judged["phone"]["command"]
    assert stated["mean_absolute_error_deg"] == {
        name: stages[name]["core_mae_deg"] for name in stated["mean_absolute_error_deg"]
    }
    least = min(STAGES_OF_THE_FIVE, key=lambda name: stages[name]["core_mae_deg"])
    assert stages_of(Settings(height_m=1.7)) == STAGES_OF_THE_FIVE[least]
