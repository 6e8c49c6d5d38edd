"""The charts of an evaluation: what they keep, what they draw, where they say it is from."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from humanpose.errors import OutputError
from tests.support.squat import squat_case
from train.judge.charts import FIGURES, chart_figures, draw, write_charts
from train.judge.comparison import compare

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def of_the_docs() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((DOCS / "figures" / FIGURES).read_text("utf-8"))
    return figures


def test_what_the_page_shows_is_what_is_drawn(of_the_docs: dict[str, Any]) -> None:
    shown = re.findall(r"\(figures/(\w+)\.svg\)", (DOCS / "accuracy.md").read_text("utf-8"))
    assert sorted(draw(of_the_docs)) == sorted(shown)


def test_every_chart_says_on_whom_and_by_which_command(of_the_docs: dict[str, Any]) -> None:
    for chart in draw(of_the_docs).values():
        source = " ".join(chart.get_supxlabel().split())
        assert re.search(r"(pairs-test|phone)\): \d+ clips of \d people", source)
        assert "python -m train.evaluate --" in source


def test_an_evaluation_keeps_what_its_charts_need(tmp_path: Path) -> None:
    found = compare([squat_case()], ["mediapipe", "raw", "truth"])
    figures = chart_figures({"sample": found}, command="python -m train.evaluate")
    write_charts(tmp_path, figures)
    kept = json.loads((tmp_path / FIGURES).read_text("utf-8"))
    assert kept == figures
    assert set(kept["sample"]["stages"]) == {"mediapipe", "raw"}
    raw = kept["sample"]["stages"]["raw"]
    expected = found.stages["raw"].all.angle_mean.mae_deg
    assert raw["mae_deg"] == pytest.approx(expected, abs=0.006)
    assert 0 <= raw["in_band_percent"] <= 100
    assert set(raw["by_angle"]) == found.truth_sd_deg.keys() - found.angles_left_out.keys()
    assert {path.stem for path in tmp_path.glob("*.svg")} == {
        "errors",
        "limbs",
        "range",
        "band",
    }
    before = (tmp_path / "errors.svg").read_bytes()
    write_charts(tmp_path, {})
    assert (tmp_path / "errors.svg").read_bytes() == before


def test_an_evaluation_of_one_set_leaves_the_others_as_they_were(
    tmp_path: Path, of_the_docs: dict[str, Any]
) -> None:
    names = list(of_the_docs)
    write_charts(tmp_path, {name: of_the_docs[name] for name in names[:-1]})
    write_charts(tmp_path, {names[-1]: of_the_docs[names[-1]]})
    assert json.loads((tmp_path / FIGURES).read_text("utf-8")) == of_the_docs


def test_another_file_of_that_name_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / FIGURES).write_text("no figures")
    with pytest.raises(OutputError, match="delete it"):
        write_charts(tmp_path, {})


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_charts(tmp_path / "file", {})
