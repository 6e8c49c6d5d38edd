"""A new batch: its clips, and a table of who is in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from humanpose.batch.subjects import (
    Row,
    Subjects,
    as_arguments,
    read_subjects,
)
from humanpose.cli import settings_of_row
from humanpose.errors import HumanPoseError, SettingsError
from humanpose.server import workspace
from humanpose.server.batches import Item
from humanpose.server.workspace import Entry
from humanpose.ui.analyse.form import RECOMMENDED
from humanpose.ui.messages import show_error
from humanpose.ui.stages import STAGES
from humanpose.ui.visitor import visitor

_UPLOADED, _KNOWN, _FILLED, _SHOWN, _REFUSED, _ROUND = (
    "batch_uploads", "batch_known", "batch_filled", "batch_shown",
    "batch_refused", "batch_round",
)  # fmt: skip
_MOST_EARLIER, _MOST_ERRORS = 200, 3
_ON = ("true", "yes", "on", "1")
_NUMBERS = {
    "height": "Height (m)", "mass": "Mass (kg)", "start": "Start (s)", "end": "End (s)",
}  # fmt: skip
_SWITCHES = {stage.field.replace("_", "-"): stage for stage in STAGES}


@dataclass(frozen=True)
class Chosen:
    """A clip in the table."""

    path: Path
    label: str


def choose_clips() -> list[Chosen]:
    """New ones to upload, and those of earlier analyses."""
    st.file_uploader(
        "Drop videos here, one person in each",
        type=list(workspace.CLIP_TYPES),
        accept_multiple_files=True,
        key=f"batch_clips_{_round()}",  # a new one after each upload, or it would be kept twice
        on_change=_receive_clips,
        args=(f"batch_clips_{_round()}",),
    )
    earlier = st.multiselect(
        "Clips of earlier analyses",
        [e for e in workspace.recent(_MOST_EARLIER, owner=visitor()) if e.source.is_file()],
        format_func=lambda entry: entry.label,
        placeholder="none",
    )
    uploaded: list[Chosen] = st.session_state.setdefault(_UPLOADED, [])
    return uploaded + [_of(entry) for entry in earlier]


def people_table(clips: Sequence[Chosen]) -> pd.DataFrame:
    """The table to fill in, or to fill from a CSV; a row a clip in the same order."""
    st.expander("Fill the table from a CSV").file_uploader(
        "A row a clip: the column clip, and any of subject and the options of"
        " `humanpose analyze`, such as height, mass, start, neutral-at, pof (yes or no)",
        type=["csv"],
        key=f"batch_csv_{_round()}",
        on_change=_receive_table,
        args=(f"batch_csv_{_round()}", clips),
    )
    if _REFUSED in st.session_state:
        show_error(st.session_state.pop(_REFUSED))
    key = f"batch_rows_{_round()}_{hash(tuple(clips))}"
    if key not in st.session_state:  # other clips, a CSV, or another page in between
        st.session_state[_SHOWN] = _table_of(clips)
    table: pd.DataFrame = st.data_editor(
        st.session_state[_SHOWN],
        key=key,
        hide_index=True,
        disabled=["clip"],
        placeholder="–",
        column_config=_columns(),
    )
    st.session_state[_FILLED] = table
    return table


def items_of(clips: Sequence[Chosen], table: pd.DataFrame) -> list[Item]:
    """What is to be done; what is wrong with a row is shown, and then there is nothing.

    Args:
        table: a row a clip, in the same order.
    """
    items, wrong = [], []
    for clip, values in zip(clips, table.to_dict(orient="records"), strict=True):
        try:
            settings = settings_of_row(_arguments(values))
            items.append(Item(clip.path, clip.label, values["subject"], settings))
        except SettingsError as error:
            wrong.append(f"{clip.label}: {error}")
    for sentence in wrong[:_MOST_ERRORS]:
        show_error(sentence)
    return [] if wrong else items


def start_over() -> None:
    """Forget clips and table."""
    for key in (_UPLOADED, _FILLED):
        st.session_state.pop(key, None)
    _next_round()


def _of(entry: Entry) -> Chosen:
    return Chosen(entry.source, entry.label)


def _receive_clips(key: str) -> None:
    """Keep what is new; a slow browser says of the same files again that they have come."""
    known = st.session_state.setdefault(_KNOWN, set())
    try:
        for file in st.session_state[key]:
            if file.file_id not in known:
                clip = workspace.store_upload(file.name, file.getbuffer())
                st.session_state[_UPLOADED].append(Chosen(clip, file.name))
                known.add(file.file_id)
    except HumanPoseError as error:
        st.session_state[_REFUSED] = str(error)
    if key.endswith(f"_{_round()}"):
        _next_round()


def _receive_table(key: str, clips: Sequence[Chosen]) -> None:
    file = st.session_state[key]
    if file is None or not key.endswith(f"_{_round()}"):
        return
    try:
        subjects = _read(file.name, file.getvalue())
        rows = {str(clip.path): subjects.of(clip.label) for clip in clips}
        st.session_state[_FILLED] = _table_of(clips, rows)
    except SettingsError as error:
        st.session_state[_REFUSED] = str(error)
    _next_round()


def _read(name: str, content: bytes) -> Subjects:
    """A visitor's table; model files are the server's, so none can be named."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(content)
        try:
            subjects = read_subjects(path)
        except SettingsError as error:
            raise SettingsError(str(error).replace(str(path), name)) from error
    for column in subjects.rows[0] if subjects.rows else ():
        if column.endswith("-path"):
            raise SettingsError(f"the column {column} cannot be set here; leave it out")
    return subjects


