"""C3D, TRC and OpenSim motions, on small files that the tests write."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np
import pytest

from humanpose.io.trc import write_trc
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, Skeleton
from tests.support.places import SHARED
from train.convert import c3d, mot, trc
from train.convert.errors import SourceError
from train.convert.skeletons import sequence_of

FAULTS = SHARED / "data" / "faults"
needs_faults = pytest.mark.skipif(not FAULTS.is_dir(), reason="../shared is not there")
NEUTRAL = {"time": 0.0, "pelvis_ty": 0.95} | dict.fromkeys(
    ("pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_tz"), 0.0
)


def write_mot(path: Path, *, degrees: bool = True, **coordinates: Floats | float) -> Path:
    """Three frames at 100 Hz from 0.5 s of the named coordinates."""
    values = NEUTRAL | coordinates | {"time": 0.5 + np.arange(3) / 100}
    table = np.column_stack([np.broadcast_to(value, 3) for value in values.values()])
    rows = "\n".join("\t".join(map(str, row)) for row in table)
    header = f"Coordinates\nversion=1\ninDegrees={'yes' if degrees else 'no'}\nendheader\n"
    path.write_text(header + "\t".join(values) + "\n" + rows + "\n")
    return path


def write_c3d(path: Path, points: Floats, *, up: str = "+Z") -> Path:
    """``points`` (T, M, 3) mm, as they are."""
    file = ezc3d.c3d()
    point = file["parameters"]["POINT"]
    point["RATE"]["value"] = [120.0]
    point["UNITS"]["value"] = ["mm"]
    point["LABELS"]["value"] = [f"Eva:M{i}" for i in range(points.shape[1])]
    file.add_parameter("POINT", "Y_SCREEN", [up])
    file["data"]["points"] = np.concatenate([points.T, np.ones((1, *points.T.shape[1:]))])
    file.write(str(path))
    return path


def test_c3d_comes_in_metres_with_y_up_and_plain_names(tmp_path: Path) -> None:
    points = np.array([[[1000.0, 2000.0, 3000.0], [500.0, 0.0, 1500.0]]])
    (markers,) = c3d.read(write_c3d(tmp_path / "a.c3d", points))
    assert markers.skeleton.joints == ("M0", "M1")
    assert markers.timeline.fps == 120
    np.testing.assert_allclose(markers.joint("M0"), [[2.0, 3.0, 1.0]], atol=1e-6)


def test_c3d_with_y_up_stays_as_it_is(tmp_path: Path) -> None:
    points = np.array([[[1000.0, 2000.0, 3000.0]]])
    (markers,) = c3d.read(write_c3d(tmp_path / "a.c3d", points, up="+Y"))
    np.testing.assert_allclose(markers.joint("M0"), [[1.0, 2.0, 3.0]], atol=1e-6)


def test_c3d_with_x_up_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="export it in mm with Z or Y up"):
        next(c3d.read(write_c3d(tmp_path / "a.c3d", np.ones((1, 1, 3)), up="+X")))


def test_a_marker_that_c3d_lost_is_nan(tmp_path: Path) -> None:
    points = np.array([[[1.0, 2.0, 3.0]], [[0.0, 0.0, 0.0]]])
    (markers,) = c3d.read(write_c3d(tmp_path / "a.c3d", points))
    assert np.isnan(markers.joint("M0")).all(axis=1).tolist() == [False, True]
    assert markers.confidence[:, 0].tolist() == [1, 0]


def test_c3d_without_a_rate_or_markers_is_refused(tmp_path: Path) -> None:
    path = write_c3d(tmp_path / "a.c3d", np.ones((3, 2, 3)))
    rate = struct.pack("<f", 120)
    path.write_bytes(path.read_bytes().replace(rate, bytes(4)))
    with pytest.raises(SourceError, match="states no frame rate; export"):
        next(c3d.read(path))
    with pytest.raises(SourceError, match="holds no named markers; give"):
        next(c3d.read(write_c3d(path, np.zeros((3, 2, 3)))))


@needs_faults
def test_c3d_of_rotations_is_refused() -> None:
    with pytest.raises(SourceError, match="states no frame rate"):
        next(c3d.read(FAULTS / "rate_zero.c3d"))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.45, 0.6, 0.8, 0.95])
def test_c3d_that_breaks_off_is_a_sentence_or_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Some such files make the library loop for ever or crash."""
    monkeypatch.setattr(c3d, "_STARTS_WITHIN_S", 5.0)
    path = write_c3d(tmp_path / "a.c3d", np.ones((20, 6, 3)))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert outcome(path) in ("markers", "damaged")


def outcome(path: Path) -> str:
    try:
        return "markers" if next(c3d.read(path)) else ""
    except SourceError as error:
        return "damaged" if "damaged; give one of optical capture" in str(error) else ""


