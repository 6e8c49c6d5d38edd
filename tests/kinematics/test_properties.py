"""What must hold of the angles of any pose: moved, grown and seen in a mirror."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from humanpose.kinematics.angles import joint_angles
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.body import body

quick = settings(max_examples=40, deadline=None, derandomize=True)
LIMITS = {
    "lumbar": (-25.0, 25.0), "hip_flexion": (-20.0, 70.0), "hip_adduction": (-25.0, 20.0),
    "hip_rotation": (-20.0, 20.0), "knee_angle": (20.0, 100.0), "ankle_angle": (-20.0, 20.0),
    "subtalar": (-15.0, 15.0), "arm_flex": (-30.0, 70.0), "arm_add": (-60.0, 10.0),
    "arm_rot": (-40.0, 40.0), "elbow_flex": (20.0, 110.0),
}  # fmt: skip
"""What people do, clear of straight limbs and of the gimbal, where angles are inferred."""
MIRRORED_SIGN = np.array(
    [
        -1.0 if name in ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
        else 1.0
        for name in ANGLE_NAMES
    ]
)  # fmt: skip
OTHER_SIDE = [
    ANGLE_NAMES.index(
        f"{name[:-1]}{'l' if name.endswith('_r') else 'r'}"
        if name.endswith(("_r", "_l"))
        else name
    )
    for name in ANGLE_NAMES
]


@st.composite
def poses(draw: st.DrawFn) -> PoseSequence:
    drawn = {
        name: draw(st.floats(*limits))
        for name in ANGLE_NAMES
        for start, limits in LIMITS.items()
        if name.startswith(start)
    }
    return body(drawn)


def degrees(pose: PoseSequence) -> Floats:
    return joint_angles(pose).degrees[0]


@quick
@given(poses(), st.tuples(*[st.floats(-180, 180)] * 3), st.floats(-50, 50))
def test_between_segments_no_angle_changes_with_the_place_of_the_camera(
    pose: PoseSequence, turn: tuple[float, float, float], shift_m: float
) -> None:
    matrix = Rotation.from_euler("xyz", turn, degrees=True).as_matrix()
    moved = pose.with_positions(pose.positions @ matrix.T + shift_m)
    np.testing.assert_allclose(degrees(moved)[3:], degrees(pose)[3:], atol=1e-6)


@quick
@given(poses(), st.floats(0.3, 3))
def test_no_angle_changes_with_the_size_of_the_person(pose: PoseSequence, scale: float) -> None:
    grown = pose.with_positions(scale * pose.positions)
    np.testing.assert_allclose(degrees(grown), degrees(pose), atol=1e-6)


@quick
@given(poses())
def test_the_mirror_swaps_the_sides_of_any_pose(pose: PoseSequence) -> None:
    swapped = pose.positions[:, list(MARKERS22.mirror)] * [-1, 1, 1]
    there = degrees(pose.with_positions(swapped))
    np.testing.assert_allclose(there[OTHER_SIDE], MIRRORED_SIGN * degrees(pose), atol=1e-6)
