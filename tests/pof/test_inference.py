"""The POF network and the numbers around it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from humanpose.camera import Camera
from humanpose.errors import CheckpointError
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.network import Pof, PofConfig
from humanpose.sequence import Floats, concentration_of, mean_cosine
from humanpose.skeleton import COCO17

SIZE = (640, 480)
SMALL = PofConfig(COCO17.bone_indices, d_model=16, num_layers=2, num_heads=2)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> CameraPOFInference:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("pof") / "small.pth"
    save_checkpoint(path, Pof(SMALL), SMALL, training={})
    return CameraPOFInference(path)


@pytest.fixture
def keypoints() -> Floats:
    """(70, 17, 2) px, somebody who wanders and wobbles."""
    rng = np.random.default_rng(1)
    still = rng.normal([300, 220], 50, (17, 2))
    return still + np.cumsum(rng.normal(0, 1, (70, 17, 2)), axis=0)


def seen(keypoints: Floats) -> Floats:
    return np.full(keypoints.shape[:2], 0.9)


def infer(network: CameraPOFInference, keypoints: Floats, fps: float = 15.0) -> Floats:
    return network.infer(keypoints, seen(keypoints), image_size=SIZE, fps=fps)


def test_the_documented_size_has_the_stated_parameters() -> None:
    network = Pof(PofConfig(COCO17.bone_indices))
    assert sum(weight.numel() for weight in network.parameters()) == 1_506_416


@pytest.mark.parametrize("frames", [1, 2, 31, 32, 33, 70])
@pytest.mark.parametrize("fps", [10.0, 60.0])
def test_any_number_of_frames_gives_unit_vectors(
    untrained: CameraPOFInference, keypoints: Floats, frames: int, fps: float
) -> None:
    directions = infer(untrained, keypoints[:frames], fps)
    assert directions.shape == (frames, 14, 3)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=-1), 1)


def test_a_mirrored_person_gets_the_mirrored_limbs(
    untrained: CameraPOFInference, keypoints: Floats
) -> None:
    mirror = list(COCO17.mirror)
    other = keypoints[:, mirror] * [-1, 1] + [SIZE[0] - 1, 0]
    ours, theirs = infer(untrained, keypoints), infer(untrained, other)
    for limb, (parent, child) in enumerate(COCO17.bone_indices):
        bone = (mirror[parent], mirror[child])
        turns_round = bone not in COCO17.bone_indices
        column = COCO17.bone_indices.index(bone[::-1] if turns_round else bone)
        expected = ours[:, limb] * [-1, 1, 1] * (-1 if turns_round else 1)
        np.testing.assert_allclose(theirs[:, column], expected, atol=1e-4)


def test_resolution_and_aspect_ratio_do_not_matter(
    untrained: CameraPOFInference, keypoints: Floats
) -> None:
    focal = Camera.from_fov(60, SIZE).focal_px
    ours = infer(untrained, keypoints)
    fine = untrained.infer(
        keypoints * 3 + 1, seen(keypoints), image_size=(1920, 1440), fps=15, focal_px=3 * focal
    )
    cropped = untrained.infer(
        keypoints + np.array([0, 300]),
        seen(keypoints),
        image_size=(640, 1080),
        fps=15,
        focal_px=focal,
    )
    np.testing.assert_allclose(fine, ours, atol=1e-4)
    np.testing.assert_allclose(cropped, ours, atol=1e-4)


def test_missing_joints_leave_the_rest_finite_and_empty_frames_empty(
    untrained: CameraPOFInference, keypoints: Floats
) -> None:
    keypoints[10:20, 7:11] = np.nan
    keypoints[40] = np.nan
    visibility = seen(keypoints)
    field = untrained.limb_field(keypoints, visibility, image_size=SIZE, fps=30)
    empty = np.isnan(field.directions).all(axis=(1, 2))
    assert np.flatnonzero(empty).tolist() == [40]
    assert np.isfinite(np.delete(field.directions, 40, axis=0)).all()
    assert not field.confidence[40].any()
    assert ((field.confidence >= 0) & (field.confidence <= 1)).all()


def test_nobody_at_all_is_no_limb_at_all(untrained: CameraPOFInference) -> None:
    assert np.isnan(infer(untrained, np.full((5, 17, 2), np.nan))).all()


def test_wrong_shapes_say_what_was_expected(untrained: CameraPOFInference) -> None:
    with pytest.raises(ValueError, match=r"keypoints_px must be \(T, 17, 2\)"):
        infer(untrained, np.zeros((3, 33, 2)))
    with pytest.raises(ValueError, match="fps"):
        infer(untrained, np.zeros((3, 17, 2)), fps=0)


def test_every_second_frame_of_a_faster_clip_tells_of_those_between(
    untrained: CameraPOFInference, keypoints: Floats
) -> None:
    slow, fast = infer(untrained, keypoints[::2]), infer(untrained, keypoints, fps=30.0)
    np.testing.assert_allclose(fast[::2], slow, atol=1e-6)
    middle = slow[:-1] + slow[1:]
    middle /= np.linalg.norm(middle, axis=-1, keepdims=True)
    assert ((fast[1:-1:2] * middle).sum(axis=-1) > np.cos(np.radians(15))).all()


def test_who_is_lost_between_two_looks_is_no_reason_to_invent(
    untrained: CameraPOFInference, keypoints: Floats
) -> None:
    whole = infer(untrained, keypoints, fps=30.0)
    keypoints[31:34] = np.nan
    limbs = infer(untrained, keypoints, fps=30.0)
    assert np.isnan(limbs[31:34]).all()
    assert np.isfinite(np.delete(limbs, [31, 32, 33], axis=0)).all()
    np.testing.assert_allclose(np.linalg.norm(limbs[34:], axis=-1), 1)
    assert ((limbs[34] * whole[34]).sum(axis=-1) > np.cos(np.radians(20))).all()


def test_a_missing_checkpoint_is_a_checkpoint_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        CameraPOFInference(tmp_path / "none.pth")


def test_the_expected_cosine_and_the_concentration_are_inverse() -> None:
    kappa = np.array([0.01, 0.5, 2, 10, 100, 1000])
    np.testing.assert_allclose(concentration_of(mean_cosine(kappa)), kappa, rtol=0.04)
    assert (np.diff(mean_cosine(np.linspace(0, 50, 400))) > 0).all()


def test_time_is_seconds_and_not_frames() -> None:
    torch.manual_seed(0)
    network = Pof(SMALL).eval()
    points, frame = torch.randn(1, 6, 17, 4), torch.randn(1, 6, 7)
    with torch.no_grad():
        slow, late, fast = (
            network(points, frame, torch.arange(6) * step + start).directions
            for step, start in ((0.1, 0.0), (0.1, 50.0), (0.02, 0.0))
        )
    torch.testing.assert_close(slow, late, atol=1e-4, rtol=0)
    assert (slow - fast).abs().max() > 1e-4
