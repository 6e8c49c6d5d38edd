"""Every page, with and without an analysis, in Streamlit's own test harness."""

import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from humanpose.analysis import Gates
from humanpose.assets import SAMPLE
from humanpose.io.bundle import save_bundle
from humanpose.io.load import load_analysis
from humanpose.learned import loading as learned
from humanpose.learned.model_cards import model_cards
from humanpose.report.remarks import Remarks, to_json
from humanpose.sequence import Floats
from humanpose.server import workspace
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.workspace import Entry
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.ui.analyse.clip_choice import SAMPLE_HEIGHT_M
from humanpose.video import probe
from tests.support.clips import numbered, write_clip
from tests.support.entries import finished_entry
from tests.support.places import ROOT
from tests.support.synthetic import refined_analysis, synthetic_analysis

MAIN = ROOT / "humanpose" / "ui" / "main.py"
PAGES = sorted((ROOT / "pages").glob("*.py"))


pytestmark = pytest.mark.usefixtures("home")


def opened(page: str, entry: Entry | None = None) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    if entry:
        app.query_params["a"] = entry.token
    app.run()
    if page != "analyse":
        app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    elements = (*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.info)
    return "\n".join(element.value for element in elements)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_only_call_humanpose_and_draw(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    imported = {
        line.split()[1].split(".")[0] for line in lines if line.startswith(("import", "from"))
    }
    assert imported <= {"streamlit", "humanpose"}
    assert len(lines) <= 120


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


def test_analyse_waits_for_a_clip_and_a_height(home: Path) -> None:
    app = opened("analyse")
    run = next(button for button in app.button if button.label == "Analyse")
    assert run.disabled
    clip = write_clip(home / "a.mp4", numbered(12), fps=30)
    app.file_uploader[0].upload("walk.mp4", clip.read_bytes()).run()
    assert "12 frames" in words(app)
    app.number_input(key="height_m").set_value(1.75).run()
    assert not next(button for button in app.button if button.label == "Analyse").disabled


def test_a_height_that_nobody_knows_is_no_hindrance(home: Path) -> None:
    app = opened("analyse")
    clip = write_clip(home / "a.mp4", numbered(12), fps=30)
    app.file_uploader[0].upload("walk.mp4", clip.read_bytes()).run()
    app.checkbox(key="height_unknown").set_value(True).run()
    assert app.number_input(key="height_m").disabled
    assert not next(button for button in app.button if button.label == "Analyse").disabled
    unknown = finished_entry(home, synthetic_analysis(20, settings=Settings(height_m=None)))
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
    (started,) = workspace.recent(2)
    entry = finished_entry(home)
    shutil.copyfile(started.remarks, entry.remarks)
    assert opened("report", entry).selectbox(key=f"preset_{entry.token}").value == "upper_limb"
    assert '"joints":["Trunk","Shoulder","Elbow"]' in viewer_text(opened("explore", entry))


def test_a_file_that_is_no_video_gets_a_sentence_with_its_name() -> None:
    app = opened("analyse")
    app.file_uploader[0].upload("notes.mp4", b"Dear diary, today I walked.").run()
    assert not app.exception
    assert "notes.mp4" in app.error[0].value


@pytest.fixture
def with_models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs empty files for the models of these stages, and no others."""
    monkeypatch.setattr(learned, "INSTALLATION", home)
    monkeypatch.chdir(home)

    def install(*paths: str) -> None:
        for path in paths:
            (home / path).parent.mkdir(exist_ok=True)
            (home / path).touch()

    return install


ALL_MODELS = (Settings.pof_model_path, Settings.joint_model_path, Settings.main_refiner_path)


def test_every_setting_but_the_model_files_has_a_control(
    with_models: Callable[..., None],
) -> None:
    with_models(*ALL_MODELS)
    app = opened("analyse")
    shown = {widget.key for widget in (*app.number_input, *app.selectbox, *app.toggle)}
    elsewhere = {"person_at"}  # chosen in the picture
    shown -= {"unkept"}  # no setting of the analysis
    settings = {f.name for f in fields(Settings) if not f.name.endswith("_path")}
    assert shown == settings - elsewhere


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
    assert not app.toggle(key="joint_refinement").value


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


def test_explore_shows_viewer_warnings_and_range_of_motion(home: Path) -> None:
    app = opened("explore", finished_entry(home))
    assert len(app.get("bidi_component")) == 1
    assert "The clip is synthetic." in words(app)
    assert len(app.dataframe[0].value) == 36


def test_explore_counts_from_the_neutral_frame_unless_told_otherwise(home: Path) -> None:
    def most(app: AppTest) -> Floats:
        return np.asarray(app.dataframe[0].value["Max"][1:])  # pelvic tilt has another sign

    entry = finished_entry(home)
    absolute = most(opened("explore", entry))
    workspace.write_json(entry.remarks, to_json(Remarks(neutral_at_s=0.5)))
    app = opened("explore", entry)
    neutral = load_analysis(entry.result).joint_angles.degrees[15]
    order = [ANGLE_NAMES.index(name) for name in app.dataframe[0].value["Column"]]
    np.testing.assert_allclose(most(app), absolute - neutral[order[1:]])
    assert "the pose at 0.500 s (frame 15)" in words(app)
    app.toggle(key=f"minus_neutral_{entry.token}").set_value(False).run()
    np.testing.assert_allclose(most(app), absolute)
    app.button[0].click().run()
    assert app.toggle(key="minus_neutral_missing").disabled


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


def test_compare_shows_the_pair_and_a_row_for_every_angle_that_both_know(home: Path) -> None:
    app = opened("compare", finished_entry(home))
    assert len(app.get("bidi_component")) == 1
    table = app.dataframe[0].value
    assert len(table) > 20
    assert table[["RMSD", "Within"]].notna().all(axis=None)


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


def test_compare_has_clinical_names_and_those_of_the_files(home: Path) -> None:
    app = opened("compare", finished_entry(home))
    app.toggle(key="B_pof").set_value(False)
    app.number_input(key="B_cutoff").set_value(2.0).run()
    clinic = app.dataframe[0].value.set_index("Angle")
    assert "Pelvis anterior tilt" in viewer_text(app)
    app.toggle(key="clinical_names").set_value(False).run()
    files = app.dataframe[0].value.set_index("Angle")
    assert files.loc["pelvis_tilt", "Bias"] == -clinic.loc["Pelvis anterior tilt", "Bias"] != 0
    assert '"label":"knee_angle_l"' in viewer_text(app)


def viewer_text(app: AppTest) -> str:
    """The words in what the viewer is given."""
    payload: bytes = app.get("bidi_component")[0].proto.bytes
    return payload.decode("utf-8", errors="replace")


def test_equal_settings_differ_by_nothing(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("compare", entry)
    app.toggle(key="B_pof").set_value(False).run()
    assert not app.exception
    assert (app.dataframe[0].value["RMSD"] == 0).all()
    app.number_input(key="B_cutoff").set_value(2.0).run()
    assert (app.dataframe[0].value["RMSD"] > 0).any()


def test_compare_without_any_model_says_what_is_missing(
    home: Path, with_models: Callable[..., None]
) -> None:
    app = opened("compare", finished_entry(home))
    assert all(app.toggle(key=f"B_{name}_missing").disabled for name in ("pof", "main_refiner"))
    assert f"lacks {Settings.pof_model_path}" in words(app)
    assert (app.dataframe[0].value["RMSD"] == 0).all()


def test_a_damaged_model_gets_a_sentence(home: Path, with_models: Callable[..., None]) -> None:
    with_models(*ALL_MODELS)  # empty files
    app = opened("compare", finished_entry(home))
    assert "is damaged" in app.error[0].value


def test_a_clip_is_compared_with_its_mirror_image(home: Path) -> None:
    app = opened("compare", finished_entry(home))
    app.segmented_control(key="of").set_value("Two analyses").run()
    assert (app.dataframe[0].value["RMSD"] == 0).all()
    app.toggle(key="mirror").set_value(True).run()
    assert not app.exception
    assert (app.dataframe[0].value["RMSD"] > 1).any()


def test_a_link_says_which_two_analyses_are_compared(home: Path) -> None:
    first, second, third = (finished_entry(home) for _ in range(3))
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params.update({"a": first.token, "b": second.token, "of": "Two analyses"})
    app.run().switch_page(str(ROOT / "pages" / "compare.py")).run()
    assert not app.exception
    assert app.query_params["b"] == [second.token]
    names = app.selectbox(key="b_entry").options  # newest first; all have the same label
    app.selectbox(key="b_entry").set_value(names[0]).run()
    assert app.query_params["b"] == [third.token]


def test_compare_needs_no_clip_for_an_analysis_that_came_without(home: Path) -> None:
    entry = finished_entry(home)
    entry.source.unlink()
    app = opened("compare", entry)
    assert not app.error
    assert len(app.dataframe[0].value) > 20


def test_a_movement_without_cycles_says_so(home: Path) -> None:
    app = opened("compare", finished_entry(home))
    app.segmented_control(key="of").set_value("Two analyses").run()
    app.selectbox(key="over").set_value("Gait cycle of the right foot").run()
    assert not app.exception
    assert "no such cycle" in words(app)


def test_export_offers_every_file(home: Path) -> None:
    app = opened("export", finished_entry(home))
    ids = [element.proto.id for element in app.get("download_button")]
    assert {id_.partition("-download_")[2] for id_ in ids} == {
        "squat.zip", "squat.humanpose", "angles.csv", "angles_raw.csv", "angles_long.csv",
        "landmarks.csv", "pelvis.csv", "analysis.npz", "analysis.json", "angles.mot",
        "pose.trc", "pose_raw.trc", "markers.c3d", "opensim.zip", "angles.png", "angles.svg",
    }  # fmt: skip


def test_the_annotated_video_is_made_when_asked_for(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("export", entry)
    next(button for button in app.button if button.label == "Make video").click().run()
    assert not app.exception
    assert probe(entry.annotated).frames == 60
    ids = [element.proto.id for element in app.get("download_button")]
    assert any(id_.endswith("-download_annotated.mp4") for id_ in ids)


def test_an_analysis_from_elsewhere_is_opened(home: Path, tmp_path: Path) -> None:
    sent = finished_entry(home)
    file = save_bundle(sent.result, tmp_path / "a.humanpose", clip=sent.playback)
    workspace.delete(sent)
    app = opened("analyse")
    app.file_uploader(key="open_0").upload("a.humanpose", file.read_bytes()).run()
    assert not app.exception
    assert "**squat.mp4**" in words(app)
    (entry,) = workspace.recent(2)
    assert load_analysis(entry.result).timeline.frames == 60
    assert probe(entry.playback).frames == 60
    assert app.query_params["a"] == [entry.token]


def test_a_foreign_file_gets_a_sentence_and_leaves_nothing(home: Path) -> None:
    app = opened("analyse")
    app.file_uploader(key="open_0").upload("a.humanpose", b"Dear diary").run()
    assert "not a .humanpose file" in app.error[0].value
    assert list((home / "analyses").iterdir()) == []


def test_an_analysis_can_be_deleted(home: Path) -> None:
    entry = finished_entry(home)
    app = opened("analyse", entry)
    app.button(key=f"delete_{entry.token}").click().run()
    assert not app.exception
    assert workspace.find(entry.token) is None
    assert "squat.mp4" not in words(app)


def test_a_failure_is_told_where_it_was_started(home: Path) -> None:
    clip = write_clip(home / "a.mp4", numbered(3), fps=30)
    entry = workspace.create(clip, "dark.mp4", Settings(height_m=1.8))
    write_state(entry, JobState("failed", "Nobody is in this clip; film the whole body."))
    assert "Nobody is in this clip" in words(opened("analyse", entry))
    assert "not finished" in words(opened("explore", entry))


def test_a_file_name_is_shown_as_it_is(home: Path) -> None:
    clip = write_clip(home / "a.mp4", numbered(3), fps=30)
    label = "**bold** [x](http://example.org) :red[no] $a$.mp4"
    entry = workspace.create(clip, label, Settings(height_m=1.8))
    write_state(entry, JobState("cancelled"))
    assert r"\*\*bold\*\* \[x\](http\://example.org) \:red\[no\] \$a\$.mp4" in words(
        opened("analyse", entry)
    )


def test_a_full_disk_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("analyse")
    next(button for button in app.button if "sample" in button.label).click().run()
    monkeypatch.setenv("HUMANPOSE_HOME", "/dev/full/home")
    next(button for button in app.button if button.label == "Analyse").click().run()
    assert not app.exception
    assert "free some space" in app.error[0].value
