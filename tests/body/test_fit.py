"""The fit, on people whose joint angles are known: projected, spoilt, and fitted again."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.body import fit as fit_module
from humanpose.body.angles import joint_angles_of
from humanpose.body.clip import Clues, fit_clip
from humanpose.body.coordinates import contract_angles
from humanpose.body.evidence import Told, gather
from humanpose.body.fit import thinned
from humanpose.body.fitted import FittedBody
from humanpose.body.landmarks import completed, landmarks_on
from humanpose.body.markers import anatomical_markers
from humanpose.body.model import GENERIC_HEIGHT_M, SCALES
from humanpose.body.pose import BodyPose, place, positions
from humanpose.body.prior import COORDINATES
from humanpose.body.sites import IN_MEDIAPIPE, KINDS, LIMBS, joint_sites, landmark_sites
from humanpose.body.start import first_pose
from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.geometry import unit
from humanpose.lift.baseline import lift
from humanpose.markers.input_markers import markers_of
from humanpose.sequence import Floats, JointAngles, Landmarks, LimbField, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22, MARKERS43, MEDIAPIPE33
from tests.support.body import body

HEIGHT_M, FPS = 1.75, 30.0
NINE_IN_TEN = 2.146
"""Standard deviations about each of two axes that hold 90 % of directions."""
CAMERA = Camera.from_fov(60.0, (640, 480))
UP = np.array([0.0, -1.0, 0.0])
AWAY = np.array([0.0, 0.0, 3.5])
SCALES_OF = np.full(len(SCALES), np.log(HEIGHT_M / GENERIC_HEIGHT_M))


def squat(frames: int = 60, **sides: float) -> dict[str, Floats]:
    """Knee bends, by default on both sides alike; ``knee_angle_r=0.2`` makes one stiff."""
    wave = 0.5 - 0.5 * np.cos(np.linspace(0, 4 * np.pi, frames))
    most = {"hip_flexion": 75.0, "knee_angle": 90.0, "arm_flex": 60.0, "elbow_flex": 40.0}
    angles = {
        f"{name}_{side}": value * wave * sides.get(f"{name}_{side}", 1.0) + 5
        for name, value in most.items()
        for side in "rl"
    }
    return angles | {"lumbar_extension": -15 * wave, "pelvis_rotation": np.full(frames, 35.0)}


def posed(angles: dict[str, Floats]) -> BodyPose:
    """In front of the camera."""
    frames = len(next(iter(angles.values())))
    markers = body(angles, frames=frames)
    flipped = markers.with_positions(markers.positions * [1, -1, -1] + AWAY)
    return first_pose(flipped)


def seen(pose: BodyPose, *, noise_px: float = 0.0, fps: float = FPS) -> Landmarks:
    """What a detector sees of it; MediaPipe's own 3-D is a little flat."""
    placed, rng = place(pose, SCALES_OF), np.random.default_rng(0)
    at = positions(placed, landmark_sites(HEIGHT_M, np.zeros((len(KINDS), 3))))
    count = (len(pose), len(MEDIAPIPE33))
    pixels, world = np.full((*count, 2), np.nan), np.full((*count, 3), np.nan)
    pixels[:, IN_MEDIAPIPE] = CAMERA.project(at) + rng.normal(0, noise_px, (*at.shape[:2], 2))
    world[:, IN_MEDIAPIPE] = (at - pose.root[:, None]) * [1, 1, 0.8]
    face = range(11)
    pixels[:, face] = pixels[:, [11]] - [0, 40.0]
    world[:, face] = world[:, [11]] - [0, 0.25, 0]
    return Landmarks(
        pixels,
        world,
        np.isfinite(pixels[..., 0]).astype(float),
        Timeline(len(pose), fps),
        CAMERA.image_size,
    )


def field_of(pose: BodyPose, concentration: float = 60.0) -> LimbField:
    """What a good network says."""
    at = positions(place(pose, SCALES_OF), joint_sites(HEIGHT_M))
    parents, children = np.array(LIMBS).T
    directions = unit(at[:, children] - at[:, parents])
    return LimbField(directions, np.full(directions.shape[:2], concentration), UP, 500.0)


def fitted(
    landmarks: Landmarks, field: LimbField | None, *, bridge_s: float = 0.0
) -> FittedBody:
    lifted = lift(landmarks, CAMERA, height_m=HEIGHT_M)
    return fit_clip(
        landmarks, lifted, CAMERA, clues=Clues(field), height_m=HEIGHT_M, bridge_s=bridge_s
    )


