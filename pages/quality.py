"""Quality: what to believe of this clip, and what to do better next time."""

import streamlit as st

from humanpose.quality.angle_trust import errors_note
from humanpose.quality.checks import checks
from humanpose.ui import choice
from humanpose.ui.display import choose_names
from humanpose.ui.messages import as_text
from humanpose.ui.quality import view as quality_view
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.words import say
from humanpose.words.again import retold

entry, analysis = choice.require_analysis()

st.title(say("Quality"), anchor=False)
st.caption(
    say(
        "{clip}: what to believe of it, and what to do better next time.",
        clip=as_text(entry.about.label),
    )
)

remarks = remarks_of(entry)
chosen = remarks.corrected.get(remarks.preset)
quality_view.check_cards(checks(analysis, preset=remarks.preset, items=chosen))
for warning in analysis.warnings:
    st.markdown(f":orange[:material/info:] :small[{as_text(retold(warning))}]")

title, switch = st.columns([4, 1], vertical_alignment="bottom")
title.subheader(say("How far each angle is to be trusted"), anchor=False)
with switch:
    clinical = choose_names()
quality_view.trust_frame(analysis, clinical=clinical)
st.caption(
    say(
        "Typical errors are mean errors on rendered people who were held out from all"
        " training, for the views of this clip; people filmed in loose clothes or bad light"
        " are worse. 5° is what marker-based gait analysis takes for usual (McGinley et al."
        " 2009). Untested: those people hardly move in that direction. Absent: nothing that"
        " one camera sees carries the angle."
    )
)
if note := errors_note(analysis.settings):
    st.caption(say(note))

st.subheader(say("Joints"), anchor=False)
st.plotly_chart(quality_view.visibility_map(analysis), width="stretch")
joints, bones = st.columns([3, 2], gap="large")
with joints:
    quality_view.joint_frame(analysis)
with bones:
    quality_view.bone_frame(analysis)
    st.caption(quality_view.repairs(analysis))
