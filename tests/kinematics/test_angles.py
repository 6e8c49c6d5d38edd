"""The kinematics, against a body whose angles are known."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.kinematics.angles import joint_angles, subtract_neutral
from humanpose.sequence import JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.body import body
from tests.support.places import SHARED
from train.recordings.pairs import read_pairs

HEADINGS = (0.0, 75.0, 180.0, -130.0)
ABSENT = {
    f"{n}_{s}"
    for s in "rl"
    for n in ("knee_adduction", "knee_rotation", "elbow_add", "pro_sup")
}
BENT = {f"{n}_{s}": 40.0 for s in "rl" for n in ("knee_angle", "elbow_flex")}
SAGITTAL = {"pelvis_tilt", "lumbar_extension", "hip_flexion_r", "hip_flexion_l"}
"""With 22 markers the pelvis's tilt is inferred, so these are known by their sums only."""
FREE = [name for name in ANGLE_NAMES if name not in ABSENT | SAGITTAL]


def first(markers: PoseSequence) -> dict[str, float]:
    return dict(zip(ANGLE_NAMES, joint_angles(markers).degrees[0], strict=True))


def test_the_default_pose_of_the_model_reads_zero() -> None:
    angles = first(body({}))
    for name in set(ANGLE_NAMES) - ABSENT - {"arm_rot_r", "arm_rot_l"}:
        assert angles[name] == pytest.approx(0, abs=0.6), name


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("name", FREE)
def test_one_angle_moved_by_20_degrees_moves_its_own_column_only(
    name: str, heading: float
) -> None:
    still = BENT | {"pelvis_rotation": heading}
    moved = still | {name: still.get(name, 0.0) + 20}
    before, after = first(body(still)), first(body(moved))
    for other in set(ANGLE_NAMES) - ABSENT - SAGITTAL:
        change = (after[other] - before[other] + 180) % 360 - 180
        assert change == pytest.approx(20 if other == name else 0, abs=2.0), other


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("name", sorted(SAGITTAL))
def test_trunk_and_thighs_lean_as_they_do_and_the_pelvis_between_them(
    name: str, heading: float
) -> None:
    still = BENT | {"pelvis_rotation": heading}
    before, after = first(body(still)), first(body(still | {name: 20.0}))
    change = {k: after[k] - before[k] for k in SAGITTAL}
    trunk = 20 if name in ("pelvis_tilt", "lumbar_extension") else 0
    assert change["pelvis_tilt"] + change["lumbar_extension"] == pytest.approx(trunk, abs=0.6)
    for s in "rl":
        thigh = 20 if name in ("pelvis_tilt", f"hip_flexion_{s}") else 0
        assert change["pelvis_tilt"] + change[f"hip_flexion_{s}"] == pytest.approx(
            thigh, abs=0.6
        )
    assert change[name] > 15 or name == "lumbar_extension"


def test_facing_the_camera_upright_is_zero_and_left_turns_count_up() -> None:
    assert first(body({"pelvis_rotation": 0.0}))["pelvis_rotation"] == pytest.approx(
        0, abs=1e-6
    )
    markers = body({"pelvis_rotation": 90.0})
    across = markers.joint("RHip")[0] - markers.joint("LHip")[0]
    assert across[2] > 0.1  # turned to their left, the right hip comes towards the camera
    assert first(markers)["pelvis_rotation"] == pytest.approx(90, abs=1e-6)


def test_turning_round_twice_counts_to_720() -> None:
    turn = np.linspace(0, 720, 200)
    angles = joint_angles(body({"pelvis_rotation": turn}, frames=200))
    np.testing.assert_allclose(angles.curve("pelvis_rotation"), turn, atol=1e-6)


def test_angles_between_segments_ignore_where_the_camera_stands() -> None:
    posed = body(BENT | {"hip_flexion_r": 50.0, "arm_flex_l": 70.0, "lumbar_bending": 10.0})
    turn = Rotation.from_euler("xyz", [20, 130, -45], degrees=True).as_matrix()
    moved = posed.with_positions(posed.positions @ turn.T + 3.0)
    here, there = joint_angles(posed).degrees[:, 3:], joint_angles(moved).degrees[:, 3:]
    np.testing.assert_allclose(here, there, atol=1e-6)


def test_a_taller_person_in_the_same_pose_has_the_same_angles() -> None:
    posed = body(BENT | {"hip_adduction_l": 15.0, "arm_add_r": -40.0})
    taller = posed.with_positions(1.3 * posed.positions)
    np.testing.assert_allclose(
        joint_angles(posed).degrees, joint_angles(taller).degrees, atol=1e-9
    )


def test_the_mirror_swaps_left_and_right() -> None:
    posed = body(BENT | {"hip_flexion_r": 40.0, "hip_rotation_l": 15.0, "arm_add_r": -50.0})
    mirrored = posed.with_positions(posed.positions[:, list(MARKERS22.mirror)] * [-1, 1, 1])
    here, there = first(posed), first(mirrored)
    for name in set(ANGLE_NAMES) - ABSENT:
        other = (
            name[:-1] + {"r": "l", "l": "r"}[name[-1]] if name[-2:] in ("_r", "_l") else name
        )
        sign = (
            -1
            if name.endswith(("list", "pelvis_rotation", "bending", "lumbar_rotation"))
            else 1
        )
        assert there[other] == pytest.approx(sign * here[name], abs=1e-6), name


def test_what_22_markers_cannot_carry_is_absent() -> None:
    angles = joint_angles(body(BENT))
    for name in ABSENT:
        assert np.isnan(angles.curve(name)).all()
        assert (angles.confidence[:, ANGLE_NAMES.index(name)] == 0).all()


