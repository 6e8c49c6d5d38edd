"""The pose prior: what ships is usable, and it pulls as it says."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.body.prior import (
    COORDINATES,
    HEADING,
    PosePrior,
    load_pose_prior,
    save_pose_prior,
)
from humanpose.errors import CheckpointError
from humanpose.sequence import Floats

SIDEWAYS = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
COUNT = len(COORDINATES)


def somebody() -> PosePrior:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(COUNT, COUNT))
    wide, narrow = root @ root.T + np.eye(COUNT), np.eye(COUNT) / 4
    return PosePrior(
        rng.normal(size=COUNT), wide, rng.normal(size=COUNT), narrow, ("made|up: 1",)
    )


def legs(*, hip: Floats, knee: Floats, ankle: Floats, heading_deg: float = 0) -> Floats:
    """(T, 26) of somebody who does the same with both legs, deg, and is usual otherwise."""
    prior = load_pose_prior()
    poses = np.tile(prior.standing_mean, (len(knee), 1))
    for name, angles in (("hip_flexion", hip), ("knee_angle", knee), ("ankle_angle", ankle)):
        for side in "rl":
            poses[:, COORDINATES.index(f"{name}_{side}")] = np.radians(angles)
    poses[:, HEADING] = np.radians(heading_deg)
    return poses


def crouched(knee_deg: float, *, heading_deg: float = 0) -> Floats:
    """(60, 26) of somebody who stands still with bent knees."""
    knee = np.full(60, knee_deg)
    return legs(hip=knee / 2, knee=knee, ankle=knee / 2, heading_deg=heading_deg)


def test_the_pull_is_the_distance_that_the_covariance_gives() -> None:
    prior = somebody()
    pose = prior.mean + np.random.default_rng(1).normal(size=COUNT) / 3
    posed = np.delete(np.arange(COUNT), HEADING)
    away = (pose - prior.mean)[posed]
    expected = away @ np.linalg.solve(prior.covariance[np.ix_(posed, posed)], away)
    roots, pull = prior.pull(pose[None])
    assert (pull**2).sum() == pytest.approx(expected)
    np.testing.assert_allclose(roots[0] @ (pose - prior.mean), pull[0], atol=1e-9)


def test_neither_the_heading_nor_whole_turns_pull() -> None:
    prior, pose = somebody(), np.random.default_rng(2).normal(size=(1, COUNT))
    turned = pose.copy()
    turned[:, HEADING] += 1.0
    np.testing.assert_allclose(prior.pull(turned)[1], prior.pull(pose)[1], atol=1e-9)
    np.testing.assert_allclose(prior.pull(pose + 2 * np.pi)[1], prior.pull(pose)[1], atol=1e-9)


def test_who_half_stands_is_pulled_half_by_each() -> None:
    prior, pose = somebody(), np.random.default_rng(3).normal(size=(1, COUNT)) / 9
    (anyhow, off_anyhow), (standing, off_standing), (both, off_both) = (
        prior.pull(pose, np.array([share])) for share in (0, 1, 0.5)
    )
    halves = [np.swapaxes(root, 1, 2) @ root / 2 for root in (anyhow, standing)]
    np.testing.assert_allclose(np.swapaxes(both, 1, 2) @ both, sum(halves), atol=1e-9)
    slopes = [
        root[0].T @ off[0]
        for root, off in ((anyhow, off_anyhow), (standing, off_standing), (both, off_both))
    ]
    np.testing.assert_allclose(slopes[2], (slopes[0] + slopes[1]) / 2, atol=1e-9)


def test_who_seems_to_stand_before_the_camera_stands() -> None:
    prior = load_pose_prior()
    assert prior.standing(crouched(3), fps=30).min() > 0.9
    assert prior.standing(crouched(20), fps=30).min() > 0.8
    assert prior.standing(crouched(40), fps=30).max() < 0.01
    assert prior.standing(crouched(3)[:1], fps=30)[0] > 0.9


def test_bent_knees_that_are_seen_from_the_side_stay_bent() -> None:
    prior = load_pose_prior()
    assert prior.standing(crouched(3, heading_deg=90), fps=30).min() > 0.9
    assert prior.standing(crouched(20, heading_deg=90), fps=30).max() < 0.01


@pytest.mark.parametrize("fps", [30, 60])
def test_nobody_stands_who_walks_or_bobs(fps: int) -> None:
    prior = load_pose_prior()
    step = np.sin(2 * np.pi * np.arange(3 * fps) / fps)
    walks = legs(hip=20 * step, knee=25 + 25 * step, ankle=5 * step)
    walks[:, COORDINATES.index("hip_flexion_l")] *= -1
    assert prior.standing(walks, fps=fps).max() < 0.05
    bobs = legs(hip=5 + 5 * step, knee=10 + 10 * step, ankle=5 + 5 * step)
    assert prior.standing(bobs, fps=fps).max() < 0.05


def test_what_ships_is_the_same_left_and_right_and_of_many_people() -> None:
    prior = load_pose_prior()
    other = [
        COORDINATES.index(name[:-1] + {"r": "l", "l": "r"}[name[-1]])
        if name[-2:] in ("_r", "_l")
        else i
        for i, name in enumerate(COORDINATES)
    ]
    np.testing.assert_allclose(np.diag(prior.covariance)[other], np.diag(prior.covariance))
    signs = np.array([-1 if name in SIDEWAYS else 1 for name in COORDINATES])
    assert np.abs(prior.mean[[COORDINATES.index(name) for name in SIDEWAYS]]).max() < 1e-9
    np.testing.assert_allclose(prior.standing_mean[other] * signs, prior.standing_mean)
    assert np.linalg.eigvalsh(prior.covariance).min() > np.radians(1) ** 2
    assert len(prior.people) > 10
    assert not any("hdm05" in person for person in prior.people)


def test_a_prior_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    prior = somebody()
    save_pose_prior(prior, tmp_path / "prior.npz")
    again = load_pose_prior(tmp_path / "prior.npz")
    for name in ("mean", "covariance", "standing_mean", "standing_covariance"):
        np.testing.assert_array_equal(getattr(again, name), getattr(prior, name))
    assert again.people == prior.people


def test_another_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.npz"
    np.savez(foreign, mean=np.zeros(3))
    with pytest.raises(CheckpointError, match="holds no pose prior"):
        load_pose_prior(foreign)
    with pytest.raises(CheckpointError, match="holds no pose prior"):
        load_pose_prior(tmp_path / "none.npz")


def test_a_prior_of_another_body_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    save_pose_prior(somebody(), path)
    with np.load(path) as stored:
        arrays = dict(stored)
    np.savez(path, **arrays | {"names": arrays["names"][::-1]})
    with pytest.raises(CheckpointError, match="another body model"):
        load_pose_prior(path)
