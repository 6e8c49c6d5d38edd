"""Angles counted from a pose of the person's own, after the analysis."""

from dataclasses import replace

from humanpose.analysis import Analysis
from humanpose.kinematics.angles import subtract_neutral


def minus_neutral(analysis: Analysis, *, at_s: float) -> Analysis:
    """``analysis`` with every angle minus its value in the frame nearest clip time ``at_s``, s.

    Its settings say so, as if it had been analysed with ``neutral_at_s``.
    """
    raw, refined = (
        subtract_neutral(angles, at_s=at_s)
        for angles in (analysis.joint_angles_raw, analysis.joint_angles)
    )
    settings = replace(analysis.settings, neutral_at_s=at_s)
    return replace(analysis, settings=settings, joint_angles_raw=raw, joint_angles=refined)


def neutral_sentence(analysis: Analysis) -> str:
    """Which pose was subtracted from the angles; empty where none was."""
    at_s = analysis.settings.neutral_at_s
    if at_s is None:
        return ""
    frame = analysis.timeline.nearest(at_s)
    time_s = analysis.timeline.time_s[frame]
    return f"the pose at {time_s:.3f} s (frame {frame}) was subtracted from every angle"