def test_straight_limbs_infer_their_turn_and_bent_ones_measure_it() -> None:
    knee = np.concatenate([np.full(20, 60.0), np.full(20, 5.0), np.full(20, 60.0)])
    angles = joint_angles(body({"knee_angle_r": knee, "hip_rotation_r": 12.0}, frames=60))
    column = ANGLE_NAMES.index("hip_rotation_r")
    np.testing.assert_allclose(angles.degrees[:, column], 12, atol=1.0)
    measured = angles.confidence[:, column] >= 0.5
    np.testing.assert_array_equal(measured, knee > 15)


def test_a_leg_that_never_bends_is_turned_as_its_foot_is() -> None:
    angles = joint_angles(body({"hip_rotation_l": -25.0}, frames=5))
    column = ANGLE_NAMES.index("hip_rotation_l")
    np.testing.assert_allclose(angles.degrees[:, column], -25, atol=1.0)
    assert (angles.confidence[:, column] < 0.5).all()


def test_the_turn_of_an_arm_that_never_bends_is_absent() -> None:
    assert np.isnan(joint_angles(body({}, frames=5)).curve("arm_rot_r")).all()


def test_an_arm_raised_in_front_to_overhead_has_no_jump() -> None:
    raised = np.linspace(0, 170, 120)
    angles = joint_angles(body({"arm_flex_r": raised, "elbow_flex_r": 30.0}, frames=120))
    assert np.nanmax(np.abs(np.diff(angles.degrees, axis=0))) < 6
    np.testing.assert_allclose(angles.curve("arm_flex_r"), raised, atol=3)


def test_an_arm_raised_sideways_to_overhead_changes_over_where_it_is_inferred() -> None:
    raised = np.linspace(0, 170, 120)
    angles = joint_angles(body({"arm_add_r": -raised, "elbow_flex_r": 30.0}, frames=120))
    flexion = angles.curve("arm_flex_r")
    assert abs(flexion[0]) < 3
    assert abs(flexion[-1] - 180) < 3
    assert np.nanmax(np.abs(np.diff(angles.degrees, axis=0))) < 12
    inferred = angles.confidence[:, ANGLE_NAMES.index("arm_flex_r")] < 0.5
    assert np.abs(np.diff(flexion))[~inferred[1:] & ~inferred[:-1]].max() < 3


def test_beside_the_gimbal_flexion_and_turn_are_inferred() -> None:
    angles = joint_angles(body({"arm_add_r": -85.0, "elbow_flex_r": 30.0}))
    sure = dict(zip(ANGLE_NAMES, angles.confidence[0], strict=True))
    assert sure["arm_flex_r"] < 0.5
    assert sure["arm_rot_r"] < 0.5
    assert sure["arm_add_r"] >= 0.5


def test_a_missing_marker_takes_only_its_own_angles_away() -> None:
    markers = body(BENT, frames=3)
    positions = markers.positions.copy()
    positions[1, MARKERS22.index("LAnkle")] = np.nan
    angles = joint_angles(markers.with_positions(positions))
    gone = {n for n in ANGLE_NAMES if np.isnan(angles.curve(n)[1])} - ABSENT
    assert gone == {"knee_angle_l", "ankle_angle_l", "subtalar_angle_l", "ankle_rotation_l"}


def test_confidence_is_that_of_the_weakest_marker() -> None:
    markers = body(BENT, frames=2)
    markers.confidence[:, MARKERS22.index("RKnee")] = 0.6
    angles = joint_angles(markers)
    assert angles.confidence[0, ANGLE_NAMES.index("knee_angle_r")] == pytest.approx(0.6)
    assert angles.confidence[0, ANGLE_NAMES.index("knee_angle_l")] == pytest.approx(1.0)


def test_neutral_frame_reads_zero_and_changes_are_kept() -> None:
    knee = np.linspace(10, 70, 31)
    angles = joint_angles(body({"knee_angle_r": knee}, frames=31))
    neutral = subtract_neutral(angles, at_s=0.5)
    np.testing.assert_allclose(neutral.curve("knee_angle_r"), knee - knee[15], atol=1e-6)


PAIRS = SHARED / "data" / "pairs"


@pytest.mark.skipif(not PAIRS.is_dir(), reason="needs ../shared/data/pairs")
def test_rendered_bodies_give_back_the_angles_that_drove_them() -> None:
    """Joints → angles on motion-captured squats and walks; offset-free, since pelves differ."""
    limit = {
        "knee_angle_r": 1.0,
        "hip_adduction_l": 1.0,
        "ankle_angle_r": 1.5,
        "elbow_flex_l": 1.0,
        "hip_rotation_r": 3.0,
        "lumbar_bending": 3.0,
        "lumbar_rotation": 1.5,
        "arm_flex_r": 4.0,
        "hip_flexion_r": 4.0,
        "pelvis_rotation": 0.1,
        "pelvis_list": 0.1,
    }
    errors: dict[str, list[float]] = {name: [] for name in limit}
    for pair in read_pairs(PAIRS / "m_001.npz"):
        found = joint_angles(pair.true_markers())
        for name in limit:
            truth = pair.angles[:, ANGLE_NAMES.index(name)]
            error = (found.curve(name) - truth + 180) % 360 - 180
            errors[name].append(float(np.nanmean(np.abs(error - np.nanmedian(error)))))
    for name, bound in limit.items():
        assert np.mean(errors[name]) < bound, name


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="degrees must be"):
        JointAngles(np.zeros((3, 35)), np.zeros((3, 36)), Timeline(3, 30.0))
