"""What a user corrects in the table of repetitions or events, as values."""

from dataclasses import replace
from typing import TypeVar

from humanpose.measures.events import Event
from humanpose.measures.repetitions import Repetition

T = TypeVar("T", Event, Repetition)


def without(items: tuple[T, ...], item: T) -> tuple[T, ...]:
    """The items, that one taken away."""
    return tuple(other for other in items if other != item)


def excluding(items: tuple[T, ...], item: T) -> tuple[T, ...]:
    """The items, that one kept but not counted."""
    return tuple(replace(o, excluded=True) if o == item else o for o in items)
