"""Explore: video, 3-D skeleton and angle curves under one cursor, and the range of motion."""

import streamlit as st

from humanpose.lengths import height_words
from humanpose.measures.comparison import describe_stages, stages_of
from humanpose.measures.neutral import neutral_sentence
from humanpose.server import receiver, recompute
from humanpose.ui import choice, session
from humanpose.ui.display import choose_names
from humanpose.ui.explore.changed import what_changed
from humanpose.ui.explore.marks import change_marks
from humanpose.ui.explore.neutral import choose_neutral, use_as_neutral
from humanpose.ui.messages import as_text
from humanpose.ui.tables import in_own_words, range_of_motion, show_table
from humanpose.ui.viewer import viewer
from humanpose.words import say, to_say
from humanpose.words.again import retold

entry, analysis = choice.require_analysis()

recompute.be_ready()  # for Compare
receiver.be_ready()  # for the pictures of Report
timeline = analysis.timeline
facts = (
    to_say("{seconds:.1f} s", seconds=timeline.frames / timeline.fps),
    to_say("{count} frames", count=timeline.frames),
    to_say("{fps:.4g} frames/s", fps=timeline.fps),
    height_words(analysis.settings),
    describe_stages(analysis.settings),
)
st.markdown(f"**{as_text(entry.about.label)}** &ensp; :small[{' · '.join(map(say, facts))}]")
for warning in analysis.warnings:
    st.markdown(f":orange[:material/info:] :small[{as_text(retold(warning))}]")

names, neutral = st.columns([1, 4], vertical_alignment="center")
with names:
    clinical = choose_names()
with neutral:
    shown = choose_neutral(entry, analysis)
viewer(
    session.payload(entry, shown, clinical=clinical),
    token=entry.token,
    told={
        "neutral": lambda frame: use_as_neutral(entry, analysis, frame),
        "mark": lambda said: change_marks(entry, analysis, said),
    },
)

if stages_of(analysis.settings) != "raw":
    what_changed(analysis)

st.subheader(say("Range of motion"), anchor=False)
degrees = st.column_config.NumberColumn(format="%.1f°")
show_table(
    in_own_words(range_of_motion(shown, clinical=clinical)),
    {
        say("Min"): degrees,
        say("Max"): degrees,
        say("Range"): degrees,
        say("Range ±"): degrees,
        say("Column"): say("In the files"),
        say("Confidence"): st.column_config.ProgressColumn(
            format="%.2f", min_value=0, max_value=1
        ),
    },
)
st.caption(
    say(
        "Positive is the direction that the movement names. Range ± is the standard error of"
        " the range in this view: sides or clips differ only beyond 2.8 times that."
        " Confidence is the mean over the clip: 0.5 and more is measured, less is inferred, 0"
        " cannot be told from one camera."
    )
)
if subtracted := neutral_sentence(shown):
    st.caption(say("Here {sentence}.", sentence=subtracted))
