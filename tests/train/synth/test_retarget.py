"""Recorded motion on the rendered body: limbs point where they did, feet are on the floor."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.geometry import unit
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS43
from tests.support.unpacked import unpack
from train.convert import asf, bvh, mot
from train.convert.skeletons import BODY
from train.synth.body.anatomy import TRUTH23
from train.synth.body.body import Body
from train.synth.body.landmarks43 import marker_points
from train.synth.body.makehuman import Assets, Shape
from train.synth.motion.perform import Performance
from train.synth.motion.replay import replay
from train.synth.motion.retarget import (
    FREE,
    LIMITS,
    Recording,
    from_angles,
    from_positions,
    lifelike,
    resampled,
    sound_runs,
)

LIMBS = [
    (f"{side}_{a}", f"{side}_{b}")
    for side in ("left", "right")
    for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
]


@pytest.fixture(scope="module")
def body(assets: Assets) -> Body:
    return Body.build(assets, Shape("male"))


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> PoseSequence:
    """CMU's 02_01, a walk, at 30 frames/s."""
    folder = unpack("mocap", tmp_path_factory.mktemp("mocap"), "/02_01.amc", "/02.asf")
    (path,) = folder.rglob("02_01.amc")
    return at_30_fps(next(asf.read(path)))


@pytest.fixture(scope="module")
def squat(tmp_path_factory: pytest.TempPathFactory) -> mot.OpenSimMotion:
    folder = unpack("opensim", tmp_path_factory.mktemp("opensim"), "Expert1/squats1.mot")
    (path,) = folder.rglob("squats1.mot")
    return mot.read_motion(path)


def at_30_fps(pose: PoseSequence) -> PoseSequence:
    positions = resampled(pose.positions, pose.timeline.fps, to_fps=30)
    timeline = Timeline(len(positions), 30.0)
    return PoseSequence(positions, np.ones(positions.shape[:2]), timeline, pose.skeleton)


def hinged(recording: Recording) -> Recording:
    """What the recording doesn't tell set to 0, nothing drawn."""
    return replace(
        recording,
        angles=np.nan_to_num(recording.angles),
        head=np.nan_to_num(recording.head),
    )


def direction(points: Floats, names: tuple[str, ...], parent: str, child: str) -> Floats:
    return unit(points[:, names.index(child)] - points[:, names.index(parent)])


def test_limbs_of_the_body_point_where_the_recorded_ones_did(
    walk: PoseSequence, body: Body
) -> None:
    person = replay(hinged(from_positions(walk)), body)
    for limb in LIMBS:
        recorded = direction(walk.positions, BODY.joints, *limb)
        performed = direction(person.points, TRUTH23.joints, *limb)
        off = np.degrees(np.arccos(np.clip((recorded * performed).sum(axis=1), -1, 1)))
        assert off.mean() < 1, limb
        assert off.max() < 8, limb  # an elbow that is nearly straight is made a hinge


def test_hips_and_path_are_the_recorded_ones_in_leg_lengths(
    walk: PoseSequence, body: Body
) -> None:
    person = replay(hinged(from_positions(walk)), body)
    way = np.ptp(walk.joint("pelvis"), axis=0)
    own = np.ptp(person.points[:, 11:13].mean(axis=1), axis=0)
    ratio = own[[0, 2]].max() / way[[0, 2]].max()
    rig = body.rig
    leg = np.linalg.norm(rig.head("upperleg01.L") - rig.head("lowerleg01.L"))
    recorded = np.linalg.norm(walk.joint("left_hip") - walk.joint("left_knee"), axis=1).mean()
    assert ratio == pytest.approx(leg / recorded, rel=0.06)


def test_knees_and_elbows_bend_one_way_and_without_jumps(walk: PoseSequence) -> None:
    angles = dict(zip(ANGLE_NAMES, from_positions(walk).angles.T, strict=True))
    for name in ("knee_angle_r", "knee_angle_l", "elbow_flex_r", "elbow_flex_l"):
        assert angles[name].min() > -1
        assert np.abs(np.diff(angles[name])).max() < 20
    assert 50 < angles["knee_angle_r"].max() < 85
    assert np.ptp(angles["hip_rotation_r"]) < 40


def test_the_lowest_part_of_the_body_is_on_the_floor(walk: PoseSequence, body: Body) -> None:
    person = replay(hinged(from_positions(walk)), body)
    lowest = [person.posed.vertices(t)[:, 1].min() for t in range(len(person))]
    assert np.median(np.abs(lowest)) < 0.005
    assert min(lowest) > -0.02
    assert max(lowest) < 0.03


