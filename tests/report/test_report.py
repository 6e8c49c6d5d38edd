"""The report: the right numbers, everything inside, and nothing that a user typed runs."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reportlab.graphics.shapes import Circle, Rect

from humanpose import Analysis
from humanpose.measures.events import find_gait_events
from humanpose.measures.movement import Items
from humanpose.measures.presets import PRESETS
from humanpose.measures.repetitions import Repetition
from humanpose.quality.angle_trust import angle_trust
from humanpose.quality.checks import checks
from humanpose.report.charts import target_panel
from humanpose.report.key_frames import KeyFrame
from humanpose.report.lettering import width_of
from humanpose.report.make import write_report
from humanpose.report.page import ReportSource, report_html, target_panels
from humanpose.report.remarks import Remarks
from humanpose.report.tables import number
from humanpose.ui.report.item_rows import columns
from tests.support.corrections import excluding
from tests.support.report_page import ReportPage
from tests.support.synthetic import refined_analysis, synthetic_analysis
from tests.support.walker import Walker

EVIL = '</title><script>alert(1)</script><img src=http://example.org/x onerror="alert(1)">'
TWO = (Repetition(0.1, 0.5, 0.9), Repetition(1.0, 1.4, 1.9))


def source_of(
    remarks: Remarks | None = None,
    *,
    analysis: Analysis | None = None,
    items: Items = (),
    reason: str = "",
    clinical: bool = True,
) -> ReportSource:
    analysis = analysis or synthetic_analysis(60)
    return ReportSource(
        analysis=analysis, remarks=remarks or Remarks(), items=items, reason=reason,
        checks=checks(analysis), key_frames=[KeyFrame(analysis.clip_name, b"\xff\xd8")],
        label=analysis.clip_name,
        analysed_at=1.7e9, clinical=clinical,
    )  # fmt: skip


def html_of(
    remarks: Remarks | None = None,
    *,
    analysis: Analysis | None = None,
    items: Items = (),
    reason: str = "",
    clinical: bool = True,
) -> str:
    source = source_of(
        remarks, analysis=analysis, items=items, reason=reason, clinical=clinical
    )
    return report_html(source)


def page_of(remarks: Remarks | None = None, **given: object) -> ReportPage:
    return ReportPage(html_of(remarks, **given))  # type: ignore[arg-type]


def test_ranges_are_those_of_the_curves() -> None:
    curve = synthetic_analysis(60).joint_angles.curve("knee_angle_r")
    row = page_of().cells["ranges"]["knee_angle_r"]
    low, high = float(curve.min()), float(curve.max())
    expected = [number(v, "°") for v in (low, high, high - low, float(curve.mean()))]
    assert row[:5] == ["Knee flexion, right", *expected]
    assert page_of().cells["ranges"]["knee_adduction_r"][1:5] == ["–"] * 4


def test_units_and_signs_are_told_on_hover() -> None:
    hint = (
        "Degrees; positive is anterior tilt. In the files: pelvis_tilt, with the opposite sign."
    )
    assert f'<span title="{hint}">Pelvis anterior tilt</span>' in html_of()


def test_the_clinic_counts_pelvic_tilt_forwards() -> None:
    clinic, files = (page_of(clinical=clinical).cells["ranges"] for clinical in (True, False))
    assert clinic["pelvis_tilt"][0] == "Pelvis anterior tilt"
    assert files["pelvis_tilt"][0] == "pelvis_tilt"
    least, most = (float(cell.rstrip("°")) for cell in clinic["pelvis_tilt"][1:3])
    assert files["pelvis_tilt"][1:3] == [number(-most, "°"), number(-least, "°")]


def test_a_neutral_pose_shifts_every_curve_and_is_said() -> None:
    curve = synthetic_analysis(60).joint_angles.curve("hip_flexion_l")
    page = page_of(Remarks(neutral_at_s=0.5))
    assert page.cells["ranges"]["hip_flexion_l"][2] == number(
        float((curve - curve[15]).max()), "°"
    )
    assert "Counted from the pose at 0.50 s" in page.text


def test_sides_are_compared() -> None:
    right, left, difference = page_of().cells["symmetry"]["elbow_flex"][1:4]
    assert float(right[:-1]) - float(left[:-1]) == pytest.approx(
        float(difference[:-1]), abs=0.11
    )
    assert "pelvis_tilt" not in page_of().cells["symmetry"]


def test_a_difference_between_sides_stands_beside_what_it_would_have_to_exceed() -> None:
    """The wave of the left elbow is 15° higher than that of the right: no finding."""
    analysis = synthetic_analysis(60)
    error = angle_trust(analysis).loc["elbow_flex_r", "range_error_deg"]
    row = page_of().cells["symmetry"]["elbow_flex"]
    assert row[4] == number(1.96 * 2**0.5 * float(error), "°")
    assert row[5] == "within error"
    assert page_of().cells["symmetry"]["hip_rotation"][5] == "not judged"
    assert "Range, whole clip" in page_of().text


@pytest.mark.parametrize(("preset", "items"), [("overview", ()), ("squat", TWO)])
def test_the_table_of_sides_says_the_same_as_its_csv(preset: str, items: Items) -> None:
    source = source_of(Remarks(preset=preset), items=items)
    csv = pd.read_csv(io.StringIO(source.sides.to_csv(index=False)))
    ranges = csv[csv["measure"] == "range"].set_index("angle")
    shown = ReportPage(report_html(source)).cells["symmetry"]
    for angle, cells in shown.items():
        if angle:
            row = ranges.loc[angle]
            figures = (row[f"{name}_deg"] for name in ("right", "left", "difference", "mdc"))
            assert cells[1:6] == [*(number(f, "°") for f in figures), row["verdict"]]


def test_sides_are_compared_over_the_cycles_where_there_are_any() -> None:
    markers = Walker(steps=2).markers()
    analysis = synthetic_analysis(timeline=markers.timeline)
    remarks, events = Remarks(preset="gait"), find_gait_events(markers).items
    page = page_of(remarks, analysis=analysis, items=events)
    assert page.cells["symmetry"]["knee_angle"][-1] == "no complete cycle of either leg"
    assert page.cells["symmetry"]["knee_angle"][1:6] == [*"––––", "not known"]
    squats = page_of(Remarks(preset="squat"), items=TWO)
    assert "Range within a cycle, mean" in squats.text
    assert squats.cells["symmetry"]["knee_angle"][5] == "left larger"  # by 24°, in both


def test_repetitions_are_listed_and_summed_up() -> None:
    page = page_of(Remarks(preset="squat"), items=TWO)
    assert page.cells["items"]["2"][1:5] == ["1.00", "0.90", "0.40", "0.50"]
    assert page.cells["means"]["duration_s"][3] == "0.85 ± 0.07 (2)"
    angles = synthetic_analysis(60).joint_angles.curve("knee_angle_l")
    ranges = [float(np.ptp(angles[part])) for part in (slice(3, 28), slice(30, 58))]
    mean = number(float(np.mean(ranges)))
    assert page.cells["means"]["knee_angle_range_deg"][2].startswith(mean)


def test_the_halves_of_a_repetition_have_the_words_of_its_movement() -> None:
    squat, rise = (page_of(Remarks(preset=p), items=TWO) for p in ("squat", "sit_to_stand"))
    assert squat.text.index("Down, s") < squat.text.index("Up, s")
    assert rise.text.index("Up, s") < rise.text.index("Down, s")


def test_the_band_of_a_mean_is_called_one_standard_deviation() -> None:
    page = page_of(Remarks(preset="squat"), items=TWO)
    over_a_cycle = page.text.partition("Mean ± 1 SD over a cycle")[2]
    assert "band: mean ± 1 SD over the cycles" in over_a_cycle.partition("%")[0]


def test_numbers_are_rounded_as_a_browser_does() -> None:
    assert [number(s, digits=2) for s in (0.125, 0.375, 1.005, -0.001)] == [
        "0.13", "0.38", "1.00", "0.00",
    ]  # fmt: skip
    assert number(-0.04, "°") == "0.0°"
    assert columns(PRESETS["squat"])["start"]["type_config"]["step"] is None  # else it cuts


def test_an_excluded_repetition_is_listed_but_not_counted() -> None:
    page = page_of(Remarks(preset="squat"), items=excluding(TWO, TWO[0]))
    assert "no" in page.cells["items"]["1"]
    assert page.cells["means"]["duration_s"][3] == "0.90 (1)"
    assert "One cycle has no standard deviation." in page.text


def test_where_nothing_repeats_the_reason_stands() -> None:
    page = page_of(Remarks(preset="squat"), reason="nothing moves by 30° or more")
    assert "Nothing moves by 30° or more." in page.text
    assert "means" not in page.cells


def test_gait_has_cadence_and_step_length_of_each_side() -> None:
    markers = Walker(longer_right=0.1).markers()
    analysis = replace(
        synthetic_analysis(timeline=markers.timeline),
        refined=replace(synthetic_analysis(timeline=markers.timeline).refined, markers=markers),
    )
    events = find_gait_events(markers).items
    page = page_of(Remarks(preset="gait"), analysis=analysis, items=events)
    right, left = (cell.split(" ")[0] for cell in page.cells["means"]["step_length_m"][1:3])
    assert float(right) == pytest.approx(0.75, abs=0.02)
    assert float(left) == pytest.approx(0.55, abs=0.02)
    cadence = page.cells["means"]["cadence_steps_per_min"][3].split(" ")[0]
    assert float(cadence) == pytest.approx(60 / 0.55, abs=0.6)
    assert len(page.cells["items"]) == 11


def test_what_a_user_typed_is_text_and_nothing_else() -> None:
    analysis = synthetic_analysis(60, clip_name=EVIL)
    html = html_of(Remarks(person=EVIL, filmed=EVIL, notes=EVIL), analysis=analysis)
    page = ReportPage(html)
    assert "script" not in page.tags
    assert EVIL in page.text
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    assert "onerror=" not in html.replace("onerror=&#34;", "")


def test_nothing_is_loaded_and_no_script_may_run() -> None:
    squats = Remarks(preset="squat")
    html = html_of(squats, analysis=refined_analysis(60), items=TWO)
    page = ReportPage(html)
    assert html.count("<svg role=") == 2
    assert not page.tags & {"script", "link", "iframe", "object", "base", "form"}
    assert all(address.startswith(("data:", "#")) for address in page.addresses)
    assert "@import" not in html
    assert "url(http" not in html
    assert "default-src 'none'; img-src data:; style-src" in html


def test_limits_consent_settings_and_quality_are_said() -> None:
    page = page_of()
    for words in ("Not a medical device.", "that person has agreed", "The clip is synthetic."):
        assert words in page.text
    assert page.cells["settings"]["height_m"] == ["height_m", "1.78"]
    assert page.cells["settings"]["best_pof_model.pth"][1] == "ab" * 32
    assert page.cells["quality"]["View"][2] == "The person is seen from the front."
    assert "No reference bands are drawn" in page_of(Remarks(preset="squat"), items=TWO).text


def test_the_same_analysis_gives_the_same_report() -> None:
    squats = Remarks(preset="squat")
    first, second = (html_of(squats, items=TWO) for _ in range(2))
    assert first == second


def test_the_numbers_are_a_table_for_a_spreadsheet_too(tmp_path: Path) -> None:
    source = source_of(Remarks(preset="squat"), items=TWO)
    write_report(source, tmp_path / "numbers.csv")
    table = pd.read_csv(tmp_path / "numbers.csv").set_index("name")
    assert list(table.index) == [one.name for one in source.numbers]
    assert table.loc["depth_percent", "unit"].strip() == "%"
    assert table["movement"].eq("squat").all()
    assert table.loc["duration_s", "value"] == pytest.approx(0.85)
    means, rows = (
        page_of(Remarks(preset="squat"), items=TWO).cells[t] for t in ("means", "items")
    )
    assert means["depth_percent"][0].startswith("Depth")
    assert len(rows) == 3


def test_why_a_jump_has_no_height_is_said() -> None:
    page = page_of(Remarks(preset="jump"), items=TWO)
    assert "at 30 frames/s a frame more or less is centimetres" in page.text
    assert page.cells["numbers"]["flight_height_cm"][1] == "–"
    assert page.cells["numbers"]["duration_s"][0] == "Flight time"
    once = page_of(Remarks(preset="jump"), items=TWO[:1])
    assert once.cells["numbers"]["duration_s"][2] == "± 0.10 s"


def test_on_which_side_of_a_target_a_number_lies_is_said() -> None:
    source = source_of(Remarks(preset="squat"), items=TWO)
    assert "Target" not in source.number_table.heads
    targets = {"duration_s": (0.5, 1.5), "depth_percent": (90.0, 95.0)}
    table = replace(source, targets=targets).number_table
    cells = dict(table.rows)
    assert table.heads[-1] == "Target"
    assert cells["duration_s"][-1] == "0.50–1.50 s, in it"
    assert cells["depth_percent"][-1] == "90.0–95.0 %, below"
    assert cells["knee_angle_r"][-1] == ""


def test_a_number_is_drawn_beside_its_target() -> None:
    source = source_of(Remarks(preset="squat"), items=TWO)
    drawn = 'aria-label="Values beside their targets"'
    assert drawn not in report_html(source)
    aimed = replace(source, targets={"duration_s": (0.5, 1.5), "depth_percent": (90.0, 95.0)})
    assert drawn in report_html(aimed)
    panels = target_panels(aimed, width_pt=120.0)
    titles = {one.contents[0].text: one.contents[0].fontSize for one in panels}
    assert list(titles) == [n.words for n in source.numbers if n.name in aimed.targets]
    assert all(width_of(words, size) <= 120.5 for words, size in titles.items())


@pytest.mark.parametrize(
    ("value", "inside"), [(60.0, True), (44.0, False), (75.0, False), (np.nan, None)]
)
def test_a_value_lies_in_the_band_of_its_target_where_it_reaches_it(
    value: float, inside: bool | None
) -> None:
    panel = target_panel(
        "Knee", (value, 5.0), (50.0, 70.0), ends=("50", "70°"), size_pt=(180.0, 36.0)
    )
    band = next(one for one in panel.contents if isinstance(one, Rect))
    dots = [one.cx for one in panel.contents if isinstance(one, Circle)]
    assert [band.x <= at <= band.x + band.width for at in dots] == (
        [] if inside is None else [inside]
    )
