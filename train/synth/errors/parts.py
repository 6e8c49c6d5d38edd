"""The parts of the error model: errors of points, and the detector's visibility."""

from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats
from train.synth.errors.noise import SCORES, Noise, stretched

GATES = 6
"""How many of ``CIRCUMSTANCES``, from the first, decide how far a direction counts."""

_SMALL_ERROR = 0.005
"""Torso lengths; keeps the logarithm of an error finite."""


@dataclass(frozen=True, eq=False)
class VectorError:
    """Errors of 17 points in D axes, torso lengths: a mean, and noise of a certain size."""

    bias: Floats
    """(17, K, GATES) weight of each direction under each circumstance."""
    log_size: Floats
    """(17, S) weights of ``CIRCUMSTANCES`` in the logarithm of the noise's size."""
    axis_size: Floats
    """(17, D) size along each axis, relative to the first."""
    tails: Floats
    """(17, Q) length of the noise vector over its size where a Gaussian's is ``RADII``."""
    noise: Noise

    def mean(self, directions: Floats, circumstances: Floats) -> Floats:
        """(B, T, 17, D) systematic error, from directions (B, T, 17, K, D)."""
        gain = np.einsum("btjg,jkg->btjk", circumstances[..., :GATES], self.bias)
        return np.asarray((gain[..., None, :] @ directions)[..., 0, :])

    def size(self, circumstances: Floats) -> Floats:
        """(B, T, 17) of the noise."""
        return np.exp(np.einsum("btjs,js->btj", circumstances, self.log_size))

    def sample(
        self, directions: Floats, circumstances: Floats, *, fps: float, rng: np.random.Generator
    ) -> Floats:
        """(B, T, 17, D) errors."""
        clips, frames = circumstances.shape[:2]
        noise = self.noise.draw(clips, frames, fps=fps, rng=rng)
        for joint, tail in enumerate(self.tails):
            noise[:, :, joint] = stretched(noise[:, :, joint], tail)
        noise *= self.size(circumstances)[..., None] * self.axis_size
        return self.mean(directions, circumstances) + noise


@dataclass(frozen=True, eq=False)
class VisibilityModel:
    """The detector's visibility: a Gaussian score that follows the error, mapped to [0, 1]."""

    weights: Floats
    """(17, S + 1) of ``CIRCUMSTANCES`` and the log of the pixel error in the mean score."""
    spread: Floats
    """(17,) standard deviation of the score about its mean."""
    values: Floats
    """(17, Q) visibility at ``SCORES``."""
    noise: Noise

    def sample(
        self, error: Floats, circumstances: Floats, *, fps: float, rng: np.random.Generator
    ) -> Floats:
        """(B, T, 17) in [0, 1] for pixel errors (B, T, 17, 2), torso lengths."""
        causes = visibility_causes(error, circumstances)
        noise = self.noise.draw(*error.shape[:2], fps=fps, rng=rng)[..., 0]
        score = np.einsum("btjs,js->btj", causes, self.weights) + self.spread * noise
        for joint, values in enumerate(self.values):
            score[..., joint] = np.interp(score[..., joint], SCORES, values)
        return score


def visibility_causes(error: Floats, circumstances: Floats) -> Floats:
    """(..., 17, S + 1) what the visibility follows."""
    log_error = np.log(np.linalg.norm(error, axis=-1) + _SMALL_ERROR)
    return np.concatenate([circumstances, log_error[..., None]], axis=-1)
