"""The settings form: every option of an analysis, the rare ones folded away."""

from typing import Any

import streamlit as st

from humanpose.detection.pointing import Point
from humanpose.errors import SettingsError
from humanpose.settings import Settings
from humanpose.ui.fields import ask
from humanpose.ui.messages import show_error
from humanpose.ui.stages import (
    GAIN_SOURCE,
    MAIN,
    RECOMMENDED,
    STAGES,
    stage_toggles,
    why_missing,
)
from humanpose.words import say, spoken

_ROWS = (
    ("start_s", "end_s", "max_minutes"),
    ("person", "fps", "fov_deg"),
    ("visibility_min", "max_gap_s", "neutral_at_s"),
    ("filter", "cutoff_hz"),
    ("augmentation_cycles", "augmenter"),
    ("estimate_missing", "force_complete"),
)
"""Of the folded part, from left to right."""
_OF_THE_CLIP = ("start_s", "end_s", "neutral_at_s")


def settings_form(
    *, duration_s: float | None, person_at: Point | None = None
) -> Settings | None:
    """The chosen settings; None while they are not complete or contradict each other.

    Args:
        duration_s: of the clip, where known; bounds the times that can be chosen.
        person_at: who was chosen in the picture, instead of by a number.
    """
    chosen = _person() | _learned() | _detection()
    with st.expander(say("More options")):
        for row in _ROWS:
            for field, place in zip(row, st.columns(3), strict=False):
                bounds = {"max_value": duration_s} if field in _OF_THE_CLIP else {}
                with place:
                    chosen[field] = ask(field, **bounds)
    if person_at is not None:
        chosen |= {"person": Settings.person, "person_at": person_at}
    if chosen["height_m"] is None and not st.session_state["height_unknown"]:
        return None
    try:
        return Settings(**chosen)
    except SettingsError as error:
        show_error(error)
        return None


def _person() -> dict[str, Any]:
    left, right = st.columns(2)
    unknown = st.session_state.get("height_unknown", False)  # drawn below, where it belongs
    with left:
        height_m = ask(
            "height_m", placeholder=say("e.g. {height:.2f}", height=1.75), disabled=unknown
        )
        st.checkbox(
            say("I don't know the height"),
            key="height_unknown",
            persist_state="session",
            help=say(
                "Angles and times do without it. Lengths are then relative, in body heights."
            ),
        )
    with right:
        mass_kg = ask("mass_kg")
    return {"height_m": None if unknown else height_m, "mass_kg": mass_kg}


def _learned() -> dict[str, Any]:
    places = st.columns(len(STAGES))
    chosen = stage_toggles(places, on_at_first=RECOMMENDED)
    for stage, place in zip(STAGES, places, strict=True):
        if stage.missing:
            place.caption(why_missing(stage))
        elif chosen[MAIN.field] and stage != MAIN:
            place.caption(say("On, because MainRefiner needs it."))
        else:
            place.caption(spoken(stage.gain))
    st.caption(spoken(GAIN_SOURCE))
    return dict(chosen)


def _detection() -> dict[str, Any]:
    accurate = ask("accurate")
    st.caption(say("Hardly less error on filmed people; detection takes up to twice as long."))
    return {"accurate": accurate, "every_frame": ask("every_frame")}
