"""What was good about a clip and what was not, each with what to do about it."""

import math
from collections.abc import Callable

import numpy as np

from humanpose.analysis import Analysis
from humanpose.lengths import length_unit
from humanpose.measures.movement import Items
from humanpose.quality.check import Check, check_of, graded
from humanpose.quality.figures import (
    SMALL_PERSON_PX,
    bone_length_variation,
    feet_outside_share,
    too_few,
)
from humanpose.quality.held import level_check
from humanpose.quality.joints import detected_joints, joint_quality
from humanpose.quality.length import length_check
from humanpose.quality.trust_words import trust_words
from humanpose.quality.view import view_shares, view_words
from humanpose.video.background import STEADY_PERCENT
from humanpose.words import joined, to_say, to_say_number

WELL_SEEN = 0.7
"""A joint that the detector saw in a smaller share of the frames is called hidden."""
_SLOW_FPS = 25.0
_SCATTERS = ("Bone lengths", "Jitter")
_FAULTS = ("Camera", "Hidden joints", "Gaps", "Left and right")
"""Of few frames a scatter says nothing, nor does it that they have no such fault."""


def checks(
    analysis: Analysis, *, preset: str = "overview", items: Items | None = None
) -> tuple[Check, ...]:
    """Every check: what spoils the angles first, what there is to count last.

    Args:
        preset: the movement that was chosen, and
        items: its events or repetitions as corrected; see ``length_check``.
    """
    few = too_few(analysis.landmarks)
    seen = (check(analysis) for check in _CHECKS)
    return (
        *(_not_from(few, check) if few else check for check in seen),
        length_check(analysis, preset=preset, items=items),
    )


def _not_from(few: str, check: Check) -> Check:
    """What a few frames cannot tell is not known; a fault that they show stays."""
    if check.name in _SCATTERS or (check.name in _FAULTS and check.state == "good"):
        return Check(check.name, "unknown", to_say("{few}: too few to say.", few=few))
    return check


def _person(analysis: Analysis) -> Check:
    share = float(analysis.landmarks.detected.mean())
    return Check(
        to_say("Person found"),
        graded(-share, good=-0.98, bad=-0.9),
        to_say("The person was found in {share} of the frames.", share=_percent(share)),
        ""
        if share >= 0.98
        else to_say(
            "Keep the person in the picture from the first to the last frame, in even light, or"
            " cut the clip to the part that counts (Start and End)."
        ),
    )


def _size(analysis: Analysis) -> Check:
    height_px = analysis.quality.get("person_height_px", math.nan)
    if math.isnan(height_px):
        return Check(
            to_say("Size in the picture"),
            "unknown",
            to_say("How large the person is isn't known."),
        )
    share = height_px / analysis.landmarks.image_size[1]
    small = height_px < SMALL_PERSON_PX
    return Check(
        to_say("Size in the picture"),
        "bad" if small else "good",
        to_say(
            "The person is {height:.0f} px tall, {share} of the picture's height.",
            height=height_px,
            share=_percent(share),
        ),
        to_say("Film from closer, so that the body fills most of the picture.")
        if small
        else "",
    )


def _feet(analysis: Analysis) -> Check:
    share = feet_outside_share(analysis.landmarks)
    if math.isnan(share):
        return Check(to_say("Feet in the picture"), "unknown", to_say("Nobody was found."))
    state = graded(share, good=0.0, bad=0.2)
    if state == "good":
        return Check(
            to_say("Feet in the picture"),
            state,
            to_say("The feet are in the picture throughout."),
        )
    return Check(
        to_say("Feet in the picture"),
        state,
        to_say(
            "The feet are out of the picture in {share} of the frames: ankle angles"
            " and the floor are not to be trusted there.",
            share=_percent(share),
        ),
        to_say("Film from further away or lower, with some floor below the feet."),
    )


def _camera(analysis: Analysis) -> Check:
    name, percent = to_say("Camera"), analysis.quality.get("camera_moved_percent", math.nan)
    if math.isnan(percent):
        return Check(
            name,
            "unknown",
            to_say(
                "Whether the camera stood still cannot be told: too little of the background"
                " can be followed."
            ),
            to_say(
                "If it was held by hand, put it on a tripod: the floor and all distances"
                " assume a camera that stands still."
            ),
        )
    if percent <= STEADY_PERCENT:
        return Check(
            name,
            "good",
            to_say(
                "The camera stood still: the background moved by up to {moved:.1f} % of the"
                " picture.",
                moved=percent,
            ),
        )
    return Check(
        name,
        "bad",
        to_say(
            "The camera moved: the background moved by up to {moved:.1f} % of the picture."
            " The floor, the way walked and the pelvis's turning are not to be trusted;"
            " angles between body parts suffer little.",
            moved=percent,
        ),
        to_say("Put the camera on a tripod or lean it against something."),
    )


