"""The report as somebody sees it in the app: made, kept for printing, shown, saved."""

from dataclasses import replace
from typing import Any

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import OutputError
from humanpose.measures.cycles import Found
from humanpose.measures.presets import PRESETS
from humanpose.quality.checks import checks
from humanpose.report.key_frames import key_frames, moments
from humanpose.report.page import Earlier, ReportSource, report_html
from humanpose.report.pdf import report_pdf
from humanpose.report.remarks import Remarks
from humanpose.runtime.cells import csv_of
from humanpose.runtime.replace import replaced_file
from humanpose.server.entry import Entry
from humanpose.server.person import Person
from humanpose.server.targets import targets_of
from humanpose.ui.clip_facts import pictures_of
from humanpose.ui.messages import show_error
from humanpose.ui.report.remarks_form import person_of
from humanpose.ui.routes import report_url
from humanpose.ui.visitor import may_change
from humanpose.words import language, say

_PREVIEW_PX = 900


def make_report(
    entry: Entry,
    analysis: Analysis,
    remarks: Remarks,
    found: Found[Any],
    *,
    before: Earlier | None,
    clinical: bool,
) -> tuple[ReportSource, str]:
    """What goes into the report, and the report as HTML."""
    turn = PRESETS[remarks.preset].phases.turn
    person = person_of(entry)
    pictured = moments(found.items, analysis.timeline, turn=turn, marks=remarks.marks)
    source = ReportSource(
        analysis=analysis,
        remarks=replace(
            remarks,
            person=remarks.person or (person.called if person else ""),
            filmed=remarks.filmed or entry.about.session,
        ),
        items=found.items,
        reason=found.reason,
        checks=checks(analysis, preset=remarks.preset, items=found.items),
        key_frames=pictures_of(entry, pictured) or key_frames(None, analysis, pictured),
        label=entry.about.label,
        analysed_at=entry.about.created,
        clinical=clinical,
        before=before,
        language=language(),
        targets=targets_of(person or Person(entry.about.owner), remarks.preset),
    )
    with st.spinner(say("Drawing …")):
        return source, report_html(source)


def save_buttons(entry: Entry, source: ReportSource, html: str) -> None:
    """Save it as a PDF or as a page, or open it alone in order to print it; its table of sides
    for a spreadsheet."""
    try:
        if may_change(entry):
            with replaced_file(entry.report) as draft:
                draft.write_text(html, encoding="utf-8")
    except OutputError:
        show_error(say("The report cannot be kept for printing: free space, and open it anew."))
    st.download_button(
        say("Save as PDF"),
        lambda: report_pdf(source),  # made when it is clicked
        file_name=f"{entry.result.name}_report.pdf",
        mime="application/pdf",
        on_click="ignore",
        type="primary",
        width="stretch",
        help=say("The page to hand over, and the details behind it."),
    )
    save, show = st.columns(2)
    save.download_button(
        say("Save as HTML"),
        html,
        file_name=f"{entry.result.name}_report.html",
        mime="text/html",
        on_click="ignore",
        width="stretch",
        help=say("One file with everything inside; it opens without a network."),
    )
    show.link_button(
        say("Open to print"),
        report_url(entry),
        width="stretch",
        help=say("Opens the report alone; the browser prints it."),
    )
    _tables(entry, source)


def _tables(entry: Entry, source: ReportSource) -> None:
    """For a spreadsheet."""
    numbers, sides = st.columns(2)
    numbers.download_button(
        say("Numbers as CSV"),
        source.numbers_csv,
        file_name=f"{entry.result.name}_numbers.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
        help=say("The numbers that matter for this movement, each with its band."),
    )
    sides.download_button(
        say("Sides as CSV"),
        csv_of(source.sides, float_format="%.3f"),
        file_name=f"{entry.result.name}_sides.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
        help=say(
            "Right against left: the difference, what it would have to exceed (MDC), and the"
            " verdict."
        ),
    )


def preview(html: str) -> None:
    """The report as it will be printed. It holds no script, and its policy allows none."""
    with st.container(border=True):
        st.iframe(html, height=_PREVIEW_PX)
