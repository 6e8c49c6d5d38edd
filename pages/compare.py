"""Compare: one clip with two settings, or two analyses, side by side and angle by angle."""

import streamlit as st

from humanpose.measures.comparison import TOLERANCE_DEG
from humanpose.ui import choice
from humanpose.ui.compare.pairs import show_figures, show_pair
from humanpose.ui.compare.two_settings import stage_matrix, two_settings
from humanpose.ui.compare.two_takes import two_takes
from humanpose.ui.display import choose_names
from humanpose.ui.language import own_words_in_address
from humanpose.ui.messages import as_text
from humanpose.words import say, to_say

TOLERANCE_HELP = to_say(
    "How far B may be from A. In gait analysis, up to 5° is commonly accepted"
    " (McGinley et al. 2009)."
)
SETTINGS, TAKES = to_say("Two settings"), to_say("Two analyses")

entry, analysis = choice.require_analysis()

title, kind, names, word, limit = st.columns([5, 6, 4, 3, 3], vertical_alignment="center")
title.markdown(f"**{as_text(entry.about.label)}**")
own_words_in_address("of", (SETTINGS, TAKES))
chosen = kind.segmented_control(
    say("What to compare"),
    (say(SETTINGS), say(TAKES)),
    default=say(SETTINGS),
    required=True,
    key="of",
    bind="query-params",
    label_visibility="collapsed",
)
with names:
    clinical = choose_names()
tolerance = say("Tolerance (± °)")
word.markdown(f":small[{tolerance}]", help=say(TOLERANCE_HELP), text_alignment="right")
tolerance_deg = limit.number_input(
    tolerance,
    0.5,
    45.0,
    TOLERANCE_DEG,
    0.5,
    format="%.1f",
    key="tolerance",
    bind="query-params",
    label_visibility="collapsed",
)

settings_a = None
if chosen == say(SETTINGS):
    pair, settings_a = two_settings(entry, analysis)
else:
    pair = two_takes(entry, analysis)
show_pair(pair, tolerance_deg=tolerance_deg, clinical=clinical)

st.subheader(say("How far B is from A"), anchor=False)
show_figures(pair, tolerance_deg=tolerance_deg, clinical=clinical)
if settings_a is not None:
    stage_matrix(entry, analysis, settings_a)
