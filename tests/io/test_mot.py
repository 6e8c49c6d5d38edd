"""The OpenSim motion file: true to its header, to the angles and to the model's pelvis."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from humanpose.io import mot
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.places import SHARED
from tests.support.synthetic import ABSENT, FILM, synthetic_analysis

OPENCAP = SHARED / "data/clips/opencap_demo"


def written(angles: JointAngles, markers: PoseSequence) -> str:
    stream = io.StringIO()
    mot.write_mot(angles, markers, stream)
    return stream.getvalue()


def read_mot(text: str) -> tuple[dict[str, str], pd.DataFrame]:
    head, body = text.split("endheader\n")
    header = dict(line.split("=") for line in head.splitlines() if "=" in line)
    return header, pd.read_csv(io.StringIO(body), sep="\t")


def mot_of(angles: JointAngles, markers: PoseSequence) -> pd.DataFrame:
    return read_mot(written(angles, markers))[1]


def pelvis_angles(tilt: float, list_: float, rotation: float) -> JointAngles:
    """One frame with the contract's pelvis angles and everything else 0."""
    degrees = np.zeros((1, len(ANGLE_NAMES)))
    degrees[0, :3] = tilt, list_, rotation
    return JointAngles(degrees, np.ones_like(degrees), Timeline(1, 30.0))


def turn(axis: str, angle_deg: float) -> NDArray[np.float64]:
    """The elementary rotation matrix about one axis."""
    a = np.radians(angle_deg)
    first, second = {"X": (1, 2), "Y": (2, 0), "Z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[[first, second], [first, second]] = np.cos(a)
    matrix[first, second], matrix[second, first] = -np.sin(a), np.sin(a)
    return matrix


def test_the_mot_header_is_true() -> None:
    analysis = synthetic_analysis(timeline=FILM, missing=[0, 7])
    text = written(analysis.joint_angles, analysis.markers)
    header, table = read_mot(text)
    assert header == {"version": "1", "nRows": "40", "nColumns": "34", "inDegrees": "yes"}
    assert table.shape == (40, 34)
    assert tuple(table.columns) == ("time", *mot.COORDINATES)
    assert np.isfinite(table.to_numpy()).all()
    assert "set to 0: mtp_angle_r mtp_angle_l pro_sup_r pro_sup_l\n" in text
    assert (table[["mtp_angle_r", "pro_sup_l"]] == 0).all(axis=None)
    assert "Gaps interpolated in: pelvis_tilt pelvis_list" in text


def test_angles_that_the_model_shares_are_the_same_numbers() -> None:
    analysis = synthetic_analysis(20)
    table = mot_of(analysis.joint_angles, analysis.markers)
    shared = [n for n in mot.COORDINATES if n in ANGLE_NAMES and n not in mot.PELVIS_ROTATIONS]
    assert len(shared) == 25
    for name in shared:
        expected = np.nan_to_num(analysis.joint_angles.curve(name))
        np.testing.assert_allclose(table[name], expected, atol=1e-6)
    assert not {f"{name}_{side}" for name in ABSENT[:2] for side in "lr"} & set(table.columns)


def test_a_gap_is_interpolated_and_the_edges_are_held() -> None:
    analysis = synthetic_analysis(5)
    angles = np.zeros((5, 36))
    knee = ANGLE_NAMES.index("knee_angle_r")
    angles[:, knee] = [np.nan, 10, np.nan, 20, np.nan]
    moved = replace(analysis.joint_angles, degrees=angles)
    assert mot_of(moved, analysis.markers)["knee_angle_r"].tolist() == [10, 10, 15, 20, 20]


def test_a_gap_across_the_turn_takes_the_short_way() -> None:
    analysis = synthetic_analysis(3)
    angles = np.zeros((3, 36))
    angles[:, ANGLE_NAMES.index("arm_flex_r")] = [170, np.nan, -170]
    moved = replace(analysis.joint_angles, degrees=angles)
    assert mot_of(moved, analysis.markers)["arm_flex_r"].tolist() == [170, 180, 190]


@pytest.mark.parametrize(
    ("contract", "model"),
    [
        pytest.param((0, 0, 0), (0, 0, -90), id="facing the camera"),
        pytest.param((0, 0, 90), (0, 0, 0), id="facing right in the image"),
        pytest.param((0, 0, 450), (0, 0, 0), id="facing right after a whole turn"),
        pytest.param((20, 0, 0), (0, -20, -90), id="facing the camera, leaning back"),
        pytest.param((0, 10, 0), (10, 0, -90), id="facing the camera, right side down"),
        pytest.param((20, 0, 90), (20, 0, 0), id="facing right, leaning back"),
        pytest.param((0, 10, 90), (0, 10, 0), id="facing right, right side down"),
        pytest.param((-90, 0, 90), (-90, 0, 0), id="facing right, lying prone"),
    ],
)
def test_the_pelvis_as_worked_out_by_hand(
    contract: tuple[float, float, float], model: tuple[float, float, float]
) -> None:
    np.testing.assert_allclose(
        mot.pelvis_rotations(pelvis_angles(*contract)), [model], atol=1e-9
    )


@pytest.mark.parametrize("pose", [(12, -7, 33), (-25, 14, 160), (5, 30, -120), (60, -20, 0)])
def test_the_pelvis_is_the_same_rotation_in_both_sequences(
    pose: tuple[float, float, float],
) -> None:
    tilt, list_, rotation = pose
    ground = np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0]])  # columns: Z, Y, -X of the world
    expected = ground @ turn("Y", rotation) @ turn("X", list_) @ turn("Z", tilt)
    z, x, y = mot.pelvis_rotations(pelvis_angles(*pose))[0]
    np.testing.assert_allclose(turn("Z", z) @ turn("X", x) @ turn("Y", y), expected, atol=1e-12)


