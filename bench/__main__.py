"""Every figure that has a limit, against it.

$ make bench
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.app_speed import waits
from bench.batch import two_workers_over_one
from bench.long_clip import costs
from bench.memory import peak_gb
from bench.pof import cost_of
from bench.scrub_fps import median_fps
from bench.speed import (
    KINDS,
    SETTINGS,
    overhead,
    overhead_on_one_core,
    second_analysis_s,
    write_kind,
)
from humanpose.assets import SAMPLE
from humanpose.nets.places import find_checkpoint


def main() -> None:
    minute, ten_minutes = costs()  # first: the peak of a process counts that of its parent
    cost = cost_of(find_checkpoint(SETTINGS.pof_model_path), fps=30.0)
    slower = ten_minutes.frame_ms / minute.frame_ms
    rows = [
        *speeds(),
        ("second analysis with other settings, s", second_analysis_s(SAMPLE), "<=", 0.5),
        ("fits and networks, a frame of 10 s at 30 fps, ms", cost.everything, "<=", 4.0),
        ("peak memory of a 60 s 1080p clip, GB", peak_gb(), "<=", 1.2),
        ("peak memory of 18,000 frames after detection, GB", ten_minutes.peak_gb, "<=", 0.8),
        ("time a frame of ten minutes / of one", slower, "<=", 1.1),
        ("batch of 20 clips, two workers / one", two_workers_over_one(), "<=", 0.55),
        ("scrubbing in the viewer, frames/s", median_fps()[0], ">=", 25.0),
        *waits(),
    ]
    missed = False
    for what, value, sense, limit in rows:
        met = value <= limit if sense == "<=" else value >= limit
        missed |= not met
        print(f"{what:48s} {value:6.2f}  {sense} {limit:5.2f}  {'met' if met else 'MISSED'}")
    sys.exit(missed)


def speeds() -> Iterator[tuple[str, float, str, float]]:
    """Rows for every kind of clip: all cores, and one."""
    with tempfile.TemporaryDirectory() as folder:
        for number, kind in enumerate(KINDS):
            clip = write_kind(Path(folder) / f"{number}.mp4", kind)
            yield f"analysis / bare loop, {kind}", overhead(clip), "<=", 0.75
            yield f"the same on one core, {kind}", overhead_on_one_core(clip), "<=", 1.15


if __name__ == "__main__":
    main()
