"""Both augmenters of markers, on stick bodies and on the factory's."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.errors import CheckpointError
from humanpose.kinematics.angles import joint_angles
from humanpose.kinematics.model_axes import MESH_POINTS
from humanpose.markers import lstm_augmenter
from humanpose.markers.augmentation import augment
from humanpose.markers.places import ORIGINS, mirror_image
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.settings import AUGMENTERS, Augmenter
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, MARKERS22, MARKERS43, other_side
from tests.support.body import body, without

FRAMES = 90


@pytest.fixture
def squat() -> PoseSequence:
    """Three seconds of knee bends with the arms rising."""
    wave = 0.5 - 0.5 * np.cos(np.linspace(0, 4 * np.pi, FRAMES))
    both = {"hip_flexion": 80, "knee_angle": 90, "arm_flex": 60, "elbow_flex": 30}
    angles = {f"{name}_{side}": most * wave for name, most in both.items() for side in "rl"}
    return body(angles | {"pelvis_tilt": -20 * wave}, frames=FRAMES)


def augmented(
    markers: PoseSequence,
    *,
    augmenter: Augmenter = "regression",
    cycles: int = 1,
    mass_kg: float = 70,
) -> PoseSequence:
    return augment(markers, height_m=1.75, mass_kg=mass_kg, cycles=cycles, augmenter=augmenter)


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


@pytest.fixture(params=AUGMENTERS)
def augmenter(request: pytest.FixtureRequest) -> Augmenter:
    found: Augmenter = request.param
    return found


def test_the_22_stay_and_43_follow_with_less_confidence(
    squat: PoseSequence, augmenter: Augmenter
) -> None:
    sure = replace(squat, confidence=np.full(squat.confidence.shape, 0.8))
    found = augmented(sure, augmenter=augmenter)
    assert found.skeleton == AUGMENTED65
    np.testing.assert_array_equal(found.select(MARKERS22).positions, squat.positions)
    new = found.select(MARKERS43)
    assert np.isfinite(new.positions).all()
    np.testing.assert_allclose(new.confidence, 0.49 * 0.8)


def test_markers_lie_on_the_right_side_of_their_joints(
    squat: PoseSequence, augmenter: Augmenter
) -> None:
    found = augmented(squat, augmenter=augmenter)
    left_to_right = found.joint("RHip") - found.joint("LHip")
    for lateral, medial in (("knee", "mknee"), ("ankle", "mankle")):
        across = found.joint(f"r_{lateral}_study") - found.joint(f"r_{medial}_study")
        assert ((across * left_to_right).sum(axis=1) > 0).all()
        assert (distance_mm(across, 0 * across) > 40).all()
    forward = found.joint("r.ASIS_study") - found.joint("r.PSIS_study")
    assert (forward[:, 2] > 0.1).all()  # the person faces the camera
    for joint, marker in (("RShoulder", "r_shoulder"), ("RElbow", "r_lelbow")):
        assert distance_mm(found.joint(joint), found.joint(f"{marker}_study")).max() < 90


def test_a_carried_person_takes_the_markers_along(
    squat: PoseSequence, augmenter: Augmenter
) -> None:
    here = augmented(squat, augmenter=augmenter).positions
    way = np.array([1.0, 0.2, -3.0])
    carried = squat.with_positions(squat.positions + way)
    there = augmented(carried, augmenter=augmenter).positions
    np.testing.assert_allclose(there, here + way, atol=1e-4)


def test_one_frame_is_enough(squat: PoseSequence, augmenter: Augmenter) -> None:
    one = PoseSequence(squat.positions[:1], squat.confidence[:1], Timeline(1, 30.0), MARKERS22)
    assert np.isfinite(augmented(one, augmenter=augmenter).positions).all()


def test_nothing_is_made_of_nothing(squat: PoseSequence, augmenter: Augmenter) -> None:
    nobody = replace(squat, positions=squat.positions * np.nan, confidence=squat.confidence * 0)
    found = augmented(nobody, augmenter=augmenter)
    assert np.isnan(found.positions).all()
    assert (found.confidence == 0).all()


def test_a_mistaken_call_says_what_was_expected(squat: PoseSequence) -> None:
    for wrong in ({"cycles": 0}, {"augmenter": "other"}):
        with pytest.raises(ValueError, match="cycles >= 1"):
            augmented(squat, **wrong)
    with pytest.raises(ValueError, match="augmented65"):
        augmented(augmented(squat))


# the regression


def test_the_hip_centres_are_the_hips(squat: PoseSequence) -> None:
    found = augmented(squat)
    for side in "RL":
        np.testing.assert_allclose(
            found.joint(f"{side}HJC_study"), found.joint(f"{side}Hip"), atol=1e-9
        )


def test_the_markers_turn_with_the_person(squat: PoseSequence) -> None:
    turn = Rotation.from_rotvec([0.4, 2.0, -0.3]).as_matrix()
    here = augmented(squat).positions
    there = augmented(squat.with_positions(squat.positions @ turn.T)).positions
    np.testing.assert_allclose(there, here @ turn.T, atol=1e-9)


def test_a_mirrored_person_has_mirrored_markers() -> None:
    person = body(
        {"knee_angle_r": 40, "hip_rotation_l": 20, "arm_flex_l": 70, "elbow_flex_l": 50}
    )
    swap = MARKERS43.indices(*(other_side(name) for name in MARKERS43.joints))
    here = augmented(person).select(MARKERS43).positions
    there = augmented(mirror_image(person)).select(MARKERS43).positions
    np.testing.assert_allclose(there, here[:, swap] * [-1, 1, 1], atol=1e-9)


@pytest.mark.parametrize("arm_flex", [0.0, 90.0, 180.0])
def test_straight_limbs_carry_markers_too(arm_flex: float) -> None:
    still = body({"arm_flex_r": arm_flex})
    assert np.isfinite(augmented(still).positions).all()


def test_the_turn_of_a_bent_leg_turns_its_markers() -> None:
    angles = {"hip_flexion_r": 60.0, "knee_angle_r": 80.0}
    plain, turned = (augmented(body(angles | {"hip_rotation_r": turn})) for turn in (0.0, 20.0))
    epicondyles = [
        found.joint("r_knee_study") - found.joint("r_mknee_study") for found in (plain, turned)
    ]
    cosine = [e / np.linalg.norm(e) for e in epicondyles]
    angle = np.degrees(np.arccos((cosine[0] * cosine[1]).sum()))
    assert 14 < angle < 21


def test_a_lost_wrist_costs_only_the_forearm(squat: PoseSequence) -> None:
    found = augmented(without(squat, ("RWrist",), slice(10, 20))).select(MARKERS43)
    lost = np.isnan(found.positions).any(axis=2)
    np.testing.assert_array_equal(found.confidence == 0, lost)
    assert {MARKERS43.joints[i] for i in np.flatnonzero(lost.any(axis=0))} == set(
        ORIGINS["forearm"]
    )
    assert list(np.flatnonzero(lost.any(axis=1))) == list(range(10, 20))


def test_a_heavier_person_is_wider(squat: PoseSequence) -> None:
    widths = []
    for mass_kg in (55, 85):
        found = augmented(squat, mass_kg=mass_kg)
        across = found.joint("r_knee_study") - found.joint("r_mknee_study")
        widths.append(np.linalg.norm(across, axis=1).mean())
    assert widths[1] > widths[0] + 0.005


# OpenCap's LSTM


def test_without_pose2sim_the_error_says_how_to_get_it(
    squat: PoseSequence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lstm_augmenter, "find_spec", lambda name: None)
    lstm_augmenter._networks.cache_clear()
    with pytest.raises(CheckpointError, match=r"requirements-augment\.txt"):
        augmented(squat, augmenter="lstm")


@pytest.mark.parametrize("fps", [30, 60, 120])
def test_the_frame_rate_makes_no_difference(squat: PoseSequence, fps: int) -> None:
    finely = at_rate(squat, 240)
    here = augmented(finely, augmenter="lstm").positions[:: 240 // fps]
    there = augmented(at_rate(squat, fps), augmenter="lstm").positions
    assert distance_mm(there, here)[:, len(MARKERS22) :].mean() < 1.0


def test_a_lost_foot_costs_the_lower_network_alone(squat: PoseSequence) -> None:
    whole = augmented(squat, augmenter="lstm").select(MARKERS43).positions
    broken = augmented(without(squat, ("LHeel",), slice(40, 50)), augmenter="lstm")
    found = broken.select(MARKERS43).positions
    lost = np.isnan(found).any(axis=2)
    assert lost[40:50, :35].all()
    assert lost.sum() == 10 * 35
    np.testing.assert_array_equal(found[:40, 35:], whole[:40, 35:])
    assert np.nanmax(distance_mm(found, whole)) < 10  # a straight line bridged it


def test_noise_averages_out(squat: PoseSequence) -> None:
    one, many = (augmented(squat, augmenter="lstm", cycles=n).positions for n in (1, 20))
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
    whole = augmented(long, augmenter="lstm").positions
    monkeypatch.setattr(lstm_augmenter, "_CHUNK", 200)
    chunked = augmented(long, augmenter="lstm").positions
    assert distance_mm(whole, chunked).max() < 0.1


def test_the_built_in_augmenter_leaves_the_knee_to_the_three_markers_that_measure_it(
    squat: PoseSequence,
) -> None:
    known = squat.with_positions(
        squat.positions + 0.02 * np.sin(np.arange(3 * 22)).reshape(22, 3)
    )
    plain = joint_angles(known).degrees
    ours = joint_angles(augmented(known), placement=MESH_POINTS).degrees
    both = {
        name: np.abs(ours - plain)[:, ANGLE_NAMES.index(name)].max() for name in ANGLE_NAMES
    }
    assert both["knee_angle_r"] == both["knee_angle_l"] == 0
    assert both["hip_flexion_r"] > 0.1
