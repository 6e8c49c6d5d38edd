"""Fit the error model of MediaPipe on the training subjects' pairs.

$ python -m train.synth.errors.fit --pairs ../shared/data/pairs

A left joint and the right one are mirror images and share every number.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import chi, norm, rankdata

from humanpose.sequence import Floats
from humanpose.skeleton import COCO17
from train.engine.command import exit_code, parser_of
from train.recordings.pairs import Pair
from train.synth.errors.fit_noise import Clips, fit_noise
from train.synth.errors.model import SHIPPED, SWAPS, ErrorModel
from train.synth.errors.noise import RADII, SCORES, Bools
from train.synth.errors.pairs import Observed, episodes, observed, pairs_of
from train.synth.errors.parts import GATES, VectorError, VisibilityModel, visibility_causes
from train.synth.errors.view import (
    CIRCUMSTANCES,
    DIRECTIONS,
    WORLD_DIRECTIONS,
    world_directions,
)

_MIRROR = COCO17.mirror
_LEFT_OR_MIDDLE = [joint for joint, other in enumerate(_MIRROR) if joint <= other]
_NEAR_SIDE = [CIRCUMSTANCES.index("near_side")]
_OUTWARD = [DIRECTIONS.index("outward")]
_OUTWARD_IN_WORLD = [row for row, name in enumerate(WORLD_DIRECTIONS) if "outward" in name]
_RIDGE = 1.0
"""Added to the squared length of each regressor, which runs over thousands of frames."""
_HUBER = 2.0
"""Residuals beyond this many medians count linearly in a mean."""
_SMALLEST = 1e-3
"""Torso lengths; keeps the logarithm of a residual finite."""


def main(arguments: list[str] | None = None) -> int:
    """Fit and save; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of NPZ shards")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="model file (%(default)s)")
    return exit_code("train.synth.errors.fit", parser, _fit, arguments)


def _fit(options: argparse.Namespace) -> None:
    pairs = pairs_of(options.pairs, {"train"})
    fit(pairs).save(options.out)
    frames = sum(len(pair.joints) for pair in pairs)
    print(f"{options.out}: fitted on {len(pairs)} sequences, {frames} frames")


def fit(pairs: Iterable[Pair]) -> ErrorModel:
    """The error model of these pairs."""
    clips = [observed(pair) for pair in pairs]
    if not clips:
        raise ValueError("expected at least one pair to fit the error model on")
    around = [clip.view.circumstances[0] for clip in clips]
    flat = [clip.view.directions[0, ..., :2] for clip in clips]
    deep = [world_directions(clip.view, clip.pixel_error[None])[0] for clip in clips]
    fps = [clip.fps for clip in clips]
    pixels = Clips([clip.pixel_error for clip in clips], fps)
    world = Clips([clip.world_error for clip in clips], fps)
    return ErrorModel(
        pixels=fit_vector(pixels, flat, around, outward=_OUTWARD),
        world=fit_vector(world, deep, around, outward=_OUTWARD_IN_WORLD),
        visibility=fit_visibility(clips),
        lost=episodes(clips, [clip.lost for clip in clips]),
        **{name: episodes(clips, [clip.swapped[name] for clip in clips]) for name in SWAPS},
    )


def fit_vector(
    errors: Clips, directions: list[Floats], around: list[Floats], *, outward: list[int]
) -> VectorError:
    """A ``VectorError`` of clips of errors (T, 17, D), NaN where nothing was seen.

    Args:
        errors: torso lengths.
        directions: (T, 17, K, D) per clip, what the mean error is a sum of.
        around: (T, 17, S) per clip, ``CIRCUMSTANCES``.
        outward: which directions point to the joint's own side.
    """
    error, towards = np.concatenate(errors.values), np.concatenate(directions)
    cause = np.concatenate(around)
    bias = np.empty((len(COCO17), towards.shape[-2], GATES))
    log_size = np.empty((len(COCO17), cause.shape[-1]))
    axis_size = np.empty((len(COCO17), error.shape[-1]))
    tails = np.empty((len(COCO17), len(RADII)))
    standard = np.full(error.shape, np.nan)
    for joint in _LEFT_OR_MIDDLE:
        target = _pooled(error, joint, sided=[])
        seen = np.isfinite(target).all(axis=-1)
        target, arrows = target[seen], _pooled(towards, joint, sided=outward)[seen]
        causes = _pooled(cause, joint, sided=_NEAR_SIDE)[seen]
        both = [joint, _MIRROR[joint]]
        bias[both] = _robust_mean(target, arrows, causes[:, :GATES])
        residual = target - _sum_of(arrows, causes[:, :GATES], bias[joint])
        axis_size[both] = _axis_size(residual)
        residual /= axis_size[joint]
        length = np.linalg.norm(residual, axis=-1)
        log_size[both] = _least_squares(causes, np.log(length + _SMALLEST))
        size = np.exp(causes @ log_size[joint])
        tails[both] = np.quantile(length / size, chi.cdf(RADII, error.shape[-1]))
        _unpool(standard, joint, seen, residual / size[:, None])
    noise = fit_noise(errors.split(standard), tails)
    return VectorError(bias, log_size, axis_size, tails, noise)


