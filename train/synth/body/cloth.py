"""What makes cloth look like cloth: folds that stand off, and prints."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from train.synth.body.makehuman import Floats

FOLDS_M, PRINTS_M = (0.05, 0.16), (0.04, 0.25)
"""Shortest and longest wave, m."""


@dataclass(frozen=True, eq=False)
class Waves:
    """A field in -1..1 over the body at rest: the mean of plane waves."""

    waves: Floats
    """(W, 3) 2 pi / wavelength along each axis, 1/m."""
    phases: Floats
    """(W,) rad."""
    sharp: bool = False
    """Two tones with edges instead of a gradient."""

    @classmethod
    def folds(cls, rng: np.random.Generator) -> Self:
        """Creases in any direction."""
        return cls(_directions(rng, 6) * _numbers(rng, 6, FOLDS_M), _phases(rng, 6))

    @classmethod
    def print(cls, rng: np.random.Generator) -> Self:
        """Hoops, stripes, checks or blotches."""
        kind = rng.choice(["hoops", "stripes", "checks", "blotches"])
        axes = {"hoops": [[0, 1, 0]], "stripes": [[1, 0, 0]], "checks": [[0, 1, 0], [1, 0, 0]]}
        if kind == "blotches":
            waves = _directions(rng, 5) * _numbers(rng, 5, PRINTS_M)
        else:
            waves = np.array(axes[kind], dtype=float) * _numbers(rng, 1, PRINTS_M)
        return cls(waves, _phases(rng, len(waves)), sharp=bool(rng.random() < 0.7))

    def at(self, points: Floats) -> Floats:
        """(V,) the field at points (V, 3), m."""
        field = np.sin(points @ self.waves.T + self.phases).mean(axis=1)
        return np.sign(field) if self.sharp else field


def _directions(rng: np.random.Generator, count: int) -> Floats:
    directions = rng.normal(size=(count, 3))
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))


def _numbers(rng: np.random.Generator, count: int, lengths_m: tuple[float, float]) -> Floats:
    return np.asarray(2 * np.pi / rng.uniform(*lengths_m, size=(count, 1)))


def _phases(rng: np.random.Generator, count: int) -> Floats:
    return rng.uniform(0, 2 * np.pi, count)
