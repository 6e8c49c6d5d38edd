"""Export: the files of an analysis, all together or one by one."""

import streamlit as st

from humanpose.ui import downloads, session
from humanpose.ui.messages import as_text

entry, _ = session.require_analysis()

st.title("Export", anchor=False)
st.caption(f"{as_text(entry.label)}: degrees with OpenSim's names and signs, and metres.")

downloads.everything(entry)
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Spreadsheets", anchor=False)
    downloads.tables(entry)
with right:
    st.subheader("OpenSim", anchor=False)
    downloads.opensim(entry)
