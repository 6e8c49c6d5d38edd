"""Gauss-Newton steps of a chain of frames with a border of what is constant in a person.

Pure algebra: any units, no NaN. Every frame hangs together with the next two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dpbtrf, dpbtrs, dtbtrs

from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Rows:
    """Weighted residuals of T frames, R each, and how they follow the unknowns."""

    by_pose: Floats
    """(T, R, N)."""
    by_person: Floats
    """(T, R, l) the first l of the L that all frames share: they don't hang on the others."""
    off: Floats
    """(T, R)."""

    @classmethod
    def of(cls, by_pose: Floats, by_person: Floats, off: Floats) -> Self:
        """From (T, M, D, N), (T, M, D, l) and (T, M, D)."""
        return cls(
            _joined(by_pose),
            _joined(by_person),
            off.reshape(len(off), off.shape[1] * off.shape[2]),
        )

    @classmethod
    def of_pose(cls, by_pose: Floats, off: Floats) -> Self:
        """From (T, R, N) and (T, R): those that hang on nothing that all frames share."""
        return cls(by_pose, np.zeros((*off.shape, 0)), off)


@dataclass(frozen=True, eq=False)
class Steps:
    """Weighted residuals between each frame and the next."""

    before: Floats
    """(T - 1, R, N) how they follow the first of the two frames, with a minus sign,"""
    after: Floats
    """and the second."""
    by_person: Floats
    """(T - 1, R, L)."""
    off: Floats
    """(T - 1, R)."""

    @classmethod
    def of(cls, before: Floats, after: Floats, by_person: Floats, off: Floats) -> Self:
        """As ``Rows.of`` from (T, M, D, N) twice, (T, M, D, L) and (T, M, D), T the steps."""
        slopes = _joined(before), _joined(after), _joined(by_person)
        return cls(*slopes, off.reshape(len(off), off.shape[1] * off.shape[2]))


@dataclass(frozen=True, eq=False)
class Chain:
    """How smoothly the frames follow one another."""

    follows: NDArray[np.bool_]
    """(T,) whether a frame continues the one before it; across a break nothing is asked."""
    stiffness: Floats
    """(N,) of each unknown against second differences."""
    change: Floats
    """(T - 1, N) from every frame to the next."""


@dataclass(frozen=True, eq=False)
class System:
    """Normal equations: T frames of N unknowns each, and L that all of them share."""

    information: Floats
    """(T, N, N) of each frame on its own."""
    onward: Floats
    """(T - 1, N, N) between a frame (rows) and the next (columns)."""
    chain: Floats
    """(3, T) what smoothness adds between an unknown and itself, and the same one and two
    frames on, for a stiffness of 1."""
    stiffness: Floats
    """(N,) of each unknown."""
    gradient: Floats
    """(T, N)."""
    coupling: Floats
    """(T, N, L)."""
    shared_information: Floats
    """(L, L)."""
    shared_gradient: Floats
    """(L,)."""

    def step(self, *, damping: float) -> tuple[Floats, Floats]:
        """(T, N) and (L,) to the minimum of the quadratic form. Raises LinAlgError."""
        frames, size, shared = self.coupling.shape
        factor = self._factor(damping)
        right = np.concatenate([self.coupling, self.gradient[..., None]], axis=-1)
        half, _ = dtbtrs(factor, right.reshape(-1, shared + 1), uplo="L")
        own, last = half[:, :-1], half[:, -1]
        information = self.shared_information - own.T @ own
        shared_step = -np.linalg.solve(information, self.shared_gradient - own.T @ last)
        step, _ = dtbtrs(factor, -(last + own @ shared_step), uplo="L", trans="T")
        return step.reshape(frames, size), shared_step

    def covariance(self, *, damping: float) -> tuple[Floats, Floats]:
        """(T, N, N) of each frame's unknowns and (L, L) of the shared ones, given everything:
        the inverse's own blocks."""
        frames, size, shared = self.coupling.shape
        flat = _flat(self.coupling)
        solved, _ = dpbtrs(self._factor(damping), flat, lower=1)
        of_shared = np.linalg.inv(self.shared_information - flat.T @ solved)
        follows = solved.reshape(frames, size, shared)
        own = _inverse_blocks(self._pairs(damping)).reshape(-1, size, size)[:frames]
        return own + follows @ of_shared @ np.swapaxes(follows, 1, 2), of_shared

    def shared_precision(self, *, damping: float) -> Floats:
        """(L, L) of what all frames share, given everything."""
        half, _ = dtbtrs(self._factor(damping), _flat(self.coupling), uplo="L")
        return self.shared_information - half.T @ half

    def _factor(self, damping: float) -> Floats:
        """(2 N + 1, T N) the lower band of Cholesky's factor."""
        factor, failed_at = dpbtrf(self._band(damping).T, lower=1, overwrite_ab=1)
        if failed_at:
            raise LinAlgError(f"the matrix is not positive definite at unknown {failed_at}")
        return np.asarray(factor)

    def _band(self, damping: float) -> Floats:
        """(T N, 2 N + 1) the lower band, one row per column of the matrix."""
        frames, size, _ = self.information.shape
        band = np.zeros((frames, size, 2 * size + 1))
        for column in range(size):
            band[:, column, : size - column] = self.information[:, column:, column]
            band[:-1, column, size - column : 2 * size - column] += self.onward[:, column]
        band[..., [0, size, 2 * size]] += self.chain.T[:, None] * self.stiffness[:, None]
        band[..., 0] += damping
        return band.reshape(frames * size, -1)

    def _pairs(self, damping: float) -> tuple[Floats, Floats]:
        """The matrix as a block-tridiagonal one of pairs of frames: (K, 2, 2, N, N) on the
        diagonal and (K - 1, 2, 2, N, N) from a pair (rows) to the next (columns)."""
        frames, size, _ = self.information.shape
        count = (frames + 1) // 2
        eye = np.eye(size)
        own = np.tile(eye, (2 * count, 1, 1))
        own[:frames] = self.information + damping * eye
        own[:frames] += self.chain[0, :, None, None] * np.diag(self.stiffness)
        to_next, to_second = np.zeros_like(own), np.zeros_like(own)
        to_next[: frames - 1] = self.onward
        to_next[:frames] += self.chain[1, :, None, None] * np.diag(self.stiffness)
        to_second[:frames] = self.chain[2, :, None, None] * np.diag(self.stiffness)
        even, odd = slice(0, None, 2), slice(1, None, 2)
        diagonal = np.zeros((count, 2, size, 2, size))
        diagonal[:, 0, :, 0], diagonal[:, 1, :, 1] = own[even], own[odd]
        diagonal[:, 0, :, 1] = to_next[even]
        diagonal[:, 1, :, 0] = np.swapaxes(to_next[even], 1, 2)
        onward = np.zeros((count, 2, size, 2, size))
        onward[:, 0, :, 0], onward[:, 1, :, 1] = to_second[even], to_second[odd]
        onward[:, 1, :, 0] = to_next[odd]
        shape = (count, 2 * size, 2 * size)
        return diagonal.reshape(shape), onward[:-1].reshape(shape[0] - 1, *shape[1:])


