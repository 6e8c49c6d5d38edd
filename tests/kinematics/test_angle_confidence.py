"""Uncertain bones make uncertain angles: by how much is known where the geometry is simple."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.confidence import HALF_SURE_DEG
from humanpose.kinematics import angle_confidence
from humanpose.kinematics.angle_confidence import BONES, method_deviation, with_deviation
from humanpose.kinematics.angles import joint_angles
from humanpose.kinematics.model_axes import MESH_POINTS
from humanpose.markers.augmentation import augment
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.synthetic import synthetic_analysis

BENT = 20
"""A frame in which the knees are bent."""


@pytest.fixture(scope="module")
def markers() -> PoseSequence:
    """Someone who bends the knees, which go forward; nobody is there in frame 7."""
    squat = synthetic_analysis(40, missing=[7]).markers
    positions = squat.positions.copy()
    forward = 0.25 * np.sin(np.linspace(0, np.pi, 40))
    positions[:, squat.skeleton.indices("RKnee", "LKnee"), 2] += forward[:, None]
    return squat.with_positions(positions)


def bones(markers: PoseSequence, **deviation_deg: float) -> dict[str, Floats]:
    """Every bone exact but those named."""
    return {
        name: np.full((len(markers), 2), np.radians(deviation_deg.get(name, 0.0)))
        for name in BONES
    }


def propagated(markers: PoseSequence, name: str, **deviation_deg: float) -> float:
    """The deviation of one angle without what the marker set costs, deg."""
    angles = with_deviation(joint_angles(markers), markers, bones(markers, **deviation_deg))
    assert angles.deviation is not None
    column = ANGLE_NAMES.index(name)
    return float(np.sqrt(angles.deviation[BENT, column] ** 2 - method_deviation()[column] ** 2))


def test_a_hinge_is_as_unsure_as_its_two_bones(markers: PoseSequence) -> None:
    both = propagated(markers, "knee_angle_r", thigh_R=3.0, shank_R=4.0)
    assert both == pytest.approx(5.0, rel=0.01)


def test_the_heading_is_as_unsure_as_the_hips(markers: PoseSequence) -> None:
    assert propagated(markers, "pelvis_rotation", hips=6.0) == pytest.approx(6.0, rel=0.01)
    assert propagated(markers, "pelvis_list", hips=6.0) == pytest.approx(6.0, rel=0.01)


def test_a_turn_about_the_thigh_is_less_sure_the_straighter_the_knee(
    markers: PoseSequence,
) -> None:
    bend = np.radians(joint_angles(markers).curve("knee_angle_r")[BENT])
    turn = propagated(markers, "hip_rotation_r", shank_R=4.0)
    assert turn == pytest.approx(4.0 / np.sin(bend), rel=0.1)


def test_what_an_angle_does_not_depend_on_leaves_it_alone(markers: PoseSequence) -> None:
    assert propagated(markers, "knee_angle_l", thigh_R=9.0, trunk=9.0) < 0.01
    assert propagated(markers, "elbow_flex_r", shank_R=9.0, hips=9.0) < 0.01


def test_both_sides_are_treated_alike(markers: PoseSequence) -> None:
    every = dict.fromkeys(BONES, 7.0)
    for stem in ("hip_flexion", "knee_angle", "ankle_angle", "arm_flex", "elbow_flex"):
        right, left = (propagated(markers, f"{stem}_{s}", **every) for s in "rl")
        assert right == pytest.approx(left, rel=0.02)


def test_it_predicts_what_random_errors_do(markers: PoseSequence) -> None:
    rng = np.random.default_rng(0)
    shin = markers.joint("RAnkle") - markers.joint("RKnee")
    moved = markers.skeleton.indices("RAnkle", "RHeel", "RBigToe", "RSmallToe")
    errors = []
    for _ in range(400):
        positions = markers.positions.copy()
        noise = np.linalg.norm(shin, axis=1)[BENT] * np.radians(5.0) * rng.normal(size=3)
        positions[:, moved] += noise
        angles = joint_angles(markers.with_positions(positions))
        errors.append(angles.curve("knee_angle_r")[BENT])
    expected = propagated(markers, "knee_angle_r", shank_R=5.0)
    assert np.std(errors) == pytest.approx(expected, rel=0.12)


def classes(angles: JointAngles) -> Floats:
    """0 absent, 1 inferred, 2 measured."""
    return np.sign(angles.confidence) + np.where(angles.confidence >= 0.5, 1.0, 0.0)


def test_confidence_keeps_the_class_and_falls_with_the_deviation(
    markers: PoseSequence,
) -> None:
    plain = joint_angles(markers)
    surest, surer, unsure = (
        with_deviation(plain, markers, bones(markers, **dict.fromkeys(BONES, degrees)))
        for degrees in (0.01, 3.0, 40.0)
    )
    known = np.isfinite(plain.degrees) & (method_deviation() < HALF_SURE_DEG)
    np.testing.assert_array_equal(classes(surest)[known], classes(plain)[known])
    assert (surest.confidence >= surer.confidence).all()
    assert (surer.confidence >= unsure.confidence).all()
    assert unsure.confidence[:, ANGLE_NAMES.index("knee_angle_r")].max() < 0.5


def test_an_absent_angle_stays_absent(markers: PoseSequence) -> None:
    angles = with_deviation(
        joint_angles(markers), markers, bones(markers, **dict.fromkeys(BONES, 5.0))
    )
    assert angles.deviation is not None
    absent = np.isnan(angles.degrees)
    assert absent[7].all()
    assert (angles.confidence[absent] == 0).all()
    assert np.isnan(angles.deviation[absent]).all()
    assert np.isfinite(angles.deviation[~absent]).all()


def test_a_marker_that_is_missing_spoils_only_its_own_angles(markers: PoseSequence) -> None:
    positions = markers.positions.copy()
    positions[BENT, markers.skeleton.index("RWrist")] = np.nan
    markers = markers.with_positions(positions)
    angles = with_deviation(
        joint_angles(markers), markers, bones(markers, **dict.fromkeys(BONES, 5.0))
    )
    assert angles.deviation is not None
    known = np.isfinite(angles.deviation[BENT])
    assert not known[ANGLE_NAMES.index("elbow_flex_r")]
    assert known[ANGLE_NAMES.index("elbow_flex_l")]
    assert known[ANGLE_NAMES.index("arm_flex_r")]


def augmented_angles(markers: PoseSequence) -> JointAngles:
    known = augment(markers, height_m=1.75, mass_kg=70)
    return joint_angles(known, placement=MESH_POINTS)


def test_by_way_of_augmented_markers_a_bend_is_as_unsure_and_a_turn_less(
    markers: PoseSequence,
) -> None:
    bones_off = bones(markers, thigh_R=3.0, shank_R=4.0)
    plain = with_deviation(joint_angles(markers), markers, bones_off)
    angles = with_deviation(
        augmented_angles(markers),
        markers,
        bones_off,
        kinematics=augmented_angles,
        augmented=True,
    )
    assert plain.deviation is not None
    assert angles.deviation is not None
    knee, turn = (ANGLE_NAMES.index(f"{name}_r") for name in ("knee_angle", "hip_rotation"))
    assert angles.deviation[BENT, knee] == pytest.approx(plain.deviation[BENT, knee], rel=0.1)
    assert (angles.deviation[BENT:, turn] < plain.deviation[BENT:, turn]).all()


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 240.0])
def test_computed_for_few_frames_it_is_nearly_what_all_would_give(
    markers: PoseSequence, fps: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    smooth = PoseSequence(
        markers.positions, markers.confidence, Timeline(len(markers), fps), MARKERS22
    )
    bones_off = bones(smooth, **dict.fromkeys(BONES, 5.0))
    few = with_deviation(joint_angles(smooth), smooth, bones_off).deviation
    monkeypatch.setattr(angle_confidence, "_FRAMES_PER_S", fps)
    every = with_deviation(joint_angles(smooth), smooth, bones_off).deviation
    knee = [ANGLE_NAMES.index(name) for name in ("knee_angle_r", "knee_angle_l")]
    assert few is not None
    assert every is not None
    np.testing.assert_allclose(few[:, knee], every[:, knee], rtol=0.05)


def test_one_frame_is_enough(markers: PoseSequence) -> None:
    one = synthetic_analysis(1).markers
    angles = with_deviation(joint_angles(one), one, bones(one, shank_R=4.0, thigh_R=3.0))
    assert angles.deviation is not None
    knee = angles.deviation[0, ANGLE_NAMES.index("knee_angle_r")]
    assert knee == pytest.approx(5.0, rel=0.01)
    assert replace(angles).deviation is angles.deviation
