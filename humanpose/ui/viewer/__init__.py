"""The viewer: video, 3-D skeleton and angle curves with one cursor, all in the browser."""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
# One module for the browser; the entry point comes last.
_SCRIPTS = (
    *("dom", "payload", "theme", "plotly", "markup"),
    *("cameras", "view_bar", "timeline", "loop", "time_window", "thin", "help"),
    *("video", "clock", "skeleton", "flat_skeleton", "curves"),
    *("transport", "keys", "picker", "viewer"),
    *("pair_scene", "pair_curves", "pair_viewer"),
    "entry",
)
_CSS = (_FOLDER / "viewer.css").read_text(encoding="utf-8")
_JS = "\n".join((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)


def viewer(payload: bytes, *, token: str) -> None:
    """Show one analysis: ``payload.viewer_payload``.

    The frame lives in the browser: in the address as ``f=``, and for the time of the visit.
    Scrubbing never asks the server.
    """
    _show("humanpose_viewer", "hp-viewer", payload, key=f"viewer_{token}")


def pair_viewer(payload: bytes, *, with_video: bool) -> None:
    """Show A against B: ``pair.pair_payload``; otherwise as ``viewer``."""
    if with_video:
        _show("humanpose_pair", "hp-viewer hp-pair", payload, key="pair")
    else:
        _show("humanpose_takes", "hp-viewer hp-pair hp-silent", payload, key="takes")


def _show(name: str, classes: str, payload: bytes, *, key: str) -> None:
    component = st.components.v2.component(  # again is free, and a new server needs it
        name,
        html=f'<div class="{classes}"></div>',
        css=_CSS,
        js=_JS,
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(key=key, data=payload, height="content")
