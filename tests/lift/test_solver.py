"""The solver, against bodies whose joints, limb directions and projections are known."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.geometry import bend_deg
from humanpose.lift import solver_problem
from humanpose.lift.solver import Solution, Solver
from humanpose.lift.solver_body import SEEN_AT, mean_lengths
from humanpose.sequence import Floats, LimbField
from humanpose.skeleton import COCO17
from tests.support.scene import (
    BODY,
    CAMERA,
    CHILDREN,
    HEIGHT_M,
    PARENTS,
    SIZE,
    Scene,
    errors_mm,
    field_of,
    limb_errors_deg,
    noisy,
    person,
    seen,
)


def uncertainty_m(solution: Solution) -> Floats:
    """(T, 17) of which the confidence speaks."""
    with np.errstate(divide="ignore"):
        return 0.06 * HEIGHT_M * np.sqrt(1 / solution.joints.confidence - 1)


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
    uncertainty = uncertainty_m(solution)[:, joints]
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
    assert (uncertainty_m(unsure)[:, wrist] > 1.5 * uncertainty_m(sure)[:, wrist]).all()


def test_arrays_of_another_length_are_refused() -> None:
    scene = seen(person(5))
    with pytest.raises(ValueError, match="visibility must be"):
        replace(scene, visibility=scene.visibility[:4]).solved()
