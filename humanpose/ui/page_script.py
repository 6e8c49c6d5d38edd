"""What the browser does on every page: commas in numbers, and where Back leads."""

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_name("page.js")


def run_page_script() -> None:
    """Once a page; takes no room on it."""
    component = st.components.v2.component("humanpose_page", js=_SCRIPT.read_text("utf-8"))
    with st.container(key="page_script"):  # hidden by page.css
        component(key="page")
