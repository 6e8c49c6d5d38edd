"""Waiting for what is computed beside the server: what it does, how far it is, and Cancel."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from humanpose.server.helpers import Asked, wait_for
from humanpose.words import say, to_say

_SAY_AFTER_S = 1.0
_WAITING = to_say("Waiting for a computation before")


def waited(
    questions: Sequence[Asked], *, on_cancel: Callable[[], object] = lambda: None
) -> None:
    """Until all are answered; where that takes long, a bar and a button say so.

    Args:
        on_cancel: called after the visitor has cancelled them, when the page is drawn anew.
    """
    place, start_s = st.empty(), time.monotonic()
    bar: st.delta_generator.DeltaGenerator | None = None

    def meanwhile() -> None:
        nonlocal bar
        if bar is None and time.monotonic() - start_s > _SAY_AFTER_S:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.empty()
                st.button(say("Cancel"), on_click=_cancel, args=(questions, on_cancel))
        if bar is not None:  # a click is heard here
            bar.progress(*_progress(questions))

    wait_for(questions, meanwhile)
    place.empty()


def _progress(questions: Sequence[Asked]) -> tuple[float, str]:
    left = [one for one in questions if not one.done()]
    shares = sum(one.share for one in left)
    doing = next((one.doing for one in left if one.doing), _WAITING)
    return 1 - (len(left) - shares) / len(questions), f"{say(doing)} …"


def _cancel(questions: Sequence[Asked], on_cancel: Callable[[], object]) -> None:
    for one in questions:
        one.cancel()
    on_cancel()
