"""What an analysis must not hold."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from humanpose.runtime.memory import give_back

_IMPORTS = """
import sys
import humanpose.io.folder, humanpose.pipeline, humanpose.joint_refinement, humanpose.pof
sys.exit("pandas" in sys.modules)
"""


def test_an_analysis_loads_no_pandas() -> None:
    assert subprocess.run([sys.executable, "-c", _IMPORTS], check=False).returncode == 0


def test_what_is_freed_goes_back() -> None:
    before_mb = _resident_mb()
    kept = [np.ones(10_000) for _ in range(4000)]  # small enough for the heap: 320 MB
    last = kept.pop()
    kept.clear()
    give_back()
    assert _resident_mb() < before_mb + 100
    assert last.sum() == 10_000


def _resident_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1000
