"""The movement of a finished analysis with other settings; Cancel where that takes long."""

import time
from collections.abc import Sequence

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.measures.comparison import with_stages
from humanpose.measures.takes import Take, take_of
from humanpose.server.entry import Entry
from humanpose.server.helpers import Asked, wait_for
from humanpose.server.recompute import ask, take_in
from humanpose.settings import Settings

_SAY_AFTER_S = 1.0
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
        st.info("Cancelled; other settings can be chosen above.", icon=":material/cancel:")
        st.button("Compute it after all", on_click=_forget_cancelled)
        st.stop()
    found = [_known(analysis, one) or _asked(entry, one) for one in wanted]
    _wait([one for one in found if isinstance(one, Asked)], cancelled)
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


def _wait(questions: list[Asked], cancelled: object) -> None:
    place, start_s = st.empty(), time.monotonic()
    bar: st.delta_generator.DeltaGenerator | None = None

    def meanwhile() -> None:
        nonlocal bar
        if bar is None and time.monotonic() - start_s > _SAY_AFTER_S:
            with place.container(horizontal=True, vertical_alignment="center"):
                bar = st.empty()
                st.button("Cancel", on_click=_cancel, args=(questions, cancelled))
        if bar is not None:  # a click is heard here
            bar.progress(*_progress(questions))

    wait_for(questions, meanwhile)
    place.empty()


def _progress(questions: list[Asked]) -> tuple[float, str]:
    left = [one for one in questions if not one.done()]
    doing = next((one.doing for one in left if one.doing), "Waiting for a computation before")
    return 1 - len(left) / len(questions), f"{doing} …"


def _cancel(questions: list[Asked], cancelled: object) -> None:
    for one in questions:
        one.cancel()
    st.session_state[_CANCELLED] = cancelled


def _forget_cancelled() -> None:
    del st.session_state[_CANCELLED]
