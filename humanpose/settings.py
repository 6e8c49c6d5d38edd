"""Settings: one small frozen value that is the command line, the form and the cache key."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from humanpose.errors import SettingsError

Filter = Literal["butterworth", "one_euro", "gaussian", "median", "none"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
Augmenter = Literal["regression", "lstm"]
AUGMENTERS: tuple[Augmenter, ...] = get_args(Augmenter)
MOST_CYCLES = 1000
ASSUMED_HEIGHT_M = 1.7
"""Of an adult; where the height is not known, lengths come out as of such a person."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that can be chosen about one analysis. Raises SettingsError out of range."""

    height_m: float | None
    """The person's height, 0.5-2.5 m; sets the metric scale. None: lengths are relative."""
    mass_kg: float | None = None
    """The person's mass, 10-300 kg; None assumes 22 kg/m² × height²."""

    pof: bool = False
    """Lift to 3-D with part orientation fields instead of MediaPipe's own 3-D."""
    joint_refinement: bool = False
    """Correct the joint angles with the joint refiner."""
    main_refiner: bool = False
    """Fuse all estimates with MainRefiner; implies the two others."""
    pof_model_path: str = "checkpoints/best_pof_model.pth"
    joint_model_path: str = "checkpoints/best_joint_model.pth"
    main_refiner_path: str = "checkpoints/best_main_refiner.pth"

    estimate_missing: bool = False
    """Estimate markers that were lost from the rest of the clip and of the body."""
    force_complete: bool = False
    """Put augmented markers that are missing where they belong on their segment."""
    augmentation_cycles: int = 1
    """Runs of the marker augmenter that are averaged; 0: no augmented markers."""
    augmenter: Augmenter = "regression"
    """Where the 43 augmented markers come from: the built-in regression, or OpenCap's LSTM."""

    start_s: float = 0.0
    """Analyse from this clip time, s."""
    end_s: float | None = None
    """Analyse up to this clip time, s; None: to the end."""
    fps: float | None = None
    """True capture rate of slow motion, frames/s; relabels time only. None: as in the clip."""
    max_minutes: float = 10.0
    """Refuse a longer range than this, min."""
    person: int = 1
    """Who to follow when there are several: 1 the largest at the start, 2 the next, …"""
    person_at: tuple[float, float] | None = None
    """Follow who is here at the start instead: fractions of the picture's width and height."""

    fov_deg: float | None = None
    """Field of view across the longer image side, deg; None: the clip's metadata, else 60."""
    visibility_min: float = 0.3
    """Landmarks less visible than this are guesses: bridged if they can be, inferred if not."""
    max_gap_s: float = 0.25
    """Longest gap that is interpolated, s."""
    filter: Filter = "butterworth"
    """Smoothing of the 3-D positions, without lag."""
    cutoff_hz: float = 6.0
    """-3 dB point of the smoothing, Hz."""
    neutral_at_s: float | None = None
    """Subtract the pose at this clip time from every angle, s; None: absolute angles."""

    def __post_init__(self) -> None:
        _check("height", self.height_m, 0.5, 2.5, "m; give it in metres, e.g. 1.78")
        _check("mass", self.mass_kg, 10, 300, "kg")
        _check("augmentation-cycles", self.augmentation_cycles, 0, MOST_CYCLES, "(0: none)")
        _check("start", self.start_s, 0, math.inf, "s")
        _check("end", self.end_s, 0, math.inf, "s")
        _check("fps", self.fps, 1, 10_000, "frames/s")
        _check("max-minutes", self.max_minutes, 0.01, 24 * 60, "min")
        _check("person", self.person, 1, 20, "(1 is the largest)")
        _check("fov", self.fov_deg, 10, 150, "degrees")
        _check("visibility-min", self.visibility_min, 0, 1, "")
        _check("max-gap", self.max_gap_s, 0, 60, "s")
        _check("cutoff-hz", self.cutoff_hz, 0.1, 100, "Hz")
        _check("neutral-at", self.neutral_at_s, 0, math.inf, "s")
        if self.person_at is not None:
            object.__setattr__(self, "person_at", _point(self.person_at))
            if self.person != 1:
                raise SettingsError("person and person-at choose twice; give one of them")
        if self.end_s is not None and self.end_s <= self.start_s:
            raise SettingsError(
                f"end ({self.end_s} s) must come after start ({self.start_s} s)"
            )
        _check_choice("filter", self.filter, FILTERS)
        _check_choice("augmenter", self.augmenter, AUGMENTERS)
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


def _check(name: str, value: float | None, low: float, high: float, unit: str) -> None:
    if value is None:
        return
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not low <= value <= high
    ):
        limits = f"at least {low}" if math.isinf(high) else f"{low}-{high}"
        raise SettingsError(f"{name} must be {limits} {unit}".rstrip() + f", not {value!r}")


def _point(value: object) -> tuple[float, float]:
    """Two fractions, also as the list that JSON makes of them."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise SettingsError(f"person-at must be two numbers such as 0.25,0.5, not {value!r}")
    for fraction in value:
        _check("person-at", fraction, 0, 1, "of the picture's width and height")
    return float(value[0]), float(value[1])


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
