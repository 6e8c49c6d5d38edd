"""Errors of every setting on people whom no network learned from."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from humanpose.bands import signs_of
from train.bands.fit import Errors
from train.data.held_out import CORE, HeldOut, held_out, said_of

TRUTH_OFF_DEG = 4.5
"""How far two cameras are off markers: their mean absolute error (Uhlrich et al. 2023)."""
_EVERY_S = 0.2
"""Neighbouring frames err alike."""


def all_errors(shared: Path, *tilted: Path) -> list[Errors]:
    """Of everybody, the filmed without what two cameras are off themselves: their error and
    ours being independent, that share is taken off in quadrature, of all angles alike."""
    found = [errors for clip in held_out(shared, *tilted) for errors in _errors_of(clip)]
    filmed = [errors for errors in found if errors.group == "filmed"]
    apart = np.concatenate([errors.error_deg[:, CORE].ravel() for errors in filmed])
    own = np.sqrt(1 - (TRUTH_OFF_DEG / np.nanmean(np.abs(apart))) ** 2)
    return [
        replace(e, error_deg=own * e.error_deg) if e.group == "filmed" else e for e in found
    ]


def _errors_of(clip: HeldOut) -> Iterator[Errors]:
    step = max(1, round(_EVERY_S * clip.case.landmarks.timeline.fps))
    for known in said_of(clip.case) or ():
        signs, error = signs_of(known, known.best), clip.off(known.best.angles)
        yield Errors(clip.case.subject, clip.group, signs[::step], error[::step])
