"""The form beside the report: what is shown, who and when, and corrections; kept at once."""

from dataclasses import replace
from typing import Any

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import AnalysisError, OutputError
from humanpose.measures.cycles import Found
from humanpose.measures.movement import Items, find_items
from humanpose.measures.neutral import doubt_about_neutral
from humanpose.measures.presets import PRESETS
from humanpose.measures.recognise import NOT_RECOGNISED, recognise
from humanpose.report.remarks import AS_RECOGNISED, Remarks, from_json, to_json
from humanpose.server.entry import Entry
from humanpose.server.people import people
from humanpose.server.person import Person
from humanpose.server.small_files import write_json
from humanpose.ui.messages import as_text, show_error
from humanpose.ui.report.item_rows import columns, from_rows, to_rows
from humanpose.ui.visitor import lists, may_change
from humanpose.words import Words, say, to_say


@st.cache_data(max_entries=64, show_spinner=False)
def _found(token: str, changed: float, preset: str, _analysis: Analysis) -> Found[Any]:
    return find_items(_analysis, PRESETS[preset])


@st.cache_data(max_entries=64, show_spinner=False)
def _recognised(token: str, changed: float, _analysis: Analysis) -> Words:
    """A sentence: what the clip shows, whatever was chosen."""
    found = recognise(_analysis)
    if found.preset == NOT_RECOGNISED:
        return to_say("Not recognised: {reason}.", reason=found.reason)
    title = to_say(PRESETS[found.preset].title)
    return to_say("Recognised: {movement} ({reason}).", movement=title, reason=found.reason)


def remarks_of(entry: Entry) -> Remarks:
    """What was noted so far, all angles where no movement is known yet; a hint and a stop where
    that is damaged."""
    if not entry.remarks.is_file():
        return Remarks()
    try:
        remarks = from_json(entry.remarks.read_text(encoding="utf-8", errors="replace"))
        return (
            remarks if remarks.preset != AS_RECOGNISED else replace(remarks, preset="overview")
        )
    except AnalysisError as error:
        show_error(error)
        st.stop()


def person_of(entry: Entry) -> Person | None:
    """The person in the visitor's list whose analysis it is."""
    return next((p for p in people(lists()) if p.token == entry.about.person), None)


def remarks_form(entry: Entry, analysis: Analysis) -> tuple[Remarks, Found[Any]]:
    """The remarks as they are after this run of the page, and what is counted for them."""
    before = remarks_of(entry)
    remarks = _who_and_what(entry, before, analysis)
    found = _found(entry.token, entry.result.stat().st_mtime, remarks.preset, analysis)
    if PRESETS[remarks.preset].repeats != "nothing":
        with st.expander(say("Correct what was counted"), expanded=bool(found.items)):
            remarks = _corrections(entry, remarks, found.items)
    remarks = replace(
        remarks,
        notes=st.text_area(
            say("Notes"), value=before.notes, key=f"notes_{entry.token}", max_chars=5000
        ),
    )
    if remarks != before:
        keep_remarks(entry, remarks)
    items = remarks.corrected.get(remarks.preset, found.items)
    return remarks, Found(items, found.reason if items == found.items else "")


def _who_and_what(entry: Entry, before: Remarks, analysis: Analysis) -> Remarks:
    titles = {name: say(preset.title) for name, preset in PRESETS.items()}
    preset = st.selectbox(
        say("What to show"),
        list(titles),
        index=list(titles).index(before.preset),
        format_func=titles.__getitem__,
        key=f"preset_{entry.token}",
    )
    recognised = _recognised(entry.token, entry.result.stat().st_mtime, analysis)
    st.caption(f"{say(PRESETS[preset].about)} {say(recognised)}")
    who, when = st.columns(2)
    known = person_of(entry)
    times = analysis.timeline.time_s
    at_s = before.neutral_at_s  # of a file it may be of another clip
    is_here = at_s is not None and times[0] <= at_s <= max(times[-1], times[0] + 0.01)
    remarks = replace(
        before,
        preset=preset,
        person=who.text_input(
            say("Person"), value=before.person, key=f"person_{entry.token}", max_chars=100,
            placeholder=(known.called if known else "") or say("name or code"),
            help=say("Stands in the report only, in place of the name in People."),
        ),
        filmed=when.text_input(
            say("Filmed"), value=before.filmed, key=f"filmed_{entry.token}", max_chars=50,
            placeholder=entry.about.session or say("date, place"),
        ),
        neutral_at_s=st.number_input(
            say("Count angles from the pose at (s)"),
            min_value=float(times[0]),
            max_value=float(max(times[-1], times[0] + 0.01)),
            value=at_s if is_here else None,
            step=0.1,
            format="%.2f",
            key=f"neutral_{entry.token}",
            placeholder=say("not used: absolute angles"),
            help=say("A moment at which the person stands still and upright: every curve then"
            " counts from that pose, which takes constant offsets away. The files stay as they"
            " are."),
        ),
    )  # fmt: skip
    _doubt(analysis, remarks.neutral_at_s)
    return remarks


def _doubt(analysis: Analysis, at_s: float | None) -> None:
    if doubt := doubt_about_neutral(analysis, at_s=at_s):
        st.markdown(f":orange[:material/info:] :small[{as_text(doubt)}]")


def _corrections(entry: Entry, remarks: Remarks, found: Items) -> Remarks:
    """A table to correct; rows can be added and deleted."""
    current = remarks.corrected.get(remarks.preset, found)
    key = f"items_{entry.token}_{remarks.preset}"
    start = f"{key}_start"
    if key not in st.session_state or start not in st.session_state:
        st.session_state[start] = current  # the editor's edits count from here
    gait = PRESETS[remarks.preset].repeats == "gait"
    edited = st.data_editor(
        to_rows(st.session_state[start], gait=gait),
        key=key,
        num_rows="dynamic",
        hide_index=True,
        column_config=columns(PRESETS[remarks.preset]),
    )
    if remarks.preset in remarks.corrected:
        st.button(say("As found again"), on_click=_forget, args=(entry, remarks.preset, key))
    try:
        items = from_rows(edited, gait=gait)
    except ValueError:
        st.caption(
            ":orange[:material/error:] "
            + say(
                "A row is not complete, or its times run backwards; no correction counts until"
                " it is put right."
            )
        )
        return remarks
    if items == current:
        return remarks
    return replace(remarks, corrected={**remarks.corrected, remarks.preset: items})


def _forget(entry: Entry, preset: str, key: str) -> None:
    remarks = remarks_of(entry)
    corrected = {name: items for name, items in remarks.corrected.items() if name != preset}
    keep_remarks(entry, replace(remarks, corrected=corrected))
    st.session_state.pop(key, None)
    st.session_state.pop(f"{key}_start", None)


def keep_remarks(entry: Entry, remarks: Remarks) -> None:
    """Write them beside the analysis, or say why not."""
    if not may_change(entry):
        show_error(say("This analysis is somebody else's: what you change here is not kept."))
        return
    try:
        write_json(entry.remarks, to_json(remarks))
    except OSError as error:
        show_error(
            OutputError(to_say("the notes cannot be kept ({reason})", reason=error.strerror))
        )
