"""The toggles of the three learned stages; one whose model is missing says so and stays off."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import streamlit as st

from humanpose.assets import ASSETS
from humanpose.nets.places import find_checkpoint
from humanpose.settings import OPTIONS, Settings
from humanpose.words import say, to_say


@dataclass(frozen=True)
class Stage:
    """A learned stage as a visitor meets it."""

    field: str
    """Its name in ``Settings``."""
    short: str
    """A label where space is scarce."""
    gain: str
    """What it brings, measured (``GAIN_SOURCE``)."""
    models: tuple[str, ...]
    """Every model file that it needs."""

    @property
    def label(self) -> str:
        return say(OPTIONS[self.field].title)

    @property
    def help(self) -> str:
        return say(OPTIONS[self.field].help)

    @property
    def missing(self) -> str | None:
        """The first of its model files that this installation lacks."""
        lacking = (path for path in self.models if not find_checkpoint(path).is_file())
        return next(lacking, None)


_POF, _JOINT = Settings.pof_model_path, Settings.joint_model_path
_MEASURED = json.loads((ASSETS / "stage_errors.json").read_text(encoding="utf-8"))
_ERROR_DEG: dict[str, float] = _MEASURED["mean_absolute_error_deg"]
GAIN_SOURCE = to_say(
    "Mean error of 21 angles of {people} people, each filmed by one phone,"
    " against marker motion capture.",
    people=_MEASURED["people"],
)
"""``stage_errors.json`` is what the command in it printed; see *How accurate* in the docs."""


def _gain(before: str, after: str) -> str:
    return to_say(
        "Error {before:.1f} → {after:.1f}°",
        before=_ERROR_DEG[before],
        after=_ERROR_DEG[after],
    )


MAIN = Stage(
    "main_refiner",
    "MainRefiner",
    _gain("pof-joint", "main"),
    (_POF, _JOINT, Settings.main_refiner_path),
)
STAGES = (
    Stage("pof", "POF", _gain("raw", "pof"), (_POF,)),
    Stage("joint_refinement", to_say("Joint refinement"), _gain("pof", "pof-joint"), (_JOINT,)),
    MAIN,
)


RECOMMENDED = frozenset(stage.field for stage in STAGES if getattr(Settings, stage.field))
"""The learned stages that are on at first."""


def stage_toggles(
    places: Sequence[st.delta_generator.DeltaGenerator],
    *,
    on_at_first: Collection[str],
    prefix: str = "",
) -> dict[str, bool]:
    """One toggle in each place, in the order of ``STAGES``; which stages are to run.

    Args:
        on_at_first: fields of the stages that start switched on, if their models are there.
        prefix: for one of several sets on a page, of the widgets' keys. Such a set has short
            labels, and is kept in the page's address instead of for the visit.
    """
    chosen: dict[str, bool] = {}
    for stage, place in reversed(list(zip(STAGES, places, strict=True))):  # MainRefiner first
        label, key = say(stage.short) if prefix else stage.label, prefix + stage.field
        if stage.missing:
            place.toggle(label, key=f"{key}_missing", disabled=True, help=stage.help)
            chosen[stage.field] = False
        elif chosen.get(MAIN.field):
            chosen[stage.field] = place.toggle(
                label, value=True, key=f"{key}_implied", disabled=True, help=stage.help
            )
        else:
            chosen[stage.field] = place.toggle(
                label,
                value=stage.field in on_at_first,
                key=key,
                bind="query-params" if prefix else None,
                persist_state="session",
                help=stage.help,
            )
    return chosen


def why_missing(stage: Stage) -> str:
    """A sentence on a stage that cannot be switched on."""
    return say("Not available: this installation lacks {missing}.", missing=stage.missing)
