"""How far each angle of a clip is to be trusted."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from humanpose import Analysis
from humanpose.geometry import rotation_about
from humanpose.measures.comparison import DISTINCT_STAGES, with_stages
from humanpose.quality import angle_trust as module
from humanpose.quality.angle_trust import (
    angle_trust,
    errors_note,
    judged_stage,
    range_errors,
    trust_word,
)
from humanpose.quality.view import VIEWS
from humanpose.settings import Settings
from tests.support.synthetic import refined_analysis, synthetic_analysis
from train.judge.angle_errors import pooled

TABLE = pd.read_csv(module._TABLE).set_index(["stage", "view", "angle"])


def turned(degrees: float) -> Analysis:
    """The synthetic squat, turned about its own middle."""
    analysis = synthetic_analysis(20)
    joints = analysis.joints_camera
    centre = joints.positions.mean(axis=(0, 1))
    around = (joints.positions - centre) @ rotation_about("y", degrees).T + centre
    return replace(
        analysis, refined=replace(analysis.refined, joints=joints.with_positions(around))
    )


@pytest.mark.parametrize(("degrees", "view"), [(0, "front"), (90, "side"), (180, "back")])
def test_the_error_is_the_one_measured_in_this_view(degrees: float, view: str) -> None:
    found = angle_trust(turned(degrees)).loc["knee_angle_r"]
    measured = TABLE.loc[("raw", view, "knee_angle")]
    assert found["typical_error_deg"] == measured["offset_free_deg"]
    assert found["range_error_deg"] == measured["rom_error_deg"]


def test_two_views_are_mixed_by_their_time() -> None:
    front, side = turned(0), turned(90)
    half = np.concatenate(
        [front.joints_camera.positions[:10], side.joints_camera.positions[10:]]
    )
    mixed = replace(
        front, refined=replace(front.refined, joints=front.joints_camera.with_positions(half))
    )
    column = ["typical_error_deg"]
    expected = (angle_trust(front)[column] + angle_trust(side)[column]) / 2
    pd.testing.assert_frame_equal(angle_trust(mixed)[column], expected)


def test_pof_is_judged_by_its_own_errors_and_says_its_band() -> None:
    found = angle_trust(refined_analysis(20)).loc["elbow_flex_l"]
    assert found["typical_error_deg"] == TABLE.loc[("pof", "front", "elbow_flex")].iloc[1]
    assert found["band_deg"] == pytest.approx(1.645 * 4)


def test_each_setting_has_the_errors_nearest_to_it_and_says_where_they_are_not_its_own() -> (
    None
):
    own = {
        name: (judged_stage(settings), errors_note(settings))
        for name in DISTINCT_STAGES
        if (settings := with_stages(Settings(height_m=1.78), name))
    }
    assert own["raw"] == ("raw", "")
    assert own["POF"] == ("pof", "")
    assert own["POF + joint"] == ("pof-joint", "")
    assert own["raw + joint"][0] == "raw"
    assert own["MainRefiner"][0] == "pof-joint"
    assert all("of its own yet" in own[name][1] for name in ("raw + joint", "MainRefiner"))


def test_the_error_of_a_range_is_the_larger_of_the_measured_one_and_the_bands() -> None:
    analysis = refined_analysis(20)
    found, measured = range_errors(analysis), angle_trust(analysis)["range_error_deg"]
    assert found["elbow_flex_l"] == measured["elbow_flex_l"]  # the bands say 4·√2
    assert found["knee_rotation_l"] == pytest.approx(4 * np.sqrt(2))  # nobody measured it
    assert np.isnan(found["pro_sup_r"])


def test_words_follow_the_error_and_the_kind() -> None:
    words = [trust_word(error, "measured") for error in (5.0, 5.1, 10.1, np.nan)]
    assert words == ["good", "fair", "poor", "untested"]
    assert trust_word(2.0, "inferred") == "fair"
    assert trust_word(20.0, "inferred") == "poor"
    assert trust_word(2.0, "absent") == "absent"


def test_the_table_has_every_view_of_every_stage_once() -> None:
    assert TABLE.index.is_unique
    counts = TABLE.groupby(["stage", "view"]).size()
    assert set(counts.index) == {(s, v) for s in ("raw", "pof", "pof-joint") for v in VIEWS}
    assert counts.nunique() == 1


def test_sets_and_sides_are_pooled_by_frames() -> None:
    def row(frames: int, right: float, left: float) -> dict[str, object]:
        angles = {
            f"knee_angle_{s}": {"offset_free_mae_deg": e, "rom_error_deg": 2 * e}
            for s, e in (("r", right), ("l", left))
        }
        figures = {"frames": frames, "angles": angles}
        return {"stages": {"raw": {"by_view": dict.fromkeys(VIEWS, figures)}}}

    rows = pooled({"a": row(100, 2.0, 4.0), "b": row(300, 6.0, 8.0)})
    assert rows["raw", "side", "knee_angle"] == pytest.approx((800, 6.0, 12.0))