def test_a_jump_leaves_the_floor(body: Body) -> None:
    time_s = np.arange(60) / 30
    flight = np.clip(1.2 * (time_s - 0.8) - 4.9 * (time_s - 0.8) ** 2, 0, None) / 0.8
    still = Recording(
        np.zeros((60, 36)), np.zeros((60, 3)), np.tile([0, 1.05, 0], (60, 1)), 30.0, exact=True
    )
    jump = replace(still, mid_hip=still.mid_hip + flight[:, None] * [0, 1, 0])
    heels = replay(jump, body).points[:, 17:19, 1]
    up = np.ptp(heels[:, 0])
    assert up == pytest.approx(flight.max() * 0.83, abs=0.03)
    assert heels[:15].max() - heels[:15].min() < 0.001


def test_angles_of_a_mot_file_are_performed_as_they_are(
    squat: mot.OpenSimMotion, body: Body
) -> None:
    recording = lifelike(from_angles(squat), np.random.default_rng(0))
    told = np.isfinite(from_angles(squat).angles).all(axis=0)
    assert told.sum() > 20
    within = [i for i in np.flatnonzero(told) if not ANGLE_NAMES[i].startswith(tuple(LIMITS))]
    np.testing.assert_array_equal(recording.angles[:, within], squat.angles.degrees[:, within])
    assert replay(recording.heading(0), body).angles[0, 2] == pytest.approx(
        recording.angles[0, 2]
    )


def test_no_angle_of_a_lifelike_recording_is_constant(walk: PoseSequence) -> None:
    recording = lifelike(from_positions(walk), np.random.default_rng(1))
    assert np.isfinite(recording.angles).all()
    assert np.isfinite(recording.head).all()
    assert recording.angles.std(axis=0).min() > 0.05
    for name, free in FREE.items():
        columns = [i for i, a in enumerate(ANGLE_NAMES) if a[:-2] == name]
        if name in ("knee_adduction", "elbow_add", "pro_sup"):
            drawn = recording.angles[:, columns]
            assert free.low <= drawn.min() <= drawn.max() <= free.high


