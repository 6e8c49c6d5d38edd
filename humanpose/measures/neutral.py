"""Angles counted from a pose of the person's own, after the analysis."""

from dataclasses import replace

from humanpose.analysis import Analysis
from humanpose.kinematics.angles import subtract_neutral
from humanpose.motion import Motion


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


def neutral_sentence(analysis: Analysis) -> str:
    """Which pose was subtracted from the angles; empty where none was."""
    at_s = analysis.settings.neutral_at_s
    if at_s is None:
        return ""
    frame = analysis.timeline.nearest(at_s)
    time_s = analysis.timeline.time_s[frame]
    return f"the pose at {time_s:.3f} s (frame {frame}) was subtracted from every angle"
