"""How a person gets on: one measure over the sessions, and any two of them side by side."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.measures.movement import Items, find_items
from humanpose.measures.presets import PRESETS
from humanpose.report.key_numbers import Sample
from humanpose.report.progress import measures_of, progress_table, samples_of
from humanpose.runtime.cells import csv_of
from humanpose.server.entry import Entry, harmless_stem
from humanpose.server.people import entries_of
from humanpose.server.person import Person
from humanpose.server.targets import Target
from humanpose.ui import nav, session
from humanpose.ui.messages import as_text
from humanpose.ui.people.target import choose_target
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.ui.tables import show_table
from humanpose.words import own_separators, say, spoken, to_say

_INK, _GREY = "#0b6e69", "rgba(128, 128, 128, 0.25)"
_GREEN = "rgba(11, 110, 105, 0.15)"
_HEADS = {
    "session": to_say("Session"),
    "value": to_say("Value"),
    "half": "±",
    "count": to_say("Count"),
    "change": to_say("Change"),
    "mdc": to_say("MDC"),
    "verdict": to_say("Verdict"),
}
_HELP = to_say(
    "Bars: the band that holds the true value in 95 % of cases. Grey: within the minimal"
    " detectable change (MDC) since “before”; of two movements that are alike, 95 % are"
    " measured as less different than that (Weir 2005). Only what lies outside has changed."
)


def progress(person: Person) -> None:
    """A choice of movement and measure, the chart, the table, and the way to Compare."""
    movements: dict[str, list[Entry]] = {}
    for entry in reversed(entries_of(person)):
        if session.jobs().state(entry).state == "done":
            movements.setdefault(remarks_of(entry).preset, []).append(entry)
    movements = {preset: takes for preset, takes in movements.items() if len(takes) > 1}
    if not movements:
        st.caption(say("Progress is shown once there are two analyses of the same movement."))
        return
    st.subheader(say("Progress"), anchor=False)
    what, which = st.columns(2)
    titles = {preset: say(PRESETS[preset].title) for preset in movements}
    preset = what.selectbox(say("Movement"), list(movements), format_func=titles.__getitem__)
    measures = measures_of(PRESETS[preset])
    told = {name: spoken(words) for name, (words, _) in measures.items()}
    name = which.selectbox(say("Measure"), list(measures), format_func=told.__getitem__)
    takes = dict(zip(_names_of(movements[preset]), movements[preset], strict=True))
    before = _two_takes(takes)
    with st.spinner(say("Measuring …")):
        clips = [_samples_of(entry, preset) for entry in takes.values()]
    table = progress_table(clips, name, since=list(takes).index(before))
    table.insert(0, "session", list(takes))
    words, unit = measures[name]
    target = choose_target(person, preset, name, unit)
    st.plotly_chart(_chart(table, unit, target), config={"displayModeBar": False})
    st.caption(say(_HELP))
    _figures(table, unit)
    st.download_button(
        say("Table as CSV"),
        csv_of(
            table.assign(
                measure=words,
                unit=unit.strip(),
                target_from=target[0] if target else np.nan,
                target_to=target[1] if target else np.nan,
            ),
            float_format="%.3f",
        ),
        file_name=f"{harmless_stem(f'{person.called}_{name}.csv')}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _names_of(entries: list[Entry]) -> list[str]:
    """The days; of several on one day with the clip's name, numbered where that is the same."""
    days = [entry.about.session for entry in entries]
    names: list[str] = []
    for entry in entries:
        alone = days.count(entry.about.session) == 1
        name = entry.about.session if alone else f"{entry.about.session} {entry.about.label}"
        number = sum(other.startswith(name) for other in names)
        names.append(f"{name} ({number + 1})" if number else name)
    return names


def _two_takes(takes: dict[str, Entry]) -> str:
    """The one that the others are compared with, and a link to Compare."""
    first, second, link = st.columns([2, 2, 1], vertical_alignment="bottom")
    names = list(takes)
    before = first.selectbox(say("Before"), names, format_func=as_text)
    after = second.selectbox(say("After"), names, index=len(names) - 1, format_func=as_text)
    with link:
        nav.link(
            "compare",
            say("Compare"),
            takes[before],
            b=takes[after].about.link,
            of=say("Two analyses"),
        )
    return before


def _samples_of(entry: Entry, preset: str) -> dict[str, Sample]:
    corrected = remarks_of(entry).corrected.get(preset)
    try:
        changed = entry.result.stat().st_mtime
        return _samples(entry.token, changed, preset, corrected, entry)
    except HumanPoseError:
        return {}  # not known, as the table says


@st.cache_data(max_entries=256, show_spinner=False)
def _samples(
    token: str, changed: float, preset: str, corrected: Items | None, _entry: Entry
) -> dict[str, Sample]:
    analysis = session.load(_entry)
    found = find_items(analysis, PRESETS[preset]).items if corrected is None else corrected
    return samples_of(analysis, PRESETS[preset], found)


def _chart(table: pd.DataFrame, unit: str, target: Target | None) -> go.Figure:
    base = table.loc[table["verdict"] == "before", "value"].iloc[0]
    reach = table["mdc"].where(table["verdict"] != "before", 0.0)
    edge = {"x": table["session"], "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    low = go.Scatter(y=base - reach, showlegend=False, **edge)
    high = go.Scatter(
        y=base + reach, fill="tonexty", fillcolor=_GREY, name=say("within MDC"), **edge
    )
    changed = table["verdict"].isin(["larger", "smaller"])
    values = go.Scatter(
        x=table["session"],
        y=table["value"],
        error_y={"type": "data", "array": np.nan_to_num(table["half"])},
        mode="lines+markers",
        line={"color": _INK},
        marker={"size": 10, "symbol": np.where(changed, "diamond", "circle-open")},
        customdata=table["verdict"].map(say),
        hovertemplate=f"%{{x}}: %{{y:.1f}}{unit}, %{{customdata}}<extra></extra>",
        showlegend=False,
    )
    layout = go.Layout(
        height=320,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        xaxis={"type": "category"},
        yaxis={"ticksuffix": unit},
        legend={"orientation": "h"},
        separators=own_separators(),
    )
    chart = go.Figure([low, high, values], layout)
    if target:
        at = {"annotation_text": say("Target"), "annotation_position": "top left"}
        chart.add_hrect(*target, fillcolor=_GREEN, line_width=0, layer="below", **at)
    return chart


def _figures(table: pd.DataFrame, unit: str) -> None:
    plain, signed = (
        st.column_config.NumberColumn(format=f"{digits}{unit.replace('%', '%%')}")
        for digits in ("%.2f", "%+.2f")
    )
    heads = {column: say(_HEADS[column]) for column in table}
    kinds = {"value": plain, "half": plain, "change": signed, "mdc": plain}
    shown = table.assign(verdict=table["verdict"].map(say)).rename(columns=heads)
    config: Any = {heads[column]: kind for column, kind in kinds.items()}
    show_table(shown, config)
