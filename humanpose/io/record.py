"""``analysis.json``: what was analysed, how, with which versions and how well."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from humanpose.analysis import Analysis
from humanpose.io import schema
from humanpose.lengths import RELATIVE

FILE_NAME = "analysis.json"
CHECKPOINT_SUFFIX = ".pth"
"""What the names of the model files in ``Analysis.provenance`` end in."""


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


def read_record(stream: TextIO, *, of: str = "this analysis") -> dict[str, Any]:
    """The record by name; ``null`` among the figures is NaN again.

    Args:
        of: what it belongs to, for a sentence.

    Raises:
        NewerAnalysisError: it is of a later schema.
        ValueError: it is not JSON.
    """
    record = schema.migrated(json.load(stream), schema.RECORD, of=of)
    for figures in ("seconds", "quality"):
        record[figures] = {
            name: math.nan if value is None else float(value)
            for name, value in record[figures].items()
        }
    return record


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }
