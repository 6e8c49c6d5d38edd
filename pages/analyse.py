"""Analyse: choose a clip, say who is in it, run."""

import streamlit as st

from humanpose.ui import session
from humanpose.ui.analyse import clip_choice
from humanpose.ui.analyse.form import settings_form
from humanpose.ui.analyse.guide import filming_guide
from humanpose.ui.analyse.job_panel import job_panel
from humanpose.ui.analyse.recent import recent_analyses
from humanpose.ui.analyse.whom import choose_person
from humanpose.ui.display import choose_preset
from humanpose.ui.people.whose import choose_whose, filing
from humanpose.words import say

st.title(say("Joint angles from one video"), anchor=False)
st.caption(
    say(
        "Film one person, get a 3-D skeleton and the joint angles over time. "
        "Everything is computed on this computer; nothing is sent anywhere."
    )
)

current = session.current_entry()
busy = current is not None and session.jobs().state(current).active

guide = st.empty()  # always there: else all below moves and is drawn twice meanwhile
if current is None and "clip" not in st.session_state:
    with guide.container():
        filming_guide()

left, right = st.columns(2, gap="large")
with left:
    st.subheader(say("1 · Clip"), anchor=False)
    clip = clip_choice.choose_clip()
    start = st.container()  # above the fold, however long the form beside it is
    start_s = st.session_state.get("start_s", 0.0)
    person_at = choose_person(clip, start_s=start_s) if clip else None
with right:
    st.subheader(say("2 · Person"), anchor=False)
    whose = choose_whose(clip)
    settings = settings_form(
        duration_s=clip.info.duration_s if clip else None, person_at=person_at
    )
    preset = choose_preset()
    keeps_clip = not st.toggle(
        say("Don't keep the video"),
        key="unkept",
        help=say("It is deleted as soon as the analysis has ended; skeleton and curves stay."),
    )
with start:
    ready = clip is not None and settings is not None and not busy
    run = st.button(
        say("Analyse"),
        type="primary",
        width="stretch",
        disabled=not ready,
        help=None
        if ready or busy
        else say("Choose a clip and give the height, or say that you don't know it."),
    )
    if run and clip and settings:
        note = filing(whose, settings)
        clip_choice.analyse(clip, settings, preset=preset, keeps_clip=keeps_clip, note=note)
    if current is not None:
        job_panel(current)

recent_analyses()
if ready or current is None:
    session.jobs().be_ready()
