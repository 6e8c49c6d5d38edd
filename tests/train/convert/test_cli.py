"""``python -m train.convert``: what is written, and whose it is said to be."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.sequence import PoseSequence, Timeline
from humanpose.skeleton import COCO17
from tests.train.convert.test_markers import write_c3d, write_mot
from tests.train.convert.test_views import MATRIX, SIZE, dance, dome
from train.convert.__main__ import SOURCES, main
from train.convert.camera import Camera
from train.convert.clip import Clip, Detections, samples
from train.convert.skeletons import BODY, sequence_of
from train.convert.subjects import subject_of

__all__ = ["dance", "dome"]  # fixtures


@pytest.fixture
def pose() -> PoseSequence:
    """Eight frames of COCO's joints, anywhere in a room."""
    points = np.random.default_rng(0).uniform((-1, 0, -1), (1, 2, 1), (8, 17, 3))
    return sequence_of(points, COCO17, Timeline(8, 60.0))


def test_a_sample_holds_the_keys_of_the_contract(pose: PoseSequence) -> None:
    turn = np.array([[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]])
    camera = Camera("c01", turn, np.array([0.0, 1.0, 5.0]), np.array(MATRIX), np.zeros(5), SIZE)
    seen = Detections(np.zeros((8, 17, 2)), np.ones((8, 17)))
    arrays = samples(Clip(pose, "aist", "d04", "a", camera, seen))
    assert arrays["gt_scale"].shape == (8,)
    assert arrays["pose_2d"].shape == arrays["projected_2d"].shape == (8, 17, 2)
    assert arrays["image_size"].tolist() == [1920, 1080]
    assert (float(arrays["focal"]), float(arrays["fps"])) == (1600, 60)
    assert "corrupted" not in arrays
    expected = camera.to_camera(pose.positions)
    hips = expected[:, COCO17.indices("left_hip", "right_hip")].mean(axis=1, keepdims=True)
    np.testing.assert_allclose(arrays["ground_truth"], expected - hips, atol=1e-5)


def test_without_a_camera_the_truth_is_seen_level(pose: PoseSequence) -> None:
    arrays = samples(Clip(pose, "cmu", "02", "02_01.amc"))
    assert not {"projected_2d", "focal", "image_size", "pose_2d"} & arrays.keys()
    np.testing.assert_allclose(arrays["up_camera"], [0, -1, 0])
    assert np.linalg.det(arrays["camera_R"].astype(float)) == pytest.approx(1)
    shin = pose.joint("left_ankle") - pose.joint("left_knee")
    written = arrays["ground_truth"][:, 15] - arrays["ground_truth"][:, 13]
    np.testing.assert_allclose(written, shin * [1, -1, -1], atol=1e-6)


def test_joints_that_a_source_does_not_have_are_nan() -> None:
    body = sequence_of(np.ones((2, len(BODY), 3)), BODY, Timeline(2, 30.0))
    truth = samples(Clip(body, "cmu", "02", "a"))["ground_truth"]
    assert np.isnan(truth[:, :5]).all()
    assert np.isfinite(truth[:, 5:]).all()


def test_converting_writes_one_plain_file_per_clip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trials = tmp_path / "opensim" / "Expert1"
    trials.mkdir(parents=True)
    write_mot(trials / "squat.mot", knee_angle_r=np.array([0.0, 30.0, 60.0]))
    assert main(["opensim", str(tmp_path / "opensim"), str(tmp_path / "out")]) == 0
    (path,) = (tmp_path / "out").iterdir()
    assert capsys.readouterr().out == f"{path}\n"
    with np.load(path, allow_pickle=False) as file:
        assert file["joint_angles"].shape == (3, 36)
        assert file["subject"] == "addbiomechanics_Expert1"
        assert file["joint_names"].tolist() == list(BODY.joints)


def test_every_camera_of_a_dance_gets_a_file(dance: Path, tmp_path: Path) -> None:
    assert main(["aist", str(dance.parents[1]), str(tmp_path / "out")]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"aist__d04__{dance.stem}__{view}.npz" for view in ("c01", "c05")]


def test_every_person_in_the_dome_gets_a_file(dome: Path, tmp_path: Path) -> None:
    assert main(["panoptic", str(dome.parent), str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_clip_that_lies_there_twice_is_converted_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_c3d(tmp_path / folder / "39_03.c3d", np.ones((2, 1, 3)))
    assert main(["c3d", str(tmp_path), str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_a_broken_file_is_named_and_the_others_are_converted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "01_01.c3d").write_text("broken")
    write_c3d(tmp_path / "01_02.c3d", np.ones((2, 1, 3)))
    assert main(["c3d", str(tmp_path), str(tmp_path / "out")]) == 3
    assert "01_01.c3d is not a C3D file, or damaged" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cmu__01__01_02.c3d.npz"]


@pytest.mark.parametrize("source", SOURCES)
def test_a_folder_without_such_files_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    assert main([source, str(tmp_path), str(tmp_path / "out")]) == 3
    assert "check IN and SOURCE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "source", "subject"),
    [
        ("MyBVH/animFiles/05/05_02.bvh", "bvh", "cmu|05"),
        ("Subject # 39/39_03.amc", "asf", "cmu|39"),
        ("train/walking/walking_2.txt", "expmap", "cmu|05"),
        ("test/walking_extra/walking_10.txt", "expmap", "cmu|35"),
        ("train/walking_extra/walking_15.txt", "expmap", "cmu|unknown"),
        ("train_data_bvh/salsa/15.bvh", "bvh", "cmu|60"),
        ("train_data_bvh/salsa/16.bvh", "bvh", "cmu|61"),
        ("train_data_bvh/martial/03.bvh", "bvh", "cmu|135"),
        ("test/3/HDM_mm_grabHighR_018_120.amc", "asf", "hdm05|mm"),
        ("keypoints3d/gBR_sBM_cAll_d04_mBR0_ch01.pkl", "aist", "aist|d04"),
        ("Expert3/IK/S01/results_ik.mot", "opensim", "opensim|addbiomechanics_Expert3"),
        ("mine/walk.trc", "trc", "trc|mine"),
    ],
)
def test_a_person_has_one_name_in_every_upload(path: str, source: str, subject: str) -> None:
    assert subject_of(Path(path), source) == subject