def _table_of(clips: Sequence[Chosen], read: Mapping[str, Row] | None = None) -> pd.DataFrame:
    """A row a clip: what was read for it over what was filled in, over what is proposed."""
    filled = st.session_state.get(_FILLED, pd.DataFrame()).to_dict(orient="index")
    proposed = {"clip": "", "subject": ""} | dict.fromkeys(_NUMBERS) | _proposed_stages()
    places = [str(clip.path) for clip in clips]
    rows = [
        proposed | filled.get(place, {}) | (read or {}).get(place, {}) | {"clip": clip.label}
        for place, clip in zip(places, clips, strict=True)
    ]
    table = pd.DataFrame(rows, index=places)
    for name in table.columns:
        table[name] = _typed(name, table[name])
    return table


def _proposed_stages() -> dict[str, bool]:
    return {
        name: stage.field in RECOMMENDED and not stage.missing
        for name, stage in _SWITCHES.items()
    }


def _typed(name: str, cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Numbers as such, switches as such, all else as words."""
    if name in _NUMBERS:
        try:
            return pd.to_numeric(cells.replace("", None)).astype(float)
        except ValueError as error:
            raise SettingsError(f"the column {name} must hold numbers: {error}") from error
    if name in _SWITCHES:
        return cells.map(lambda cell: str(cell).lower() in _ON).astype(bool)
    return cells.fillna("").astype(str)


def _columns() -> dict[str, Any]:
    numbers = {
        name: st.column_config.NumberColumn(label, format="%.2f")
        for name, label in _NUMBERS.items()
    }
    switches = {
        name: st.column_config.CheckboxColumn(
            stage.short, help=stage.help, disabled=stage.missing is not None
        )
        for name, stage in _SWITCHES.items()
    }
    words = {"clip": "Clip", "subject": "Subject"}
    return words | numbers | switches


def _arguments(values: Mapping[Any, Any]) -> Sequence[str]:
    """Of a row of the table, as on the command line."""
    return as_arguments({str(name): _cell(value) for name, value in values.items()})


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:g}"
    return str(value)


def _round() -> int:
    """Counts up whenever the widgets are to start anew."""
    count: int = st.session_state.get(_ROUND, 0)
    return count


def _next_round() -> None:
    st.session_state[_ROUND] = _round() + 1
