"""A person whose height nobody knows: no file and no page takes a length for metres."""

import json
from dataclasses import replace
from pathlib import Path

import ezc3d
import numpy as np
import pytest
import trc as trc_data_reader

from humanpose.analysis import Analysis
from humanpose.io.c3d import write_c3d
from humanpose.io.load import load_analysis
from humanpose.io.opensim import README, SCALE, write_opensim
from humanpose.lengths import named_figures
from humanpose.measures.events import find_gait_events
from humanpose.quality.checks import checks
from humanpose.report.tables import gait_cycle_table, gait_table
from humanpose.settings import ASSUMED_HEIGHT_M, RAW, Settings
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import Walker

UNKNOWN = Settings(height_m=None, **RAW)
WITH_LENGTHS = ("pose.trc", "pose_raw.trc", "angles.mot", "angles.csv", "analysis.json")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return synthetic_analysis(40, settings=UNKNOWN)


def test_everything_is_computed_as_for_the_assumed_height() -> None:
    assumed = Settings(height_m=ASSUMED_HEIGHT_M, **RAW)
    assert UNKNOWN.effective_height_m == assumed.effective_height_m
    assert UNKNOWN.effective_mass_kg == assumed.effective_mass_kg


def test_every_file_with_lengths_says_that_they_are_relative(
    analysis: Analysis, tmp_path: Path
) -> None:
    folder = analysis.save(tmp_path)
    known = replace(analysis, settings=Settings(height_m=1.7, **RAW)).save(tmp_path / "known")
    for name in WITH_LENGTHS:
        assert "relative, because the person's height" in (folder / name).read_text()
        assert "relative" not in (known / name).read_text()
    with np.load(folder / "analysis.npz") as arrays:
        assert arrays["lengths_relative"]
    record = json.loads((folder / "analysis.json").read_text())
    assert record["settings"]["height_m"] is None


def test_files_with_relative_lengths_are_read_as_before(
    analysis: Analysis, tmp_path: Path
) -> None:
    folder = analysis.save(tmp_path)
    assert load_analysis(folder).settings == UNKNOWN
    data = trc_data_reader.TRCData()
    data.load(folder / "pose.trc")
    assert data["Units"] == "m"
    np.testing.assert_allclose(data[1][1][0], analysis.markers.positions[0, 0], atol=1e-6)


def test_c3d_and_opensim_say_so_too(analysis: Analysis, tmp_path: Path) -> None:
    write_c3d(analysis, tmp_path / "a.c3d")
    parameters = ezc3d.c3d(str(tmp_path / "a.c3d"))["parameters"]
    assert "relative" in parameters["HUMANPOSE"]["LENGTHS"]["value"][0]
    assert parameters["POINT"]["DESCRIPTIONS"]["value"][0] == "marker, relative"
    written = write_opensim(analysis, tmp_path / "opensim")
    for name in (README, SCALE, "markers.trc", "angles.mot"):
        assert "relative" in (written / name).read_text(), name


def test_step_lengths_and_speed_are_in_body_heights() -> None:
    markers = Walker().markers()
    known = replace(
        synthetic_analysis(timeline=markers.timeline),
        refined=replace(synthetic_analysis(timeline=markers.timeline).refined, markers=markers),
    )
    unknown = replace(known, settings=UNKNOWN)
    events = find_gait_events(markers).items
    tables = [dict(gait_table(one, events).rows) for one in (known, unknown)]
    for name, word in {"step_length_m": "Step length", "speed_m_per_s": "Speed"}.items():
        metric, relative = (table[name] for table in tables)
        assert metric[0].startswith(f"{word}, m")
        assert relative[0].startswith(f"{word}, body heights")
        ratio = float(relative[1].split(" ")[0]) / float(metric[1].split(" ")[0])
        assert ratio == pytest.approx(1 / ASSUMED_HEIGHT_M, rel=0.02)
    assert tables[0]["cadence_steps_per_min"] == tables[1]["cadence_steps_per_min"]
    assert "Stride length, body heights" in gait_cycle_table(unknown, events).heads


def test_jitter_is_graded_alike_and_never_called_millimetres(analysis: Analysis) -> None:
    for jitter_mm in (2.0, 10.0, 20.0):
        known, unknown = (
            replace(
                analysis,
                settings=settings,
                quality=named_figures({"jitter_mm": jitter_mm}, settings),
            )
            for settings in (Settings(height_m=1.7, **RAW), UNKNOWN)
        )
        metric, relative = (
            next(check for check in checks(one) if check.name == "Jitter")
            for one in (known, unknown)
        )
        assert metric.state == relative.state
        assert " mm" in metric.finding
        assert " mm" not in relative.finding