def test_what_is_drawn_is_smooth_and_the_same_for_the_same_seed(walk: PoseSequence) -> None:
    first, again = (
        lifelike(from_positions(walk), np.random.default_rng(2)).angles for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    drawn = [i for i, a in enumerate(ANGLE_NAMES) if a.startswith(("pro_sup", "elbow_add"))]
    assert np.abs(np.diff(first[:, drawn], axis=0)).max() < 6


def test_turning_a_recording_turns_the_person_to_the_left(
    walk: PoseSequence, body: Body
) -> None:
    recording = hinged(from_positions(walk))
    straight, turned = (replay(r, body).points for r in (recording, recording.heading(90)))
    quarter = Rotation.from_euler("y", 90, degrees=True)
    a, b = (p - p[0, 11:13].mean(axis=0) for p in (straight, turned))
    np.testing.assert_allclose(quarter.apply(a.reshape(-1, 3)), b.reshape(-1, 3), atol=1e-6)


def test_frames_with_impossible_speed_are_left_out(walk: PoseSequence) -> None:
    spiked = walk.positions.copy()
    spiked[40, BODY.index("left_wrist")] += 3.0
    assert sound_runs(walk) == [slice(0, len(walk))]
    runs = sound_runs(walk.with_positions(spiked))
    assert runs[0].stop <= 40
    assert runs[-1].start >= 41


# the 43 markers


@pytest.fixture(scope="module")
def standing(assets: Assets) -> list[Performance]:
    """Four very different people, arms down, facing the camera."""
    shapes = (
        Shape("male", muscle=0.9, weight=0.4), Shape("female", weight=0.9, stature=-0.3),
        Shape("male", weight=0.1, stature=0.3, age=1), Shape("female", muscle=0.2, weight=0.2),
    )  # fmt: skip
    still = Recording(
        np.zeros((2, 36)), np.zeros((2, 3)), np.tile([0, 1.0, 0], (2, 1)), 30.0, exact=True
    )
    return [replay(still, Body.build(assets, shape)) for shape in shapes]


def test_left_markers_are_the_mirror_image_of_the_right_ones(
    standing: list[Performance],
) -> None:
    for person in standing:
        points = dict(zip(MARKERS43.joints, marker_points(person.posed)[0], strict=True))
        rights = [n for n in points if n.startswith("r") or n == "RHJC_study"]
        assert len(rights) == 21
        for name in rights:
            left = points["L" + name[1:]]
            np.testing.assert_allclose(points[name] * [-1, 1, 1], left, atol=0.004)


def test_markers_lie_where_anatomy_has_them(standing: list[Performance]) -> None:
    for person in standing:
        at = dict(zip(MARKERS43.joints, marker_points(person.posed)[0], strict=True))
        joint = dict(zip(TRUTH23.joints, person.points[0], strict=True))
        x, up, front = 0, 1, 2  # facing the camera, the subject's right is at -x
        for name, centre in (("knee", "knee"), ("ankle", "ankle"), ("lelbow", "elbow")):
            medial = {"knee": "mknee", "ankle": "mankle", "lelbow": "melbow"}[name]
            lateral_x, medial_x = at[f"r_{name}_study"][x], at[f"r_{medial}_study"][x]
            assert lateral_x < joint[f"right_{centre}"][x] < medial_x
            assert abs(at[f"r_{name}_study"][up] - joint[f"right_{centre}"][up]) < 0.04
        assert at["r.ASIS_study"][front] > joint["right_hip"][front] > at["r.PSIS_study"][front]
        assert 0.04 < at["r.ASIS_study"][up] - joint["right_hip"][up] < 0.13
        assert 0.18 < at["L.ASIS_study"][x] - at["r.ASIS_study"][x] < 0.36
        assert at["r_shoulder_study"][up] > joint["right_shoulder"][up]
        assert at["C7_study"][up] > joint["right_shoulder"][up] + 0.05
        assert (
            at["r_calc_study"][front] < joint["right_ankle"][front] < at["r_toe_study"][front]
        )
        assert at["r_lwrist_study"][x] < at["r_mwrist_study"][x]  # palms forward: thumb outside
        np.testing.assert_allclose(at["RHJC_study"], joint["right_hip"], atol=1e-9)


def test_the_line_from_psis_to_asis_falls_as_the_docstring_says(
    standing: list[Performance],
) -> None:
    psis, asis = MARKERS43.indices("r.PSIS_study", "r.ASIS_study")
    for person in standing:
        points = marker_points(person.posed)[0]
        _, rise, forward = points[asis] - points[psis]
        assert 0 < np.degrees(np.arctan2(-rise, forward)) < 18


def test_markers_on_the_pelvis_stay_while_the_trunk_bends(body: Body) -> None:
    angles = np.zeros((2, 36))
    angles[1, ANGLE_NAMES.index("lumbar_extension")] = -60
    path = np.tile([0, 1.0, 0], (2, 1))
    bent = replay(Recording(angles, np.zeros((2, 3)), path, 30.0, exact=True), body)
    moved = np.linalg.norm(np.diff(marker_points(bent.posed), axis=0)[0], axis=1)
    on = dict(zip(MARKERS43.joints, moved, strict=True))
    assert on["r.ASIS_study"] < 1e-9
    assert on["C7_study"] > 0.3


def test_bodies_differ_and_old_ones_too(assets: Assets) -> None:
    rng = np.random.default_rng(0)
    bodies = [Body.build(assets, Shape.random(rng)) for _ in range(12)]
    heights = [person.height_m for person in bodies]
    assert 1.35 < min(heights) < max(heights) < 2.1
    assert np.std(heights) > 0.05
    young, old = (
        Body.build(assets, Shape("male", muscle=0.2, weight=0.7, age=age)) for age in (0.0, 1.0)
    )
    assert np.linalg.norm(young.vertices - old.vertices, axis=1).max() > 0.01


def test_a_dance_in_another_rig_stays_in_the_joints_ranges(
    tmp_path_factory: pytest.TempPathFactory, body: Body
) -> None:
    folder = unpack("mocap", tmp_path_factory.mktemp("dance"), "salsa/06.bvh")
    (path,) = folder.rglob("06.bvh")
    recording = lifelike(
        from_positions(at_30_fps(next(bvh.read(path)))), np.random.default_rng(3)
    )
    angles = dict(zip(ANGLE_NAMES, recording.angles.T, strict=True))
    for name, (low, high) in LIMITS.items():
        for column in (a for a in ANGLE_NAMES if name in (a, a[:-2])):
            assert low <= angles[column].min() <= angles[column].max() <= high
    assert np.quantile(np.abs(angles["ankle_angle_r"]), 0.5) < 25
