"""The Compare page: two settings of one clip, or two analyses."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from humanpose.measures.comparison import judge_ranges
from humanpose.quality.angle_trust import range_errors
from humanpose.report.remarks import Mark, Remarks
from humanpose.server.people import keep, move
from humanpose.server.person import Person
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.ui.compare.other import proposed
from humanpose.ui.report.remarks_form import keep_remarks
from tests.support.entries import finished_entry
from tests.support.pages import ALL_MODELS, MAIN, opened, viewer_text, words
from tests.support.places import ROOT
from tests.support.synthetic import synthetic_analysis

pytestmark = pytest.mark.usefixtures("home")


def test_compare_shows_the_pair_and_a_row_for_every_angle_that_both_know(home: Path) -> None:
    app = opened("compare", finished_entry(home))
    assert len(app.get("bidi_component")) == 3  # one hears commas, one the language
    assert "Tolerance (± °)" in words(app)
    table = app.dataframe[0].value
    assert len(table) > 20
    assert table[["RMSD", "Within"]].notna().all(axis=None)


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
    assert "No range of motion differs by more than the error of both takes" in words(app)
    app.toggle(key="mirror").set_value(True).run()
    assert not app.exception
    assert (app.dataframe[0].value["RMSD"] > 1).any()


def test_a_change_between_two_takes_is_named_only_beyond_the_error_of_both(home: Path) -> None:
    before = synthetic_analysis()
    moved = replace(before.joint_angles, degrees=1.2 * before.joint_angles.degrees)
    arm = ANGLE_NAMES.index("arm_flex_l")
    moved.degrees[:, arm] *= 3
    after = replace(before, refined=replace(before.refined, angles=moved))
    first, second = finished_entry(home, before), finished_entry(home, after)
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params.update(
        {"a": first.about.link, "b": second.about.link, "of": "Two analyses"}
    )
    app.run().switch_page(str(ROOT / "pages" / "compare.py")).run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Angle")
    named = table.index[table["Verdict"].isin(["A larger", "B larger"])]
    assert list(named) == ["Shoulder flexion, left"]
    row = table.loc["Shoulder flexion, left"]
    assert row["Range B − A"] == row["Range B"] - row["Range A"] > row["MDC"]
    errors = tuple(range_errors(one) for one in (before, after))
    judged = judge_ranges(before.joint_angles, moved, range_errors=errors)
    assert sorted(table["MDC"].dropna()) == sorted(judged["mdc_deg"].dropna())
    sentence = f"Shoulder flexion, left (B larger by {row['Range B − A']:.0f}°)."
    assert sentence in words(app).replace("\\", "")  # escaped for Markdown


def test_settings_of_one_clip_are_not_judged_as_two_takes(home: Path) -> None:
    assert "Verdict" not in opened("compare", finished_entry(home)).dataframe[0].value


def test_a_link_says_which_two_analyses_are_compared(home: Path) -> None:
    first, second, third = (finished_entry(home) for _ in range(3))
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.query_params.update(
        {"a": first.about.link, "b": second.about.link, "of": "Two analyses"}
    )
    app.run().switch_page(str(ROOT / "pages" / "compare.py")).run()
    assert not app.exception
    assert app.query_params["b"] == [second.about.link]
    names = app.selectbox(key="b_entry").options  # newest first; all have the same label
    app.selectbox(key="b_entry").set_value(names[0]).run()
    assert app.query_params["b"] == [third.about.link]


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


def test_the_same_person_and_movement_is_proposed(home: Path) -> None:
    ada, bo = (keep(Person("", name=name)) for name in ("Ada", "Bo"))
    filed = (
        (ada, "2026-01-01", "squat"), (ada, "2026-03-01", "squat"),
        (ada, "2026-02-01", "squat"), (ada, "2026-02-20", "gait"), (bo, "2026-02-25", "squat"),
    )  # fmt: skip
    made = []
    for person, day, preset in filed:
        entry = move(finished_entry(home), person, day)
        keep_remarks(entry, Remarks(preset=preset))
        made.append(entry)
    assert proposed(made[1], made) == made[2]
    assert proposed(made[0], made) == made[1]
    assert proposed(made[4], made) == made[0]
    assert proposed(made[3], made) == made[0]


def test_takes_are_compared_over_their_mean_cycle(home: Path) -> None:
    analysis = synthetic_analysis(90)
    knees = [ANGLE_NAMES.index(f"knee_angle_{side}") for side in "rl"]
    bend = 45 - 45 * np.cos(np.linspace(0, 4 * np.pi, 90))  # two squats
    analysis.joint_angles.degrees[:, knees] = bend[:, None]
    app = opened("compare", finished_entry(home, analysis))
    app.segmented_control(key="of").set_value("Two analyses").run()
    app.selectbox(key="over").set_value("Squat").run()
    assert not app.exception
    assert (app.dataframe[0].value["RMSD"] == 0).all()
    assert "videos show the first of each" in words(app)


def test_takes_are_put_together_at_an_event_of_both(home: Path) -> None:
    early, late = (finished_entry(home, synthetic_analysis(60)) for _ in "ab")
    app = opened("compare", early)
    app.segmented_control(key="of").set_value("Two analyses").run()
    keep_remarks(early, Remarks(marks=(Mark(0.5, "kick"),)))
    keep_remarks(late, Remarks(marks=(Mark(0.8, "kick"), Mark(0.9, "only here"))))
    app.selectbox(key="over").set_value("Time, from an event in both").run()
    assert not app.exception
    assert app.selectbox(key="event").options[0] == "kick"
    assert "only here" not in app.selectbox(key="event").options
    app.selectbox(key="event").set_value("kick").run()
    assert "0.30 s" in words(app)
