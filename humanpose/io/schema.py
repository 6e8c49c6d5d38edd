"""The form of saved analyses has a number, and one of an earlier form becomes one of today's.

``analysis.npz``, ``analysis.json``, ``.humanpose`` and the settings that the app keeps carry it
as ``schema``. What carries none is of schema 0.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from humanpose.errors import NewerAnalysisError
from humanpose.settings import Settings
from humanpose.words import to_say

SCHEMA = 5
"""Goes up when an array or a setting is added or dropped, or its meaning changes."""

Values = Mapping[str, Any]
Steps = Mapping[int, Callable[[Values], Values]]
"""Schema → what makes values of that schema values of the next."""


def migrated(saved: Any, steps: Steps, *, of: str) -> dict[str, Any]:
    """Saved values in today's form, without the number.

    Args:
        of: what they belong to, for the sentence.

    Raises:
        NewerAnalysisError: they are of a later schema.
        ValueError: they are no mapping, or their number is none.
    """
    for earlier in range(require_readable(saved, of=of), SCHEMA):
        saved = steps[earlier](saved)
    return {name: value for name, value in saved.items() if name != "schema"}


def require_readable(saved: Any, *, of: str) -> int:
    """The schema of saved values; raises as ``migrated`` does."""
    if not isinstance(saved, Mapping):
        raise ValueError("expected names and values")
    schema = np.asarray(saved.get("schema", 0))
    if schema.shape or schema.dtype.kind not in "iu" or schema < 0:
        raise ValueError("expected a number from 0 on as schema")
    if schema > SCHEMA:
        raise NewerAnalysisError(
            to_say(
                "{of} was written by a newer humanpose (schema {schema}; this installation"
                " reads up to {known}); update humanpose to open it",
                of=of,
                schema=schema,
                known=SCHEMA,
            )
        )
    return int(schema)


def settings_record(settings: Settings) -> dict[str, Any]:
    """Plain values for a JSON file of settings alone."""
    return {"schema": SCHEMA, **asdict(settings)}


def read_settings(saved: Any) -> Settings:
    """The settings in such a file.

    Raises:
        NewerAnalysisError: it is of a later schema.
    """
    return Settings(**migrated(saved, SETTINGS, of="this analysis"))


_BEFORE: Values = {
    "mass_kg": None, "pof": False, "joint_refinement": False, "main_refiner": False,
    "pof_model_path": "checkpoints/best_pof_model.pth",
    "joint_model_path": "checkpoints/best_joint_model.pth",
    "main_refiner_path": "checkpoints/best_main_refiner.pth",
    "estimate_missing": False, "force_complete": False,
    "augmentation_cycles": 0, "augmenter": "regression",
    "start_s": 0.0, "end_s": None, "fps": None, "max_minutes": 10.0,
    "person": 1, "person_at": None,
    "fov_deg": None, "visibility_min": 0.3, "max_gap_s": 0.25,
    "filter": "butterworth", "cutoff_hz": 6.0, "neutral_at_s": None,
}  # fmt: skip
"""Every setting of schema 1 but the height, as versions worked that didn't have it yet."""


def _settings_to_1(settings: Values) -> Values:
    known = settings.keys() & {"height_m", *_BEFORE}
    return {**_BEFORE, **{name: settings[name] for name in known}}


def _record_to_1(record: Values) -> Values:
    return {**record, "settings": _settings_to_1(record["settings"])}


def _arrays_to_1(arrays: Values) -> Values:
    nothing = np.empty((len(arrays["time"]), 0))
    return {"augmented_confidence": nothing, "marker_estimated": nothing, **arrays}


def _settings_to_2(settings: Values) -> Values:
    augmenter = {"regression": "body"}.get(settings["augmenter"], settings["augmenter"])
    return {**settings, "accurate": False, "augmenter": augmenter}


def _record_to_2(record: Values) -> Values:
    return {**record, "settings": _settings_to_2(record["settings"])}


def _arrays_to_3(arrays: Values) -> Values:
    return {**arrays, "background_edges": np.empty((0, 4))}


def _settings_to_4(settings: Values) -> Values:
    return {**settings, "every_frame": True}


def _record_to_4(record: Values) -> Values:
    return {**record, "settings": _settings_to_4(record["settings"])}


def _record_to_5(record: Values) -> Values:
    return {"movement": "", **record}


SETTINGS: Steps = {0: _settings_to_1, 1: _settings_to_2, 2: dict, 3: _settings_to_4, 4: dict}
RECORD: Steps = {0: _record_to_1, 1: _record_to_2, 2: dict, 3: _record_to_4, 4: _record_to_5}
ARRAYS: Steps = {0: _arrays_to_1, 1: dict, 2: _arrays_to_3, 3: dict, 4: dict}
