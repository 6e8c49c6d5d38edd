"""Words that come from elsewhere, such as file names and errors, on a page."""

import re

import streamlit as st


def as_text(words: str) -> str:
    """``words`` that Streamlit shows as they are, whatever Markdown they look like."""
    return re.sub(r"([\\`*_\[\]$:~<>#|])", r"\\\1", words)


def show_error(sentence: object) -> None:
    """What went wrong and what to do, for example a HumanPoseError."""
    st.error(as_text(str(sentence)), icon=":material/error:")
