"""The rendered clips that ship: what is said to be true of them must be true."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from humanpose.skeleton import ANGLE_NAMES, COCO17
from tests.support.places import ROOT
from train.synth.body.anatomy import TRUTH23

ASSETS = ROOT / "humanpose" / "assets"
DATA = ROOT / "tests" / "data"

Floats = NDArray[np.float64]
Truth = dict[str, NDArray[Any]]


def decoded_frames(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def projected(truth: Truth) -> Floats:
    """(T, 23, 2) px, from the stored camera points, size and focal length alone."""
    points = truth["joints_camera"].astype(np.float64)
    return np.asarray(
        truth["focal"] * points[..., :2] / points[..., 2:] + (truth["size"] - 1) / 2
    )


@pytest.fixture(scope="module")
def truth() -> Truth:
    with np.load(ASSETS / "sample_truth.npz") as stored:
        return dict(stored)


@pytest.fixture(scope="module")
def world(truth: Truth) -> Floats:
    """(T, 23, 3) m."""
    return np.asarray(truth["joints_world"], dtype=np.float64)


# the sample clip and its truth, as shipped


def test_the_sample_is_short_small_and_has_a_truth_for_every_frame(truth: Truth) -> None:
    clip = ASSETS / "sample.mp4"
    assert clip.stat().st_size + (ASSETS / "sample_truth.npz").stat().st_size < 1.5e6
    frames = decoded_frames(clip)
    assert 6 <= frames / 30 <= 8
    assert truth["joints_camera"].shape == truth["joints_world"].shape == (frames, 23, 3)
    assert truth["angles"].shape == (frames, 36)


def test_the_truth_has_the_contracts_columns(truth: Truth) -> None:
    assert tuple(truth["angle_names"]) == ANGLE_NAMES
    assert tuple(truth["size"]) == (640, 480)
    assert np.isfinite(truth["angles"]).all()
    assert TRUTH23.joints[:17] == COCO17.joints


@pytest.mark.parametrize(
    ("parent", "child"),
    [*COCO17.bones[:10], ("left_shoulder", "right_shoulder"), ("left_ankle", "left_heel")],
)
def test_rigid_segments_keep_their_length(world: Floats, parent: str, child: str) -> None:
    a, b = TRUTH23.indices(parent, child)
    length = np.linalg.norm(world[:, b] - world[:, a], axis=1)
    assert np.ptp(length) < 0.001


def test_both_sides_of_the_body_are_equally_long(world: Floats) -> None:
    length = np.linalg.norm(
        np.diff(world[0][TRUTH23.bone_indices[:8], :], axis=1)[:, 0], axis=1
    )
    np.testing.assert_allclose(length[[0, 1, 4, 5]], length[[2, 3, 6, 7]], atol=0.001)


def test_camera_and_world_are_one_proper_rotation_apart(truth: Truth, world: Floats) -> None:
    camera = truth["joints_camera"].astype(np.float64)
    a, b = (points.reshape(-1, 3) - points.reshape(-1, 3).mean(0) for points in (camera, world))
    turn, residual = Rotation.align_vectors(a, b)
    assert residual < 0.001
    np.testing.assert_allclose(turn.apply([0, 1, 0]), truth["up_camera"], atol=1e-4)


def test_the_world_begins_on_the_floor_under_the_first_mid_hip(world: Floats) -> None:
    np.testing.assert_allclose(world[0, 11:13].mean(axis=0)[[0, 2]], 0, atol=1e-6)
    lowest = world[:, 17:, 1].min(axis=1)
    assert lowest.min() > 0.005
    assert lowest.max() < 0.045  # heel and toe points lie a little above the sole


def test_a_flat_foot_does_not_slide(world: Floats) -> None:
    for heel, toe in (("left_heel", "left_big_toe"), ("right_heel", "right_big_toe")):
        foot = world[:, TRUTH23.indices(heel, toe)]
        flat = (foot[..., 1] < foot[0, :, 1] + 0.003).all(axis=1)
        steps = np.linalg.norm(np.diff(foot[..., [0, 2]], axis=0), axis=2)[flat[1:] & flat[:-1]]
        assert len(steps) > 100
        assert steps.max() < 0.002


def test_the_whole_body_stays_in_the_picture(truth: Truth) -> None:
    pixels = projected(truth)
    assert pixels.min() > 8
    assert pixels[..., 0].max() < 632
    assert pixels[..., 1].max() < 472


def test_the_person_squats_raises_the_arms_and_walks(truth: Truth, world: Floats) -> None:
    angle = dict(zip(ANGLE_NAMES, truth["angles"].T, strict=True))
    assert 95 < angle["knee_angle_r"].max() < 110
    assert angle["arm_flex_l"].max() > 90
    assert angle["arm_add_r"].min() < -65
    way = world[-1, 11:13].mean(axis=0) - world[0, 11:13].mean(axis=0)
    assert way[0] > 0.7  # to the right of the image
    assert way[2] > 0.7  # towards the camera


# the small clips of the tests


@pytest.mark.parametrize("name", ["small_person", "two_people"])
def test_a_test_clip_has_a_truth_for_every_frame_inside_the_picture(name: str) -> None:
    with np.load(DATA / f"{name}.npz") as stored:
        uv, size = stored["uv"], stored["size"]
    assert uv.shape[1] == decoded_frames(DATA / f"{name}.mp4")
    assert uv.min() > 0
    assert (uv < size - 1).all()


def test_the_small_person_is_90_px_tall_in_a_720p_clip_and_off_centre() -> None:
    with np.load(DATA / "small_person.npz") as stored:
        uv, size = stored["uv"][0], stored["size"]
    assert tuple(size) == (1280, 720)
    eyes_to_heels = np.ptp(uv[..., 1], axis=1)
    assert 80 < eyes_to_heels.mean() < 90
    assert uv[..., 0].min() > 740


def test_the_two_people_cross_once() -> None:
    with np.load(DATA / "two_people.npz") as stored:
        uv = stored["uv"]
    gap = uv[0, :, 11:13, 0].mean(axis=1) - uv[1, :, 11:13, 0].mean(axis=1)
    assert gap[0] < -100
    assert gap[-1] > 100
    assert (np.diff(np.sign(gap)) != 0).sum() == 1
    tall = np.ptp(uv[..., 1], axis=2)
    assert (tall[0] > 1.3 * tall[1]).all()