def true_angles(pose: BodyPose, found: FittedBody) -> Floats:
    return contract_angles(pose, place(pose, SCALES_OF), found.up.direction)


KNEE = COORDINATES.index("knee_angle_r")
MAIN = [
    ANGLE_NAMES.index(f"{name}_{side}")
    for name in ("hip_flexion", "knee_angle", "elbow_flex", "arm_flex")
    for side in "rl"
]


@pytest.fixture(scope="module")
def pose() -> BodyPose:
    return posed(squat())


@pytest.fixture(scope="module")
def whole(pose: BodyPose) -> FittedBody:
    return fitted(seen(pose), field_of(pose))


def test_a_squat_comes_back(pose: BodyPose, whole: FittedBody) -> None:
    off = (whole.angles()[0] - true_angles(pose, whole))[:, MAIN]
    assert np.abs(off).mean() < 4
    assert np.abs(off - off.mean(axis=0)).mean() < 2


def test_without_a_network_mediapipes_own_3d_is_believed(pose: BodyPose) -> None:
    alone = fitted(seen(pose), None)
    off = (alone.angles()[0] - true_angles(pose, alone))[:, MAIN]
    assert np.abs(off - off.mean(axis=0)).mean() < 6


def test_gravity_is_where_it_is_said_to_be(whole: FittedBody) -> None:
    assert off_up_deg(whole) < NINE_IN_TEN * whole.up.sd_deg


def test_feet_that_rest_here_and_there_tell_of_up() -> None:
    still = {"knee_angle_r": np.full(90, 8.0), "knee_angle_l": np.full(90, 8.0)}
    pose = posed(still)
    away_m = np.interp(np.arange(90), [30, 60], [0.0, 2.5])
    pose = replace(pose, root=pose.root + away_m[:, None] * [0, 0, 1])
    down = np.radians(7.0)
    tilted = np.array([0, -np.cos(down), -np.sin(down)])
    found = fitted(seen(pose), replace(field_of(pose), up=tilted))
    assert off_up_deg(found) < 3.5
    assert off_up_deg(found) < NINE_IN_TEN * found.up.sd_deg


def off_up_deg(found: FittedBody) -> float:
    return float(np.degrees(np.arccos(found.up.direction @ UP)))


def test_one_stiff_knee_stays_stiff() -> None:
    pose = posed(squat(knee_angle_r=0.1, hip_flexion_r=0.4))
    degrees = fitted(seen(pose, noise_px=1.5), field_of(pose)).angles()[0]
    stiff, free = (np.ptp(degrees[:, ANGLE_NAMES.index(f"knee_angle_{s}")]) for s in "rl")
    assert stiff < 20
    assert free > 75


def test_the_whole_squat_keeps_its_range(pose: BodyPose, whole: FittedBody) -> None:
    true, found = true_angles(pose, whole), whole.angles()[0]
    knees = [ANGLE_NAMES.index(f"knee_angle_{side}") for side in "rl"]
    ranges = np.ptp(found[:, knees], axis=0) / np.ptp(true[:, knees], axis=0)
    np.testing.assert_allclose(ranges, 1, atol=0.06)


def test_noise_makes_angles_less_sure_and_no_worse_than_they_say(pose: BodyPose) -> None:
    noisy = fitted(seen(pose, noise_px=4.0), field_of(pose))
    degrees, deviation = noisy.angles()
    off = degrees - true_angles(pose, noisy)
    assert (np.abs(off[:, MAIN]) < 3 * deviation[:, MAIN]).mean() > 0.95


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_frame_or_two_are_enough(frames: int) -> None:
    pose = posed(squat(60)).at(slice(20, 20 + frames))
    found = fitted(seen(pose), field_of(pose))
    off = (found.angles()[0] - true_angles(pose, found))[:, MAIN]
    assert np.abs(off).mean() < 7


def test_a_fast_clip_is_thinned_within_its_stretches_only() -> None:
    pose = posed(squat(60))
    landmarks, depth_m = seen(pose, fps=60.0), pose.root[:, 2]
    evidence = gather(landmarks, CAMERA, None, depth_m=depth_m, height_m=HEIGHT_M)
    evidence = replace(evidence, follows=np.arange(60) % 25 > 0)
    some = thinned(evidence)
    assert some.frames.tolist() == [0, 6, 12, 18, 24, 25, 31, 37, 43, 49, 50, 56]
    assert some.seen.fps == 10
    assert np.flatnonzero(~some.seen.follows).tolist() == [0, 5, 10]
    between = some.between(pose.at(some.frames))
    np.testing.assert_allclose(between.turns[some.frames], pose.turns[some.frames])
    held = pose.at(some.before)
    off, stays = (np.abs(each.bends - pose.bends).mean() for each in (between, held))
    assert off < 0.3 * stays


