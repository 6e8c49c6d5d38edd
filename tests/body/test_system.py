"""The banded algebra of the fit, against dense matrices."""

import numpy as np
import pytest

from humanpose.body.system import Chain, Rows, Steps, System, curvature, normal_equations
from humanpose.sequence import Floats

UNKNOWNS, SHARED, DAMPING = 4, 3, 0.5


def system(frames: int) -> System:
    rng = np.random.default_rng(frames)

    def slopes(count: int, residuals: int, unknowns: int) -> Floats:
        return rng.normal(size=(count, residuals, unknowns))

    rows = [
        Rows(slopes(frames, count, UNKNOWNS), by_person, rng.normal(size=(frames, count)))
        for count, by_person in ((6, slopes(frames, 6, SHARED)), (2, slopes(frames, 2, 0)))
    ]
    to_next = slopes(frames - 1, 2, UNKNOWNS), slopes(frames - 1, 2, UNKNOWNS)
    by_person, off = slopes(frames - 1, 2, SHARED), rng.normal(size=(frames - 1, 2))
    follows = np.arange(frames) != 5
    change = rng.normal(size=(frames - 1, UNKNOWNS))
    return normal_equations(
        rows,
        Steps(*to_next, by_person, off),
        Chain(follows, rng.uniform(1, 2, UNKNOWNS), change),
        shared_information=np.eye(SHARED),
        shared_gradient=rng.normal(size=SHARED),
    )


def dense(given: System) -> tuple[Floats, Floats]:
    """The whole matrix and gradient, shared unknowns last."""
    frames = len(given.information)
    size = frames * UNKNOWNS
    matrix = np.zeros((size + SHARED, size + SHARED))
    blocks = matrix[:size, :size].reshape(frames, UNKNOWNS, frames, UNKNOWNS)
    for t in range(frames):
        blocks[t, :, t] += given.information[t] + DAMPING * np.eye(UNKNOWNS)
        for ahead in range(min(3, frames - t)):
            smooth = given.chain[ahead, t] * np.diag(given.stiffness)
            blocks[t, :, t + ahead] += smooth
            if ahead:
                blocks[t + ahead, :, t] += smooth
        if t + 1 < frames:
            blocks[t, :, t + 1] += given.onward[t]
            blocks[t + 1, :, t] += given.onward[t].T
    matrix[:size, size:] = given.coupling.reshape(size, SHARED)
    matrix[size:, :size] = matrix[:size, size:].T
    matrix[size:, size:] = given.shared_information
    return matrix, np.concatenate([given.gradient.ravel(), given.shared_gradient])


@pytest.mark.parametrize("frames", [1, 2, 3, 8, 9])
def test_the_step_is_that_of_the_whole_matrix(frames: int) -> None:
    given = system(frames)
    matrix, gradient = dense(given)
    step, shared = given.step(damping=DAMPING)
    expected = -np.linalg.solve(matrix, gradient)
    np.testing.assert_allclose(np.concatenate([step.ravel(), shared]), expected, atol=1e-9)


@pytest.mark.parametrize("frames", [1, 2, 3, 8, 9])
def test_the_covariance_is_the_inverse_s_own_blocks(frames: int) -> None:
    given = system(frames)
    inverse = np.linalg.inv(dense(given)[0])
    of_frames, _ = given.covariance(damping=DAMPING)
    for t, block in enumerate(of_frames):
        own = slice(t * UNKNOWNS, (t + 1) * UNKNOWNS)
        np.testing.assert_allclose(block, inverse[own, own], atol=1e-9)
    shared = np.linalg.inv(given.shared_precision(damping=DAMPING))
    np.testing.assert_allclose(shared, inverse[-SHARED:, -SHARED:], atol=1e-9)


def test_across_a_break_nothing_is_asked() -> None:
    follows = np.array([False, True, True, False, True, True])
    apart, together = curvature(follows), curvature(follows[:3])
    np.testing.assert_allclose(apart[:, :3], together)
    np.testing.assert_allclose(apart[:, 3:], together)


def test_rows_are_as_if_they_had_slopes_of_0_for_the_last_of_what_is_shared() -> None:
    rng = np.random.default_rng(0)
    by_pose, off = rng.normal(size=(3, 2, UNKNOWNS)), rng.normal(size=(3, 2))
    by_first = rng.normal(size=(3, 2, 1))
    by_all = np.concatenate([by_first, np.zeros((3, 2, SHARED - 1))], axis=2)
    of_pose, of_person = np.zeros((2, 1, UNKNOWNS)), np.zeros((2, 1, SHARED))
    nothing = Steps(of_pose, of_pose, of_person, np.zeros((2, 1)))
    chain = Chain(np.arange(3) > 0, np.ones(UNKNOWNS), np.zeros((2, UNKNOWNS)))
    short, long = (
        normal_equations(
            [Rows(by_pose, by_person, off)],
            nothing,
            chain,
            shared_information=np.eye(SHARED),
            shared_gradient=np.ones(SHARED),
        )
        for by_person in (by_first, by_all)
    )
    for ours, theirs in zip(vars(short).values(), vars(long).values(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
