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

DOCS = Path(__file__).resolve().parents[2] / "docs"


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
        assert "HDM05's actors (hdm05): 133 clips of 5 people" in source
        assert of_the_docs["command"] in source


def test_an_evaluation_keeps_what_its_charts_need(tmp_path: Path) -> None:
    found = compare([squat_case()], ["mediapipe", "raw", "truth"])
    figures = chart_figures({"sample": found}, command="python -m train.evaluate")
    write_charts(tmp_path, figures)
    kept = json.loads((tmp_path / FIGURES).read_text("utf-8"))
    assert kept == figures
    assert set(kept["sets"]["sample"]["stages"]) == {"mediapipe", "raw"}
    raw = kept["sets"]["sample"]["stages"]["raw"]
    expected = found.stages["raw"].all.angle_mean.mae_deg
    assert raw["mae_deg"] == pytest.approx(expected, abs=0.006)
    assert "in_band_percent" not in raw  # raw states no deviation
    assert set(raw["by_angle"]) == found.truth_sd_deg.keys() - found.angles_left_out.keys()
    assert {path.stem for path in tmp_path.glob("*.svg")} == {"errors", "limbs", "range"}
    before = (tmp_path / "errors.svg").read_bytes()
    write_charts(tmp_path, kept)
    assert (tmp_path / "errors.svg").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_charts(tmp_path / "file", {"sets": {}})