def test_a_long_clip_in_windows_is_as_in_one_piece(
    pose: BodyPose, whole: FittedBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fit_module, "_WINDOW", 25)
    monkeypatch.setattr(fit_module, "_OVERLAP", 15)
    monkeypatch.setattr(fit_module, "_STRETCHES", 3)
    monkeypatch.setattr(fit_module, "_STRETCH", 20)
    parts = fitted(seen(pose), field_of(pose))
    np.testing.assert_allclose(parts.angles()[0], whole.angles()[0], atol=4)
    jumps = np.abs(np.diff(parts.angles()[0] - whole.angles()[0], axis=0))
    assert np.nanmax(jumps) < 1


def test_who_comes_late_is_seen_as_who_is_there_from_the_start(
    pose: BodyPose, whole: FittedBody
) -> None:
    landmarks, field = seen(pose), field_of(pose)
    for array in (landmarks.pixels, landmarks.world, field.directions):
        array[:10] = np.nan
    landmarks.visibility[:10] = field.concentration[:10] = 0
    late = fitted(landmarks, field)
    alone = fitted(seen(pose.at(slice(10, 60))), field_of(pose.at(slice(10, 60))))
    np.testing.assert_allclose(late.angles()[0][10:], alone.angles()[0], atol=1e-3)
    np.testing.assert_allclose(late.angles()[1][10:], alone.angles()[1], atol=1e-3)


def test_without_shoulders_the_clip_is_refused_in_a_sentence(pose: BodyPose) -> None:
    landmarks = seen(pose)
    for array in (landmarks.pixels, landmarks.world):
        array[:, MEDIAPIPE33.indices("left_shoulder", "right_shoulder")] = np.nan
    with pytest.raises(ClipError, match="hips and shoulders"):
        fitted(landmarks, None)


def test_a_gap_is_bridged_as_the_person_moves(pose: BodyPose) -> None:
    landmarks, field, gap = seen(pose), field_of(pose), slice(20, 26)
    for array in (landmarks.pixels, landmarks.world, field.directions):
        array[gap] = np.nan
    landmarks.visibility[gap] = field.concentration[gap] = 0
    absent = fitted(landmarks, field)
    assert np.isnan(absent.angles()[0][gap]).all()
    bridged = fitted(landmarks, field, bridge_s=1.0)
    off = (bridged.angles()[0] - true_angles(pose, bridged))[:, MAIN]
    assert np.abs(off[gap]).mean() < 8
    deviation = bridged.angles()[1][:, MAIN]
    assert (deviation[gap] > 1.2 * deviation[10]).all()


def markers_on(whole: FittedBody, pose: BodyPose) -> PoseSequence:
    return markers_of(landmarks_on(whole, seen(pose), CAMERA))


def test_joints_lie_where_they_are(pose: BodyPose, whole: FittedBody) -> None:
    true = positions(place(pose, SCALES_OF), joint_sites(HEIGHT_M))
    found = whole.at_sites(joint_sites(HEIGHT_M))
    away = np.linalg.norm(
        (found - found[:, 6:8].mean(axis=1)[:, None])
        - (true - true[:, 6:8].mean(axis=1)[:, None]),
        axis=-1,
    )
    assert away.mean() < 0.04


def test_lost_markers_are_taken_from_the_body_where_wanted(
    pose: BodyPose, whole: FittedBody
) -> None:
    markers = markers_on(whole, pose)
    wrist = MARKERS22.index("RWrist")
    lost = markers.positions.copy()
    lost[10:20, wrist] = np.nan
    confidence = np.where(np.isfinite(lost[..., 0]), markers.confidence, 0.0)
    broken = replace(markers, positions=lost, confidence=confidence)
    full, estimated = completed(broken, whole)
    assert np.flatnonzero(estimated[:, wrist]).tolist() == list(range(10, 20))
    np.testing.assert_allclose(full.positions[:, wrist], markers.positions[:, wrist], atol=1e-9)
    assert (full.confidence[10:20, wrist] < 0.5).all()
    absent = joint_angles_of(whole, broken.confidence).curve("elbow_flex_r")
    assert np.isnan(absent[10:20]).all()
    assert np.isfinite(absent[:10]).all()


