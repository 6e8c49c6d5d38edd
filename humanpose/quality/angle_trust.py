"""What to believe of each angle in one clip: how far off it is in this view, as measured."""

from functools import cache

import numpy as np
import pandas as pd

from humanpose.analysis import Analysis
from humanpose.assets import ASSETS
from humanpose.confidence import BAND, MEASURED
from humanpose.measures.ranges import angle_measures
from humanpose.quality.view import VIEWS, view_shares
from humanpose.runtime.remembered import remembered
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import to_say

GOOD_DEG = 5.0
"""Errors up to here are usual, and can be allowed for, in marker-based gait analysis
(McGinley, Baker, Wolfe & Morris 2009)."""
FAIR_DEG = 2 * GOOD_DEG
"""Up to here large movements and large changes can be told; our own choice."""

_TABLE = ASSETS / "angle_errors.csv"
_TRUST = ((GOOD_DEG, "good"), (FAIR_DEG, "fair"), (np.inf, "poor"))


def angle_trust(analysis: Analysis) -> pd.DataFrame:
    """One row per angle: how far it is to be trusted in this clip.

    ``typical_error_deg`` is the mean absolute error, after one constant per clip, of the same
    stage on rendered people who were held out from all training, weighted by how long this clip
    shows each view (``train/judge/angle_errors.py``); ``range_error_deg`` that of the range of
    motion. Both are NaN for an angle that those people do not move enough to judge, and those
    of ``judged_stage``. ``band_deg`` is half the mean 90 % band in this clip, NaN where there
    is none; ``range_sem_deg`` the larger of ``range_error_deg`` and what the clip's own bands
    say of the two ends of the range: either alone names more than 5 % of differences falsely
    on some set. ``trust``
    is *good*, *fair*, *poor*, *untested* or *absent*; an angle that is mostly inferred is
    never better than fair. ``kind`` and ``reason`` are those of ``angle_measures``.
    """
    return _trust_table(analysis).copy()


@remembered
def _trust_table(analysis: Analysis) -> pd.DataFrame:
    measures = angle_measures(analysis.joint_angles)
    table = measures[["kind", "confidence", "reason"]].copy()
    shares = view_shares(analysis.joints_camera, analysis.up_camera)
    stage = judged_stage(analysis.settings)
    errors = [_expected(stage, _stem(name), shares) for name in ANGLE_NAMES]
    table[["typical_error_deg", "range_error_deg"]] = errors
    table["band_deg"] = BAND * measures["deviation_deg"]
    bands = measures["range_deviation_deg"]
    table["range_sem_deg"] = np.fmax(table["range_error_deg"], bands)
    sure = analysis.joint_angles.confidence
    table["measured_share"] = (sure >= MEASURED).mean(axis=0)
    pairs = zip(table["typical_error_deg"], table["kind"], strict=True)
    table["trust"] = [trust_word(error, kind) for error, kind in pairs]
    return table


def judged_stage(settings: Settings) -> str:
    """The stage whose errors the table holds: raw, pof or pof-joint.

    Those nearest to what is on: of the joint refiner without POF they are raw's, of MainRefiner
    those of POF with the joint refiner.
    """
    if not settings.pof:
        return "raw"
    return "pof-joint" if settings.joint_refinement else "pof"


def errors_note(settings: Settings) -> str:
    """A sentence where the table's errors are not those of just what was on; else empty."""
    if settings.main_refiner:
        return to_say(
            "MainRefiner has no errors by view of its own yet: these are those of part"
            " orientation fields (POF) with the joint refiner."
        )
    if settings.joint_refinement and not settings.pof:
        return to_say(
            "The joint refiner without part orientation fields (POF) has no errors by view of"
            " its own yet: these are those without learned stages."
        )
    return ""


def range_errors(analysis: Analysis) -> pd.Series:
    """Standard error of each angle's range of motion in this clip, deg; see ``angle_trust``."""
    return angle_trust(analysis)["range_sem_deg"]


def trust_word(error_deg: float, kind: str) -> str:
    """*good*, *fair*, *poor*, *untested* or *absent*; see ``angle_trust``."""
    if kind == "absent":
        return "absent"
    if np.isnan(error_deg):
        return "untested"
    word = next(word for limit, word in _TRUST if error_deg <= limit)
    return "fair" if kind == "inferred" and word == "good" else word


def _expected(stage: str, stem: str, shares: dict[str, float]) -> Floats:
    """(2,) error of the angle and of its range, deg, for this mixture of views."""
    table = _measured_errors()
    weights = np.array([shares[view] for view in VIEWS])
    rows = [table.get((stage, view, stem), (np.nan, np.nan)) for view in VIEWS]
    if not weights.any():
        return np.full(2, np.nan)
    seen = weights > 0
    return np.asarray(np.average(np.array(rows)[seen], axis=0, weights=weights[seen]))


@cache
def _measured_errors() -> dict[tuple[str, str, str], tuple[float, float]]:
    table = pd.read_csv(_TABLE)
    keys = zip(table["stage"], table["view"], table["angle"], strict=True)
    values = zip(table["offset_free_deg"], table["rom_error_deg"], strict=True)
    return dict(zip(keys, values, strict=True))


def _stem(name: str) -> str:
    return name.removesuffix("_r").removesuffix("_l")
