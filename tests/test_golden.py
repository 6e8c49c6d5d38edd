"""The same clip gives the same numbers: as when they were stored, and with any thread count."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.assets import SAMPLE
from tests.conftest import SAMPLE_HEIGHT_M
from tests.golden import STORED, numbers_of

SAME_ANGLE_DEG, SAME_PLACE_M = 0.5, 0.001
LIMITS = {
    "angles": SAME_ANGLE_DEG,
    "joints_camera": SAME_PLACE_M,
    "joints_world": SAME_PLACE_M,
}


@pytest.mark.parametrize("name", LIMITS)
def test_the_sample_s_numbers_are_those_that_were_stored(sample: Analysis, name: str) -> None:
    """If they are meant to change: ``python -m tests.golden``, and say so in the changelog."""
    with np.load(STORED) as stored:
        now = numbers_of(sample)[name]
        np.testing.assert_array_equal(np.isnan(now), np.isnan(stored[name]))
        assert np.nanmax(np.abs(now - stored[name])) <= LIMITS[name]


def files_with(threads: int, out: Path) -> dict[str, bytes]:
    """By their names, of the sample's first second, analysed by a process with so many threads;
    of the record all but how long it took."""
    command = [sys.executable, "-m", "humanpose", "analyze", str(SAMPLE), "--end", "1"]
    command += ["--height", str(SAMPLE_HEIGHT_M), "--main-refiner", "--out", str(out)]
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    own = {"PYTHONPATH": str(SAMPLE.parents[2])}
    subprocess.run(command, env=os.environ | own | counts, check=True, capture_output=True)
    files = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    record = json.loads(files["analysis.json"])
    return files | {"analysis.json": json.dumps(record | {"seconds": {}}).encode()}


def test_every_file_is_the_same_with_any_number_of_threads(tmp_path: Path) -> None:
    one, two = (files_with(n, tmp_path / str(n)) for n in (1, 2))
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
