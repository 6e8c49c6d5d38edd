"""Export: the files of an analysis, all together or one by one."""

import streamlit as st

from humanpose.ui import choice
from humanpose.ui.export import downloads
from humanpose.ui.export.everything import everything
from humanpose.ui.export.link import link
from humanpose.ui.export.video import video
from humanpose.ui.messages import as_text
from humanpose.words import say

entry, analysis = choice.require_analysis()

st.title(say("Export"), anchor=False)
st.caption(
    say(
        "{clip}: degrees with OpenSim's names and signs, and metres.",
        clip=as_text(entry.about.label),
    )
)

left, right = st.columns(2, gap="large")
with left:
    everything(entry)
    st.subheader(say("Spreadsheets"), anchor=False)
    downloads.tables(entry, analysis)
    st.subheader(say("Pictures"), anchor=False)
    downloads.pictures(analysis)
    video(entry)
    downloads.neutral(entry, analysis)
with right:
    downloads.share(entry)
    link(entry)
    st.subheader(say("OpenSim and motion laboratories"), anchor=False)
    downloads.motion(entry, analysis)
    st.subheader(say("For programs"), anchor=False)
    downloads.programs(entry)
