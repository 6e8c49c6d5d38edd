"""Batch: many clips at once, each with its person, and one table of all of them."""

import streamlit as st

from humanpose.ui.batch import form as batch_form
from humanpose.ui.batch import panel as batch_panel
from humanpose.ui.batch.whose import choose_filing, filed
from humanpose.words import say, say_number

st.title(say("Batch"), anchor=False)
st.caption(say("Many clips, one after the other, with one table of all of them at the end."))

clips = batch_form.choose_clips()
if clips:
    table = batch_form.people_table(clips)
    filing = choose_filing()
    keeps_clips = not st.toggle(
        say("Don't keep the videos"),
        help=say("They are deleted as soon as the batch has ended."),
    )
    height_unknown = st.checkbox(
        say("I don't know the height where none is given"),
        help=say("Angles and times do without it. Lengths are then relative, in body heights."),
    )
    start, again, _ = st.columns([2, 1, 4])
    if start.button(
        say_number("Analyse {n} clip", "Analyse {n} clips", len(clips)),
        type="primary",
        width="stretch",
    ):
        items = batch_form.items_of(clips, table, height_needed=not height_unknown)
        if items and batch_panel.start_batch(filed(items, filing), keeps_clips=keeps_clips):
            batch_form.start_over()
            st.rerun()
    again.button(say("Start over"), on_click=batch_form.start_over, width="stretch")

batch_panel.offer_undo()
batch = batch_panel.choose_batch()
if batch:
    st.divider()
    batch_panel.batch_panel(batch)
