"""Markers that were lost, estimated on a stick body whose every marker is known."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.markers.missing import estimate_missing
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import MARKERS22
from tests.support.body import body, without
from tests.support.walker import Walker

FRAMES = 120
HEIGHT_M = 1.75
RIGHT_ARM = ("Neck", "RShoulder", "RElbow", "RWrist")
LEFT_LEG = ("Hip", "LHip", "LKnee", "LAnkle", "LHeel", "LBigToe", "LSmallToe")
FEET = tuple(s + part for s in "RL" for part in ("Heel", "BigToe", "SmallToe"))
HALF_A_SECOND = slice(50, 65)


@pytest.fixture
def squat() -> PoseSequence:
    """Four seconds of knee bends with the arms rising, turned to the side."""
    wave = 0.5 - 0.5 * np.cos(np.linspace(0, 4 * np.pi, FRAMES))
    both = {
        "hip_flexion": 80.0, "knee_angle": 90.0, "ankle_angle": 20.0,
        "arm_flex": 60.0, "elbow_flex": 40.0,
    }  # fmt: skip
    angles = {f"{name}_{side}": most * wave for name, most in both.items() for side in "rl"}
    return body(angles | {"pelvis_tilt": -20 * wave, "pelvis_rotation": 40.0}, frames=FRAMES)


def off_mm(found: PoseSequence, true: PoseSequence, names: tuple[str, ...]) -> Floats:
    """(T,) mean distance."""
    columns = MARKERS22.indices(*names)
    away = np.linalg.norm(found.positions - true.positions, axis=2)[:, columns]
    return np.asarray(1000 * away.mean(axis=1))


@pytest.mark.parametrize(
    ("names", "limit_mm"), [(RIGHT_ARM, 15), (LEFT_LEG, 30), (FEET, 15), (("RElbow",), 10)]
)
def test_half_a_second_without_a_limb_is_bridged(
    squat: PoseSequence, names: tuple[str, ...], limit_mm: float
) -> None:
    found = estimate_missing(without(squat, names, HALF_A_SECOND), height_m=HEIGHT_M)
    assert off_mm(found, squat, names).max() < limit_mm


@pytest.mark.parametrize("names", [RIGHT_ARM, LEFT_LEG])
def test_a_limb_that_is_never_seen_mirrors_the_other(
    squat: PoseSequence, names: tuple[str, ...]
) -> None:
    found = estimate_missing(without(squat, names), height_m=HEIGHT_M)
    assert off_mm(found, squat, names).mean() < 80
    assert np.isfinite(found.positions).all()


def test_feet_that_are_never_seen_follow_the_legs(squat: PoseSequence) -> None:
    found = estimate_missing(without(squat, FEET), height_m=HEIGHT_M)
    assert off_mm(found, squat, FEET).max() < 80


def test_who_walks_is_mirrored_half_a_stride_later() -> None:
    walk = Walker(steps=8).markers(fps=30.0)
    found = estimate_missing(
        without(walk, ("LKnee", "LAnkle", "LHeel", "LBigToe")), height_m=HEIGHT_M
    )
    middle = slice(45, len(walk) - 45)
    at_once = np.abs(walk.joint("RAnkle") - walk.joint("LAnkle")).max()
    away = np.linalg.norm(found.joint("LAnkle") - walk.joint("LAnkle"), axis=1)[middle]
    assert away.mean() < 0.12 < at_once


def test_what_was_seen_is_not_touched(squat: PoseSequence) -> None:
    hidden = without(squat, RIGHT_ARM, HALF_A_SECOND)
    found = estimate_missing(hidden, height_m=HEIGHT_M)
    seen = np.isfinite(hidden.positions).all(axis=2)
    np.testing.assert_array_equal(found.positions[seen], squat.positions[seen])
    np.testing.assert_array_equal(found.confidence[seen], squat.confidence[seen])
    assert estimate_missing(squat, height_m=HEIGHT_M) is squat


def test_estimates_are_unsure_and_the_longer_the_gap_the_more(squat: PoseSequence) -> None:
    def least(frames: slice) -> float:
        found = estimate_missing(without(squat, RIGHT_ARM, frames), height_m=HEIGHT_M)
        sure = found.confidence[frames, MARKERS22.index("RWrist")]
        assert (sure > 0).all()
        assert (sure <= INFERRED_AT_MOST).all()
        return float(sure.min())

    assert least(slice(50, 55)) > least(slice(50, 65)) > least(slice(50, 100))


def test_a_person_who_is_gone_for_a_moment_comes_back(squat: PoseSequence) -> None:
    found = estimate_missing(without(squat, MARKERS22.joints, slice(50, 58)), height_m=HEIGHT_M)
    assert off_mm(found, squat, MARKERS22.joints).max() < 40


def test_a_person_who_is_gone_for_long_stays_unknown(squat: PoseSequence) -> None:
    gone = slice(40, 80)
    found = estimate_missing(without(squat, MARKERS22.joints, gone), height_m=HEIGHT_M)
    assert np.isnan(found.positions[gone]).all()
    assert (found.confidence[gone] == 0).all()


def test_a_knee_between_hip_and_ankle_keeps_the_lengths_of_its_bones(
    squat: PoseSequence,
) -> None:
    found = estimate_missing(without(squat, ("LKnee",), slice(20, 100)), height_m=HEIGHT_M)
    for end in ("LHip", "LAnkle"):
        length, true = (
            np.linalg.norm(m.joint("LKnee") - m.joint(end), axis=1) for m in (found, squat)
        )
        np.testing.assert_allclose(length, true, atol=1e-6)


def test_the_mirror_is_the_body_s_own_however_it_is_turned(squat: PoseSequence) -> None:
    turn = np.array([[0.0, 0.6, 0.8], [0.0, 0.8, -0.6], [-1.0, 0.0, 0.0]])
    turned = squat.with_positions(squat.positions @ turn.T + 3)
    here, there = (
        estimate_missing(without(markers, RIGHT_ARM), height_m=HEIGHT_M)
        for markers in (squat, turned)
    )
    np.testing.assert_allclose(here.positions @ turn.T + 3, there.positions, atol=1e-6)


@pytest.mark.parametrize("names", [MARKERS22.joints, ("RShoulder", "RHip"), ("Head", "Nose")])
@pytest.mark.parametrize("frames", [1, 2, 30])
def test_nothing_crashes_whatever_is_never_seen(names: tuple[str, ...], frames: int) -> None:
    hidden = without(body({}, frames=frames), names)
    found = estimate_missing(hidden, height_m=HEIGHT_M)
    assert ((found.confidence > 0) == np.isfinite(found.positions).all(axis=2)).all()


def test_a_long_clip_takes_little_time() -> None:
    wave = np.sin(np.linspace(0, 60, 1800))
    markers = body(
        {"knee_angle_r": 40 + 30 * wave, "knee_angle_l": 40 - 30 * wave}, frames=1800
    )
    markers = replace(markers, timeline=Timeline(1800, 60.0))
    found = estimate_missing(without(markers, LEFT_LEG, slice(600, 1500)), height_m=HEIGHT_M)
    assert np.isfinite(found.positions).all()
