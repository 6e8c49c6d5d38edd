"""``analysis.json``: what was analysed, how, with which versions and how well."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from humanpose.analysis import Analysis
from humanpose.io import schema
from humanpose.io.names import RECORD
from humanpose.lengths import RELATIVE
from humanpose.measures.recognise import NOT_RECOGNISED, recognise

CHECKPOINT_SUFFIX = ".pth"
"""What the names of the model files in ``Analysis.provenance`` end in."""
_LARGEST = 1e12
"""No figure, in whatever unit, is beyond."""
_MOST_PX = 1 << 16


def write_record(analysis: Analysis, stream: TextIO) -> None:
    """Write the record as strict JSON: a number that is not finite becomes ``null``."""
    made_with = analysis.provenance
    record = {
        "schema": schema.SCHEMA,
        "clip": analysis.clip_name,
        "image_size": list(analysis.landmarks.image_size),
        "frames": analysis.timeline.frames,
        "fps": analysis.timeline.fps,
        "start_s": analysis.timeline.start_s,
        "settings": _finite(asdict(analysis.settings)),
        "movement": _movement(analysis),
        "lengths": RELATIVE if analysis.settings.lengths_are_relative else "metric",
        "versions": {k: v for k, v in made_with.items() if not k.endswith(CHECKPOINT_SUFFIX)},
        "checkpoint_sha256": {
            k: v for k, v in made_with.items() if k.endswith(CHECKPOINT_SUFFIX)
        },
        "seconds": _finite(analysis.seconds),
        "quality": _finite(analysis.quality),
        "warnings": list(analysis.warnings),
    }
    json.dump(record, stream, indent=2, allow_nan=False)
    stream.write("\n")


def _movement(analysis: Analysis) -> str:
    """What the person does, by a preset's name; empty where it is not recognised."""
    preset = recognise(analysis).preset
    return "" if preset == NOT_RECOGNISED else preset


def movement_of(folder: Path) -> str:
    """A preset's name: what the person does, as it was recognised when this was saved."""
    with (folder / RECORD).open(encoding="utf-8") as stream:
        return str(read_record(stream)["movement"]) or NOT_RECOGNISED


def read_record(stream: TextIO, *, of: str = "this analysis") -> dict[str, Any]:
    """The record by name, of today's names only; ``null`` among the figures is NaN again.

    Args:
        of: what it belongs to, for a sentence.

    Raises:
        NewerAnalysisError: it is of a later schema.
        ValueError: it is not JSON, or a value is not of its kind.
    """
    record = schema.migrated(json.load(stream), schema.RECORD, of=of)
    return {name: read(record[name]) for name, read in _READERS.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected words, got {value!r}")
    return value


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("expected a list of words")
    return [_text(one) for one in value]


def _texts_by_name(value: Any) -> dict[str, str]:
    return {name: _text(one) for name, one in _by_name(value).items()}


def _figures(value: Any) -> dict[str, float]:
    return {name: _figure(one) for name, one in _by_name(value).items()}


def _figure(value: Any) -> float:
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {value!r}")
    if not abs(value) <= _LARGEST:
        raise ValueError("a number beyond all figures")
    return float(value)


def _size(value: Any) -> tuple[int, int]:
    width, height = value
    if not (type(width) is type(height) is int and 0 < min(value) <= max(value) <= _MOST_PX):
        raise ValueError("expected a width and a height in pixels")
    return width, height


def _by_name(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected names and values")
    return value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "clip": _text,
    "movement": _text,
    "image_size": _size,
    "settings": _by_name,
    "versions": _texts_by_name,
    "checkpoint_sha256": _texts_by_name,
    "seconds": _figures,
    "quality": _figures,
    "warnings": _texts,
}
"""What is read of a record, each value by the reader of its kind; all else is dropped."""


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }
