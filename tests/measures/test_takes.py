"""Two takes brought together: what was done to one of them must be found again."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.kinematics.angles import joint_angles
from humanpose.measures.cycles import PERCENT
from humanpose.measures.events import heading
from humanpose.measures.repetitions import Repetition
from humanpose.measures.takes import (
    Take,
    find_cycles,
    in_place,
    lag_s,
    mirrored,
    on_timeline,
    over_cycles,
    take_of,
)
from humanpose.sequence import JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.body import body
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import Walker

KNEE = ANGLE_NAMES.index("knee_angle_r")
ASYMMETRIC = {
    "pelvis_list": 5.0, "pelvis_rotation": 20.0, "pelvis_tilt": -4.0, "lumbar_bending": 7.0,
    "lumbar_rotation": -8.0, "hip_flexion_r": 40.0, "hip_adduction_r": -12.0,
    "knee_angle_r": 60.0, "knee_angle_l": 25.0, "hip_adduction_l": 6.0, "arm_flex_r": 30.0,
    "elbow_flex_l": 45.0,
}  # fmt: skip


def walk(**options: float) -> Take:
    markers = Walker().markers(**options)  # type: ignore[arg-type]
    return Take(markers, joint_angles(markers))


def test_a_mirror_shows_the_angles_of_the_mirrored_markers() -> None:
    take = Take(markers := body(ASYMMETRIC, frames=3), joint_angles(markers))
    found = mirrored(take)
    np.testing.assert_allclose(
        found.angles.degrees, joint_angles(found.markers).degrees, atol=1e-6
    )
    assert found.angles.curve("knee_angle_l")[0] == pytest.approx(60)
    assert found.angles.curve("pelvis_list")[0] == pytest.approx(-5)


def test_a_mirror_of_a_mirror_is_the_take() -> None:
    take = take_of(synthetic_analysis(10))
    twice = mirrored(mirrored(take))
    np.testing.assert_allclose(twice.angles.degrees, take.angles.degrees)
    np.testing.assert_allclose(twice.markers.positions, take.markers.positions)


@pytest.mark.parametrize("heading_deg", [0.0, 30.0, 110.0, 250.0])
def test_in_place_everybody_faces_the_camera_over_the_origin(heading_deg: float) -> None:
    markers = Walker().markers(heading_deg=heading_deg)
    still = in_place(markers)
    np.testing.assert_allclose(still.joint("Hip")[:, [0, 2]], 0, atol=1e-9)
    np.testing.assert_allclose(heading(still).mean(axis=0), [0, 1], atol=0.05)
    np.testing.assert_allclose(
        np.linalg.norm(still.joint("RKnee") - still.joint("RHip"), axis=1),
        np.linalg.norm(markers.joint("RKnee") - markers.joint("RHip"), axis=1),
    )


def test_a_take_at_its_own_times_stays_as_it_is() -> None:
    take = take_of(synthetic_analysis(20, missing=[4]))
    same = on_timeline(take, take.angles.timeline)
    np.testing.assert_array_equal(same.angles.degrees, take.angles.degrees)
    np.testing.assert_array_equal(same.markers.positions, take.markers.positions)


def ramp(frames: int, fps: float, *, start_s: float = 0.0, from_deg: float = 0.0) -> Take:
    """Every angle rises by 10° a second."""
    timeline = Timeline(frames, fps, start_s)
    degrees = np.repeat(from_deg + 10 * np.arange(frames)[:, None] / fps, 36, axis=1)
    points = np.zeros((frames, len(MARKERS22), 3))
    markers = PoseSequence(points, np.ones(points.shape[:2]), timeline, MARKERS22)
    return Take(markers, JointAngles(degrees, np.ones(degrees.shape), timeline))


def test_other_frame_rates_and_starts_are_brought_to_one_timeline() -> None:
    wanted = Timeline(30, 30.0, start_s=5.0)
    found = on_timeline(ramp(120, 120.0, start_s=2.0), wanted, later_s=0.5)
    knee = found.angles.degrees[:, KNEE]
    np.testing.assert_allclose(knee[:15], 5 + 10 * np.arange(15) / 30)
    assert np.isnan(knee[16:]).all()  # the other take has ended
    assert (found.angles.confidence[16:] == 0).all()


@pytest.mark.parametrize("later_s", [0.8, 0.0, -0.5])
def test_the_lag_between_two_takes_is_found(later_s: float) -> None:
    def bump(at_s: float, fps: float) -> JointAngles:
        timeline = Timeline(round(6 * fps), fps)
        curve = 60 * np.exp(-(((timeline.time_s - at_s) / 0.4) ** 2))
        degrees = np.repeat(curve[:, None], 36, axis=1)
        degrees[:, 3] = np.nan
        return JointAngles(degrees, np.ones(degrees.shape), timeline)

    found = lag_s(bump(2.5, 30.0), bump(2.5 + later_s, 60.0))
    assert found == pytest.approx(later_s, abs=1 / 30)


def test_takes_without_any_movement_have_no_lag() -> None:
    still = ramp(30, 30.0)
    still = replace(still, angles=replace(still.angles, degrees=np.zeros((30, 36))))
    assert lag_s(still.angles, still.angles) == 0


def test_the_mean_of_equal_cycles_is_one_of_them_without_deviation() -> None:
    take = ramp(300, 100.0)
    wave = 30 - 30 * np.cos(2 * np.pi * take.angles.timeline.time_s)
    degrees = np.repeat(wave[:, None], 36, axis=1)
    take = replace(take, angles=replace(take.angles, degrees=degrees))
    cycles = [Repetition(float(s), s + 0.5, s + 1.0) for s in range(2)]
    found = over_cycles(take, cycles)
    expected = 30 - 30 * np.cos(2 * np.pi * PERCENT / 100)
    np.testing.assert_allclose(found.take.angles.degrees[:, KNEE], expected, atol=0.01)
    np.testing.assert_allclose(found.sd_deg[:, KNEE], 0, atol=1e-6)
    assert found.cycles == 2
    assert found.duration_s == pytest.approx(1.0)


def test_the_cycles_of_each_foot_are_found_and_change_feet_in_a_mirror() -> None:
    take = walk()
    right, _ = find_cycles(take, "gait_r")
    left, _ = find_cycles(take, "gait_l")
    other, _ = find_cycles(mirrored(take), "gait_l")
    assert len(right) == len(other) > 2
    assert [c.start_s for c in right] == pytest.approx([c.start_s for c in other])
    assert [c.start_s for c in right] != [c.start_s for c in left]


def test_what_has_no_cycles_says_why() -> None:
    cycles, reason = find_cycles(take_of(synthetic_analysis(30)), "gait_r")
    assert not cycles
    assert "no foot swings" in reason
