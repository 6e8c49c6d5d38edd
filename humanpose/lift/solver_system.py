"""Gauss-Newton steps: frames that are chained in time, and unknowns that all of them share.

Pure algebra: any units, and no NaN.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dpbtrf, dpbtrs

from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class System:
    """Normal equations: T frames of N unknowns each, and L unknowns that all frames share."""

    information: Floats
    """(T, N, N) of each frame on its own."""
    chain: Floats
    """(3, T) what smoothness adds between an unknown and itself, and the same one and two
    frames on."""
    gradient: Floats
    """(T, N), smoothness included."""
    coupling: Floats
    """(T, N, L) between a frame's unknowns and the shared ones."""
    shared_information: Floats
    """(L, L)."""
    shared_gradient: Floats
    """(L,)."""

    def reduced(self, *, damping: float) -> "Reduced":
        """The same minimum, seen from the shared unknowns alone.

        Args:
            damping: added to the frames' diagonal; it shortens steps where nothing is known.

        Raises:
            LinAlgError: the matrix is not positive definite.
        """
        frames, unknowns, shared = self.coupling.shape
        right = np.concatenate([self.coupling, self.gradient[..., None]], axis=-1)
        solved = self._solve(right.reshape(-1, shared + 1), damping)
        passed_on = self.coupling.reshape(-1, shared).T @ solved  # (L, L + 1)
        return Reduced(
            self.shared_information - passed_on[:, :-1],
            self.shared_gradient - passed_on[:, -1],
            solved.reshape(frames, unknowns, -1),
        )

    def _solve(self, right: Floats, damping: float) -> Floats:
        band = self._band()
        band[:, 0] += damping
        factor, failed_at = dpbtrf(band.T, lower=1, overwrite_ab=1)
        if failed_at:
            raise LinAlgError(f"the matrix is not positive definite at unknown {failed_at}")
        solved, _ = dpbtrs(factor, right, lower=1)
        return np.asarray(solved)

    def _band(self) -> Floats:
        """(T N, 2 N + 1) the lower band, one row per column of the matrix.

        Frames are linked through the same unknown only, so the band ends at two blocks.
        """
        frames, size, _ = self.information.shape
        band = np.zeros((frames, size, 2 * size + 1))
        for column in range(size):
            band[:, column, : size - column] = self.information[:, column:, column]
        band[..., [0, size, 2 * size]] += self.chain.T[:, None]
        return band.reshape(frames * size, -1)


@dataclass(frozen=True, eq=False)
class Reduced:
    """A system whose frames are eliminated (Schur complement)."""

    information: Floats
    """(L, L) of the shared unknowns."""
    gradient: Floats
    """(L,)."""
    solved: Floats
    """(T, N, L + 1) how the frames follow them, and the frames' own change, both negative."""

    def step(self, shared_step: Floats) -> Floats:
        """(T, N) the change of the frames when the shared unknowns change by (L,)."""
        return np.asarray(-self.solved[..., -1] - self.solved[..., :-1] @ shared_step)


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


def curvature_of(diagonals: Floats, path: Floats) -> Floats:
    """(T, N) D'D of a (T, N) path, from the (3, T) ``diagonals`` of ``curvature``."""
    result = diagonals[0, :, None] * path
    for offset in (1, 2):
        band = diagonals[offset, :-offset, None]
        result[offset:] += band * path[:-offset]
        result[:-offset] += band * path[offset:]
    return np.asarray(result)
