"""Repetitions and gait events as rows of a table that can be edited, and back."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from humanpose.measures.events import Event
from humanpose.measures.movement import Items
from humanpose.measures.presets import Preset
from humanpose.measures.repetitions import Repetition
from humanpose.words import say, to_say

FEET = {to_say("right"): "r", to_say("left"): "l"}
KINDS = {to_say("lands"): "heel_strike", to_say("leaves"): "toe_off"}


def to_rows(items: Sequence[Event | Repetition], *, gait: bool) -> pd.DataFrame:
    """One row per item, in the words of the table."""
    return (
        _event_rows([i for i in items if isinstance(i, Event)])
        if gait
        else _repetition_rows([i for i in items if isinstance(i, Repetition)])
    )


def from_rows(rows: pd.DataFrame, *, gait: bool) -> Items:
    """The items in order of time.

    Raises:
        ValueError: a row is not complete, or its times run backwards.
    """
    records: list[dict[str, Any]] = rows.to_dict("records")
    if any(pd.isna(value) for record in records for value in record.values()):
        raise ValueError("a row is not complete")
    if gait:
        return tuple(sorted(_event(record) for record in records))
    return tuple(sorted(_repetition(record) for record in records))


def columns(preset: Preset) -> dict[str, Any]:
    """How the table shows them."""
    # no step: to one, the table would cut what it shows off instead of rounding it
    seconds: dict[str, Any] = {"format": "%.2f", "required": True}
    counted = st.column_config.CheckboxColumn(say("Counted"), default=True, required=True)
    if preset.repeats == "gait":
        choice = st.column_config.SelectboxColumn
        return {
            "time": st.column_config.NumberColumn(say("Time, s"), **seconds),
            "foot": choice(say("Foot"), options=list(FEET), format_func=_said, required=True),
            "what": choice(say("What"), options=list(KINDS), format_func=_said, required=True),
            "counted": counted,
        }
    return {
        name: st.column_config.NumberColumn(f"{word}, s", **seconds)
        for name, word in {
            "start": say("Start"),
            "turn": say(preset.phases.turn),
            "end": say("End"),
        }.items()
    } | {"counted": counted}


def _said(word: object) -> str:
    return say(str(word))


def _event_rows(events: Sequence[Event]) -> pd.DataFrame:
    feet, kinds = ({v: k for k, v in words.items()} for words in (FEET, KINDS))
    return pd.DataFrame(
        {
            "time": pd.Series([event.time_s for event in events], dtype=float),
            "foot": pd.Series([feet[event.side] for event in events], dtype=object),
            "what": pd.Series([kinds[event.kind] for event in events], dtype=object),
            "counted": pd.Series([not event.excluded for event in events], dtype=bool),
        }
    )


def _repetition_rows(repetitions: Sequence[Repetition]) -> pd.DataFrame:
    times = {
        name: pd.Series([getattr(r, f"{name}_s") for r in repetitions], dtype=float)
        for name in ("start", "turn", "end")
    }
    counted = pd.Series([not r.excluded for r in repetitions], dtype=bool)
    return pd.DataFrame(times | {"counted": counted})


def _event(row: dict[str, Any]) -> Event:
    foot, kind = FEET[row["foot"]], KINDS[row["what"]]
    return Event(float(row["time"]), foot, kind, not row["counted"])  # type: ignore[arg-type]


def _repetition(row: dict[str, Any]) -> Repetition:
    start_s, turn_s, end_s = (float(row[name]) for name in ("start", "turn", "end"))
    return Repetition(start_s, turn_s, end_s, excluded=not row["counted"])
