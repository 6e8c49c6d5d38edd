"""The movement of a finished analysis with other settings; Cancel where that takes long."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.measures.comparison import with_stages
from humanpose.measures.takes import Take, take_of
from humanpose.server.entry import Entry
from humanpose.server.helpers import Asked
from humanpose.server.recompute import ask, take_in
from humanpose.settings import Settings
from humanpose.ui.waiting import waited
from humanpose.words import say

_CANCELLED = "recompute_cancelled"


def recomputed(
    entry: Entry, analysis: Analysis, wanted: Sequence[Settings]
) -> list[Take | HumanPoseError]:
    """``analysis`` as it would have come out with each of ``wanted``, from the same detection,
    or why not. Its own settings, and those without learned stages, are in it already.

    Stops the page where the visitor cancelled it.
    """
    cancelled = (entry.token, tuple(wanted))
    if st.session_state.get(_CANCELLED) == cancelled:
        st.info(say("Cancelled; other settings can be chosen above."), icon=":material/cancel:")
        st.button(say("Compute it after all"), on_click=_forget_cancelled)
        st.stop()
    found = [_known(analysis, one) or _asked(entry, one) for one in wanted]
    asked = [one for one in found if isinstance(one, Asked)]
    waited(asked, on_cancel=partial(_note_cancelled, cancelled))
    return [_taken(one, analysis) if isinstance(one, Asked) else one for one in found]


def _known(analysis: Analysis, settings: Settings) -> Take | None:
    if settings == analysis.settings:
        return take_of(analysis)
    if settings == with_stages(analysis.settings, "raw"):
        return Take(analysis.markers_raw, analysis.joint_angles_raw)
    return None


def _asked(entry: Entry, settings: Settings) -> Asked | HumanPoseError:
    try:
        return ask(entry, settings)
    except HumanPoseError as error:
        return error


def _taken(asked: Asked, analysis: Analysis) -> Take | HumanPoseError:
    try:
        return take_in(asked.result(), analysis.timeline)
    except HumanPoseError as error:
        return error


def _note_cancelled(cancelled: object) -> None:
    st.session_state[_CANCELLED] = cancelled


def _forget_cancelled() -> None:
    del st.session_state[_CANCELLED]
