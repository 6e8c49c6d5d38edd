"""The overview of the 36 angles: what each panel shows."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from humanpose.analysis import Analysis
from humanpose.measures.neutral import minus_neutral
from humanpose.report.colours import LEFT, RIGHT
from humanpose.report.plots import ABSENT_TEXT, angle_overview
from humanpose.skeleton import ANGLE_NAMES
from tests.support.synthetic import refined_analysis, synthetic_analysis


@pytest.fixture(scope="module")
def figure(analysis: Analysis) -> Figure:
    return angle_overview(analysis)


def panel(figure: Figure, name: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_title(loc="left") == name)


def test_every_angle_has_a_panel(figure: Figure) -> None:
    assert {axes.get_title(loc="left") for axes in figure.axes} == set(ANGLE_NAMES)


def test_a_measured_angle_is_drawn_solid_with_its_gap(
    figure: Figure, analysis: Analysis
) -> None:
    solid = panel(figure, "knee_angle_r").lines[-1]
    np.testing.assert_array_equal(
        solid.get_ydata(), analysis.joint_angles.curve("knee_angle_r")
    )
    assert solid.get_alpha() is None


def test_an_inferred_angle_is_only_faint(figure: Figure, analysis: Analysis) -> None:
    _, _, faint, solid = panel(figure, "hip_rotation_l").lines
    np.testing.assert_array_equal(
        faint.get_ydata(), analysis.joint_angles.curve("hip_rotation_l")
    )
    assert faint.get_alpha() == pytest.approx(0.3)
    assert np.isnan(np.asarray(solid.get_ydata())).all()


def test_an_absent_angle_says_so_and_draws_nothing(figure: Figure) -> None:
    axes = panel(figure, "knee_adduction_r")
    assert [text.get_text() for text in axes.texts] == [ABSENT_TEXT]
    assert not axes.lines


def test_right_and_left_have_their_colours_and_one_scale(figure: Figure) -> None:
    right, left = panel(figure, "hip_flexion_r"), panel(figure, "hip_flexion_l")
    assert (right.lines[-1].get_color(), left.lines[-1].get_color()) == (RIGHT, LEFT)
    assert right.get_ylim() == left.get_ylim()


def test_raw_is_drawn_only_where_a_learned_stage_changed_it(
    figure: Figure, analysis: Analysis
) -> None:
    same = angle_overview(
        replace(analysis, raw=replace(analysis.raw, angles=analysis.joint_angles))
    )
    assert len(panel(figure, "hip_flexion_r").lines) == 4  # zero, raw, faint, solid
    assert len(panel(same, "hip_flexion_r").lines) == 3


def test_the_band_holds_90_percent(analysis: Analysis) -> None:
    assert not panel(angle_overview(analysis), "knee_angle_r").collections
    refined = refined_analysis(30)
    (band,) = panel(angle_overview(refined), "knee_angle_r").collections
    heights = np.asarray(band.get_paths()[0].vertices)[:, 1]
    curve = refined.joint_angles.curve("knee_angle_r")
    assert heights.max() == pytest.approx(curve.max() + 1.645 * 4)
    assert heights.min() == pytest.approx(curve.min() - 1.645 * 4)


def test_a_single_frame_is_visible() -> None:
    solid = panel(angle_overview(synthetic_analysis(1)), "knee_angle_r").lines[-1]
    assert solid.get_marker() == "o"


def test_the_figure_says_which_pose_was_subtracted() -> None:
    plain = synthetic_analysis(60)
    assert not angle_overview(plain).texts
    (text,) = angle_overview(minus_neutral(plain, at_s=0.5)).texts
    assert "the pose at 0.500 s (frame 15)" in text.get_text().lower()
