"""The banded algebra of the fit, against dense matrices."""

import numpy as np
import pytest

from humanpose.body.system import Chain, Rows, Steps, System, curvature, normal_equations
from humanpose.sequence import Floats

UNKNOWNS, SHARED, DAMPING = 4, 3, 0.5


def system(frames: int) -> System:
    rng = np.random.default_rng(frames)

    def rows(count: int, residuals: int) -> Rows:
        return Rows(
            rng.normal(size=(count, residuals, UNKNOWNS)),
            rng.normal(size=(count, residuals, SHARED)),
            rng.normal(size=(count, residuals)),
        )

    before, after = rows(frames - 1, 2), rows(frames - 1, 2)
    follows = np.arange(frames) != 5
    change = rng.normal(size=(frames - 1, UNKNOWNS))
    return normal_equations(
        rows(frames, 6),
        Steps(before, after),
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
    for t, block in enumerate(given.covariance(damping=DAMPING)):
        own = slice(t * UNKNOWNS, (t + 1) * UNKNOWNS)
        np.testing.assert_allclose(block, inverse[own, own], atol=1e-9)
    shared = np.linalg.inv(given.shared_precision(damping=DAMPING))
    np.testing.assert_allclose(shared, inverse[-SHARED:, -SHARED:], atol=1e-9)


def test_across_a_break_nothing_is_asked() -> None:
    follows = np.array([False, True, True, False, True, True])
    apart, together = curvature(follows), curvature(follows[:3])
    np.testing.assert_allclose(apart[:, :3], together)
    np.testing.assert_allclose(apart[:, 3:], together)
