"""The linear system of one step."""

import numpy as np

from humanpose.lift.solver_system import System, curvature, curvature_of


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