def _view(analysis: Analysis) -> Check:
    shares = view_shares(analysis.joints_camera, analysis.up_camera)
    known, words = any(shares.values()), view_words(shares)
    return Check(
        to_say("View"),
        "good" if known else "unknown",
        to_say("The person is {seen}.", seen=words)
        if known
        else to_say("{words!c}.", words=words),
        trust_words(analysis),
    )


def _hidden(analysis: Analysis) -> Check:
    table = joint_quality(analysis)
    hidden = table.index[table["seen_share"] < WELL_SEEN].tolist()
    if not hidden:
        return Check(
            to_say("Hidden joints"), "good", to_say("All joints are seen most of the time.")
        )
    return Check(
        to_say("Hidden joints"),
        "watch",
        to_say(
            "Seen in less than {share} of the frames: {joints}. What is said of"
            " them is a guess from the rest of the body.",
            share=_percent(WELL_SEEN),
            joints=joined(map(to_say, hidden), ", "),
        ),
        to_say(
            "Film from the side that you want to measure; wear clothes that stand out from the"
            " background."
        ),
    )


def _gaps(analysis: Analysis) -> Check:
    filled = analysis.quality.get("filled_share", math.nan)
    missing = float(np.isnan(analysis.keypoints[..., 0]).mean())
    share = missing if math.isnan(filled) else missing + filled
    finding = to_say("{missing} of the joint positions are missing.", missing=_percent(missing))
    if not math.isnan(filled):
        finding = to_say(
            "{missing} of the joint positions are missing, {filled} were filled in between"
            " neighbours.",
            missing=_percent(missing),
            filled=_percent(filled),
        )
    state = graded(share, good=0.02, bad=0.1)
    advice = to_say("Light, contrast and an unhidden view help; short gaps do no harm.")
    return check_of(to_say("Gaps"), state, finding, advice)


def _swaps(analysis: Analysis) -> Check:
    frames = analysis.quality.get("swap_frames_undone", math.nan)
    if math.isnan(frames):
        return Check(
            to_say("Left and right"), "unknown", to_say("Not recorded with this analysis.")
        )
    share = frames / analysis.timeline.frames
    if frames == 0:
        return Check(
            to_say("Left and right"),
            "good",
            to_say("Left and right were never taken for another."),
        )
    return Check(
        to_say("Left and right"),
        graded(share, good=0.02, bad=0.15),
        to_say_number(
            "In {n} frame left and right were taken for one another, and put back.",
            "In {n} frames left and right were taken for one another, and put back.",
            round(frames),
        ),
        to_say("Look at these passages in Explore; a view half from the side confuses less."),
    )


def _bones(analysis: Analysis) -> Check:
    percent = 100 * bone_length_variation(detected_joints(analysis))
    return check_of(
        to_say("Bone lengths"),
        graded(percent, good=5.0, bad=10.0),
        to_say(
            "In what the detector saw, bones change their length by {percent:.1f} %"
            " (SD over time); real ones don't.",
            percent=percent,
        ),
        to_say(
            "Check in Explore that the skeleton lies on the person throughout. The result's own"
            " bones are rigid in any case, so they tell nothing about it."
        ),
    )


def _jitter(analysis: Analysis) -> Check:
    unit = length_unit(analysis.settings)
    figures = {"jitter_mm", "jitter_permille_of_height"} & analysis.quality.keys()
    jitter = max((analysis.quality[name] for name in figures), default=math.nan)
    return check_of(
        to_say("Jitter"),
        graded(jitter, good=5.0 * unit.factor, bad=15.0 * unit.factor),
        to_say(
            "From frame to frame, joints leave their path by {jitter:.1f} {unit} (median).",
            jitter=jitter,
            unit=unit.mm,
        ),
        to_say("If the movement is slow, smooth more: a lower cut-off."),
    )


def _rate(analysis: Analysis) -> Check:
    fps = analysis.timeline.fps
    if fps >= _SLOW_FPS:
        return Check(
            to_say("Frame rate"), "good", to_say("{fps:.4g} frames per second.", fps=fps)
        )
    return Check(
        to_say("Frame rate"),
        "watch",
        to_say("{fps:.4g} frames per second: fast movements fall between the frames.", fps=fps),
        to_say("Film with 30 frames per second or more, 60 for running and jumps."),
    )


_CHECKS: tuple[Callable[[Analysis], Check], ...] = (
    _person, _size, _feet, _camera, level_check, _view, _hidden, _gaps, _swaps, _bones, _jitter,
    _rate,
)  # fmt: skip


def _percent(share: float) -> str:
    """0 % and 100 % only where it is so."""
    percent = 100 * share
    if 0 < percent < 1:
        return to_say("less than 1 %")
    if 99 < percent < 100:
        return to_say("over 99 %")
    return f"{percent:.0f} %"
