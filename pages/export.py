"""Export: the files of an analysis, all together or one by one."""

import streamlit as st

from humanpose.ui import choice
from humanpose.ui.export import downloads
from humanpose.ui.export.everything import everything
from humanpose.ui.export.link import link
from humanpose.ui.export.video import video
from humanpose.ui.messages import as_text

entry, analysis = choice.require_analysis()

st.title("Export", anchor=False)
st.caption(f"{as_text(entry.label)}: degrees with OpenSim's names and signs, and metres.")

left, right = st.columns(2, gap="large")
with left:
    everything(entry)
    st.subheader("Spreadsheets", anchor=False)
    downloads.tables(entry, analysis)
    st.subheader("Pictures", anchor=False)
    downloads.pictures(analysis)
    video(entry)
    downloads.neutral(entry, analysis)
with right:
    downloads.share(entry)
    link(entry)
    st.subheader("OpenSim and motion laboratories", anchor=False)
    downloads.motion(entry, analysis)
    st.subheader("For programs", anchor=False)
    downloads.programs(entry)
