"""Segments and angles from the 43 anatomical markers, against a body whose angles are known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose.kinematics.anatomical import anatomical_segments
from humanpose.kinematics.anatomical_angles import GROUND, anatomical_angles
from humanpose.kinematics.angles import joint_angles
from humanpose.kinematics.harrington import hip_centres
from humanpose.kinematics.model_axes import MESH_POINTS
from humanpose.sequence import JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, MARKERS22, MARKERS43
from tests.support.body import body, without
from tests.support.body43 import ON, body43
from tests.support.unpacked import unpack
from train.judge.opensim_angles import compare, ours
from train.judge.optical import SUBJECTS

_DRAWN = np.random.default_rng(3).uniform(-25, 25, len(ANGLE_NAMES))
POSE = dict(zip(ANGLE_NAMES, _DRAWN.tolist(), strict=True)) | {
    f"{name}_{s}": angle
    for s in "rl"
    for name, angle in (("knee_angle", 50.0), ("elbow_flex", 70.0), ("pro_sup", 95.0))
}
MOVING = {
    name: angle + 15 * np.sin(np.arange(40) / 6 + i)
    for i, (name, angle) in enumerate(POSE.items())
}


def angles_of(markers: PoseSequence) -> JointAngles:
    return anatomical_angles(anatomical_segments(markers), markers.timeline)


def test_the_default_pose_of_the_model_reads_zero() -> None:
    np.testing.assert_allclose(angles_of(body43({})).degrees, 0, atol=1e-6)


@pytest.mark.parametrize("heading", [0.0, 130.0, -90.0])
@pytest.mark.parametrize("scale", [1.0, 1.2])
def test_every_angle_of_a_moving_body_comes_back(heading: float, scale: float) -> None:
    true = MOVING | {"pelvis_rotation": MOVING["pelvis_rotation"] + heading}
    found = angles_of(body43(true, frames=40, scale=scale))
    for i, name in enumerate(ANGLE_NAMES):
        np.testing.assert_allclose(found.degrees[:, i], true[name], atol=1e-6, err_msg=name)
    assert (found.confidence == 1).all()


SPARE = [m for s, names in ON.items() if s not in ("humerus", "forearm") for m in names]


@pytest.mark.parametrize("name", SPARE)
def test_one_lost_marker_of_a_segment_with_four_changes_nothing(name: str) -> None:
    markers = body43(MOVING, frames=40)
    lost = without(markers, (f"{name}_study",), slice(10, 30))
    found, whole = angles_of(lost), angles_of(markers)
    np.testing.assert_allclose(found.degrees, whole.degrees, atol=1e-4)
    assert (found.confidence >= 0.5).all()


@pytest.mark.parametrize("name", ["r_lelbow_study", "r_melbow_study", "r_lwrist_study"])
def test_an_arm_with_one_marker_less_is_carried_over_and_says_so(name: str) -> None:
    still = body43({k: np.linspace(v, v + 20, 40) for k, v in POSE.items()}, frames=40)
    found = angles_of(without(still, (name,), slice(15, 25)))
    column = ANGLE_NAMES.index("elbow_flex_r")
    error = np.abs(found.degrees - angles_of(still).degrees)[:, column]
    assert error.max() < 3
    assert (found.confidence[15:25, column] < 0.5).all()
    assert (found.confidence[15:25, column] > 0).all()
    assert (found.confidence[25:, column] == 1).all()


def test_what_no_two_markers_show_is_absent() -> None:
    markers = without(body43(MOVING, frames=40), ("r_lwrist_study", "r_mwrist_study"))
    found = angles_of(markers)
    absent = {name for name in ANGLE_NAMES if np.isnan(found.curve(name)).all()}
    assert absent == {"elbow_flex_r", "elbow_add_r", "pro_sup_r"}
    assert (found.confidence[np.isnan(found.degrees)] == 0).all()


def test_an_angle_is_as_sure_as_the_third_surest_marker_of_the_less_sure_segment() -> None:
    markers = body43(POSE, frames=2)
    confidence = markers.confidence.copy()
    foot = markers.skeleton.indices("r_calc_study", "r_toe_study", "r_5meta_study")
    confidence[:, foot] = [0.9, 0.6, 0.3]
    found = angles_of(replace(markers, confidence=confidence))
    assert found.confidence[0, ANGLE_NAMES.index("ankle_angle_r")] == 0.6
    assert found.confidence[0, ANGLE_NAMES.index("knee_angle_r")] == 1.0


def test_arms_raised_sideways_are_inferred_near_the_gimbal_only() -> None:
    found = angles_of(body43({"arm_add_r": np.linspace(-60, -120, 61)}, frames=61))
    sure = found.confidence[:, ANGLE_NAMES.index("arm_rot_r")]
    assert (sure[20:40] < 0.5).all()
    assert (sure[:10] == 1).all()
    assert (sure[50:] == 1).all()
    np.testing.assert_allclose(found.curve("arm_add_r"), np.linspace(-60, -120, 61), atol=1e-6)


def test_a_forearm_that_turns_past_the_range_of_one_triple_keeps_its_elbow() -> None:
    pronation = np.linspace(-40, 160, 50)
    found = angles_of(body43({"pro_sup_l": pronation, "elbow_flex_l": 80.0}, frames=50))
    np.testing.assert_allclose(found.curve("pro_sup_l"), pronation, atol=1e-6)
    np.testing.assert_allclose(found.curve("elbow_flex_l"), 80, atol=1e-6)


def test_a_static_trial_lends_the_shape_of_markers_that_are_off_later() -> None:
    static = anatomical_segments(body43({}, frames=5))
    inner = ("r_mknee_study", "L_mknee_study", "r_mankle_study", "L_mankle_study")
    markers = without(body43(MOVING, frames=40), inner)
    found = anatomical_angles(anatomical_segments(markers, shaped=static), markers.timeline)
    np.testing.assert_allclose(
        found.degrees, angles_of(body43(MOVING, frames=40)).degrees, atol=1e-6
    )


def test_markers_that_shake_by_a_centimetre_cost_few_degrees() -> None:
    markers = body43(MOVING, frames=40)
    noise = np.random.default_rng(0).normal(0, 0.005, markers.positions.shape)
    shaken = angles_of(markers.with_positions(markers.positions + noise))
    off = np.abs(shaken.degrees - angles_of(markers).degrees)
    for name in (
        "pelvis_tilt",
        "hip_flexion_r",
        "knee_angle_l",
        "ankle_angle_r",
        "elbow_flex_l",
    ):
        assert off[:, ANGLE_NAMES.index(name)].mean() < 3, name


def test_another_augmenters_markers_have_their_own_zero() -> None:
    markers = body43({})
    named = [name for name in MARKERS43.joints if name in MESH_POINTS]
    in_world = np.array([MESH_POINTS[name] for name in named]) @ GROUND.T
    positions = np.full_like(markers.positions, np.nan)
    positions[0, markers.skeleton.indices(*named)] = in_world
    placed = markers.with_positions(positions)
    segments = anatomical_segments(placed, placement=MESH_POINTS)
    degrees = anatomical_angles(segments, markers.timeline).degrees
    np.testing.assert_allclose(degrees, 0, atol=1e-6)
    assert abs(angles_of(placed).curve("knee_angle_r")[0]) > 3


def test_without_hip_markers_the_thigh_starts_at_harringtons_hip_centre() -> None:
    whole = body43(MOVING, frames=40)
    hips = ("RHJC_study", "LHJC_study")
    psis = (whole.joint("r.PSIS_study") + whole.joint("L.PSIS_study")) / 2
    centres = hip_centres(whole.joint("r.ASIS_study"), whole.joint("L.ASIS_study"), psis)
    positions = whole.positions.copy()
    positions[:, whole.skeleton.indices(*hips)] = np.stack(centres, axis=1)
    placed, lost = whole.with_positions(positions), without(whole, hips)
    np.testing.assert_allclose(angles_of(lost).degrees, angles_of(placed).degrees, atol=1e-6)


def test_every_anatomical_marker_knows_the_other_side() -> None:
    mirror = np.array(MARKERS43.mirror)
    np.testing.assert_array_equal(mirror[mirror], np.arange(len(MARKERS43)))
    assert [m for i, m in enumerate(MARKERS43.joints) if mirror[i] == i] == ["C7_study"]


def both(angles: dict[str, float], *, sure: float) -> PoseSequence:
    """The 22 and the 43 of the same pose."""
    by22, by43 = body(angles), body43(angles)
    return PoseSequence(
        np.concatenate([by22.positions, by43.positions], axis=1),
        np.concatenate([by22.confidence, sure * by43.confidence], axis=1),
        by22.timeline,
        AUGMENTED65,
    )


BENT = {"knee_angle_r": 50.0, "elbow_flex_r": 60.0, "pelvis_tilt": -20.0, "pro_sup_r": 80.0}


def test_seen_anatomical_markers_give_all_36_angles() -> None:
    found = joint_angles(both(BENT, sure=0.9))
    for name in ANGLE_NAMES:
        assert found.curve(name)[0] == pytest.approx(BENT.get(name, 0.0), abs=1e-6), name
    assert (found.confidence >= 0.9).all()


def test_derived_anatomical_markers_invent_no_angle_and_take_no_sureness() -> None:
    markers = both(BENT, sure=0.45)
    found, by22 = joint_angles(markers), joint_angles(markers.select(MARKERS22))
    told = np.isfinite(by22.degrees)
    np.testing.assert_array_equal(np.isfinite(found.degrees), told)
    assert (found.confidence >= by22.confidence).all()
    assert found.curve("pelvis_tilt")[0] == pytest.approx(-20, abs=1e-6)


@pytest.mark.parametrize(
    ("moved", "angle"),
    [("C7_study", "lumbar_extension"), ("r_lwrist_study", "elbow_flex_r")],
)
def test_derived_markers_leave_trunk_and_forearm_to_the_22(moved: str, angle: str) -> None:
    markers = both(BENT, sure=0.45)
    positions = markers.positions.copy()
    positions[:, markers.skeleton.index(moved)] += 0.05
    shifted = joint_angles(markers.with_positions(positions))
    assert shifted.curve(angle) == pytest.approx(joint_angles(markers).curve(angle), abs=1e-9)


def test_a_leg_without_anatomical_markers_falls_back_on_the_22() -> None:
    markers = both(BENT, sure=0.9)
    lower = [n for n in MARKERS43.joints if "wrist" not in n and "elbow" not in n]
    lost = without(markers, lower)
    np.testing.assert_array_equal(
        joint_angles(lost).curve("knee_angle_r"),
        joint_angles(markers.select(MARKERS22)).curve("knee_angle_r"),
    )


def test_optical_markers_give_what_opensim_made_of_them(tmp_path: Path) -> None:
    trials = [f"{name}.{kind}" for name in ("DJ1", "walking2") for kind in ("trc", "mot")]
    kept = [f"Expert1/{name}" for name in ("static1.trc", "generic.osim", *trials)]
    folder = unpack("opensim", tmp_path, *kept) / "opensim"
    found = compare(SUBJECTS[0], folder, ours(SUBJECTS[0], folder))
    for name, limit in LIMITS_DEG.items():
        column = ANGLE_NAMES.index(name)
        assert found.free[column] <= limit, name
    for name in ("hip_flexion_r", "hip_flexion_l", "knee_angle_r", "knee_angle_l"):
        assert np.nanmin(found.correlation[:, ANGLE_NAMES.index(name)]) > 0.99


LIMITS_DEG = {
    "pelvis_tilt": 3, "pelvis_list": 3, "lumbar_extension": 3, "lumbar_bending": 3,
    "hip_flexion_r": 3, "hip_flexion_l": 3, "knee_angle_r": 3, "knee_angle_l": 3,
    "ankle_angle_r": 3, "ankle_angle_l": 3, "hip_rotation_r": 5, "hip_adduction_l": 5,
    "arm_flex_r": 5, "arm_add_l": 5, "elbow_flex_r": 5, "elbow_flex_l": 5,
}  # fmt: skip
"""After one constant offset per angle: what the issue asks for."""
