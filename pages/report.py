"""Report: the page to hand over, with what was counted put right first."""

import streamlit as st

from humanpose.ui import choice
from humanpose.ui.display import choose_names
from humanpose.ui.messages import as_text
from humanpose.ui.report import view as report_view
from humanpose.ui.report.earlier import choose_earlier
from humanpose.ui.report.remarks_form import remarks_form
from humanpose.words import say

entry, analysis = choice.require_analysis()

st.title(say("Report"), anchor=False)
st.caption(
    say(
        "{clip}: the page to hand over, and the details behind it. What you enter"
        " is kept with it.",
        clip=as_text(entry.about.label),
    )
)

left, right = st.columns([2, 3], gap="large")
with left:
    remarks, found = remarks_form(entry, analysis)
    before = choose_earlier(entry, remarks)
    clinical = choose_names()
    source, html = report_view.make_report(
        entry, analysis, remarks, found, before=before, clinical=clinical
    )
    report_view.save_buttons(entry, source, html)
with right:
    report_view.preview(html)
