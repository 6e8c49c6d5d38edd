"""The solver, against bodies whose joints, limb directions and projections are known."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotation_about, unit
from humanpose.lift import solver_problem
from humanpose.lift.solver import Solution, Solver
from humanpose.lift.solver_body import SEEN_AT, mean_lengths
from humanpose.lift.solver_system import System, curvature, curvature_of
from humanpose.sequence import Floats, LimbField, Timeline
from humanpose.skeleton import BODY12, COCO17

SIZE = (640, 480)
CAMERA = Camera.from_fov(60.0, SIZE)
HEIGHT_M = 1.75
BODY = np.array(COCO17.indices(*BODY12.joints))
EXACT = Solver(seen_by_mediapipe=False)
PARENTS, CHILDREN = np.array(COCO17.bone_indices).T


def field_of(directions: Floats, concentration: Floats) -> LimbField:
    """What a network might say; the solver does not ask which way is up."""
    return LimbField(directions, concentration, np.array([0.0, -1.0, 0.0]), 1.0)


@dataclass(frozen=True, eq=False)
class Scene:
    """What the solver is given."""

    field: LimbField
    keypoints: Floats
    visibility: Floats
    camera: Camera = CAMERA
    fps: float = 30.0

    def solved(self, solver: Solver = EXACT, *, height_m: float = HEIGHT_M) -> Solution:
        return solver.solve(
            self.field,
            self.keypoints,
            self.visibility,
            self.camera,
            height_m=height_m,
            timeline=Timeline(len(self.keypoints), self.fps),
        )


def person(frames: int = 45, *, turn_deg: float = 30.0) -> Floats:
    """(T, 17, 3) m, camera frame: someone of average proportions bends knees and elbows."""
    time = np.linspace(0, 1, frames)
    limb = dict(zip(COCO17.bones, mean_lengths(HEIGHT_M), strict=True))
    joints = {}
    for side, sign in (("left", 1), ("right", -1)):
        bend = 25 * (1 - np.cos(2 * np.pi * time + 0.5 * sign))
        hip = np.full((frames, 3), [sign * limb["left_hip", "right_hip"] / 2, 0, 0])
        width = limb["left_shoulder", "right_shoulder"]
        joints[f"{side}_hip"] = hip
        joints[f"{side}_shoulder"] = np.full(
            (frames, 3), [sign * width / 2, -0.27 * HEIGHT_M, 0]
        )
        for start, end, tilt in (
            ("hip", "knee", -bend),
            ("knee", "ankle", 0.8 * bend),
            ("shoulder", "elbow", bend - 40),
            ("elbow", "wrist", -20 - 2 * bend),
        ):
            down = rotation_about("z", -8.0 * sign) @ rotation_about("x", tilt)
            bone = limb[f"{side}_{start}", f"{side}_{end}"] * down[..., 1]
            joints[f"{side}_{end}"] = joints[f"{side}_{start}"] + bone
    points = np.full((frames, len(COCO17), 3), np.nan)
    for name, path in joints.items():
        points[:, COCO17.index(name)] = path
    return points @ rotation_about("y", turn_deg).T + [0.2, 0.1, 3.8]


def seen(joints: Floats, *, concentration: float = 400.0, fps: float = 30.0) -> Scene:
    """Exact keypoints and directions."""
    directions = unit(joints[:, CHILDREN] - joints[:, PARENTS])
    count = directions.shape[:2]
    return Scene(
        field_of(directions, np.full(count, concentration)),
        CAMERA.project(joints),
        np.ones(joints.shape[:2]),
        fps=fps,
    )


def errors_mm(solution: Solution, truth: Floats) -> Floats:
    """(T, 12)."""
    off = solution.joints.positions - truth
    return 1000 * np.linalg.norm(off[:, BODY], axis=-1)


def noisy(scene: Scene, *, degrees: float, seed: int = 0) -> Scene:
    """Directions off by this much on average, in slowly changing ways."""
    rng, directions = np.random.default_rng(seed), scene.field.directions
    noise = gaussian_filter1d(rng.normal(size=directions.shape), 0.15 * scene.fps, axis=0)
    noise *= np.radians(degrees) / 1.25 / noise.std()
    concentration = np.full(directions.shape[:2], (1.25 / np.radians(degrees)) ** 2)
    return replace(scene, field=field_of(unit(directions + noise), concentration))


def limb_errors_deg(joints: Floats, truth: Floats) -> Floats:
    ours, true = (points[:, CHILDREN] - points[:, PARENTS] for points in (joints, truth))
    return bend_deg(ours, true)


@pytest.mark.parametrize("frames", [1, 2, 45])
def test_exact_evidence_gives_the_exact_body(frames: int) -> None:
    truth = person(frames)
    assert errors_mm(seen(truth).solved(), truth).mean() < 1


def test_it_knows_where_mediapipe_sees_the_joints() -> None:
    truth = person()
    shown = truth.copy()
    shown[:, BODY] = SEEN_AT @ truth[:, BODY]
    scene = replace(seen(truth), keypoints=CAMERA.project(shown))
    solution = scene.solved(Solver())
    assert errors_mm(solution, truth).mean() < 1
    assert solution.reprojection_px[:, BODY].max() < 0.5


def test_the_pictures_resolution_does_not_matter() -> None:
    scene = noisy(seen(person()), degrees=9)
    camera = Camera(2 * CAMERA.focal_px, (2 * SIZE[0], 2 * SIZE[1]))
    finer = replace(scene, camera=camera, keypoints=2 * scene.keypoints + 0.5)
    here, there = scene.solved(), finer.solved()
    np.testing.assert_allclose(here.joints.positions, there.joints.positions, atol=1e-9)
    np.testing.assert_allclose(2 * here.reprojection_px, there.reprojection_px, atol=1e-6)


def test_a_taller_person_is_the_same_further_away() -> None:
    scene = noisy(seen(person()), degrees=9)
    small, tall = scene.solved(height_m=1.0), scene.solved(height_m=2.0)
    np.testing.assert_allclose(2 * small.joints.positions, tall.joints.positions, atol=2e-3)
    np.testing.assert_allclose(2 * small.lengths_m, tall.lengths_m, atol=2e-3)


def test_the_mirror_image_gives_the_mirrored_body() -> None:
    truth = person()
    scene = noisy(seen(truth), degrees=9)
    mirror, flip = list(COCO17.mirror), np.array([-1.0, 1.0, 1.0])
    other = replace(seen(truth[:, mirror] * flip), field=mirrored(scene.field))
    ours, theirs = (s.solved().joints.positions for s in (scene, other))
    np.testing.assert_allclose(ours, theirs[:, mirror] * flip, atol=1e-6)


def mirrored(field: LimbField) -> LimbField:
    columns, signs = [], []
    for parent, child in COCO17.bone_indices:
        other = COCO17.mirror[parent], COCO17.mirror[child]
        turns_round = other not in COCO17.bone_indices
        columns.append(COCO17.bone_indices.index(other[::-1] if turns_round else other))
        signs.append(-1.0 if turns_round else 1.0)
    turned = field.directions[:, columns] * np.array(signs)[:, None] * [-1.0, 1.0, 1.0]
    return field_of(turned, field.concentration[:, columns])


@pytest.mark.parametrize("towards", [-1, 1])
def test_a_limb_along_the_line_of_sight_lies_on_the_side_that_the_field_says(
    towards: int,
) -> None:
    truth = person(10)
    elbow, wrist = COCO17.indices("left_elbow", "left_wrist")
    truth[:, wrist] = truth[:, elbow] * (1 + towards * 0.252 / 3.8)
    scene = noisy(seen(truth), degrees=9)
    solved = scene.solved().joints.positions
    depth = solved[:, wrist, 2] - solved[:, elbow, 2]
    np.testing.assert_allclose(depth, towards * 0.25, atol=0.04)


def test_a_missing_elbow_is_bridged_by_its_limbs() -> None:
    truth = person()
    elbow = COCO17.index("left_elbow")
    scene = seen(truth)
    scene.keypoints[:, elbow] = np.nan
    scene.visibility[:, elbow] = 0
    solution = scene.solved()
    assert errors_mm(solution, truth).max() < 15
    assert (solution.joints.confidence[:, elbow] < 0.5).all()
    assert np.isnan(solution.reprojection_px[:, elbow]).all()


def test_an_arm_of_which_nothing_is_known_is_bridged_only_shortly() -> None:
    truth = person(60)
    joints = COCO17.indices("left_elbow", "left_wrist")
    limbs = [i for i, bone in enumerate(COCO17.bone_indices) if set(bone) & set(joints)]
    scene = seen(truth)
    for gap in (slice(10, 16), slice(30, 45)):
        scene.keypoints[gap, joints] = np.nan
        scene.field.directions[gap, limbs] = np.nan
    solution = scene.solved()
    assert np.isnan(solution.joints.positions[30:45, joints]).all()
    assert np.isfinite(solution.joints.positions[:, COCO17.index("left_shoulder")]).all()
    assert errors_mm(solution, truth)[10:16].max() < 20
    uncertainty = solution.uncertainty_m[:, joints]
    assert (uncertainty[12] > 2 * uncertainty[5]).all()


def test_nobody_is_invented() -> None:
    truth = person(60)
    scene = seen(truth)
    for gap in (slice(0, 2), slice(10, 15), slice(30, 45), slice(59, 60)):
        scene.keypoints[gap] = np.nan
        scene.field.directions[gap] = np.nan
    solution = scene.solved()
    absent = np.isnan(solution.joints.positions[:, BODY]).all(axis=(1, 2))
    np.testing.assert_array_equal(np.flatnonzero(absent), [0, 1, *range(30, 45), 59])
    assert (solution.joints.confidence[absent] == 0).all()
    assert (solution.joints.confidence[10:15] < 0.5).all()
    assert errors_mm(solution, truth)[10:15].max() < 20


def test_a_clip_of_nobody_stays_empty() -> None:
    scene = seen(person(5))
    scene.keypoints[:] = np.nan
    scene.field.directions[:] = np.nan
    solution = scene.solved()
    assert np.isnan(solution.joints.positions).all()
    assert np.isnan(solution.lengths_m).all()
    assert (solution.joints.confidence == 0).all()


def test_the_frame_rate_does_not_matter() -> None:
    dense = noisy(seen(person(91), fps=60.0), degrees=9)
    field = field_of(dense.field.directions[::2], dense.field.concentration[::2])
    thin = Scene(field, dense.keypoints[::2], dense.visibility[::2])
    apart = dense.solved().joints.positions[::2] - thin.solved().joints.positions
    assert 1000 * np.linalg.norm(apart[:, BODY], axis=-1).mean() < 3


def test_a_long_clip_is_solved_in_pieces_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = noisy(seen(person(300)), degrees=9)
    whole = scene.solved()
    monkeypatch.setattr(solver_problem, "_LONGEST_PIECE", 150)
    cut = scene.solved()
    np.testing.assert_allclose(cut.lengths_m, whole.lengths_m, rtol=0.01)
    apart = cut.joints.positions - whole.joints.positions
    assert np.abs(apart[:, BODY]).max() < 0.005


def test_keypoints_correct_wrong_directions() -> None:
    truth = person()
    scene = noisy(seen(truth), degrees=9)
    ends = np.cumsum(scene.field.directions, axis=1)  # any points with these limbs
    assert np.isfinite(ends).all()
    given = bend_deg(scene.field.directions, truth[:, CHILDREN] - truth[:, PARENTS]).mean()
    assert limb_errors_deg(scene.solved().joints.positions, truth).mean() < 0.6 * given


def test_one_wild_keypoint_is_doubted() -> None:
    truth = person()
    scene = noisy(seen(truth), degrees=5)
    wrist = COCO17.index("right_wrist")
    before = scene.solved()
    scene.keypoints[20, wrist] += [70, -50]
    moved = scene.solved().joints.positions - before.joints.positions
    assert np.linalg.norm(moved[20, wrist]) < 0.05


def test_a_fast_swing_is_not_flattened() -> None:
    truth = np.repeat(person(1), 60, axis=0)
    swing = 0.3 * np.sin(2 * np.pi * 3 * np.arange(60) / 30)
    truth[:, BODY] += swing[:, None, None] * [1.0, 0.0, 0.0]
    solved = seen(truth).solved().joints.positions
    wrists = [points[10:-10, COCO17.index("left_wrist"), 0] for points in (solved, truth)]
    assert np.ptp(wrists[0]) > 0.97 * np.ptp(wrists[1])


def test_lengths_are_those_of_the_person_not_of_people() -> None:
    truth = person(120)
    elbow, wrist = COCO17.indices("left_elbow", "left_wrist")
    for side in ("left", "right"):
        elbow, wrist = COCO17.indices(f"{side}_elbow", f"{side}_wrist")
        truth[:, wrist] += 0.1 * (truth[:, wrist] - truth[:, elbow])
    lengths = seen(truth).solved().lengths_m / mean_lengths(HEIGHT_M)
    np.testing.assert_allclose(lengths[[1, 3]], 1.1, atol=0.03)


def test_what_the_field_is_not_sure_of_is_uncertain() -> None:
    scene = noisy(seen(person(turn_deg=90)), degrees=9)  # the forearm lies across the view
    limb = COCO17.bones.index(("left_elbow", "left_wrist"))
    sure = scene.solved()
    scene.field.concentration[:, limb] = 1.0
    unsure = scene.solved()
    wrist = COCO17.index("left_wrist")
    assert (unsure.uncertainty_m[:, wrist] > 1.5 * sure.uncertainty_m[:, wrist]).all()
    assert (unsure.joints.confidence[:, wrist] < sure.joints.confidence[:, wrist]).all()


def test_the_angle_to_the_field_is_reported_per_limb() -> None:
    truth = person()
    scene = noisy(seen(truth), degrees=9)
    solution = scene.solved()
    joints = solution.joints.positions
    expected = bend_deg(joints[:, CHILDREN] - joints[:, PARENTS], scene.field.directions)
    np.testing.assert_allclose(solution.limb_error_deg, expected, atol=1e-6)


def test_arrays_of_another_length_are_refused() -> None:
    scene = seen(person(5))
    with pytest.raises(ValueError, match="visibility must be"):
        replace(scene, visibility=scene.visibility[:4]).solved()


def test_a_step_of_the_system_solves_its_normal_equations() -> None:
    rng = np.random.default_rng(0)
    frames, size, shared = 6, 3, 2
    roots = rng.normal(size=(frames, size, size))
    chain = curvature(np.array([False, True, True, True, False, True]))
    system = System(
        roots @ roots.transpose(0, 2, 1) + 5 * np.eye(size),
        chain,
        rng.normal(size=(frames, size)),
        rng.normal(size=(frames, size, shared)),
        100 * np.eye(shared),
        rng.normal(size=shared),
    )
    reduced = system.reduced(damping=0.5)
    shared_step = -np.linalg.solve(reduced.information, reduced.gradient)
    step = reduced.step(shared_step)
    whole = np.zeros((frames * size + shared,) * 2)
    within = whole[:-shared, :-shared].reshape(frames, size, frames, size)
    for t in range(frames):
        within[t, :, t] = system.information[t] + (0.5 + chain[0, t]) * np.eye(size)
        for ahead in (1, 2):
            if t + ahead < frames:
                within[t, :, t + ahead] = within[t + ahead, :, t] = chain[ahead, t] * np.eye(3)
    whole[:-shared, -shared:] = system.coupling.reshape(-1, shared)
    whole[-shared:, :-shared] = whole[:-shared, -shared:].T
    whole[-shared:, -shared:] = system.shared_information
    gradient = np.concatenate([system.gradient.ravel(), system.shared_gradient])
    expected = -np.linalg.solve(whole, gradient)
    np.testing.assert_allclose(np.concatenate([step.ravel(), shared_step]), expected)


def test_second_differences_are_not_taken_across_a_break() -> None:
    follows = np.array([False, True, True, False, True, True, True])
    rows = [[1, -2, 1, 0, 0, 0, 0], [0, 0, 0, 1, -2, 1, 0], [0, 0, 0, 0, 1, -2, 1]]
    path = np.random.default_rng(0).normal(size=(7, 2))
    differences = np.array(rows)
    expected = differences.T @ differences @ path
    np.testing.assert_allclose(curvature_of(curvature(follows), path), expected, atol=1e-12)
