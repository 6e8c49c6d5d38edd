"""The settings form: every option of the command line, the rare ones folded away."""

from typing import Any

import streamlit as st

from humanpose.detection.pointing import Point
from humanpose.errors import SettingsError
from humanpose.settings import AUGMENTERS, FILTERS, MOST_CYCLES, Settings
from humanpose.ui.messages import show_error
from humanpose.ui.stages import MAIN, STAGES, stage_toggles, why_missing

RECOMMENDED: frozenset[str] = frozenset({"pof"})
"""The learned stages that are on at first: those that beat MediaPipe's 3-D on every set."""

FILTER_WORDS = {
    "butterworth": "Butterworth",
    "one_euro": "One-euro",
    "gaussian": "Gaussian",
    "median": "Median",
    "none": "None",
}
_AUGMENTER_WORDS = {"regression": "Built-in", "lstm": "OpenCap's LSTM"}


def settings_form(
    *, duration_s: float | None, person_at: Point | None = None
) -> Settings | None:
    """The chosen settings; None while they are not complete or contradict each other.

    Args:
        duration_s: of the clip, where known; bounds the times that can be chosen.
        person_at: who was chosen in the picture, instead of by a number.
    """
    person = _person() | _learned()
    with st.expander("More options"):
        options = (
            _part(duration_s) | _scene() | _cleaning() | _smoothing(duration_s) | _markers()
        )
    if person_at is not None:
        options |= {"person": Settings.person, "person_at": person_at}
    if person["height_m"] is None and not st.session_state["height_unknown"]:
        return None
    try:
        return Settings(**person, **options)
    except SettingsError as error:
        show_error(error)
        return None


def _person() -> dict[str, Any]:
    height, mass = st.columns(2)
    unknown = st.session_state.get("height_unknown", False)  # drawn below, where it belongs
    given = height.number_input(
        "Height (m)",
        **_number("height_m", 0.5, 2.5, 0.01, digits=2),
        placeholder="e.g. 1.75",
        disabled=unknown,
        help="Standing height. It sets the scale of everything measured in metres.",
    )
    height.checkbox(
        "I don't know the height",
        key="height_unknown",
        persist_state="session",
        help="Angles and times do without it. Lengths are then relative, in body heights.",
    )
    return {
        "height_m": None if unknown else given,
        "mass_kg": mass.number_input(
            "Mass (kg)",
            **_number("mass_kg", 10.0, 300.0, 1.0, digits=1),
            placeholder="optional",
            help="When empty, 22 kg/m² × height² is assumed.",
        ),
    }


def _learned() -> dict[str, Any]:
    places = [st.container(gap=None) for _ in STAGES]
    chosen = stage_toggles(places, on_at_first=RECOMMENDED)
    for stage, place in zip(STAGES, places, strict=True):
        if stage.missing:
            place.caption(why_missing(stage))
        elif chosen[MAIN.field] and stage != MAIN:
            place.caption("On, because MainRefiner needs it.")
        else:
            place.caption(stage.help)
    return dict(chosen)


def _part(duration_s: float | None) -> dict[str, Any]:
    start, end, longest = st.columns(3)
    return {
        "start_s": start.number_input(
            "Start (s)",
            **_number("start_s", 0.0, duration_s, 0.1, value=Settings.start_s),
            help="Analyse from this time of the clip.",
        ),
        "end_s": end.number_input(
            "End (s)",
            **_number("end_s", 0.0, duration_s, 0.1),
            placeholder="to the end",
            help="Analyse up to this time of the clip.",
        ),
        "max_minutes": longest.number_input(
            "Longest (min)",
            **_number("max_minutes", 0.1, 1440.0, 1.0, value=Settings.max_minutes),
            help="Refuse a longer part than this: a guard against hours of waiting.",
        ),
    }


