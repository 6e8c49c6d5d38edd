"""In what lengths are given: metres, or shares of a body height that nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from humanpose.settings import ASSUMED_HEIGHT_M, Settings
from humanpose.words import to_say

RELATIVE = (
    "relative, because the person's height was not given: computed as if it were"
    f" {ASSUMED_HEIGHT_M:.2f} m, so only their ratios to each other and to the height count"
)
_FIGURES = {"jitter_mm": "jitter_permille_of_height"}
"""Names of figures of merit that are lengths, and what they are called as shares."""


@dataclass(frozen=True)
class LengthUnit:
    """The words for the unit of a length that is shown, and what to multiply it with."""

    m: str
    cm: str
    mm: str
    factor: float
    """The same for the three: a hundredth of a height stands for a centimetre."""


_METRES = LengthUnit("m", "cm", "mm", 1.0)
_HEIGHTS = LengthUnit(
    to_say("body heights"),
    to_say("% of the height"),
    to_say("‰ of the height"),
    1 / ASSUMED_HEIGHT_M,
)


def length_unit(settings: Settings) -> LengthUnit:
    """Metres, or body heights where lengths are relative."""
    return _HEIGHTS if settings.lengths_are_relative else _METRES


def height_words(settings: Settings) -> str:
    """``height 1.78 m``, or that it isn't known."""
    if settings.height_m is None:
        return to_say("height not known, lengths relative")
    return to_say("height {height:.2f} m", height=settings.height_m)


def length_note(settings: Settings) -> str:
    """What a file says of its lengths; empty where they are metric."""
    return f"lengths: {RELATIVE}" if settings.lengths_are_relative else ""


def length_warnings(settings: Settings) -> list[str]:
    """What the user is told."""
    if not settings.lengths_are_relative:
        return []
    return [
        to_say(
            "The person's height was not given. Angles and times do without it; every length is"
            " relative, in body heights where it is shown."
        )
    ]


def named_figures(figures: Mapping[str, float], settings: Settings) -> dict[str, float]:
    """Figures of merit of which none says millimetres where lengths are relative."""
    if not settings.lengths_are_relative:
        return dict(figures)
    factor = length_unit(settings).factor
    return {
        _FIGURES.get(name, name): value * (factor if name in _FIGURES else 1.0)
        for name, value in figures.items()
    }
