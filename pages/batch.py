"""Batch: many clips at once, each with its person, and one table of all of them."""

import streamlit as st

from humanpose.server import batches
from humanpose.ui.batch import form as batch_form
from humanpose.ui.batch import panel as batch_panel

st.title("Batch", anchor=False)
st.caption("Many clips, one after the other, with one table of all of them at the end.")

clips = batch_form.choose_clips()
if clips:
    table = batch_form.people_table(clips)
    keeps_clips = not st.toggle(
        "Don't keep the videos", help="They are deleted as soon as the batch has ended."
    )
    height_unknown = st.checkbox(
        "I don't know the height where none is given",
        help="Angles and times do without it. Lengths are then relative, in body heights.",
    )
    start, again, _ = st.columns([2, 1, 4])
    if start.button(f"Analyse {batches.count(clips)}", type="primary", width="stretch"):
        items = batch_form.items_of(clips, table, height_needed=not height_unknown)
        if items and batch_panel.start_batch(items, keeps_clips=keeps_clips):
            batch_form.start_over()
            st.rerun()
    again.button("Start over", on_click=batch_form.start_over, width="stretch")

batch_panel.offer_undo()
batch = batch_panel.choose_batch()
if batch:
    st.divider()
    batch_panel.batch_panel(batch)
