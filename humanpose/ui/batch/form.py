"""A new batch: its clips, and a table of who is in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeGuard

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from humanpose.batch.subjects import Row, Subjects, settings_of_row
from humanpose.errors import HumanPoseError, SettingsError
from humanpose.server import receiver
from humanpose.server.batches import Item
from humanpose.server.clips import CLIP_TYPES, drop_upload, store_upload
from humanpose.server.entry import Entry
from humanpose.settings import OPTIONS
from humanpose.settings.options import ModelFile, Number, NumberOrWord, Option, Switch
from humanpose.ui.fields import number_format
from humanpose.ui.messages import said, show_error
from humanpose.ui.stages import RECOMMENDED, STAGES
from humanpose.ui.uploads import content_of
from humanpose.ui.visitor import lists
from humanpose.words import say, to_say

_UPLOADED, _KNOWN, _FILLED, _SHOWN, _REFUSED, _ROUND = (
    "batch_uploads", "batch_known", "batch_filled", "batch_shown",
    "batch_refused", "batch_round",
)  # fmt: skip
_MOST_EARLIER, _MOST_ERRORS = 200, 3
_ALWAYS = ("height_m", "mass_kg", "start_s", "end_s")
_WORDS = {"clip": to_say("Clip"), "subject": to_say("Subject")}


@dataclass(frozen=True)
class Chosen:
    """A clip in the table."""

    path: Path
    label: str


def choose_clips() -> list[Chosen]:
    """New ones to upload, and those of earlier analyses."""
    st.file_uploader(
        say("Drop videos here, one person in each"),
        type=list(CLIP_TYPES),
        accept_multiple_files=True,
        key=f"batch_clips_{_round()}",  # a new one after each upload, or it would be kept twice
        on_change=_receive_clips,
        args=(f"batch_clips_{_round()}",),
    )
    earlier = st.multiselect(
        say("Clips of earlier analyses"),
        [e for e in Entry.newest(limit=_MOST_EARLIER, owners=lists()) if e.source.is_file()],
        format_func=lambda entry: entry.about.label,
        placeholder=say("none"),
    )
    for sentence in st.session_state.pop(_REFUSED, [])[:_MOST_ERRORS]:
        show_error(sentence)
    uploaded: list[Chosen] = st.session_state.setdefault(_UPLOADED, [])
    return uploaded + [_of(entry) for entry in earlier]


def people_table(clips: Sequence[Chosen]) -> pd.DataFrame:
    """The table to fill in, or to fill from a CSV; a row a clip in the same order."""
    st.expander(say("Fill the table from a CSV")).file_uploader(
        say("One row per clip. Columns: clip, height, and optionally subject, mass, start."),
        type=["csv"],
        key=f"batch_csv_{_round()}",
        on_change=_receive_table,
        args=(f"batch_csv_{_round()}", clips),
    )
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


def items_of(
    clips: Sequence[Chosen], table: pd.DataFrame, *, height_needed: bool
) -> list[Item]:
    """What is to be done; what is wrong with a row is shown, and then there is nothing.

    Args:
        table: a row a clip, in the same order.
        height_needed: otherwise lengths are relative in rows without one.
    """
    items, wrong = [], []
    for clip, values in zip(clips, table.to_dict(orient="records"), strict=True):
        try:
            settings = settings_of_row(_row(values), height_needed=height_needed)
            items.append(Item(clip.path, clip.label, values["subject"], settings))
        except SettingsError as error:
            wrong.append(f"{clip.label}: {said(error)}")
    for sentence in wrong[:_MOST_ERRORS]:
        show_error(sentence)
    return [] if wrong else items


def start_over() -> None:
    """Forget clips and table."""
    for clip in st.session_state.pop(_UPLOADED, []):
        drop_upload(clip.path)
    st.session_state.pop(_FILLED, None)
    _next_round()


def _of(entry: Entry) -> Chosen:
    return Chosen(entry.source, entry.about.label)


def _receive_clips(key: str) -> None:
    """Keep what is new; a slow browser says of the same files again that they have come."""
    known, refused = st.session_state.setdefault(_KNOWN, set()), []
    for file in st.session_state[key]:
        if file.file_id not in known:
            known.add(file.file_id)
            try:
                st.session_state[_UPLOADED].append(_kept(file))
            except HumanPoseError as error:
                refused.append(said(error))
    st.session_state[_REFUSED] = refused
    if key.endswith(f"_{_round()}"):
        _next_round()


def _kept(file: UploadedFile) -> Chosen:
    """
    Raises:
        ClipError: it is no video, and nothing of it is kept.
        OutputError: there is no room.
    """
    with content_of(file) as content:
        path = store_upload(file.name, content)
    try:
        receiver.look_at(path)
    except HumanPoseError as error:
        drop_upload(path)
        raise type(error)(str(error).replace(path.name, file.name)) from error
    return Chosen(path, file.name)


def _receive_table(key: str, clips: Sequence[Chosen]) -> None:
    file = st.session_state[key]
    if file is None or not key.endswith(f"_{_round()}"):
        return
    try:
        with content_of(file) as content:
            subjects = _read(file.name, content)
        rows = {str(clip.path): _filled_cells(subjects.of(clip.label)) for clip in clips}
        st.session_state[_FILLED] = _table_of(clips, rows)
    except HumanPoseError as error:
        st.session_state[_REFUSED] = [said(error)]
    _next_round()


def _filled_cells(row: Row) -> Row:
    return {column: cell for column, cell in row.items() if cell}


def _read(name: str, content: memoryview) -> Subjects:
    """A visitor's table; model files are the server's, so none can be named."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(content)
        try:
            subjects = receiver.read_table(path)
        except SettingsError as error:
            raise SettingsError(str(error).replace(str(path), name)) from error
    for column in subjects.rows[0] if subjects.rows else ():
        option = OPTIONS.get(column)
        if isinstance(option, ModelFile):
            raise SettingsError(
                to_say(
                    "the {setting} cannot be chosen here; leave the column out",
                    setting=option.name,
                )
            )
    return subjects


