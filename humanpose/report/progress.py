"""One measure over the sessions of a person: value, band, and whether it has changed."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from humanpose.analysis import Analysis
from humanpose.measures import detectable
from humanpose.measures.movement import Items
from humanpose.measures.presets import Preset, columns_of
from humanpose.report.key_numbers import (
    GAIT,
    Sample,
    mdc_of,
    names_of_its_own,
    samples,
    words_of,
)
from humanpose.words import to_say

_APART = "_r-l"
"""Ends the name of a right side's measure minus the left side's."""


def measures_of(preset: Preset) -> dict[str, tuple[str, str]]:
    """Name → words and unit of what can be followed in a movement; asymmetries last."""
    if preset.repeats == "gait":
        names = list(GAIT)
    else:
        stems = preset.told_by or preset.movements
        names = [name for stem in stems for name in columns_of(stem)]
        names += names_of_its_own(preset) if preset.told_by else []
    repeats = bool(preset.told_by)
    told = {name: words_of(name, preset, repeats=repeats, clinical=True) for name in names}
    apart = {
        f"{name.removesuffix('_r')}{_APART}": (
            to_say("{measure} (right − left)", measure=words),
            unit,
        )
        for name, (words, unit) in told.items()
        if name.endswith("_r")
    }
    return told | apart


def samples_of(analysis: Analysis, preset: Preset, items: Items) -> dict[str, Sample]:
    """What ``measures_of`` names, of one clip: nothing where nothing that counts repeats, and
    no lengths where the person's height is not known."""
    if preset.repeats != "nothing" and all(item.excluded for item in items):
        return {}
    measures = measures_of(preset)
    names = [name for name in measures if _APART not in name]
    found = samples(analysis, preset, names, items)
    for name in measures:
        if name.endswith(_APART):
            right, left = (found[name.replace(_APART, f"_{side}")] for side in "rl")
            found[name] = _apart(right, left, is_angle=measures[name][1] == "°")
    relative = analysis.settings.lengths_are_relative
    return {name: one for name, one in found.items() if not (relative and "_m_" in name)}


def progress_table(
    clips: Sequence[Mapping[str, Sample]], name: str, *, since: int = 0
) -> pd.DataFrame:
    """A row per clip: ``value``, ``half`` of its 95 % band, ``count`` of what carries it,
    ``change`` since one of the clips, ``mdc`` and ``verdict``: *larger* or *smaller* only
    beyond the minimal detectable change. In the measure's unit; NaN where it is not known."""
    nothing = Sample(np.array([]), np.nan)
    own = [clip.get(name, nothing) for clip in clips]
    rows = []
    for number, one in enumerate(own):
        change = one.mean - own[since].mean
        mdc = mdc_of(one, own[since])
        verdict = detectable.verdict(change, mdc, more="larger", less="smaller")
        rows.append(
            {
                "value": one.mean, "half": one.half, "count": len(one.values),
                "change": change, "mdc": mdc,
                "verdict": "before" if number == since else verdict,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _apart(right: Sample, left: Sample, *, is_angle: bool) -> Sample:
    """Of each pair of repetitions or steps. What both sides of a clip share cancels; see
    ``detectable.OWN_RANGE_DEG``."""
    pairs = min(len(right.values), len(left.values))
    own = float(np.hypot(right.own_error, left.own_error))
    if is_angle and not right.single and np.isfinite(own):
        own = float(np.hypot(detectable.OWN_RANGE_DEG, detectable.OWN_RANGE_DEG))
    return Sample(right.values[:pairs] - left.values[:pairs], own, single=right.single)
