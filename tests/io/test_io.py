"""The file formats, read back with other people's readers."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd
import pytest
import trc as trc_data_reader

from humanpose.io import npz, record, tables, trc
from humanpose.sequence import JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS, MARKERS22, MEDIAPIPE33
from tests.support.places import SHARED
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis, synthetic_angles

OPENCAP = SHARED / "data/clips/opencap_demo"
FILM = Timeline(40, 24000 / 1001, start_s=2.5)


def written(write: Callable[[TextIO], None]) -> str:
    stream = io.StringIO()
    write(stream)
    return stream.getvalue()


# ---------------------------------------------------------------- CSV


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


# ---------------------------------------------------------------- TRC


def test_another_reader_understands_the_trc(tmp_path: Path) -> None:
    markers = synthetic_analysis(timeline=FILM).markers
    (tmp_path / "pose.trc").write_text(written(lambda s: trc.write_trc(markers, s)))
    data = trc_data_reader.TRCData()
    data.load(tmp_path / "pose.trc")
    assert (data["NumFrames"], data["NumMarkers"], data["Units"]) == (40, 22, "m")
    assert data["DataRate"] == pytest.approx(FILM.fps)
    assert data["Markers"] == list(MARKERS22.joints)
    assert data["Frame#"] == list(range(1, 41))
    np.testing.assert_allclose(data["Time"], FILM.time_s, atol=1e-6)
    for name in MARKERS22.joints:
        np.testing.assert_allclose(data[name], markers.joint(name), atol=1e-6)


def test_a_missing_marker_is_three_empty_cells_and_every_line_ends_in_a_tab() -> None:
    markers = synthetic_analysis(3, missing=[1]).markers
    lines = written(lambda s: trc.write_trc(markers, s)).split("\n")
    assert lines[3].startswith("Frame#\tTime\tNeck\t\t\tRShoulder\t\t\t")
    assert lines[4].startswith("\t\tX1\tY1\tZ1\tX2\tY2\tZ2\t")
    assert lines[5] == ""
    assert lines[7] == "2\t0.033333" + "\t" * 67
    assert [line.count("\t") for line in (*lines[3:5], *lines[6:9])] == [68] * 5


def test_a_trc_comes_back() -> None:
    markers = synthetic_analysis(timeline=FILM, missing=[0, 39]).markers
    back = trc.read_trc(io.StringIO(written(lambda s: trc.write_trc(markers, s))))
    assert back.skeleton.joints == MARKERS22.joints
    np.testing.assert_allclose(back.positions, markers.positions, atol=1e-6)
    np.testing.assert_allclose(back.timeline.time_s, FILM.time_s, atol=1e-6)
    assert back.confidence[:2, 0].tolist() == [0, 1]


@pytest.mark.skipif(not OPENCAP.exists(), reason="needs shared/data/clips")
def test_opencaps_own_trc_is_read() -> None:
    with (OPENCAP / "Squats.trc").open() as stream:
        sequence = trc.read_trc(stream)
    assert (len(sequence), len(sequence.skeleton), sequence.timeline.fps) == (938, 63, 60.0)
    np.testing.assert_allclose(sequence.joint("Neck")[0], [0.37436, 1.4247275, -0.05739])


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "a\nDataRate\n30\nb\nc\n1\t2\n"])
def test_what_is_no_trc_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        trc.read_trc(io.StringIO(text))


# ---------------------------------------------------------------- NPZ and JSON


def test_the_arrays_have_the_contracts_names_and_shapes() -> None:
    stream = io.BytesIO()
    npz.write_arrays(synthetic_analysis(8, missing=[1]), stream)
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as saved:
        shapes = {name: saved[name].shape for name in saved}
        kinds = {name: saved[name].dtype.kind for name in saved}
    assert shapes == {
        "fps": (), "time": (8,), "keypoints_2d": (8, 17, 2), "visibility": (8, 17),
        "joints_camera_raw": (8, 17, 3), "joints_camera": (8, 17, 3),
        "joints_world": (8, 17, 3), "limb_directions": (8, 14, 3), "limb_confidence": (8, 14),
        "up_camera": (3,), "angles_raw": (8, 36), "angles": (8, 36),
        "angle_confidence": (8, 36), "group_confidence": (8, 12), "angle_names": (36,),
        "angle_sd": (8, 36), "joint_confidence": (8, 17), "marker_confidence": (8, 22),
        "augmented_confidence": (8, 0),
        "marker_estimated": (8, 0),
    }  # fmt: skip
    assert kinds.pop("angle_names") == "U"
    assert set(kinds.values()) == {"f"}


def test_a_pickled_array_is_refused() -> None:
    stream = io.BytesIO()
    np.savez(stream, **dict.fromkeys(npz.ARRAY_NAMES, np.array([{}], dtype=object)))
    stream.seek(0)
    with pytest.raises(ValueError, match="pickle"):
        npz.read_arrays(stream)


def test_the_record_is_strict_json_and_comes_back() -> None:
    analysis = synthetic_analysis(4, clip_name='a "ü" 最.mp4')
    text = written(lambda s: record.write_record(analysis, s))
    strict = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert strict["quality"] == {"detected_share": 1.0, "drift_m": None}
    assert strict["checkpoint_sha256"] == {"best_pof_model.pth": "ab" * 32}
    assert strict["versions"] == {"humanpose": "0.1.0"}
    assert strict["image_size"] == [640, 480]
    back = record.read_record(io.StringIO(text))
    assert back["clip"] == analysis.clip_name
    assert np.isnan(back["quality"]["drift_m"])