def fit_visibility(clips: Sequence[Observed]) -> VisibilityModel:
    """The visibility, from what the frames hold and the detector's error there."""
    error = np.concatenate([clip.pixel_error for clip in clips])
    around = np.concatenate([clip.view.circumstances[0] for clip in clips])
    visibility = np.concatenate([clip.visibility for clip in clips])
    causes = visibility_causes(error, around)
    weights = np.empty((len(COCO17), causes.shape[-1]))
    spread, values = np.empty(len(COCO17)), np.empty((len(COCO17), len(SCORES)))
    rest = np.full((*visibility.shape, 1), np.nan)
    for joint in _LEFT_OR_MIDDLE:
        cause = _pooled(causes, joint, sided=_NEAR_SIDE)
        value = _pooled(visibility[..., None], joint, sided=[])[:, 0]
        seen = np.isfinite(cause).all(axis=-1)
        cause, value = cause[seen], value[seen]
        score = norm.ppf((rankdata(value) - 0.5) / len(value))
        both = [joint, _MIRROR[joint]]
        weights[both] = _least_squares(cause, score)
        off = score - cause @ weights[joint]
        spread[both] = off.std()
        values[both] = np.quantile(value, norm.cdf(SCORES))
        _unpool(rest, joint, seen, off[:, None] / max(spread[joint], 1e-6))
    shapes = Clips([c.visibility for c in clips], [c.fps for c in clips])
    noise = fit_noise(shapes.split(rest), np.tile(RADII, (len(COCO17), 1)))
    return VisibilityModel(weights, spread, values, noise)


def _pooled(values: Floats, joint: int, *, sided: list[int]) -> Floats:
    """(2N, ...) a joint and its mirror image, from (N, 17, C, ...).

    The nose is its own image, with the components ``sided`` of C reversed.
    """
    other = _MIRROR[joint]
    first, second = values[:, joint], values[:, other].copy()
    if joint == other:
        second[:, sided] *= -1
    return np.concatenate([first, second])


def _unpool(out: Floats, joint: int, seen: Bools, values: Floats) -> None:
    """Put pooled values back where they were seen."""
    whole = np.full((len(seen), values.shape[-1]), np.nan)
    whole[seen] = values
    out[:, joint], out[:, _MIRROR[joint]] = np.split(whole, 2)


def _sum_of(directions: Floats, gates: Floats, bias: Floats) -> Floats:
    return np.einsum("nkd,nk->nd", directions, gates @ bias.T)


def _robust_mean(error: Floats, directions: Floats, gates: Floats) -> Floats:
    """(K, GATES) weights of directions x gates, by Huber's iterated least squares."""
    count = directions.shape[1] * gates.shape[1]
    weight = np.ones(len(error))
    solution = np.zeros((directions.shape[1], gates.shape[1]))
    regressors = np.einsum("nkd,ng->ndkg", directions, gates).reshape(-1, count)
    for _ in range(4):
        each = np.repeat(weight, error.shape[1])
        weighted = regressors * each[:, None]
        normal = regressors.T @ weighted + _RIDGE * np.eye(count)
        solution = np.linalg.solve(normal, weighted.T @ error.reshape(-1)).reshape(
            solution.shape
        )
        length = np.linalg.norm(error - _sum_of(directions, gates, solution), axis=-1)
        weight = np.minimum(1, _HUBER * np.median(length) / np.maximum(length, _SMALLEST))
    return solution


def _least_squares(causes: Floats, values: Floats) -> Floats:
    normal = causes.T @ causes + _RIDGE * np.eye(causes.shape[1])
    return np.linalg.solve(normal, causes.T @ values)


def _axis_size(residual: Floats) -> Floats:
    """(D,) median size along each axis over that along the first."""
    size = np.maximum(np.median(np.abs(residual), axis=0), _SMALLEST)
    return np.asarray(size / size[0])


if __name__ == "__main__":
    sys.exit(main())
