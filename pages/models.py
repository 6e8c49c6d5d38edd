"""Models: the learned stages of this installation, and what was measured of them."""

import streamlit as st

from humanpose.learned.model_cards import model_cards
from humanpose.ui import choice
from humanpose.ui.models.view import model_view
from humanpose.words import say

analysis = choice.finished_analysis()

st.title(say("Models"), anchor=False)
st.caption(
    say(
        "The learned stages: each was trained on some people and measured on others. Model"
        " files are compared with the SHA-256 that their card states."
    )
)
for card in model_cards():
    model_view(card, analysis)
