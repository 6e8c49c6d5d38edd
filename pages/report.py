"""Report: one page to print or keep, with what was counted put right first."""

import streamlit as st

from humanpose.ui import choice
from humanpose.ui.display import choose_names
from humanpose.ui.messages import as_text
from humanpose.ui.report import view as report_view
from humanpose.ui.report.remarks_form import remarks_form

entry, analysis = choice.require_analysis()

st.title("Report", anchor=False)
st.caption(
    f"{as_text(entry.label)}: one page to print or keep. What you enter is kept with it."
)

left, right = st.columns([2, 3], gap="large")
with left:
    remarks, found = remarks_form(entry, analysis)
    clinical = choose_names()
    html, sides_csv = report_view.make_report(
        entry, analysis, remarks, found, clinical=clinical
    )
    report_view.save_buttons(entry, html, sides_csv)
with right:
    report_view.preview(html)