def test_a_lost_wrist_costs_only_the_forearms_markers(
    pose: BodyPose, whole: FittedBody
) -> None:
    markers = markers_on(whole, pose)
    confidence = markers.confidence.copy()
    confidence[:, MARKERS22.index("RWrist")] = 0
    broken = replace(markers, confidence=confidence)
    some, everything = (
        anatomical_markers(whole, broken, complete=complete) for complete in (False, True)
    )
    lost = {MARKERS43.joints[i] for i in np.flatnonzero(np.isnan(some.positions[0, :, 0]))}
    assert lost == {"r_lwrist_study", "r_mwrist_study"}
    assert np.isfinite(everything.positions).all()
    np.testing.assert_allclose(
        everything.joint("RHJC_study")[0], some.joint("RHJC_study")[0], atol=1e-12
    )


def test_what_the_body_has_no_joint_for_is_absent(pose: BodyPose, whole: FittedBody) -> None:
    found = joint_angles_of(whole, np.ones((len(pose), len(MARKERS22))))
    for name in ("knee_adduction_r", "knee_rotation_l", "elbow_add_r", "pro_sup_l"):
        assert np.isnan(found.curve(name)).all()
    inferred = ANGLE_NAMES.index("pelvis_tilt")
    assert (found.confidence[:, inferred] < 0.5).all()
    assert (found.confidence[2:-2, ANGLE_NAMES.index("knee_angle_r")] >= 0.5).all()


def test_pelvis_tilt_and_list_are_no_surer_than_up(whole: FittedBody) -> None:
    unsure = replace(whole, up=replace(whole.up, sd_deg=20.0))
    (_, usual), (_, wide) = whole.angles(), unsure.angles()
    level = [ANGLE_NAMES.index(name) for name in ("pelvis_tilt", "pelvis_list")]
    assert (wide[:, level] >= 20).all()
    others = np.delete(wide - usual, level, axis=1)
    np.testing.assert_allclose(np.nan_to_num(others), 0, atol=1e-9)


def refit(
    pose: BodyPose, whole: FittedBody, *, told_knee_deg: float | None = None
) -> FittedBody:
    """Another fit of ``whole``'s clip from where that one ended, after somebody said how far
    the right knee is bent."""
    landmarks, told = seen(pose), None
    if told_knee_deg is not None:
        values = np.zeros((len(pose), len(COORDINATES)))
        sureness = np.zeros_like(values)
        values[:, KNEE] = np.radians(told_knee_deg) + 2 * np.pi  # a whole turn more
        sureness[:, KNEE] = 1 / np.radians(1)
        told = Told(values, sureness)
    lifted = lift(landmarks, CAMERA, height_m=HEIGHT_M)
    clues = Clues(field_of(pose), told=told, near=whole.guess)
    return fit_clip(landmarks, lifted, CAMERA, clues=clues, height_m=HEIGHT_M, bridge_s=0.0)


def test_from_where_a_fit_ended_another_ends_there(pose: BodyPose, whole: FittedBody) -> None:
    again = refit(pose, whole)
    off = (again.angles()[0] - whole.angles()[0])[:, MAIN]
    assert np.abs(off).max() < 0.5


def test_what_a_network_says_of_an_angle_counts_beside_what_is_seen(
    pose: BodyPose, whole: FittedBody
) -> None:
    name = ANGLE_NAMES.index("knee_angle_r")
    seen_deg = whole.angles()[0][:, name]
    told = refit(pose, whole, told_knee_deg=20.0).angles()[0][:, name]
    apart = np.abs(seen_deg - 20) > 10
    moved = (told - seen_deg)[apart] / (20 - seen_deg[apart])
    assert (moved > 0.2).all()  # it is heard
    assert (moved < 1).all()  # but not alone


def test_of_the_heading_a_network_says_nothing() -> None:
    degrees = np.full((2, len(ANGLE_NAMES)), 5.0)
    degrees[0, 3] = np.nan
    angles = JointAngles(
        degrees, np.ones_like(degrees), Timeline(2, 30.0), np.ones_like(degrees)
    )
    told = Told.of(angles)
    assert (told.sureness[:, COORDINATES.index("pelvis_rotation")] == 0).all()
    assert told.sureness[0, COORDINATES.index(ANGLE_NAMES[3])] == 0
    assert (told.sureness[1] > 0).sum() == len(COORDINATES) - 1
    assert np.isfinite(told.values).all()
