"""Words that come from elsewhere, such as file names and errors, on a page."""

import re

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.runtime.words import harmless_text
from humanpose.words import spoken
from humanpose.words.again import retold

_NO_LINK = "\u2060"
"""Word joiner, which nobody sees: what it parts is no address."""


def as_text(words: str) -> str:
    """What Streamlit shows as ``words``, whatever Markdown they look like, in the reader's
    language where they are ``Words``; addresses of the web and of mail are no links."""
    words = spoken(words)
    harmless = harmless_text(words, keep="\n")
    parted = re.sub(r"(?i)(www|@)(?=[.\w])|(?<=:)(?=//)", rf"\g<0>{_NO_LINK}", harmless)
    return re.sub(r"([\\`*_\[\]$:~<>#|&])", r"\\\1", parted)


def show_error(sentence: object) -> None:
    """What went wrong and what to do, for example a HumanPoseError."""
    st.error(as_text(said(sentence)), icon=":material/error:")


def said(error: object) -> str:
    """The sentence of a HumanPoseError, or one, in the reader's language."""
    words = error.args[0] if isinstance(error, HumanPoseError) and error.args else error
    return retold(str(words))