def normal_equations(
    rows: Iterable[Rows],
    steps: Steps,
    chain: Chain,
    *,
    shared_information: Floats,
    shared_gradient: Floats,
) -> System:
    """Of squared residuals, of smoothness, and of what is believed of the shared ones: their
    (L, L) precision and (L,) gradient, without NaN."""
    frames, size, shared = len(chain.follows), len(chain.stiffness), len(shared_gradient)
    information, gradient = np.zeros((frames, size, size)), np.zeros((frames, size))
    coupling = np.zeros((frames, size, shared))
    shared_information, shared_gradient = shared_information.copy(), shared_gradient.copy()
    for each in rows:
        turned = np.swapaxes(each.by_pose, 1, 2)
        information += turned @ each.by_pose
        gradient += _times(turned, each.off)
        first, flat = slice(each.by_person.shape[-1]), _flat(each.by_person)
        coupling[..., first] += turned @ each.by_person
        shared_information[first, first] += flat.T @ flat
        shared_gradient[first] += flat.T @ each.off.ravel()
        del each, turned, flat  # large, and the next ones are made now

    before, after = np.swapaxes(steps.before, 1, 2), np.swapaxes(steps.after, 1, 2)
    information[:-1] += before @ steps.before
    information[1:] += after @ steps.after
    gradient[:-1] -= _times(before, steps.off)
    gradient[1:] += _times(after, steps.off)
    coupling[:-1] -= before @ steps.by_person
    coupling[1:] += after @ steps.by_person
    flat = _flat(steps.by_person)
    shared_information += flat.T @ flat
    shared_gradient += flat.T @ steps.off.ravel()
    return System(
        information,
        -before @ steps.after,
        curvature(chain.follows),
        chain.stiffness,
        gradient + _pulled_straight(chain),
        coupling,
        shared_information,
        shared_gradient,
    )


def _pulled_straight(chain: Chain) -> Floats:
    """(T, N) the gradient of smoothness."""
    triple = (chain.follows[1:-1] & chain.follows[2:])[:, None]
    bend = np.diff(chain.change, axis=0) * triple * chain.stiffness
    gradient = np.zeros((len(chain.follows), len(chain.stiffness)))
    for offset, times in enumerate((1, -2, 1)):
        gradient[offset : offset + len(bend)] += times * bend
    return gradient


def _joined(slopes: Floats) -> Floats:
    """(T, M, D, N) as (T, M D, N)."""
    return slopes.reshape(len(slopes), slopes.shape[1] * slopes.shape[2], slopes.shape[-1])


def _flat(slopes: Floats) -> Floats:
    frames, rows, unknowns = slopes.shape
    return slopes.reshape(frames * rows, unknowns)


def _times(turned: Floats, off: Floats) -> Floats:
    return np.asarray((turned @ off[..., None])[..., 0])


def _inverse_blocks(pairs: tuple[Floats, Floats]) -> Floats:
    """(2 K, N, N) the diagonal N-blocks of a block-tridiagonal matrix's inverse (Takahashi)."""
    diagonal, onward = pairs
    count, double, _ = diagonal.shape
    inverses, gains = np.empty_like(diagonal), np.empty_like(onward)
    inverses[0] = np.linalg.inv(diagonal[0])
    for k in range(1, count):
        gains[k - 1] = inverses[k - 1] @ onward[k - 1]
        inverses[k] = np.linalg.inv(diagonal[k] - onward[k - 1].T @ gains[k - 1])
    for k in range(count - 2, -1, -1):
        inverses[k] += gains[k] @ inverses[k + 1] @ gains[k].T
    size = double // 2
    first, second = inverses[:, :size, :size], inverses[:, size:, size:]
    return np.stack([first, second], axis=1).reshape(-1, size, size)


def curvature(follows: NDArray[np.bool_]) -> Floats:
    """(3, T) diagonals of D'D, where D takes the second differences of a path.

    Args:
        follows: (T,) whether a frame continues the one before it; across a break no
            difference is taken.
    """
    diagonals = np.zeros((3, len(follows)))
    if len(follows) < 3:
        return diagonals
    triple = (follows[1:-1] & follows[2:]).astype(float)
    for offset, values in enumerate(((1, 4, 1), (-2, -2), (1,))):
        for start, value in enumerate(values):
            diagonals[offset, start : start + len(triple)] += value * triple
    return diagonals
