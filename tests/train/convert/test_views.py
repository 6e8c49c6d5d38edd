"""AIST++ and CMU Panoptic, on small files that the tests write in their formats."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.skeleton import COCO17
from train.convert import aist, arrays_only, panoptic
from train.convert.camera import Camera
from train.convert.clip import Detections
from train.convert.errors import SourceError
from train.convert.skeletons import coco17

SEQUENCE = "gBR_sBM_cAll_d04_mBR0_ch01"
SIZE = (1920, 1080)
MATRIX = [[1600.0, 0.0, 950.0], [0.0, 1600.0, 545.0], [0.0, 0.0, 1.0]]
STANDING_CM = np.random.default_rng(0).uniform((-40, 5, -30), (40, 175, 30), (4, 17, 3))
"""Points where a person stands; as in AIST++: Y up, the floor at 0."""

PUBLISHED_BODY = [
    -19.4528, -146.612, 1.46159, 0.724274, -40.4564, -163.091, -0.521563, 0.575897,
    -14.9749, -91.0176, 4.24329, 0.361725, -19.2473, -146.679, -16.1136, 0.643555,
    -14.7958, -118.804, -20.6738, 0.619599, -22.611, -93.8793, -17.7834, 0.557953,
    -12.3267, -91.5465, -6.55368, 0.353241, -12.6556, -47.0963, -4.83599, 0.455566,
    -10.8069, -8.31645, -4.20936, 0.501312, -20.2358, -147.348, 19.1843, 0.628022,
    -13.1145, -120.269, 28.0371, 0.63559, -20.1037, -94.3607, 30.0809, 0.625916,
    -17.623, -90.4888, 15.0403, 0.327759, -17.3973, -46.9311, 15.9659, 0.419586,
    -13.1719, -7.60601, 13.4749, 0.519653, -38.7164, -166.851, -3.25917, 0.46228,
    -28.7043, -167.333, -7.15903, 0.523224, -39.0433, -166.677, 2.55916, 0.395965,
    -30.0718, -167.264, 8.18371, 0.510041,
]  # fmt: skip
"""The example in the README of panoptic-toolbox."""


@pytest.fixture
def dance(tmp_path: Path) -> Path:
    """An AIST++ folder with one sequence, cameras c01 in front and c05 behind."""
    for folder in ("keypoints3d", "keypoints2d", "cameras"):
        (tmp_path / folder).mkdir()
    (tmp_path / "cameras" / "mapping.txt").write_text(f"{SEQUENCE} setting1\n")
    (tmp_path / "cameras" / "setting1.json").write_text(
        json.dumps([camera_json("c01", 180), camera_json("c05", 0)])
    )
    path = tmp_path / "keypoints3d" / f"{SEQUENCE}.pkl"
    content = {"keypoints3d": STANDING_CM + 9, "keypoints3d_optim": STANDING_CM}
    path.write_bytes(pickle.dumps(content))
    return path


def camera_json(name: str, heading_deg: float) -> dict[str, object]:
    """As AIST++ writes one: 5 m away, 1.8 m high, a rotation vector and cm."""
    turn = Rotation.from_euler("y", heading_deg, degrees=True)
    upside = Rotation.from_euler("z", 180, degrees=True)
    return {
        "name": name, "size": list(SIZE), "matrix": MATRIX,
        "rotation": (turn * upside).as_rotvec().tolist(),
        "translation": [0.0, 180.0, 500.0], "distortions": [0.05, -0.02, 0.001, 0.0, 0.0],
    }  # fmt: skip


def test_aist_comes_in_metres_from_the_optimised_points(dance: Path) -> None:
    (pose,) = aist.read(dance)
    np.testing.assert_allclose(pose.positions, STANDING_CM / 100)
    assert pose.skeleton is COCO17
    assert pose.timeline.fps == 60


def test_aist_without_cameras_has_no_views(dance: Path) -> None:
    (pose,) = aist.read(dance)
    elsewhere = dance.parents[1] / "alone" / "keypoints3d" / dance.name
    assert list(aist.views(elsewhere, pose)) == []


def test_the_person_stands_upright_in_every_aist_camera(dance: Path) -> None:
    (pose,) = aist.read(dance)
    for view in aist.views(dance, pose):
        assert view.detections is None
        seen = view.camera.to_camera(pose.positions)
        assert (seen[..., 2] > 4).all()
        np.testing.assert_allclose(view.camera.up, [0, -1, 0], atol=1e-9)
        assert np.linalg.det(view.camera.rotation) == pytest.approx(1)


def test_a_mirrored_view_is_put_right_and_a_plain_one_left(dance: Path) -> None:
    (pose,) = aist.read(dance)
    stack = np.full((9, 4, 17, 3), 0.9)
    seen = {}
    for view in aist.views(dance, pose):
        pixels = view.camera.project(view.camera.to_camera(pose.positions)) + 2
        stack[aist.VIEWS.index(view.camera.name), ..., :2] = seen[view.camera.name] = pixels
    stack[4] = stack[4][:, list(COCO17.mirror)]
    stack[4, ..., 0] = SIZE[0] - 1 - stack[4, ..., 0]
    file = dance.parents[1] / "keypoints2d" / dance.name
    file.write_bytes(pickle.dumps({"keypoints2d": stack, "det_scores": np.ones((9, 4))}))
    for view in aist.views(dance, pose):
        assert view.detections is not None
        np.testing.assert_allclose(view.detections.pixels, seen[view.camera.name])


def test_mirroring_twice_changes_nothing() -> None:
    pixels = np.random.default_rng(1).uniform(0, 1000, (3, 17, 2))
    seen = Detections(pixels, np.linspace(0, 1, 51).reshape(3, 17))
    twice = aist.unmirrored(aist.unmirrored(seen, width=1920), width=1920)
    np.testing.assert_allclose(twice.pixels, seen.pixels)
    np.testing.assert_allclose(twice.visibility, seen.visibility)


def test_the_lens_bends_as_opencv_has_it() -> None:
    cv2 = pytest.importorskip("cv2")
    matrix, distortion = np.array(MATRIX), np.array([0.1, -0.05, 0.002, -0.003, 0.01])
    camera = Camera("a", np.eye(3), np.zeros(3), matrix, distortion, SIZE)
    points = np.random.default_rng(2).uniform((-1, -1, 2), (1, 1, 5), (20, 3))
    expected, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), matrix, distortion)
    np.testing.assert_allclose(camera.project(points), expected[:, 0], atol=1e-6)


def test_a_point_behind_the_camera_has_no_pixel() -> None:
    camera = Camera("a", np.eye(3), np.zeros(3), np.array(MATRIX), np.zeros(5), SIZE)
    assert np.isnan(camera.project(np.array([0.0, 0.0, -1.0]))).all()


class Attack:
    """Runs a command while it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch pwned",)


