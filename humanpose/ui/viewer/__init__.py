"""The viewer: video, 3-D skeleton and angle curves with one cursor, all in the browser."""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
# One module for the browser; the entry point comes last.
_SCRIPTS = (
    "dom",
    "payload",
    "theme",
    "plotly",
    "video",
    "skeleton",
    "curves",
    "transport",
    "keys",
    "picker",
    "viewer",
)
_CSS = (_FOLDER / "viewer.css").read_text(encoding="utf-8")
_JS = "\n".join((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


def viewer(payload: bytes, *, token: str) -> None:
    """Show ``payload`` (see ``viewer.payload``).

    The frame lives in the browser: in the address as ``f=``, and for the time of the visit.
    Scrubbing never asks the server.
    """
    component = st.components.v2.component(  # again is free, and a new server needs it
        "humanpose_viewer",
        html='<div class="hp-viewer"></div>',
        css=_CSS,
        js=_JS,
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(key=f"viewer_{token}", data=payload, height="content")
