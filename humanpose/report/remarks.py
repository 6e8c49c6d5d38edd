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

_MOST_LETTERS = 5000


@dataclass(frozen=True)
class Remarks:
    """Kept beside an analysis; the analysis itself never changes."""

    preset: str = "overview"
    """One of ``PRESETS``."""
    person: str = ""
    """Who was filmed, in the user's own words or code."""
    filmed: str = ""
    """When, in the user's own words."""
    notes: str = ""
    neutral_at_s: float | None = None
    """Clip time of the pose that angles are shown against; None shows them as they are."""
    corrected: Mapping[str, Items] = field(default_factory=dict)
    """Preset → its events or repetitions as corrected; without an entry they are as found."""

    def __post_init__(self) -> None:
        unknown = {self.preset, *self.corrected} - PRESETS.keys()
        if unknown:
            raise ValueError(f"expected presets {list(PRESETS)}, got {sorted(unknown)}")
        words = (self.person, self.filmed, self.notes)
        if not all(isinstance(word, str) for word in words):
            raise ValueError(f"expected words, got {words}")
        at_s = self.neutral_at_s
        if at_s is not None and (type(at_s) not in (int, float) or not 0 <= at_s <= LONGEST_S):
            raise ValueError(f"expected a time, got {at_s}")


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
        return Remarks(**values | words | {"corrected": corrected})
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise AnalysisError(
            "the notes on this analysis are damaged or another version's; delete remarks.json"
            " in its folder to start them anew"
        ) from error


def _items(preset: str, values: list[dict[str, Any]]) -> Items:
    if PRESETS[preset].repeats == "gait":
        return tuple(Event(**value) for value in values)
    return tuple(Repetition(**value) for value in values)
