"""The CSV tables, read back by pandas."""

import io
import json

import numpy as np
import pandas as pd

from humanpose.io import tables
from humanpose.sequence import JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS, MEDIAPIPE33
from tests.support.synthetic import FILM, IMAGE_SIZE, synthetic_analysis, synthetic_angles
from tests.support.text import written


def test_landmarks_have_a_row_per_landmark_per_frame() -> None:
    landmarks = synthetic_analysis(timeline=FILM).landmarks
    table = pd.read_csv(io.StringIO(written(lambda s: tables.write_landmarks(landmarks, s))))
    assert ",".join(table.columns) == "time_s,frame,landmark,x_px,y_px,visibility,x_m,y_m,z_m"
    assert table.landmark.tolist() == list(MEDIAPIPE33.joints) * 40
    assert table.frame.tolist() == np.repeat(np.arange(40), 33).tolist()
    np.testing.assert_allclose(table.time_s[::33], FILM.time_s, atol=1e-6)
    knees = table[table.landmark == "left_knee"]
    expected = landmarks.pixels[:, MEDIAPIPE33.index("left_knee")]
    np.testing.assert_allclose(knees[["x_px", "y_px"]], expected, atol=1e-6)


def test_landmarks_of_an_empty_frame_are_empty_cells_with_visibility_0() -> None:
    landmarks = synthetic_analysis(4, missing=[2]).landmarks
    lines = written(lambda s: tables.write_landmarks(landmarks, s)).splitlines()
    assert lines[1 + 2 * 33] == "0.066667,2,nose,,,0.000000,,,"


def test_landmarks_come_back() -> None:
    landmarks = synthetic_analysis(timeline=FILM, missing=[0, 7]).landmarks
    text = written(lambda s: tables.write_landmarks(landmarks, s))
    back = tables.read_landmarks(io.StringIO(text), FILM, IMAGE_SIZE)
    for name in ("pixels", "world", "visibility"):
        np.testing.assert_allclose(getattr(back, name), getattr(landmarks, name), atol=1e-6)


def test_angles_have_their_columns_under_comment_lines() -> None:
    analysis = synthetic_analysis(timeline=FILM, clip_name="two\nlines – ü.mp4", missing=[3])
    header = tables.angles_header(analysis)
    text = written(lambda s: tables.write_angles(analysis.joint_angles, s, header=header))
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert "degrees" in comments[0]
    assert any('"height_m": 1.78' in line for line in comments)
    assert any('"humanpose": "0.1.0"' in line for line in comments)
    table = pd.read_csv(io.StringIO(text), comment="#")
    assert tuple(table.columns) == ("time_s", "frame", *ANGLE_NAMES)
    expected = analysis.joint_angles.degrees
    np.testing.assert_allclose(table[list(ANGLE_NAMES)], expected, atol=0.51e-4)


def test_no_name_of_a_clip_is_a_formula_however_its_line_is_split() -> None:
    name = "a,=cmd|' /C calc'!A0;@SUM(A1)\t+1.mp4"
    header = tables.angles_header(synthetic_analysis(4, clip_name=name))
    [line] = [line for line in header.splitlines() if line.startswith("# clip: ")]
    assert json.loads(line.removeprefix("# clip: ")) == name
    for cells in (line.split(separator) for separator in ",;\t"):
        assert not any(cell.strip('" ').startswith(tuple("=+-@")) for cell in cells)


def test_a_group_has_its_three_columns() -> None:
    angles = synthetic_angles(FILM)
    columns = JOINT_GROUPS["knee_l"]
    text = written(lambda s: tables.write_angles(angles, s, columns=columns))
    assert text.startswith(
        "time_s,frame,knee_angle_l,knee_adduction_l,knee_rotation_l\n2.500000,0,"
    )
    table = pd.read_csv(io.StringIO(text))
    assert table["knee_adduction_l"].isna().all()
    np.testing.assert_allclose(table["knee_angle_l"], angles.curve("knee_angle_l"), atol=1e-4)


def test_the_long_form_says_the_same_with_its_confidence() -> None:
    angles = synthetic_angles(FILM, missing=[3])
    table = pd.read_csv(io.StringIO(written(lambda s: tables.write_long(angles, s))))
    assert ",".join(table.columns) == "time_s,frame,angle,degrees,confidence"
    assert table.angle.tolist() == list(ANGLE_NAMES) * 40
    wide = table.pivot(index="frame", columns="angle")
    for values, expected in (("degrees", angles.degrees), ("confidence", angles.confidence)):
        np.testing.assert_allclose(wide[values][list(ANGLE_NAMES)], expected, atol=1e-3)
    np.testing.assert_allclose(wide["time_s"].iloc[:, 0], FILM.time_s, atol=1e-6)


def test_no_cell_is_minus_zero() -> None:
    angles = JointAngles(np.full((1, 36), -1e-9), np.ones((1, 36)), Timeline(1, 30.0))
    assert "-0.0" not in written(lambda s: tables.write_angles(angles, s))