def _scene() -> dict[str, Any]:
    who, rate, view = st.columns(3)
    return {
        "person": who.number_input(
            "Person",
            min_value=1,
            max_value=20,
            value=Settings.person,
            key="person",
            persist_state="session",
            help="With several people in view: 1 is the largest at the start, 2 the next, …"
            " Who is chosen in the picture goes before.",
        ),
        "fps": rate.number_input(
            "True frames/s",
            **_number("fps", 1.0, 10_000.0, 1.0),
            placeholder="as in the clip",
            help="For slow motion: how fast it was filmed, e.g. 240. Changes time only.",
        ),
        "fov_deg": view.number_input(
            "Field of view (°)",
            **_number("fov_deg", 10.0, 150.0, 1.0),
            placeholder="from the clip",
            help="Across the longer side of the picture. When not known, 60° is assumed.",
        ),
    }


def _cleaning() -> dict[str, Any]:
    seen, gap, _ = st.columns(3)
    return {
        "visibility_min": seen.number_input(
            "Least visibility",
            **_number(
                "visibility_min", 0.0, 1.0, 0.05, value=Settings.visibility_min, digits=2
            ),
            help="Body points that the detector sees less well than this count as missing.",
        ),
        "max_gap_s": gap.number_input(
            "Longest gap (s)",
            **_number("max_gap_s", 0.0, 60.0, 0.05, value=Settings.max_gap_s, digits=2),
            help="Shorter gaps are filled in between their ends; longer ones stay empty.",
        ),
    }


def _smoothing(duration_s: float | None) -> dict[str, Any]:
    kind, cutoff, neutral = st.columns(3)
    return {
        "filter": kind.selectbox(
            "Smoothing",
            FILTERS,
            format_func=FILTER_WORDS.__getitem__,
            key="filter",
            persist_state="session",
            help="How the 3-D positions are smoothed. Butterworth is the field's standard.",
        ),
        "cutoff_hz": cutoff.number_input(
            "Cut-off (Hz)",
            **_number("cutoff_hz", 0.1, 100.0, 0.5, value=Settings.cutoff_hz),
            help="Faster movement than this is taken for noise. 6 Hz suits walking.",
        ),
        "neutral_at_s": neutral.number_input(
            "Neutral pose at (s)",
            **_number("neutral_at_s", 0.0, duration_s, 0.1),
            placeholder="not used",
            help="Count every angle from the pose at this time. Empty: absolute angles.",
        ),
    }


def _markers() -> dict[str, Any]:
    cycles, augmenter, missing = st.columns(3)
    return {
        "estimate_missing": missing.toggle(
            "Estimate lost markers",
            key="estimate_missing",
            persist_state="session",
            help="Where a body point was lost, estimate it from the frames around, the body's"
            " proportions and its other side. Estimates are drawn faint.",
        ),
        "force_complete": missing.toggle(
            "Complete augmented markers",
            key="force_complete",
            persist_state="session",
            help="Put augmented markers that are missing where they belong on their segment.",
        ),
        "augmentation_cycles": cycles.number_input(
            "Marker augmentation",
            min_value=0,
            max_value=MOST_CYCLES,
            value=Settings.augmentation_cycles,
            key="augmentation_cycles",
            persist_state="session",
            help="Adds the 43 anatomical markers of OpenCap's set: 0 none, 1 once; more is the"
            " mean of so many runs, which matters to the LSTM only.",
        ),
        "augmenter": augmenter.selectbox(
            "Augmenter",
            AUGMENTERS,
            format_func=_AUGMENTER_WORDS.__getitem__,
            key="augmenter",
            persist_state="session",
            help="What places them. OpenCap's LSTM needs requirements-augment.txt.",
        ),
    }


def _number(
    key: str,
    low: float,
    high: float | None,
    step: float,
    *,
    value: float | None = None,
    digits: int = 1,
) -> dict[str, Any]:
    """What all number fields share; they keep their value when the visitor changes pages."""
    return {
        "min_value": low,
        "max_value": high,
        "step": step,
        "value": value,
        "format": f"%.{digits}f",
        "key": key,
        "persist_state": "session",
    }
