"""How angles are named on the pages: one choice for all of them, kept while somebody visits."""

import streamlit as st

_KEY = "clinical_names"


def choose_names() -> bool:
    """A switch; True for clinical words and signs, False for the contract's columns."""
    return st.toggle(
        "Clinical names",
        value=True,
        key=_KEY,
        persist_state="session",
        help="On: “Knee flexion, right”, anterior tilt positive. Off: names and signs of the"
        " files, which are OpenSim's.",
    )
