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

COUNT = len(COORDINATES)


def somebody() -> PosePrior:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(COUNT, COUNT))
    return PosePrior(rng.normal(size=COUNT), root @ root.T + np.eye(COUNT), ("made|up: 1",))


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


def test_what_ships_is_the_same_left_and_right_and_of_many_people() -> None:
    prior = load_pose_prior()
    other = [
        COORDINATES.index(name[:-1] + {"r": "l", "l": "r"}[name[-1]])
        if name[-2:] in ("_r", "_l")
        else i
        for i, name in enumerate(COORDINATES)
    ]
    np.testing.assert_allclose(np.diag(prior.covariance)[other], np.diag(prior.covariance))
    sideways = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
    assert np.abs(prior.mean[[COORDINATES.index(name) for name in sideways]]).max() < 1e-9
    assert np.linalg.eigvalsh(prior.covariance).min() > np.radians(1) ** 2
    assert len(prior.people) > 10
    assert not any("hdm05" in person for person in prior.people)


def test_a_prior_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    prior = somebody()
    save_pose_prior(prior, tmp_path / "prior.npz")
    again = load_pose_prior(tmp_path / "prior.npz")
    np.testing.assert_array_equal(again.mean, prior.mean)
    np.testing.assert_array_equal(again.covariance, prior.covariance)
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