def test_bending_over_towards_the_camera_leaves_no_jump() -> None:
    timeline = Timeline(41, 30.0)
    degrees = np.zeros((41, len(ANGLE_NAMES)))
    degrees[:, 0] = np.linspace(0, -120, 41)  # beyond the singularity of Z-X-Y at 90
    degrees[:, 2] = 5
    angles = JointAngles(degrees, np.ones_like(degrees), timeline)
    assert np.abs(np.diff(mot.pelvis_rotations(angles), axis=0)).max() < 45


def test_the_pelvis_origin_lies_before_and_above_the_hips() -> None:
    markers = synthetic_analysis(1).markers
    positions = markers.positions.copy()
    for name, z in (("RHip", 0.07726), ("LHip", -0.07726)):
        positions[:, MARKERS22.index(name)] = 1.0, 0.9, z
    for side in "RL":  # legs as long as the model's
        hip = positions[:, MARKERS22.index(f"{side}Hip")]
        positions[:, MARKERS22.index(f"{side}Knee")] = hip - [0, 0.406086, 0]
        positions[:, MARKERS22.index(f"{side}Ankle")] = hip - [0, 0.406086 + 0.400125, 0]
    row = mot_of(pelvis_angles(0, 0, 90), markers.with_positions(positions)).iloc[0]
    assert row[list(mot.PELVIS_TRANSLATIONS)].tolist() == pytest.approx([1.056276, 0.97849, 0])


def test_a_pelvis_that_is_never_known_is_0_and_named() -> None:
    analysis = synthetic_analysis(4, missing=range(4))
    text = written(analysis.joint_angles, analysis.markers)
    assert "set to 0: pelvis_tilt pelvis_list pelvis_rotation pelvis_tx" in text
    assert (read_mot(text)[1].drop(columns="time") == 0).all(axis=None)


@pytest.mark.skipif(not OPENCAP.exists(), reason="needs shared/data/clips")
def test_opencaps_pelvis_survives_our_angles() -> None:
    """Its motion, as the contract's angles and hip markers, comes back as its own motion."""
    truth = read_mot((OPENCAP / "Jump.mot").read_text())[1]
    model = truth[list(mot.PELVIS_ROTATIONS)].to_numpy()
    place = truth[list(mot.PELVIS_TRANSLATIONS)].to_numpy()
    rotations = np.array([turn("Z", z) @ turn("X", x) @ turn("Y", y) for z, x, y in model])
    angles = _contract_angles(rotations)
    hips = {"RHip": 0.10358, "LHip": -0.10358}  # of its scaled model
    positions = np.zeros((len(truth), 22, 3))
    for name, z in hips.items():
        positions[:, MARKERS22.index(name)] = place + rotations @ [-0.068388, -0.095382, z]
    markers = PoseSequence(positions, np.ones((len(truth), 22)), angles.timeline, MARKERS22)
    ours = mot_of(angles, markers)
    np.testing.assert_allclose(ours[list(mot.PELVIS_ROTATIONS)], model, atol=1e-5)
    off = np.linalg.norm(ours[list(mot.PELVIS_TRANSLATIONS)] - place, axis=1)
    assert off.max() < 0.015  # its pelvis is scaled per axis, ours by the hip width alone


def _contract_angles(rotations: Floats) -> JointAngles:
    """The pelvis angles of Baker (2001), from the matrix elements of Ry·Rx·Rz."""
    to_contract = np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    r = to_contract @ rotations
    degrees = np.zeros((len(r), len(ANGLE_NAMES)))
    degrees[:, 0] = np.degrees(np.arctan2(r[:, 1, 0], r[:, 1, 1]))
    degrees[:, 1] = np.degrees(np.arcsin(-r[:, 1, 2]))
    degrees[:, 2] = np.degrees(np.arctan2(r[:, 0, 2], r[:, 2, 2]))
    return JointAngles(degrees, np.ones_like(degrees), Timeline(len(r), 60.0))
