"""The same clip gives the same numbers: as when they were stored, and with any thread count."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.assets import SAMPLE
from humanpose.sequence import Floats
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


def arrays_with(threads: int, out: Path) -> dict[str, Floats]:
    """The sample's first half second, analysed by a process with so many threads."""
    command = [sys.executable, "-m", "humanpose", "analyze", str(SAMPLE), "--end", "0.5"]
    command += ["--height", str(SAMPLE_HEIGHT_M), "--raw", "--out", str(out)]
    own = {"HUMANPOSE_CACHE": str(out / "cache"), "PYTHONPATH": str(SAMPLE.parents[2])}
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    subprocess.run(command, env=os.environ | own | counts, check=True, capture_output=True)
    with np.load(out / "sample" / "analysis.npz") as arrays:
        return {name: arrays[name] for name in LIMITS}


def test_numbers_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    one, two = (arrays_with(n, tmp_path / str(n)) for n in (1, 2))
    for name, limit in LIMITS.items():
        np.testing.assert_allclose(one[name], two[name], atol=limit)
