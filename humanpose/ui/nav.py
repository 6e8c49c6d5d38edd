"""The pages, and links between them."""

from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from humanpose.assets import INSTALLATION
from humanpose.server.entry import Entry
from humanpose.words import say, to_say

_FOLDER = INSTALLATION / "pages"
_TITLES = {
    "analyse": to_say("Analyse"),
    "people": to_say("People"),
    "batch": to_say("Batch"),
    "explore": to_say("Explore"),
    "compare": to_say("Compare"),
    "report": to_say("Report"),
    "quality": to_say("Quality"),
    "models": to_say("Models"),
    "export": to_say("Export"),
}


def pages() -> list[StreamlitPage]:
    """Every page of the app; the first opens at the root address."""
    return [
        st.Page(_FOLDER / f"{name}.py", title=say(title), default=name == "analyse")
        for name, title in _TITLES.items()
    ]


def go_to(page: str) -> NoReturn:
    """Leave this page for another."""
    st.switch_page(_FOLDER / f"{page}.py")


def link(page: str, label: str, entry: Entry | None = None, **query: str) -> None:
    """A link to a page, for one analysis if given, and with more for its address."""
    query = ({"a": entry.about.link} if entry else {}) | query
    st.page_link(_FOLDER / f"{page}.py", label=label, query_params=query)


def main_link(page: str, label: str, entry: Entry | None = None) -> None:
    """The next step: a link that looks like the page's main button. One a page."""
    with st.container(key="main_link"):  # its name is what page.css goes by
        link(page, label, entry)
