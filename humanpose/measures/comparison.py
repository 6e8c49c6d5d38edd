"""How far two estimates of the same movement lie apart, angle by angle.

A is the one that is compared with, B the other: a difference is B - A throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from humanpose.measures import detectable
from humanpose.measures.ranges import angle_measures
from humanpose.sequence import Floats, JointAngles
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import to_say

TOLERANCE_DEG = 5.0
"""Differences up to this are commonly taken as acceptable in gait analysis; larger ones may
mislead a clinical reading (McGinley et al. 2009)."""

DISTINCT_STAGES: Mapping[str, tuple[bool, bool, bool]] = {
    "raw": (False, False, False),
    "POF": (True, False, False),
    "raw + joint": (False, True, False),
    "POF + joint": (True, True, False),
    "MainRefiner": (True, True, True),
}
"""The five ways to set the learned stages that differ: POF, joint refinement, MainRefiner."""


_FIGURES = (
    *("rmsd_deg", "bias_deg", "max_deg", "max_at_s"),
    *("r", "rom_a_deg", "rom_b_deg", "within_share"),
)


def stages_of(settings: Settings) -> str:
    """The name among ``DISTINCT_STAGES`` of what ``settings`` switch on."""
    on = (settings.pof, settings.joint_refinement, settings.main_refiner)
    return next(name for name, stages in DISTINCT_STAGES.items() if stages == on)


def describe_stages(settings: Settings) -> str:
    """Where the 3-D and the angles come from, in words."""
    if settings.main_refiner:
        return to_say("3-D and angles by MainRefiner")
    if settings.joint_refinement and settings.pof:
        return to_say("3-D by part orientation fields (POF), angles by joint refinement")
    if settings.joint_refinement:
        return to_say("3-D by MediaPipe, angles by joint refinement")
    if settings.pof:
        return to_say("3-D by part orientation fields (POF)")
    return to_say("3-D by MediaPipe")


def with_stages(settings: Settings, name: str) -> Settings:
    """``settings`` with the learned stages of that name and no others."""
    pof, joint, main = DISTINCT_STAGES[name]
    return replace(settings, pof=pof, joint_refinement=joint, main_refiner=main)


def told_apart(a: Settings, b: Settings) -> tuple[str, str]:
    """A name of a few words for each of two settings, with all in which they differ."""

    def name(own: Settings, other: Settings) -> str:
        words = [stages_of(own)]
        if (own.filter, own.cutoff_hz) != (other.filter, other.cutoff_hz):
            kind = own.filter.replace("_", "-")
            words.append("unfiltered" if kind == "none" else f"{kind} {own.cutoff_hz:g} Hz")
        if (own.augmentation_cycles > 0) != (other.augmentation_cycles > 0):
            words.append("augmented" if own.augmentation_cycles else "22 markers")
        return ", ".join(words)

    return name(a, b), name(b, a)


def without_turns(b: JointAngles, *, beside: JointAngles) -> JointAngles:
    """``b`` with whole turns added to each angle, so that it lies nearest ``beside``.

    Angles are unwrapped, so that two estimates of one may differ by 360° for no reason.
    """
    apart = b.degrees - beside.degrees
    known = np.isfinite(apart).any(axis=0)
    turns = np.zeros(len(ANGLE_NAMES))
    turns[known] = np.round(np.nanmedian(apart[:, known], axis=0) / 360)
    return replace(b, degrees=b.degrees - 360 * turns)


def compare_angles(
    a: JointAngles, b: JointAngles, *, tolerance_deg: float = TOLERANCE_DEG
) -> pd.DataFrame:
    """One row per angle, over the frames in which both know it.

    ``rmsd_deg`` is the root mean square of B - A, ``bias_deg`` its mean, ``max_deg`` the value
    farthest from zero, found at ``max_at_s``; ``r`` is Pearson's, NaN where a curve is flat;
    ``rom_a_deg`` and ``rom_b_deg`` are the ranges of motion; ``within_share`` says for which
    share of the ``frames`` B is within ``tolerance_deg`` of A. NaN without such frames.

    Args:
        b: on the timeline of ``a``.
    """
    _require_same_frames(a, b)
    b = without_turns(b, beside=a)
    time_s = a.timeline.time_s
    rows = [
        _compared(a.degrees[:, i], b.degrees[:, i], time_s, tolerance_deg)
        for i in range(len(ANGLE_NAMES))
    ]
    return pd.DataFrame(rows, index=pd.Index(ANGLE_NAMES, name="angle"))


def judge_ranges(
    a: JointAngles, b: JointAngles, *, range_errors: tuple[pd.Series, pd.Series]
) -> pd.DataFrame:
    """One row per angle: whether its range differs between two takes by more than the error.

    ``difference_deg`` is B's minus A's over the frames that both know, ``mdc_deg`` the minimal
    detectable change, ``verdict`` *B larger*, *A larger*, *within error*, *not judged*
    (inferred in one of them) or *not known*. Only ranges are judged: where a curve lies as a
    whole has a constant error in each clip.

    Args:
        b: on the timeline of ``a``.
        range_errors: of A and of B, the standard error of each angle's range, deg.
    """
    compared = compare_angles(a, b)
    kinds = [angle_measures(one)["kind"] for one in (a, b)]
    rows = []
    for name in ANGLE_NAMES:
        difference = float(compared.loc[name, "rom_b_deg"] - compared.loc[name, "rom_a_deg"])
        mdc = detectable.of_two(*(float(errors[name]) for errors in range_errors))
        measured = all(kind[name] == "measured" for kind in kinds)
        mdc = mdc if measured and np.isfinite(difference) else np.nan
        word = detectable.verdict(difference, mdc, more="B larger", less="A larger")
        rows.append({"difference_deg": difference, "mdc_deg": mdc, "verdict": word})
    return pd.DataFrame(rows, index=pd.Index(ANGLE_NAMES, name="angle"))


def rmsd(a: JointAngles, b: JointAngles, names: Sequence[str] = ANGLE_NAMES) -> float:
    """Mean of the RMSD of each angle among ``names`` that both know, deg; NaN if there is none.

    Args:
        b: on the timeline of ``a``.
    """
    columns = [ANGLE_NAMES.index(name) for name in names]
    apart = (without_turns(b, beside=a).degrees - a.degrees)[:, columns]
    apart = apart[:, np.isfinite(apart).any(axis=0)]
    if apart.shape[1] == 0:
        return float("nan")
    return float(np.sqrt(np.nanmean(apart**2, axis=0)).mean())


def rmsd_matrix(
    estimates: Mapping[str, JointAngles | None], names: Sequence[str] = ANGLE_NAMES
) -> pd.DataFrame:
    """``rmsd`` of every pair of ``estimates``, by their names; NaN where one is None."""
    values = [
        [np.nan if a is None or b is None else rmsd(a, b, names) for b in estimates.values()]
        for a in estimates.values()
    ]
    return pd.DataFrame(values, index=list(estimates), columns=list(estimates))


def _compared(
    a: Floats, b: Floats, time_s: Floats, tolerance_deg: float
) -> dict[str, float | int]:
    both = np.isfinite(a) & np.isfinite(b)
    a, b, time_s = a[both], b[both], time_s[both]
    if len(a) == 0:
        return dict.fromkeys(_FIGURES, np.nan) | {"frames": 0}
    apart = b - a
    farthest = int(np.argmax(np.abs(apart)))
    return {
        "rmsd_deg": float(np.sqrt((apart**2).mean())),
        "bias_deg": float(apart.mean()),
        "max_deg": float(apart[farthest]),
        "max_at_s": float(time_s[farthest]),
        "r": _pearson(a, b),
        "rom_a_deg": float(np.ptp(a)),
        "rom_b_deg": float(np.ptp(b)),
        "within_share": float((np.abs(apart) <= tolerance_deg).mean()),
        "frames": len(a),
    }


def _pearson(a: Floats, b: Floats) -> float:
    if np.ptp(a) < 1e-9 or np.ptp(b) < 1e-9:
        return np.nan
    return float(np.corrcoef(a, b)[0, 1])


def _require_same_frames(a: JointAngles, b: JointAngles) -> None:
    if a.timeline != b.timeline:
        raise ValueError(f"expected one timeline, got {a.timeline} and {b.timeline}")
