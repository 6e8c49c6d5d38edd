"""The fit: a Student t whose logarithmic scale is linear in the signs of error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import spearmanr

from humanpose.bands import SIGNS, STEMS, Bands, stem_of
from humanpose.confidence import BAND
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES

HELD = 0.9
"""Share of the errors inside the band."""
_FREEDOM = 4.0
"""Of the Student t: errors have heavy tails."""
_RIDGE = 1e-3
_LEAST_KNOWN = 500
"""An angle with fewer errors gets no band of its own."""
_STEM_OF_COLUMN = np.array([STEMS.index(stem_of(name)) for name in ANGLE_NAMES])


@dataclass(frozen=True, eq=False)
class Errors:
    """What one stage was off by, of one person in one clip. T frames."""

    person: str
    group: str
    """Filmed or rendered."""
    signs: Floats
    """(T, 36, len(SIGNS))"""
    error_deg: Floats
    """(T, 36) NaN where the truth is not known."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """N errors of all angles."""

    signs: Floats
    error: Floats
    stem: NDArray[np.int_]
    weight: Floats
    """They sum to 1."""

    @classmethod
    def of(cls, clips: list[Errors]) -> "_Rows":
        """Groups count alike, and the people within a group."""
        counts: dict[str, int] = {}
        people: dict[str, set[str]] = {}
        for clip in clips:
            counts[clip.person] = counts.get(clip.person, 0) + len(clip.signs)
            people.setdefault(clip.group, set()).add(clip.person)
        parts = []
        for clip in clips:
            known = np.isfinite(clip.error_deg)
            share = 1 / (counts[clip.person] * len(people[clip.group]))
            stem = np.broadcast_to(_STEM_OF_COLUMN, known.shape)[known]
            error = np.abs(clip.error_deg[known])
            parts.append((clip.signs[known], error, stem, np.full(known.sum(), share)))
        signs, error, stem, weight = (
            np.concatenate([part[i] for part in parts]) for i in range(4)
        )
        return cls(signs, error, stem.astype(int), weight / weight.sum())


def bands_of(clips: list[Errors]) -> Bands:
    """The bands that hold ``HELD`` of each angle's errors, and go with them best."""
    rows = _Rows.of(clips)
    middle = rows.weight @ rows.signs
    spread = np.sqrt(rows.weight @ (rows.signs - middle) ** 2)
    used = spread > 0
    signs = (rows.signs[:, used] - middle[used]) / spread[used]

    def unlikelihood(unknowns: Floats) -> tuple[float, Floats]:
        levels, weights = np.split(unknowns, [len(STEMS)])
        log_scale = levels[rows.stem] + signs @ weights
        square = np.exp(2 * (np.log(rows.error + 1e-9) - log_scale))
        loss = log_scale + (_FREEDOM + 1) / 2 * np.log1p(square / _FREEDOM)
        slope = rows.weight * (1 - (_FREEDOM + 1) * square / (_FREEDOM + square))
        by_level = np.bincount(rows.stem, slope, minlength=len(STEMS))
        by_weight = signs.T @ slope + 2 * _RIDGE * weights
        total = float(rows.weight @ loss + _RIDGE * weights @ weights)
        return total, np.concatenate([by_level, by_weight])

    start = np.concatenate([np.full(len(STEMS), np.log(5.0)), np.zeros(used.sum())])
    _, weights = np.split(minimize(unlikelihood, start, jac=True).x, [len(STEMS)])
    per_sign = np.zeros(len(SIGNS))
    per_sign[used] = weights / spread[used]
    ratio = rows.error * np.exp(-rows.signs @ per_sign)
    angles = {
        stem: _quantile(ratio[at], rows.weight[at]) / BAND
        for number, stem in enumerate(STEMS)
        if (at := rows.stem == number).sum() >= _LEAST_KNOWN
    }
    return Bands(dict(zip(SIGNS, per_sign.tolist(), strict=True)), angles)


def _quantile(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][np.searchsorted(share, HELD)])


def held(clips: list[Errors], bands: Bands, columns: list[int]) -> tuple[float, float, float]:
    """Share of the errors inside the band, its mean half-width in deg, and the rank correlation
    of width and error, over some of the 36 columns."""
    width = np.concatenate([BAND * bands.deviation(clip.signs)[:, columns] for clip in clips])
    error = np.abs(np.concatenate([clip.error_deg[:, columns] for clip in clips]))
    known = np.isfinite(width) & np.isfinite(error)
    rank = spearmanr(width[known], error[known]).statistic
    return float((error < width)[known].mean()), float(width[known].mean()), float(rank)
