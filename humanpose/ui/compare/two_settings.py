"""Compare, one clip with two settings: the choices, kept in the address, and what they give."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.measures.comparison import (
    DISTINCT_STAGES,
    rmsd_matrix,
    told_apart,
    with_stages,
)
from humanpose.measures.takes import Take
from humanpose.sequence import JointAngles
from humanpose.server import recompute
from humanpose.server.entry import Entry
from humanpose.settings import Settings
from humanpose.ui import routes
from humanpose.ui.compare.pairs import Pair
from humanpose.ui.compare.recompute import recomputed
from humanpose.ui.fields import ask
from humanpose.ui.messages import show_error
from humanpose.ui.stages import STAGES, stage_toggles
from humanpose.ui.tables import shaded
from humanpose.ui.viewer.pair import Clip, Shown
from humanpose.words import joined, say

_IN_ADDRESS: dict[str, Any] = {"bind": "query-params", "persist_state": None}


def two_settings(entry: Entry, analysis: Analysis) -> tuple[Pair, Settings]:
    """The pair that the visitor chose, and A's settings; stops the page where there is none."""
    left, right = st.columns(2)
    with left:
        a = _choice("A", analysis.settings)
    with right:
        b = _choice("B", analysis.settings)
    with suppress(HumanPoseError):  # what is switched next begins with the same fits
        recompute.ask(entry, analysis.settings)
    st.caption(say("POF: part orientation fields, the learned 3-D. Raw: no learned stage."))
    _what_is_missing()
    names = told_apart(a, b)
    first, second = map(_take, recomputed(entry, analysis, (a, b)))
    clip = Clip(analysis, routes.clip_url(entry))
    return Pair(Shown(names[0], first), Shown(names[1], second), (clip,)), a


def stage_matrix(entry: Entry, analysis: Analysis, settings: Settings) -> None:
    """How far the five distinct settings of the stages are apart, once it is opened."""
    place = st.expander(
        say("All settings of the learned stages, each against each"), on_change="rerun"
    )
    if not place.open:
        return
    wanted = {name: with_stages(settings, name) for name in DISTINCT_STAGES}
    possible = {name: one for name, one in wanted.items() if not _lacks_a_model(one)}
    with place:
        takes = recomputed(entry, analysis, list(possible.values()))
        known = dict(zip(possible, takes, strict=True))
        estimates = {name: _angles(known.get(name)) for name in wanted}
        st.table(shaded(rmsd_matrix(estimates)))
        st.caption(
            say(
                "Mean RMSD over the angles that both know, with A's smoothing. A setting whose"
                " model is missing stays empty."
            )
        )


def _take(found: Take | HumanPoseError) -> Take:
    """Stops the page with the sentence where there is none."""
    if isinstance(found, Take):
        return found
    show_error(found)
    st.stop()


def _lacks_a_model(settings: Settings) -> bool:
    return any(stage.missing and getattr(settings, stage.field) for stage in STAGES)


def _angles(take: Take | HumanPoseError | None) -> JointAngles | None:
    return take.angles if isinstance(take, Take) else None


def _choice(name: Literal["A", "B"], base: Settings) -> Settings:
    """At first A is raw, and B what was analysed, or POF where that is raw, too."""
    own = [stage.field for stage in STAGES if getattr(base, stage.field)] or ["pof"]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{name}**", width="content")
        places = [st.container(width="content") for _ in STAGES]
        stages = stage_toggles(
            places, on_at_first=own if name == "B" else (), prefix=f"{name}_"
        )
        with st.popover(say("Smoothing"), key=f"{name}_more"):
            kind = ask("filter", value=base.filter, key=f"{name}_filter", **_IN_ADDRESS)
            cutoff_hz = ask(
                "cutoff_hz", value=base.cutoff_hz, key=f"{name}_cutoff", **_IN_ADDRESS
            )
    smoothed = replace(base, filter=kind, cutoff_hz=cutoff_hz, main_refiner=False)
    return replace(smoothed, **stages)  # type: ignore[arg-type]


def _what_is_missing() -> None:
    missing = [stage for stage in STAGES if stage.missing]
    if missing:
        names = joined((stage.short for stage in missing), ", ")
        st.caption(
            say(
                "{names}: not available, this installation lacks {file}.",
                names=names,
                file=missing[0].missing,
            )
        )