@pytest.mark.parametrize(
    "content", [Attack(), {"keypoints3d": [Attack()]}, np.array([Attack()], dtype=object)]
)
def test_a_pickle_that_runs_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("evil.pkl").write_bytes(pickle.dumps(content))
    with pytest.raises(SourceError, match=r"names \w+\.system"):
        arrays_only.load(Path("evil.pkl"))
    assert not Path("pwned").exists()


@pytest.mark.parametrize("protocol", range(3, pickle.HIGHEST_PROTOCOL + 1))
def test_plain_arrays_are_unpickled(tmp_path: Path, protocol: int) -> None:
    array, rest = np.arange(6.0).reshape(2, 3), [np.float32(2.5), "text", None]
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"a": array, "b": rest}, protocol))
    loaded = arrays_only.load(tmp_path / "a.pkl")
    np.testing.assert_array_equal(loaded["a"], array)
    assert loaded["b"] == rest


def test_a_cut_pickle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(np.zeros(100))[:60])
    with pytest.raises(SourceError, match="not a pickle of plain arrays"):
        arrays_only.load(tmp_path / "a.pkl")


@pytest.fixture
def dome(tmp_path: Path) -> Path:
    """A Panoptic sequence: person 0 in frames 100 and 102, person 3 in 101 without an ankle."""
    scenes = tmp_path / "hdPose3d_stage1_coco19"
    scenes.mkdir()
    lame = np.array(PUBLISHED_BODY).reshape(19, 4)
    lame[8, 3] = -1
    for frame, person, joints in (
        (100, 0, PUBLISHED_BODY), (101, 3, lame.ravel().tolist()), (102, 0, PUBLISHED_BODY),
    ):  # fmt: skip
        content = {"bodies": [{"id": person, "joints19": joints}]}
        (scenes / f"body3DScene_{frame:08d}.json").write_text(json.dumps(content))
    level = {
        "name": "00_00", "type": "hd", "resolution": list(SIZE), "K": MATRIX,
        "distCoef": [0.0] * 5, "R": np.eye(3).tolist(), "t": [[0], [100], [300]],
    }  # fmt: skip
    path = tmp_path / "calibration_171204_pose1.json"
    path.write_text(json.dumps({"cameras": [level, level | {"type": "vga"}]}))
    return path


def test_panoptic_gives_every_person_with_gaps(dome: Path) -> None:
    first, second = panoptic.read(dome)
    assert len(first) == 3
    assert np.isnan(first.positions[1]).all()
    assert first.timeline.start_s == pytest.approx(100 / 29.97, abs=1e-3)
    assert len(second) == 1
    assert np.isnan(second.joint("left_ankle")).all()
    assert second.confidence[0, 8] == 0


def test_panoptic_people_stand_upright_and_unmirrored(dome: Path) -> None:
    pose = next(panoptic.read(dome))
    joints = coco17(pose)[0]
    assert np.isfinite(joints).all()
    nose, left_shoulder, right_shoulder = joints[0], joints[5], joints[6]
    assert nose[1] == pytest.approx(1.63091)
    up = (left_shoulder + right_shoulder) / 2 - joints[[11, 12]].mean(axis=0)
    forward = nose - (left_shoulder + right_shoulder) / 2
    assert np.cross(up, forward) @ (left_shoulder - right_shoulder) > 0


def test_panoptic_cameras_see_what_the_published_axes_say(dome: Path) -> None:
    (camera,) = panoptic.cameras(dome)
    pose = next(panoptic.read(dome))
    published = np.array(PUBLISHED_BODY).reshape(19, 4)[:, :3] / 100 + [0, 1, 3]
    np.testing.assert_allclose(camera.to_camera(pose.positions[0]), published)
    np.testing.assert_allclose(camera.up, [0, -1, 0])


def test_panoptic_without_poses_says_what_to_unpack(tmp_path: Path) -> None:
    path = tmp_path / "calibration_a.json"
    path.write_text("{}")
    with pytest.raises(SourceError, match=r"unpack hdPose3d_stage1_coco19\.tar"):
        next(panoptic.read(path))


def test_a_damaged_scene_is_named(dome: Path) -> None:
    (dome.parent / "hdPose3d_stage1_coco19" / "body3DScene_00000101.json").write_text("{")
    with pytest.raises(SourceError, match=r"body3DScene_00000101\.json is damaged"):
        next(panoptic.read(dome))
