"""Words that come from elsewhere, such as file names and errors, on a page."""

import re

import streamlit as st

from humanpose.runtime.words import harmless_text

_NO_LINK = "\u2060"
"""Word joiner, which nobody sees: what it parts is no address."""


def as_text(words: str) -> str:
    """``words`` that Streamlit shows as they are, whatever Markdown they look like; addresses
    of the web and of mail are no links."""
    harmless = harmless_text(words, most=len(words), keep="\n")
    parted = re.sub(r"(?i)(www|@)(?=[.\w])|(?<=:)(?=//)", rf"\g<0>{_NO_LINK}", harmless)
    return re.sub(r"([\\`*_\[\]$:~<>#|&])", r"\\\1", parted)


def show_error(sentence: object) -> None:
    """What went wrong and what to do, for example a HumanPoseError."""
    st.error(as_text(str(sentence)), icon=":material/error:")
