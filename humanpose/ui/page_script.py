"""What the browser does on every page: commas in numbers, where Back leads, Plotly ahead."""

from pathlib import Path

import streamlit as st

from humanpose.ui.routes import PLOTLY_URL

_FOLDER = Path(__file__).parent
_SCRIPT = "\n".join(
    (_FOLDER / name).read_text("utf-8") for name in ("viewer/plotly.js", "page.js")
)


def run_page_script() -> None:
    """Once a page; takes no room on it."""
    component = st.components.v2.component("humanpose_page", js=_SCRIPT)
    with st.container(key="page_script"):  # hidden by page.css
        component(key="page", data={"plotlyUrl": PLOTLY_URL})
