"""The viewer: video, 3-D skeleton and angle curves with one cursor, all in the browser."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from humanpose.ui.language import visitors_language
from humanpose.ui.signs import sign_drawings
from humanpose.ui.viewer import frames
from humanpose.ui.viewer.frames import Payload
from humanpose.words import say_in

_FOLDER = Path(__file__).parent
# One module for the browser; the entry point comes last.
_SCRIPTS = (
    *("dom", "payload", "theme", "plotly", "markup"),
    *("cameras", "view_bar", "timeline", "address", "loop", "time_window", "lines", "help"),
    *("quantities", "choice_menu"),
    *(
        "video",
        "measure",
        "clock",
        "solid",
        "skeleton",
        "flat_skeleton",
        "curves",
        "values",
        "marks",
        "save",
    ),
    *("transport", "keys", "signs", "picker", "viewer"),
    *("pair_scene", "pair_curves", "take_videos", "pair_viewer"),
    "entry",
)
_TAKES = "humanpose_takes"
_CSS = (_FOLDER / "viewer.css").read_text(encoding="utf-8")
_JS = "\n".join((_FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
SAID = frozenset(re.findall(r'\bsay\("([^"]+)"', _JS))
"""What the scripts say, in English."""


@cache
def _script(language: str) -> str:
    """In the browser the words are constants before all else."""
    given = {
        "LANGUAGE": language,
        "WORDS": {words: say_in(language, words) for words in sorted(SAID)},
        "SIGN_DRAWINGS": sign_drawings(),
    }
    constants = [f"const {name} = {json.dumps(value)};" for name, value in given.items()]
    return "\n".join([*constants, _JS])


def viewer(payload: Payload, *, token: str, told: Mapping[str, Callable[[Any], None]]) -> None:
    """Show one analysis: ``payload.viewer_payload``.

    ``told`` is called with what the browser says, which may be anything: ``neutral`` is the
    frame that somebody wants angles to be counted from, ``mark`` an event to be added or taken
    away.

    The frame, the loop and the zoom live in the browser: in the address, and for the time of
    the visit. Scrubbing never runs the page again; frames of a long clip are asked for as they
    are needed, and the page runs again where the server has forgotten them.
    """
    key = f"viewer_{token}"

    def heard(name: str) -> None:
        if (said := st.session_state[key].get(name)) is not None:
            told[name](said)

    callbacks = {f"on_{name}_change": partial(heard, name) for name in told}
    _show("humanpose_viewer", "hp-viewer", payload, key=key, **callbacks)


def pair_viewer(payload: Payload, *, of_one_clip: bool) -> None:
    """Show A against B: ``pair.pair_payload``; otherwise as ``viewer``."""
    if of_one_clip:
        _show("humanpose_pair", "hp-viewer hp-pair", payload, key="pair")
    else:
        _show(_TAKES, "hp-viewer hp-pair hp-takes", payload, key="takes")


def _show(name: str, classes: str, payload: Payload, *, key: str, **callbacks: Any) -> None:
    if payload.rest is not None:
        of = ("a", "b") if name == _TAKES else ("a",)
        frames.offer(payload.rest, tuple(st.query_params.get(one, "") for one in of))
    language = visitors_language()
    component = st.components.v2.component(  # again is free, and a new server needs it
        f"{name}_{language}",
        html=f'<div class="{classes}"></div>',
        css=_CSS,
        js=_script(language),
        isolate_styles=False,  # Plotly puts its styles into the document's head
    )
    component(
        key=key,
        data=payload.first,
        height="content",
        on_lost_change=lambda: None,  # that the page runs is all it takes
        **callbacks,
    )
