"""The record of an analysis."""

import io
import json

import numpy as np
import pytest

from humanpose.io import record
from tests.support.synthetic import synthetic_analysis
from tests.support.text import written


def test_the_record_is_strict_json_and_comes_back() -> None:
    analysis = synthetic_analysis(4, clip_name='a "ü" 最.mp4')
    text = written(lambda s: record.write_record(analysis, s))
    strict = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert strict["quality"] == {"detected_share": 1.0, "drift_m": None}
    assert strict["checkpoint_sha256"] == {"best_pof_model.pth": "ab" * 32}
    assert strict["versions"] == {"humanpose": "0.1.0"}
    assert strict["image_size"] == [640, 480]
    back = record.read_record(io.StringIO(text))
    assert back["clip"] == analysis.clip_name
    assert np.isnan(back["quality"]["drift_m"])
