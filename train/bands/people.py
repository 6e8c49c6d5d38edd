"""Errors of every stage on people whom no network learned from."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from humanpose.bands import signs_of
from humanpose.errors import ClipError
from humanpose.learned.loading import Networks, load_networks
from humanpose.motion import Estimates
from humanpose.pipeline import camera_of, clean, learned_stages, raw_estimates
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from train.bands.fit import Errors
from train.data.true_fit import true_fit
from train.judge.cases import Case, case_of, files_in
from train.judge.filmed import twocam
from train.judge.metrics import CORE_ANGLES, nearest_equal, wrapped
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of

TRUTH_OFF_DEG = 4.5
"""How far two cameras are off markers: their mean absolute error (Uhlrich et al. 2023)."""
CORE = [ANGLE_NAMES.index(name) for name in CORE_ANGLES]
_EVERY_S = 0.2
"""Neighbouring frames err alike."""


def filmed(shared: Path) -> list[Errors]:
    """Of the people in ``twocam``, without what two cameras are off themselves: their error and
    ours being independent, that share is taken off in quadrature, of all angles alike."""
    found = []
    for case in twocam(shared):
        for known in _estimates(case):
            error = _error(known, case.truth.angles)
            middle = np.nanmedian(error[:, ~case.truth.has_zero], axis=0)
            error[:, ~case.truth.has_zero] -= middle
            found.append(_every(known, error, person=case.subject, group="filmed"))
    apart = np.concatenate([clip.error_deg[:, CORE].ravel() for clip in found])
    own = np.sqrt(1 - (TRUTH_OFF_DEG / np.nanmean(np.abs(apart))) ** 2)
    return [replace(clip, error_deg=own * clip.error_deg) for clip in found]


def rendered(*folders: Path) -> Iterator[Errors]:
    """Of the validation people in folders of rendered pairs."""
    pairs = [
        pair
        for folder in folders
        for path in files_in(folder, "*.npz")
        for pair in read_pairs(path)
        if split_of(f"{pair.source}|{pair.subject}") == "validation"
    ]
    cases = [case_of(pair) for pair in pairs]
    zeros = _zeros(pairs, cases)
    for case in cases:
        for known in _estimates(case):
            error = _error(known, case.truth.angles + zeros[case.subject])
            yield _every(known, error, person=case.subject, group="rendered")


def _zeros(pairs: list[Pair], cases: list[Case]) -> dict[str, Floats]:
    """Person -> (36,) deg from the mesh's zero to the fitted body's; 0 where it has none."""
    off: dict[str, list[Floats]] = {}
    for pair, case in zip(pairs, cases, strict=True):
        off.setdefault(case.subject, []).append(wrapped(true_fit(pair) - case.truth.angles))
    return {
        person: np.nan_to_num(np.nanmedian(np.concatenate(parts), axis=0))
        for person, parts in off.items()
    }


def _estimates(case: Case) -> Iterator[Estimates]:
    """What each of the five settings says of a clip; nothing where the clip is refused."""
    settings = replace(case.settings, pof=True, joint_refinement=True)
    pof, joint = learned_stages(_networks(), settings)
    _, main = learned_stages(_networks(main_refiner=True), settings)
    landmarks, _ = clean(case.landmarks, settings)
    try:
        raw = raw_estimates(landmarks, camera_of(case.info, settings), settings)
        told = pof(raw)
        yield from (raw, joint(raw), told, joint(told), main(told))
    except ClipError:
        return


@cache
def _networks(*, main_refiner: bool = False) -> Networks:
    return load_networks(Settings(height_m=1.75, main_refiner=main_refiner))


def _error(known: Estimates, truth: Floats) -> Floats:
    return wrapped(nearest_equal(truth, known.best.angles.degrees) - truth)


def _every(known: Estimates, error: Floats, *, person: str, group: str) -> Errors:
    step = max(1, round(_EVERY_S * known.landmarks.timeline.fps))
    signs = signs_of(known, known.best)
    return Errors(person, group, signs[::step], error[::step])
