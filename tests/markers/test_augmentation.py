"""OpenCap's augmenter, on stick bodies."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.errors import CheckpointError
from humanpose.markers import lstm_augmenter
from humanpose.markers.augmentation import augment_by_lstm
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import AUGMENTED65, MARKERS22, MARKERS43
from tests.support.body import body, without

FRAMES = 90


@pytest.fixture
def squat() -> PoseSequence:
    """Three seconds of knee bends with the arms rising."""
    wave = 0.5 - 0.5 * np.cos(np.linspace(0, 4 * np.pi, FRAMES))
    both = {"hip_flexion": 80, "knee_angle": 90, "arm_flex": 60, "elbow_flex": 30}
    angles = {f"{name}_{side}": most * wave for name, most in both.items() for side in "rl"}
    return body(angles | {"pelvis_tilt": -20 * wave}, frames=FRAMES)


def augmented(markers: PoseSequence, *, cycles: int = 1) -> PoseSequence:
    return augment_by_lstm(markers, height_m=1.75, mass_kg=70, cycles=cycles)


def at_rate(markers: PoseSequence, fps: float) -> PoseSequence:
    """The same motion, sampled anew between the first and the last frame."""
    old = markers.timeline.time_s
    new = np.arange(0, old[-1] + 1e-9, 1 / fps)
    flat = markers.positions.reshape(len(markers), -1).T
    positions = np.stack([np.interp(new, old, path) for path in flat], axis=1)
    shape = (len(new), len(MARKERS22))
    return PoseSequence(
        positions.reshape(*shape, 3), np.ones(shape), Timeline(len(new), fps), MARKERS22
    )


def distance_mm(a: Floats, b: Floats) -> Floats:
    return np.asarray(1000 * np.linalg.norm(a - b, axis=-1))


def test_the_22_stay_and_43_follow_with_less_confidence(squat: PoseSequence) -> None:
    sure = replace(squat, confidence=np.full(squat.confidence.shape, 0.8))
    found = augmented(sure)
    assert found.skeleton == AUGMENTED65
    np.testing.assert_array_equal(found.select(MARKERS22).positions, squat.positions)
    new = found.select(MARKERS43)
    assert np.isfinite(new.positions).all()
    np.testing.assert_allclose(new.confidence, 0.49 * 0.8)


def test_markers_lie_on_the_right_side_of_their_joints(squat: PoseSequence) -> None:
    found = augmented(squat)
    left_to_right = found.joint("RHip") - found.joint("LHip")
    for lateral, medial in (("knee", "mknee"), ("ankle", "mankle")):
        across = found.joint(f"r_{lateral}_study") - found.joint(f"r_{medial}_study")
        assert ((across * left_to_right).sum(axis=1) > 0).all()
        assert (distance_mm(across, 0 * across) > 40).all()
    forward = found.joint("r.ASIS_study") - found.joint("r.PSIS_study")
    assert (forward[:, 2] > 0.1).all()  # the person faces the camera
    for joint, marker in (("RShoulder", "r_shoulder"), ("RElbow", "r_lelbow")):
        assert distance_mm(found.joint(joint), found.joint(f"{marker}_study")).max() < 90


def test_a_carried_person_takes_the_markers_along(squat: PoseSequence) -> None:
    here = augmented(squat).positions
    way = np.array([1.0, 0.2, -3.0])
    carried = squat.with_positions(squat.positions + way)
    there = augmented(carried).positions
    np.testing.assert_allclose(there, here + way, atol=1e-4)


def test_one_frame_is_enough(squat: PoseSequence) -> None:
    one = PoseSequence(squat.positions[:1], squat.confidence[:1], Timeline(1, 30.0), MARKERS22)
    assert np.isfinite(augmented(one).positions).all()


def test_nothing_is_made_of_nothing(squat: PoseSequence) -> None:
    nobody = replace(squat, positions=squat.positions * np.nan, confidence=squat.confidence * 0)
    found = augmented(nobody)
    assert np.isnan(found.positions).all()
    assert (found.confidence == 0).all()


def test_without_pose2sim_the_error_says_how_to_get_it(
    squat: PoseSequence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lstm_augmenter, "find_spec", lambda name: None)
    lstm_augmenter._networks.cache_clear()
    with pytest.raises(CheckpointError, match=r"requirements-augment\.txt"):
        augmented(squat)


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_the_frame_rate_makes_no_difference(squat: PoseSequence, fps: int) -> None:
    finely = at_rate(squat, 240)
    here = augmented(finely).positions[:: 240 // fps]
    there = augmented(at_rate(squat, fps)).positions
    assert distance_mm(there, here)[:, len(MARKERS22) :].mean() < 1.0


def test_a_lost_foot_costs_the_lower_network_alone(squat: PoseSequence) -> None:
    whole = augmented(squat).select(MARKERS43).positions
    broken = augmented(without(squat, ("LHeel",), slice(40, 50)))
    found = broken.select(MARKERS43).positions
    lost = np.isnan(found).any(axis=2)
    assert lost[40:50, :35].all()
    assert lost.sum() == 10 * 35
    np.testing.assert_array_equal(found[:40, 35:], whole[:40, 35:])
    assert np.nanmax(distance_mm(found, whole)) < 10  # a straight line bridged it


def test_noise_averages_out(squat: PoseSequence) -> None:
    one, many = (augmented(squat, cycles=n).positions for n in (1, 20))
    off = distance_mm(one, many)[:, len(MARKERS22) :]
    assert 0 < off.mean() < 0.5


def test_a_long_clip_in_chunks_is_as_one_in_one_piece(
    squat: PoseSequence, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 9 * FRAMES
    long = PoseSequence(
        np.tile(squat.positions, (9, 1, 1)),
        np.ones((count, len(MARKERS22))),
        Timeline(count, 60.0),
        MARKERS22,
    )
    whole = augmented(long).positions
    monkeypatch.setattr(lstm_augmenter, "_CHUNK", 200)
    chunked = augmented(long).positions
    assert distance_mm(whole, chunked).max() < 0.1