def _table_of(clips: Sequence[Chosen], read: Mapping[str, Row] | None = None) -> pd.DataFrame:
    """A row a clip: what was read for it over what was filled in, over what is proposed."""
    filled = st.session_state.get(_FILLED, pd.DataFrame()).to_dict(orient="index")
    proposed = dict.fromkeys(_WORDS, "") | dict.fromkeys(_ALWAYS) | _proposed_stages()
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
    return {stage.field: stage.field in RECOMMENDED and not stage.missing for stage in STAGES}


def _typed(name: str, cells: "pd.Series[Any]") -> "pd.Series[Any]":
    """Numbers as such, switches as such, all else as words."""
    option = OPTIONS.get(name)
    texts = cells.map(_cell)
    if _is_number(option) or isinstance(option, Switch):
        values = [option.read(text) if text else None for text in texts]
        kind = float if _is_number(option) else bool
        return pd.Series(values, cells.index, dtype=object).astype(kind)
    return texts


def _is_number(option: Option | None) -> TypeGuard[Number]:
    return isinstance(option, Number) and not isinstance(option, NumberOrWord)


def _columns() -> dict[str, Any]:
    columns: dict[str, Any] = {name: say(word) for name, word in _WORDS.items()}
    for field, option in OPTIONS.items():
        shown: dict[str, Any] = {"label": say(option.title), "help": say(option.help)}
        if _is_number(option):
            form = number_format(option)
            columns[field] = st.column_config.NumberColumn(format=form, **shown)
        elif isinstance(option, Switch):
            columns[field] = st.column_config.CheckboxColumn(**shown)
        else:
            columns[field] = st.column_config.TextColumn(**shown)
    for stage in STAGES:
        columns[stage.field] |= {
            "label": say(stage.short),
            "disabled": stage.missing is not None,
        }
    return columns


def _row(values: Mapping[Any, Any]) -> Row:
    """Of the table, as from a CSV."""
    return {str(name): _cell(value) for name, value in values.items()}


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _round() -> int:
    """Counts up whenever the widgets are to start anew."""
    count: int = st.session_state.get(_ROUND, 0)
    return count


def _next_round() -> None:
    st.session_state[_ROUND] = _round() + 1
