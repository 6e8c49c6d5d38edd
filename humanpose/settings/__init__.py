"""What can be chosen about an analysis: each setting once, with name, unit, range and words.

The command line, the app's fields, a batch's columns, errors and JSON records are made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import NoneType
from typing import Annotated, Any, Literal, TypedDict, get_args, get_type_hints

from humanpose.errors import SettingsError
from humanpose.settings.options import (
    Choice,
    ModelFile,
    Number,
    NumberOrWord,
    Option,
    Point,
    Switch,
)
from humanpose.words import to_say

Filter = Literal["butterworth", "one_euro", "gaussian", "median", "none"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
Augmenter = Literal["body", "lstm"]
Auto = Literal["auto"]
ASSUMED_HEIGHT_M = 1.7
"""Of an adult; where the height is not known, lengths come out as of such a person."""

LONGEST_S = 24 * 3600.0
"""No clip has a time beyond."""

_PERSON, _DETECTION, _STAGES = "Person", "Detection", "Learned stages"
_CLIP = "Time, people and camera"
_CLEANING, _MARKERS = "Cleaning and smoothing", "Markers"


class Stages(TypedDict):
    """Which learned stages are on."""

    pof: bool
    joint_refinement: bool
    main_refiner: bool


RAW = Stages(pof=False, joint_refinement=False, main_refiner=False)
"""No learned stage: ``Settings(height_m=1.78, **RAW)``."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be chosen about one analysis. Raises SettingsError out of range.

    What is not said is as recommended: the learned stages with the least error on clips with
    marker truth are on.
    """

    # fmt: off
    height_m: Annotated[float | None, Number(
        "height", unit="m", low=0.5, high=2.5, step=0.01, group=_PERSON, flags=("--height",),
        advice="; give it in metres, e.g. 1.78",
        help="Standing height. It sets the scale of all lengths; without it they are relative,"
        " in body heights.",
    )]
    mass_kg: Annotated[float | None, Number(
        "mass", unit="kg", low=10, high=300, step=1, group=_PERSON,
        flags=("--mass", "--weight"), default_words="22 kg/m² × height²", help="Body mass.",
    )] = None

    pof: Annotated[bool, Switch(
        "learned 3-D (POF)", group=_STAGES, flags=("--pof", "--camera-pof"),
        help="Part orientation fields (POF): estimates limb directions in 3-D and shows how"
        " certain each angle is.",
    )] = True
    joint_refinement: Annotated[bool, Switch(
        "joint refinement", group=_STAGES,
        help="Corrects every angle from all the others over time.",
    )] = True
    main_refiner: Annotated[bool, Switch(
        "MainRefiner", group=_STAGES,
        help="Combines all methods, joint by joint, and switches the two others on. Its errors"
        " are about those of the better of the two.",
    )] = False
    pof_model_path: Annotated[str, ModelFile(
        "model file of POF", group=_STAGES, help="Model file of POF.",
    )] = "checkpoints/best_pof_model.pth"
    joint_model_path: Annotated[str, ModelFile(
        "model file of joint refinement", group=_STAGES, help="Model file of joint refinement.",
    )] = "checkpoints/best_joint_model.pth"
    main_refiner_path: Annotated[str, ModelFile(
        "model file of MainRefiner", group=_STAGES, help="Model file of MainRefiner.",
    )] = "checkpoints/best_main_refiner.pth"

    accurate: Annotated[bool, Switch(
        "accurate detection", group=_DETECTION,
        help="Looks for body points in the mirror image of every frame, too, and takes the"
        " mean of both. Detection takes almost twice as long.",
    )] = False
    every_frame: Annotated[bool, Switch(
        "look at every frame", group=_DETECTION,
        help="Looks for body points in every frame. Otherwise 12 to 30 times a second, up to 60"
        " where something moves fast, and in between they are interpolated.",
    )] = False

    estimate_missing: Annotated[bool, Switch(
        "estimate lost markers", group=_MARKERS,
        help="Where a body point was lost, takes it from the fitted body, and bridges gaps of"
        " up to a second. Estimates are drawn faint.",
    )] = False
    force_complete: Annotated[bool, Switch(
        "complete augmented markers", group=_MARKERS,
        help="Puts augmented markers that are missing where they belong on their segment.",
    )] = False
    augmentation_cycles: Annotated[int, Number(
        "marker augmentation", low=0, high=1000, step=1, group=_MARKERS, whole=True,
        advice=" (0: none)",
        help="Adds the 43 anatomical markers of OpenCap's set: 0 none, 1 once; more is the"
        " mean of so many runs, which matters to the LSTM only.",
    )] = 1
    augmenter: Annotated[Augmenter, Choice(
        "augmenter", group=_MARKERS, words={"body": "Fitted body", "lstm": "OpenCap's LSTM"},
        help="Places the augmented markers. OpenCap's LSTM needs requirements-augment.txt.",
    )] = "body"

    start_s: Annotated[float, Number(
        "start", unit="s", low=0, high=LONGEST_S, step=0.1, group=_CLIP, flags=("--start",),
        help="Analyses from this time of the clip.",
    )] = 0.0
    end_s: Annotated[float | None, Number(
        "end", unit="s", low=0, high=LONGEST_S, step=0.1, group=_CLIP, flags=("--end",),
        default_words="to the end", help="Analyses up to this time of the clip.",
    )] = None
    fps: Annotated[float | None, Number(
        "capture rate", unit="frames/s", low=1, high=10_000, step=1, group=_CLIP,
        default_words="as in the clip",
        help="For slow motion: how fast it was filmed, e.g. 240. Changes time only.",
    )] = None
    max_minutes: Annotated[float, Number(
        "longest part", unit="min", low=0.01, high=24 * 60, step=1, group=_CLIP,
        help="Refuses a longer part than this: a guard against hours of waiting.",
    )] = 10.0
    person: Annotated[int, Number(
        "person", low=1, high=20, step=1, group=_CLIP, whole=True,
        advice=" (1 is the largest)",
        help="With several people in view: 1 is the largest at the start, 2 the next, …"
        " In the app a click on a person overrides this.",
    )] = 1
    person_at: Annotated[tuple[float, float] | None, Point(
        "place of the person", group=_CLIP, default_words="by number",
        help="Follows who is here at the start: fractions of the picture's width and height,"
        " e.g. 0.25,0.5.",
    )] = None

    fov_deg: Annotated[float | None, Number(
        "field of view", unit="°", low=10, high=150, step=1, group=_CLIP, flags=("--fov",),
        default_words="from the clip",
        help="Field of view across the longer side of the picture. When the clip does not tell"
        " either, 60° is assumed.",
    )] = None
    visibility_min: Annotated[float, Number(
        "least visibility", low=0, high=1, step=0.05, group=_CLEANING,
        help="Body points that the detector sees less well than this count as missing.",
    )] = 0.3
    max_gap_s: Annotated[float, Number(
        "longest gap", unit="s", low=0, high=60, step=0.05, group=_CLEANING,
        help="Shorter gaps are filled in between their ends; longer ones stay empty.",
    )] = 0.25
    filter: Annotated[Filter, Choice(
        "smoothing", group=_CLEANING,
        words={
            "butterworth": "Butterworth", "one_euro": "One-euro", "gaussian": "Gaussian",
            "median": "Median", "none": "None",
        },
        help="How the 3-D positions are smoothed, without lag. Butterworth is the field's"
        " standard.",
    )] = "butterworth"
    cutoff_hz: Annotated[float, Number(
        "cut-off", unit="Hz", low=0.1, high=100, step=0.5, group=_CLEANING,
        help="Faster movement than this is taken for noise (−3 dB). 6 Hz suits walking.",
    )] = 6.0
    neutral_at_s: Annotated[float | Auto | None, NumberOrWord(
        "time of the neutral pose", unit="s", low=0, high=LONGEST_S, step=0.1, group=_CLIP,
        flags=("--neutral-at",), default_words="absolute angles", word="auto",
        word_help="Stillest upright pose",
        help="Counts every angle from the pose at this time of the clip; auto takes the"
        " moment at which the person stands upright and most still.",
    )] = None
    # fmt: on

    def __post_init__(self) -> None:
        for name, option in OPTIONS.items():
            value = getattr(self, name)
            if value is not None or name not in _OPTIONAL:
                option.check(value)
        if self.person_at is not None:
            x, y = self.person_at  # also of the list that JSON makes of it
            object.__setattr__(self, "person_at", (float(x), float(y)))
            if self.person != 1:
                raise SettingsError(
                    f"{OPTIONS['person'].name} and {OPTIONS['person_at'].name} choose twice;"
                    " give one of them"
                )
        if self.end_s is not None and self.end_s <= self.start_s:
            raise SettingsError(
                to_say(
                    "end ({end} s) must come after start ({start} s)",
                    end=self.end_s,
                    start=self.start_s,
                )
            )
        if self.main_refiner:
            object.__setattr__(self, "pof", True)
            object.__setattr__(self, "joint_refinement", True)

    @property
    def effective_height_m(self) -> float:
        """``height_m``, or what everything is computed with where that is not known."""
        return ASSUMED_HEIGHT_M if self.height_m is None else self.height_m

    @property
    def lengths_are_relative(self) -> bool:
        """Whether no length of the analysis is to be read as metres."""
        return self.height_m is None

    @property
    def effective_mass_kg(self) -> float:
        """``mass_kg``, or 22 kg/m² × height²."""
        return self.mass_kg if self.mass_kg is not None else 22.0 * self.effective_height_m**2


def _option(field: str, declared: Option) -> Option:
    return replace(
        declared, field=field, flags=declared.flags or ("--" + field.replace("_", "-"),)
    )


_HINTS = get_type_hints(Settings, include_extras=True)
OPTIONS: Mapping[str, Option] = {
    field: _option(field, hint.__metadata__[0]) for field, hint in _HINTS.items()
}
"""Field of ``Settings`` → how it is asked for."""
_OPTIONAL = frozenset(
    field for field, hint in _HINTS.items() if NoneType in get_args(hint.__origin__)
)


def travelled(settings: Settings) -> Settings:
    """Settings from another installation as far as they are taken over: no path of theirs is
    kept, and of a later kind of option nothing that doesn't say it may travel."""
    kept = {field for field, option in OPTIONS.items() if option.travels}
    return Settings(**{field: getattr(settings, field) for field in kept})


def chosen_settings(chosen: Mapping[str, Any]) -> Settings:
    """Of what somebody chose, by field; all else is as by default.

    Raises:
        SettingsError: out of range, or MainRefiner without a stage that it needs.
    """
    needed = [OPTIONS["pof"], OPTIONS["joint_refinement"]]
    if chosen.get("main_refiner") and any(chosen.get(o.field) is False for o in needed):
        raise SettingsError(
            f"{OPTIONS['main_refiner'].name} needs {' and '.join(o.name for o in needed)};"
            f" switch neither off, or leave {OPTIONS['main_refiner'].name} out"
        )
    return Settings(**{"height_m": None, **chosen})
