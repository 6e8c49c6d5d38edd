"""How the camera was held, how surely that is known, and what to say about it."""

import math
from collections.abc import Mapping

from humanpose.analysis import Analysis
from humanpose.confidence import BAND
from humanpose.quality.check import Check
from humanpose.sequence import Floats
from humanpose.words import to_say
from humanpose.world.gravity import roll_pitch_deg

_FIGURES = ("camera_roll_deg", "camera_pitch_deg", "up_sd_deg")
_MOST_ROLL_DEG, _MOST_PITCH_DEG = 5.0, 10.0
"""A camera that is held about level; most look down a little."""
_UNSURE_DEG = 5.0
"""A larger standard deviation of up is worth a note."""
_ADVICE = to_say("Film with a level camera, with door frames or other upright edges in view.")


def up_figures(up: Floats, sd_deg: float) -> dict[str, float]:
    """How a camera was held that sees up (3,) there, rolled and pitched down, and the standard
    deviation of up."""
    return dict(zip(_FIGURES, (*roll_pitch_deg(up), sd_deg), strict=True))


def held_warnings(figures: Mapping[str, float]) -> list[str]:
    """A sentence on a camera that is not level, and one on an up that is not sure."""
    roll, down, sd = (figures.get(name, math.nan) for name in _FIGURES)
    within_deg, held = BAND * sd, _held(roll, down)
    warnings: list[str] = []
    if held:
        warnings.append(
            to_say(
                "The camera seems to {held}. Pelvis tilt, pelvis list and the floor are"
                " corrected for it, to within ±{within:.0f}°; a level camera tells them"
                " better.",
                held=held,
                within=within_deg,
            )
        )
    if sd > _UNSURE_DEG:
        warnings.append(
            to_say(
                "Which way is up is known only within ±{within:.0f}°, and so are pelvis tilt"
                " and pelvis list; film with a level camera, with door frames or other"
                " upright edges in view.",
                within=within_deg,
            )
        )
    return warnings


def level_check(analysis: Analysis) -> Check:
    """Whether the camera was about level, and up is known."""
    name = to_say("Level")
    roll, down, sd = (analysis.quality.get(figure, math.nan) for figure in _FIGURES)
    if math.isnan(sd):
        return Check(name, "unknown", to_say("How the camera was held was not recorded."))
    held = _held(roll, down)
    finding = to_say(
        "The camera seems to {held}; up is known within ±{sd:.0f}°, and so are pelvis tilt and"
        " pelvis list.",
        held=held or to_say("be about level"),
        sd=BAND * sd,
    )
    if held or sd > _UNSURE_DEG:
        return Check(name, "watch", finding, _ADVICE)
    return Check(name, "good", finding)


def _held(roll_deg: float, down_deg: float) -> str:
    """What a camera does that is not about level: "be rolled by 8°"; empty for others."""
    words = []
    if abs(roll_deg) > _MOST_ROLL_DEG:
        words.append(to_say("be rolled by {degrees:.0f}°", degrees=abs(roll_deg)))
    if abs(down_deg) > _MOST_PITCH_DEG:
        words.append(
            to_say("look down by {degrees:.0f}°", degrees=down_deg)
            if down_deg > 0
            else to_say("look up by {degrees:.0f}°", degrees=-down_deg)
        )
    if len(words) == 2:
        return to_say("{one} and to {other}", one=words[0], other=words[1])
    return words[0] if words else ""
