"""Events that somebody marks in Explore at the cursor, kept with the analysis."""

from dataclasses import replace
from typing import Any

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.report.remarks import MOST_MARKS, mark
from humanpose.server.entry import Entry
from humanpose.ui.report.remarks_form import keep_remarks, remarks_of
from humanpose.words import say


def change_marks(entry: Entry, analysis: Analysis, said: Any) -> None:
    """Add the event ``{"name", "frame"}`` or take away the ``{"place"}``-th, as a browser says
    it; without effect where that makes no sense."""
    remarks = remarks_of(entry)
    marks = list(remarks.marks)
    try:
        if "place" in said:
            del marks[range(len(marks))[int(said["place"])]]
        else:
            frame = range(analysis.timeline.frames)[int(said["frame"])]
            time_s = round(float(analysis.timeline.time_s[frame]), 6)
            marks.append(mark(str(said["name"]), time_s))
    except (LookupError, TypeError, ValueError):
        return
    if len(marks) > MOST_MARKS:
        st.toast(
            say(
                "There is room for {count} events; delete one first.",
                count=MOST_MARKS,
            )
        )
        return
    keep_remarks(entry, replace(remarks, marks=tuple(sorted(marks))))