@pytest.mark.parametrize("read", [c3d.read, trc.read, mot.read])
def test_another_file_is_refused_in_one_sentence(
    tmp_path: Path, read: Callable[[Path], Iterator[PoseSequence]]
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello\n" * 9)
    with pytest.raises(SourceError, match=r"^notes\.txt [^\n]+; [^\n]+$"):
        next(read(path))


def test_trc_keeps_names_gaps_and_clip_time(tmp_path: Path) -> None:
    positions = np.arange(12.0).reshape(2, 2, 3)
    positions[1, 0] = np.nan
    written = sequence_of(positions, Skeleton("m", ("C7", "r.ASIS")), Timeline(2, 100, 1.5))
    with (tmp_path / "a.trc").open("w") as stream:
        write_trc(written, stream)
    (markers,) = trc.read(tmp_path / "a.trc")
    assert markers.skeleton.joints == ("C7", "r.ASIS")
    assert markers.timeline.start_s == 1.5
    np.testing.assert_allclose(markers.positions, positions)


def test_radians_are_read_as_degrees_and_metres_stay(tmp_path: Path) -> None:
    path = write_mot(tmp_path / "a.mot", degrees=False, hip_flexion_r=np.pi / 6, pelvis_tx=2.0)
    motion = mot.read_motion(path)
    np.testing.assert_allclose(motion.angles.curve("hip_flexion_r"), 30)
    np.testing.assert_allclose(motion.pelvis.joint("pelvis"), [[0, 0.95, 2.0]] * 3)
    assert motion.angles.timeline.fps == pytest.approx(100)
    assert motion.angles.timeline.start_s == 0.5


def test_knees_that_flex_to_the_negative_are_turned_round(tmp_path: Path) -> None:
    bent = np.array([5.0, 40.0, 60.0])
    path = write_mot(tmp_path / "a.mot", knee_angle_r=-bent, knee_angle_l=-bent / 2)
    angles = mot.read_motion(path).angles
    np.testing.assert_allclose(angles.curve("knee_angle_r"), bent)
    np.testing.assert_allclose(angles.curve("knee_angle_l"), bent / 2)


def test_a_knee_that_hyperextends_a_little_keeps_its_sign(tmp_path: Path) -> None:
    stretched = np.array([-6.0, -4.0, -2.0])
    path = write_mot(tmp_path / "a.mot", knee_angle_r=stretched, knee_angle_l=stretched)
    np.testing.assert_allclose(mot.read_motion(path).angles.curve("knee_angle_r"), stretched)


def test_a_locked_coordinate_is_inferred_and_a_missing_one_absent(tmp_path: Path) -> None:
    path = write_mot(tmp_path / "a.mot", pro_sup_r=90.0, elbow_flex_r=np.array([10.0, 20, 30]))
    angles = mot.read_motion(path).angles
    confidence = dict(zip(ANGLE_NAMES, angles.confidence[0], strict=True))
    assert confidence["elbow_flex_r"] == 1
    assert 0 < confidence["pro_sup_r"] < 0.5
    assert confidence["arm_flex_r"] == 0
    assert np.isnan(angles.curve("arm_flex_r")).all()


def test_the_pelvis_is_told_heading_first(tmp_path: Path) -> None:
    """OpenSim's Z-X-Y tilt of somebody turned by 90° is a list for who looks along them."""
    turned = write_mot(tmp_path / "a.mot", pelvis_tilt=20.0, pelvis_rotation=90.0)
    angles = mot.read_motion(turned).angles
    np.testing.assert_allclose(angles.curve("pelvis_tilt"), 0, atol=1e-9)
    np.testing.assert_allclose(np.abs(angles.curve("pelvis_list")), 20)
    np.testing.assert_allclose(angles.curve("pelvis_rotation"), 90)


@pytest.mark.parametrize(
    ("coordinate", "degrees", "limb", "direction"),
    [
        ("hip_flexion_r", 90, ("right_hip", "right_knee"), (0, 0, 1)),
        ("hip_adduction_l", -90, ("left_hip", "left_knee"), (1, 0, 0)),
        ("knee_angle_l", 90, ("left_knee", "left_ankle"), (0, 0, -1)),
        ("arm_flex_l", 90, ("left_shoulder", "left_elbow"), (0, 0, 1)),
        ("arm_add_r", -90, ("right_shoulder", "right_elbow"), (-1, 0, 0)),
        ("elbow_flex_r", 90, ("right_elbow", "right_wrist"), (0, 0, 1)),
        ("pelvis_rotation", 90, ("right_hip", "left_hip"), (0, 0, -1)),
        ("lumbar_bending", 30, ("pelvis", "neck"), (-0.5, 0.866, 0)),
    ],
)
def test_the_body_moves_as_the_angles_say(
    tmp_path: Path, coordinate: str, degrees: float, limb: tuple[str, str], direction: Floats
) -> None:
    """World axes: who has all angles zero faces Z, with the right side at -X."""
    turned: dict[str, Any] = {coordinate: degrees}
    (body,) = mot.read(write_mot(tmp_path / "a.mot", **turned))
    along = body.joint(limb[1])[0] - body.joint(limb[0])[0]
    assert along @ direction / np.linalg.norm(along) > np.cos(np.radians(20))
