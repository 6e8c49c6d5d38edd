"""What somebody notes on an analysis: who, when, notes, and corrections of what was found."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.measures.events import Event
from humanpose.measures.movement import Items
from humanpose.measures.presets import PRESETS
from humanpose.measures.repetitions import Repetition
from humanpose.runtime.words import harmless_text
from humanpose.settings import LONGEST_S
from humanpose.words import to_say

AS_RECOGNISED = "recognised"
"""What stands for the preset until the clip is analysed."""
_MOST_LETTERS = 5000
MOST_MARKS, _MARK_LETTERS = 10, 40


@dataclass(frozen=True, order=True)
class Mark:
    """An event that somebody marked in the clip."""

    time_s: float
    """Clip time."""
    name: str

    def __post_init__(self) -> None:
        if not _is_time(self.time_s):
            raise ValueError(f"expected a time, got {self.time_s}")
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"expected a name, got {self.name}")


def mark(name: str, time_s: float) -> Mark:
    """A mark with a name as somebody typed it.

    Raises:
        ValueError: it has no name, or no time.
    """
    return Mark(time_s, harmless_text(name.strip(), most=_MARK_LETTERS))


@dataclass(frozen=True)
class Remarks:
    """Kept beside an analysis; the analysis itself never changes."""

    preset: str = "overview"
    """One of ``PRESETS``, or ``AS_RECOGNISED``."""
    person: str = ""
    """Who was filmed, in the user's own words or code."""
    filmed: str = ""
    """When, in the user's own words."""
    notes: str = ""
    neutral_at_s: float | None = None
    """Clip time of the pose that angles are shown against; None shows them as they are."""
    corrected: Mapping[str, Items] = field(default_factory=dict)
    """Preset → its events or repetitions as corrected; without an entry they are as found."""

    marks: tuple[Mark, ...] = ()
    """Events in order of time, ten at most."""

    def __post_init__(self) -> None:
        unknown = {self.preset, *self.corrected} - {*PRESETS, AS_RECOGNISED}
        if unknown:
            raise ValueError(f"expected presets {list(PRESETS)}, got {sorted(unknown)}")
        words = (self.person, self.filmed, self.notes)
        if not all(isinstance(word, str) for word in words):
            raise ValueError(f"expected words, got {words}")
        if self.neutral_at_s is not None and not _is_time(self.neutral_at_s):
            raise ValueError(f"expected a time, got {self.neutral_at_s}")
        if len(self.marks) > MOST_MARKS:
            raise ValueError(f"expected {MOST_MARKS} marks at most, got {len(self.marks)}")


def _is_time(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value <= LONGEST_S  # type: ignore[operator]


def to_json(remarks: Remarks) -> dict[str, Any]:
    """Plain values for a JSON file."""
    return asdict(remarks) | {
        "corrected": {
            preset: [asdict(item) for item in items]
            for preset, items in remarks.corrected.items()
        }
    }


def from_json(text: str) -> Remarks:
    """The remarks in a JSON text.

    Raises:
        AnalysisError: they are damaged, or another version's.
    """
    try:
        values = json.loads(text)
        corrected = {
            preset: _items(preset, items) for preset, items in values["corrected"].items()
        }
        words = {
            name: harmless_text(value, most=_MOST_LETTERS, keep="\n\t")
            for name, value in values.items()
            if isinstance(value, str)
        }
        marks = tuple(mark(**one) for one in values.get("marks", ()))
        return Remarks(**values | words | {"corrected": corrected, "marks": marks})
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise AnalysisError(
            to_say(
                "the notes on this analysis are damaged or another version's; delete"
                " remarks.json in its folder to start them anew"
            )
        ) from error


def _items(preset: str, values: list[dict[str, Any]]) -> Items:
    if PRESETS[preset].repeats == "gait":
        return tuple(Event(**value) for value in values)
    return tuple(Repetition(**value) for value in values)
