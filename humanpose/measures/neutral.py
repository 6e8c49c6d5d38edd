"""Angles counted from a pose of the person's own, after the analysis."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from humanpose.analysis import Analysis
from humanpose.errors import ClipError
from humanpose.kinematics.angles import subtract_neutral
from humanpose.motion import Motion
from humanpose.sequence import Floats, JointAngles
from humanpose.words import joined, to_say

NEUTRAL_FIGURE = "neutral_at_s"
"""Of the quality figures: the time that ``auto`` took."""

_BENT_DEG, _LEANS_DEG = 25.0, 35.0
"""Who stands upright bends knees and hips by less, and the pelvis leans less to any side."""
_MOVES_DEG, _AROUND_S = 10.0, 0.25
"""Who is still moves no leg by more while so long before and after."""
_LEGS = ("hip_flexion_r", "hip_flexion_l", "knee_angle_r", "knee_angle_l")
_TURNS = ("pelvis_tilt", "pelvis_list")
_STILL = (*_LEGS, *_TURNS, "lumbar_extension", "arm_flex_r", "arm_flex_l")


def minus_neutral(analysis: Analysis, *, at_s: float) -> Analysis:
    """``analysis`` with every angle minus its value in the frame nearest clip time ``at_s``, s.

    Its settings say so, as if it had been analysed with ``neutral_at_s``.
    """
    raw, refined = (count_from_neutral(m, at_s=at_s) for m in (analysis.raw, analysis.refined))
    settings = replace(analysis.settings, neutral_at_s=at_s)
    return replace(analysis, settings=settings, raw=raw, refined=refined)


def count_from_neutral(motion: Motion, *, at_s: float) -> Motion:
    """``motion`` with its angles minus those in the frame nearest clip time ``at_s``, s."""
    return replace(motion, angles=subtract_neutral(motion.angles, at_s=at_s))


def neutral_time(analysis: Analysis) -> float | None:
    """The clip time, s, of the pose that was subtracted from the angles; None for none."""
    at_s = analysis.settings.neutral_at_s
    return analysis.quality[NEUTRAL_FIGURE] if at_s == "auto" else at_s


def neutral_sentence(analysis: Analysis) -> str:
    """Which pose was subtracted from the angles; empty where none was."""
    at_s = neutral_time(analysis)
    if at_s is None:
        return ""
    frame = analysis.timeline.nearest(at_s)
    time_s = analysis.timeline.time_s[frame]
    if analysis.settings.neutral_at_s == "auto":
        return to_say(
            "the pose at {time:.3f} s (frame {frame}), upright and most still, was subtracted"
            " from every angle",
            time=time_s,
            frame=frame,
        )
    return to_say(
        "the pose at {time:.3f} s (frame {frame}) was subtracted from every angle",
        time=time_s,
        frame=frame,
    )


def stillest_upright_s(angles: JointAngles) -> float:
    """The clip time, s, at which the person stands upright and most still.

    Args:
        angles: as they are, not counted from a pose.

    Raises:
        ClipError: there is no such moment.
    """
    frame = _stillest_upright(angles)
    if frame is None:
        raise ClipError(
            to_say(
                "nobody stands still and upright in this clip; give the time of the neutral"
                " pose in seconds, or leave it out"
            )
        )
    return float(angles.timeline.time_s[frame])


def neutral_doubt(angles: JointAngles, *, at_s: float) -> str:
    """Why the pose at clip time ``at_s``, s, is no neutral one, and which would be; empty where
    it is still and upright, or cannot be judged.

    Args:
        angles: as they are, not counted from a pose.
    """
    frame = angles.timeline.nearest(at_s)
    bent, moves = _bent(angles)[frame], _movement(angles, _LEGS)[frame]
    faults = []
    if bent > _BENT_DEG:
        faults.append(to_say("a knee or hip is bent by {bent:.0f}°", bent=bent))
    if moves > _MOVES_DEG:
        faults.append(to_say("the person is moving"))
    if not faults:
        return ""
    better = _stillest_upright(angles)
    advice = to_say("nobody stands still and upright in this clip")
    if better is not None:
        time_s = angles.timeline.time_s[better]
        advice = to_say(
            "the stillest upright pose is at {time:.2f} s (frame {frame})",
            time=time_s,
            frame=better,
        )
    return to_say(
        "At {time:.2f} s, the neutral pose, {faults}: angles counted from there say little of"
        " the joints themselves; {advice}.",
        time=angles.timeline.time_s[frame],
        faults=joined(faults, ", "),
        advice=advice,
    )


def doubt_about_neutral(analysis: Analysis, *, at_s: float | None) -> str:
    """``neutral_doubt`` of a pose that is chosen in an analysis; empty without one, or where
    its angles count from a pose already."""
    if at_s is None or analysis.settings.neutral_at_s is not None:
        return ""
    return neutral_doubt(analysis.joint_angles, at_s=at_s)


def _stillest_upright(angles: JointAngles) -> int | None:
    leans = _largest(np.abs(_curves(angles, _TURNS)))
    upright = (_bent(angles) <= _BENT_DEG) & ~(leans > _LEANS_DEG)
    movement = np.where(
        upright & (_movement(angles, _LEGS) <= _MOVES_DEG), _movement(angles, _STILL), np.inf
    )
    best = int(movement.argmin())
    return best if np.isfinite(movement[best]) else None


def _bent(angles: JointAngles) -> Floats:
    """(T,) the largest flexion of a knee or hip, deg; NaN where none is known."""
    return _largest(_curves(angles, _LEGS))


def _movement(angles: JointAngles, names: Sequence[str]) -> Floats:
    """(T,) how far the angle that moves most goes within a while around; NaN where none is
    known throughout."""
    curves = _curves(angles, names)
    width = 2 * round(_AROUND_S * angles.timeline.fps) + 1
    gone = maximum_filter1d(curves, width, axis=0) - minimum_filter1d(curves, width, axis=0)
    lost = maximum_filter1d(np.isnan(curves).astype(int), width, axis=0) > 0
    return _largest(np.where(lost, np.nan, gone))


def _curves(angles: JointAngles, names: Sequence[str]) -> Floats:
    return np.stack([angles.curve(name) for name in names], axis=1)


def _largest(values: Floats) -> Floats:
    """(T,) of each row, NaN aside; NaN where all are."""
    known: NDArray[np.bool_] = np.isfinite(values)
    largest = np.where(known, values, -np.inf).max(axis=1)
    return np.where(known.any(axis=1), largest, np.nan)
