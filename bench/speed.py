"""Time of the recommended analysis against a bare decode + MediaPipe loop on the same clip.

$ python -m bench.speed [CLIP] [--one-core]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from bench.memory import repeated_sample, write_clip
from humanpose import Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.runtime.remembered import forget_everything

SETTINGS = Settings(height_m=1.767)
PAIRS = 3
_FRAMES = 300
KINDS = {"30 fps 640x480": (30, (640, 480)), "60 fps 720x1280": (60, (720, 1280)),
         "30 fps 1080p": (30, (1920, 1080))}  # fmt: skip
"""Of clips: frame rate, and size in px. All show the sample's person."""


def write_kind(path: Path, kind: str) -> Path:
    """Ten seconds of the sample at 30 frames/s, five at 60."""
    fps, size = KINDS[kind]
    pictures = (framed(frame, size) for frame in repeated_sample(_FRAMES))
    write_clip(path, pictures, size=size, fps=fps)
    return path


def framed(frame: av.VideoFrame, size: tuple[int, int]) -> av.VideoFrame:
    """As large as it goes into a black picture of ``size``, width and height in px."""
    scale = min(size[0] / frame.width, size[1] / frame.height)
    width, height = round(frame.width * scale), round(frame.height * scale)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    small = frame.reformat(width, height, format="rgb24").to_ndarray()
    picture[top : top + height, left : left + width] = small
    return av.VideoFrame.from_ndarray(picture, format="rgb24")


def overhead(clip: Path) -> float:
    """Median over alternating runs of the time of analysis and saving / bare time."""
    seconds(bare_loop, clip)  # load the models once
    seconds(analyze_and_save, clip)
    ratios = []
    for _ in range(PAIRS):
        bare = seconds(bare_loop, clip)
        ratios.append(seconds(analyze_and_save, clip) / bare)
    return statistics.median(ratios)


def overhead_on_one_core(clip: Path) -> float:
    """The same in a process that may use one core only."""
    command = [sys.executable, "-m", "bench.speed", str(clip), "--one-core"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(said.split()[-1])


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
    """With nothing remembered of the clip."""
    forget_everything()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_CACHE", folder)
        analyze(clip, SETTINGS).save(Path(folder) / "out")


def another_setting(clip: Path) -> None:
    analyze(clip, replace(SETTINGS, cutoff_hz=4.0))


def seconds(work: Callable[[Path], None], clip: Path) -> float:
    start = time.perf_counter()
    work(clip)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.speed")
    parser.add_argument("clip", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--one-core", action="store_true")
    options = parser.parse_args()
    if options.one_core:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"recommended analysis / bare loop: {overhead(options.clip):.2f}")


if __name__ == "__main__":
    main()
