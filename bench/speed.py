"""Time of the whole pipeline against a bare decode + MediaPipe loop on the same clip.

$ python -m bench.speed [CLIP]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import av
import pytest

from humanpose import Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.settings import RAW

SETTINGS = Settings(height_m=1.767, **RAW)
PAIRS = 5


def overhead(clip: Path) -> float:
    """Median over alternating runs of pipeline time / bare time."""
    seconds(bare_loop, clip)  # load the models once
    ratios = []
    for _ in range(PAIRS):
        bare = seconds(bare_loop, clip)
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("HUMANPOSE_CACHE", folder)
            ratios.append(seconds(analyze_and_save, clip) / bare)
    return statistics.median(ratios)


def second_analysis_s(clip: Path) -> float:
    """Median seconds of another setting on a clip that was analysed before, warm process."""
    analyze(clip, SETTINGS)
    return statistics.median(seconds(another_setting, clip) for _ in range(PAIRS))


def bare_loop(clip: Path) -> None:
    import mediapipe

    with (
        closing(mediapipe.solutions.pose.Pose(model_complexity=1)) as pose,
        av.open(clip) as file,
    ):
        for frame in file.decode(video=0):
            pose.process(frame.to_ndarray(format="rgb24"))


def analyze_and_save(clip: Path) -> None:
    with tempfile.TemporaryDirectory() as out:
        analyze(clip, SETTINGS).save(out)


def another_setting(clip: Path) -> None:
    analyze(clip, Settings(height_m=1.8, cutoff_hz=4.0, **RAW))


def seconds(work: Callable[[Path], None], clip: Path) -> float:
    start = time.perf_counter()
    work(clip)
    return time.perf_counter() - start


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    print(f"whole pipeline / bare loop: {overhead(chosen):.2f}")
    print(f"second analysis: {second_analysis_s(chosen):.2f} s")
