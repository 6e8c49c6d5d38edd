"""Which of equal Cardan triples is reported, against motions whose triples are known."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from humanpose.geometry import cardan_zxy, rotation_about, rotation_zxy
from humanpose.kinematics.branches import (
    bridged,
    calm_at_gimbal,
    near_gimbal,
    on_best_branch,
)
from humanpose.kinematics.limits import limits_deg
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

FPS = 30.0
SIGNS = {"r": np.array([1, 1, 1]), "l": np.array([1, -1, -1])}


def columns(group: str) -> list[int]:
    return [ANGLE_NAMES.index(name) for name in JOINT_GROUPS[group]]


def principal(triples: Floats, side: str = "r") -> Floats:
    """What the rotations alone say: the middle angle within ±90°."""
    return cardan_zxy(rotation_zxy(triples * SIGNS[side])) * SIGNS[side]


def angles_with(group: str, triples: Floats, confidence: Floats | float = 1.0) -> JointAngles:
    """(T, 3) of one joint, the others absent."""
    degrees = np.full((len(triples), len(ANGLE_NAMES)), np.nan)
    degrees[:, columns(group)] = triples
    sure = np.where(
        np.isfinite(degrees), np.broadcast_to(confidence, (len(triples),))[:, None], 0
    )
    return JointAngles(degrees, sure, Timeline(len(triples), FPS))


def chosen(group: str, triples: Floats, confidence: Floats | float = 1.0) -> Floats:
    return on_best_branch(angles_with(group, triples, confidence)).degrees[:, columns(group)]


def moving(*knots: tuple[float, float, float], frames: int = 90) -> Floats:
    """(T, 3) straight from knot to knot."""
    at = np.linspace(0, len(knots) - 1, frames)
    return np.stack([np.interp(at, range(len(knots)), c) for c in np.array(knots).T], axis=1)


RAISED = moving((5, -10, 10), (60, -20, 40), (120, -30, 80), (175, -36, 110), (175, -36, 110))
"""An arm that is raised in front of the body to overhead."""


@pytest.mark.parametrize("side", ["r", "l"])
def test_arms_overhead_read_as_raised(side: str) -> None:
    overhead = np.tile([175.0, -36.0, 110.0], (40, 1))
    for arm in (RAISED, overhead):
        found = chosen(f"shoulder_{side}", principal(arm, side))
        np.testing.assert_allclose(found, arm, atol=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_a_noisy_arm_overhead_reads_as_raised(seed: int) -> None:
    rng = np.random.default_rng(seed)
    noise = rotation_zxy(rng.normal(0, 9, (len(RAISED), 3)))
    wild = rng.random(len(RAISED)) < 0.05
    noise[wild] = rotation_zxy(rng.uniform(-180, 180, (wild.sum(), 3)))
    found = chosen("shoulder_r", cardan_zxy(rotation_zxy(RAISED) @ noise))
    off = np.abs(found - RAISED)[~wild]
    assert np.median(off) < 12
    assert (off[:, 0] < 90).all()


def test_an_arm_straight_up_reads_180_however_it_is_turned() -> None:
    for turn in np.arange(-170, 181, 10.0):
        found = chosen("shoulder_r", principal(np.tile([0.0, -175.0, turn], (20, 1))))
        assert np.abs(found[:, 0] - 180).max() < 1, turn


def test_an_arm_raised_sideways_to_shoulder_height_and_a_little_beyond_goes_on() -> None:
    sideways = moving((0, 0, 0), (0, -115, 0), (0, 0, 0))
    np.testing.assert_allclose(chosen("shoulder_r", principal(sideways)), sideways, atol=1e-6)


@pytest.mark.parametrize("group", ["trunk", "hip_r", "hip_l", "shoulder_r", "shoulder_l"])
@pytest.mark.parametrize("seed", range(4))
def test_the_rotations_stay(group: str, seed: int) -> None:
    triples = np.random.default_rng(seed).uniform(-180, 180, (60, 3))
    side = group[-1] if group[-2] == "_" else "r"
    found = chosen(group, triples)
    np.testing.assert_allclose(
        rotation_zxy(found * SIGNS[side]), rotation_zxy(triples * SIGNS[side]), atol=1e-9
    )


def test_no_noisy_start_decides_for_the_rest() -> None:
    trunk = np.tile([-24.0, -3.0, -3.0], (60, 1))
    start = np.array([[100.0, 60, -160], [150, -70, 170], [-60, 80, -100], [-120, 70, 60]])
    found = chosen("trunk", np.concatenate([start, trunk]))
    np.testing.assert_allclose(found[4:], trunk)


@pytest.mark.parametrize("at", [0, 30, 59])
def test_one_wild_frame_changes_no_other(at: int) -> None:
    hip = moving((0, 0, 0), (100, -10, 5), (0, 0, 0), frames=60)
    wild = hip.copy()
    wild[at] = [-170, 65, 140]
    found = chosen("hip_r", wild)
    np.testing.assert_allclose(np.delete(found, at, 0), np.delete(hip, at, 0), atol=1e-9)


def test_frames_that_are_not_sure_neither_choose_nor_carry() -> None:
    arm = np.tile([-5.0, -144.0, -70.0], (90, 1))  # beyond what an arm is adducted
    arm[:, 1] += np.linspace(0, 20, 90)
    confidence = np.where(np.arange(90) < 60, 0.3, 0.9)
    arm[:60] = [0.0, -30.0, 0.0]
    found = chosen("shoulder_r", arm, confidence)
    assert np.abs(found[60:, 0] - 175).max() < 1e-6
    turned = chosen("shoulder_r", arm[::-1], confidence[::-1])
    np.testing.assert_allclose(turned, found[::-1])


def test_near_the_gimbal_the_outer_two_are_inferred() -> None:
    sideways = moving((0, 0, 0), (0, -115, 0))
    angles = on_best_branch(angles_with("shoulder_l", sideways))
    near = np.abs(sideways[:, 1] + 90) < 15
    sure = angles.confidence[:, columns("shoulder_l")]
    np.testing.assert_array_equal(sure[:, 0] < 0.5, near)
    np.testing.assert_array_equal(sure[:, 2] < 0.5, near)
    assert (sure[:, 1] == 1).all()


def test_only_the_heading_counts_turns() -> None:
    turning = np.stack([np.zeros(400), np.zeros(400), np.linspace(0, 700, 400)], axis=1)
    wrapped = (turning + 180) % 360 - 180
    np.testing.assert_allclose(chosen("pelvis", wrapped), turning, atol=1e-9)
    circling = chosen("shoulder_r", wrapped[:, ::-1])
    assert np.abs(circling).max() <= 270


def test_after_a_gap_turns_are_counted_anew() -> None:
    turning = np.stack([np.zeros(100), np.zeros(100), np.linspace(0, 500, 100)], axis=1)
    turning[50] = np.nan
    found = chosen("pelvis", (turning + 180) % 360 - 180)
    np.testing.assert_allclose(found[:50], turning[:50], atol=1e-9)
    np.testing.assert_allclose(found[51:], turning[51:] - [0, 0, 360], atol=1e-9)


def test_a_joint_without_its_three_angles_stays() -> None:
    angles = angles_with("elbow_r", np.tile([200.0, np.nan, np.nan], (5, 1)))
    np.testing.assert_array_equal(on_best_branch(angles).degrees, angles.degrees)


knot = st.tuples(*(st.floats(0.1, 0.9) for _ in range(3)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    group=st.sampled_from(["trunk", "hip_r", "hip_l", "shoulder_r", "shoulder_l"]),
    knots=st.lists(knot, min_size=2, max_size=6),
    seed=st.integers(0, 10_000),
    cut=st.tuples(st.integers(0, 100), st.integers(20, 120)),
)
def test_a_trim_changes_no_angle_of_what_stays(
    group: str, knots: list[tuple[float, float, float]], seed: int, cut: tuple[int, int]
) -> None:
    """Motions within what a joint can do, with noise, frames that are wild and frames that are
    hardly seen."""
    rng = np.random.default_rng(seed)
    low, high = limits_deg(JOINT_GROUPS[group]).T
    triples = low + (high - low) * moving(*knots, frames=120)
    triples += rng.normal(0, 2, triples.shape)
    confidence = rng.choice([0.3, 0.8, 1.0], len(triples))
    wild = rng.random(len(triples)) < 0.03
    triples[wild] = rng.uniform(-180, 180, (wild.sum(), 3))
    kept = slice(cut[0], cut[0] + cut[1])
    assume((~near_gimbal(triples[kept]) & (confidence[kept] >= 0.5) & ~wild[kept]).sum() >= 10)
    side = group[-1] if group[-2] == "_" else "r"
    seen = principal(triples, side)
    whole = chosen(group, seen, confidence)
    trimmed = chosen(group, seen[kept], confidence[kept])
    calm = ~near_gimbal(triples[kept]) & ~wild[kept]
    np.testing.assert_allclose(trimmed[calm], whole[kept][calm], atol=1.0)


def test_the_gimbal_is_passed_without_spikes() -> None:
    t = np.linspace(0, 1, 200)
    smooth = np.stack([10 * t, -115 * t, 20 * t], axis=1)
    spiked = cardan_zxy(rotation_zxy(smooth) @ rotation_about("z", 0.5))
    angles = on_best_branch(angles_with("shoulder_r", spiked))
    before, after = (
        found.degrees[:, columns("shoulder_r")] for found in (angles, calm_at_gimbal(angles))
    )
    assert np.abs(np.diff(before, axis=0)).max() > 20
    assert np.abs(np.diff(after, axis=0)).max() < 6
    np.testing.assert_array_equal(after, bridged(before))
