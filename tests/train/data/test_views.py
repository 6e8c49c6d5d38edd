"""What the POF network trains on says the truth."""

import numpy as np
import pytest

from humanpose.skeleton import COCO17
from train.data.views import MotionViews, Seen, sample_of, undisturbed
from train.synth.motion.bank import Bank

STARTS, ENDS = np.array(COCO17.bone_indices).T


def bank() -> Bank:
    """A person who waves about, and another one who is on the validation side."""
    rng = np.random.default_rng(0)
    stance = rng.normal(0, 0.15, (17, 3)) + np.linspace(1.7, 0.1, 17)[:, None] * [0, 1, 0]
    way = np.cumsum(rng.normal(0, 0.01, (400, 17, 3)), axis=0)
    pelvis = np.broadcast_to(np.eye(3, dtype=np.float32), (400, 3, 3))
    return Bank(
        (stance + way).astype(np.float32),
        pelvis,
        np.array([0, 250, 400]),
        np.array(["cmu|01", "cmu|02"]),
        np.array([False, True]),
        fps=30.0,
    )


@pytest.fixture(scope="module")
def seen() -> Seen:
    views = MotionViews(bank(), frames=12)
    return views.draw(np.random.default_rng(1), 64, fps=15.0)


def test_the_same_generator_draws_the_same_views(seen: Seen) -> None:
    again = MotionViews(bank(), frames=12).draw(np.random.default_rng(1), 64, fps=15.0)
    np.testing.assert_array_equal(again.keypoints, seen.keypoints)


def test_everybody_is_in_front_of_the_camera(seen: Seen) -> None:
    assert (seen.joints[..., 2] > 0.5).all()
    np.testing.assert_allclose(np.linalg.norm(seen.up, axis=-1), 1, atol=1e-6)


def test_detections_are_near_the_projections_and_some_are_exact(seen: Seen) -> None:
    true = undisturbed(seen).keypoints
    off = np.linalg.norm(seen.keypoints - true, axis=-1)
    torso = np.linalg.norm(true[:, :, 5] - true[:, :, 11], axis=-1)[..., None]
    assert np.nanmedian(off / torso) < 0.15
    assert 0.05 < np.mean(np.nanmax(off, axis=(1, 2)) < 1e-6) < 0.3


def test_true_directions_lead_to_where_the_limbs_are_seen(seen: Seen) -> None:
    """From the start of a limb along the answer one meets the ray through its end."""
    sample = sample_of(undisturbed(seen), np.random.default_rng(0))
    known = np.isclose(seen.focal_px, seen.default_px, rtol=0.2)
    for window in np.flatnonzero(known)[:5]:
        flat = sample.points[window, ..., :2] * np.exp(sample.frame[window, 0, 0])
        rays = np.concatenate([flat, np.ones_like(flat[..., :1])], axis=-1)
        normal = np.cross(rays[:, STARTS], rays[:, ENDS])
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        off_plane = (normal * sample.directions[window]).sum(axis=-1)
        assert np.median(np.abs(np.degrees(np.arcsin(off_plane)))) < 3


def test_training_never_draws_who_validates() -> None:
    weights = MotionViews(bank(), frames=12).weights
    np.testing.assert_array_equal(weights, [1, 0])
    held_out = MotionViews(bank(), frames=12, validates=True).weights
    np.testing.assert_array_equal(held_out, [0, 1])


def test_left_and_right_bones_stay_alike_in_length() -> None:
    whole = bank()
    joints = whole.joints.copy()
    mirror = list(COCO17.mirror)
    joints = (joints + joints[:, mirror] * [-1, 1, 1]).astype(np.float32) / 2
    views = MotionViews(
        Bank(joints, whole.pelvis, whole.starts, whole.subjects, whole.validates, 30.0),
        frames=4,
    )
    drawn = views.draw(np.random.default_rng(2), 64, fps=15.0).joints
    length = np.linalg.norm(drawn[:, :, ENDS] - drawn[:, :, STARTS], axis=-1)
    ratio = length[..., [0, 1, 4, 5]] / length[..., [2, 3, 6, 7]]
    assert 0.005 < np.abs(np.log(ratio)).mean() < 0.04
