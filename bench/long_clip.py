"""Ten minutes: peak memory of an analysis, and time a frame against the first minute's.

$ python -m bench.long_clip

Only the sample is searched; what is found is repeated, there and back, as the detection of a
long clip, so all figures are of what comes after detection (``bench.memory`` has that).
"""

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.memory import repeated_sample, write_clip
from bench.processes import peak_gb_of
from humanpose.assets import SAMPLE
from humanpose.detection import cache
from humanpose.detection.both_ways import as_asked
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.sightings import Sightings, sight
from humanpose.io.folder import load_analysis
from humanpose.settings import Settings
from humanpose.video import probe

MINUTE, TEN_MINUTES = 1_800, 18_000
_SIZE = (320, 180)
_BEFORE = {"load models", "probe", "detect"}
_SETTINGS = Settings(height_m=1.767)


@dataclass(frozen=True)
class Cost:
    """Of one analysis."""

    peak_gb: float
    """Of the whole process, its detection read from the cache."""
    frame_ms: float
    """Everything after detection, saving included."""


def costs() -> Iterator[Cost]:
    """Of one minute, then of ten."""
    with tempfile.TemporaryDirectory() as folder, closing(MediaPipePose()) as detector:
        seen = sight(probe(SAMPLE), _SETTINGS, as_asked(detector, _SETTINGS))
        for frames in (MINUTE, TEN_MINUTES):
            clip = Path(folder) / f"{frames}.mp4"
            write_clip(clip, repeated_sample(frames), size=_SIZE)
            yield _cost(clip, repeated(seen, frames), detector)


def repeated(seen: Sightings, frames: int) -> Sightings:
    """The sample's as those of a clip of ``frames`` frames, so that nothing jumps."""
    order = np.arange(len(seen.times_s))
    order = np.resize(np.concatenate([order, order[::-1]]), frames)
    info = probe(SAMPLE)
    per_axis = np.array(_SIZE, np.float32) / np.array([info.width, info.height], np.float32)
    edges = seen.background.edges * np.tile(per_axis, 2)
    return replace(
        seen,
        times_s=np.arange(frames) / info.fps,
        pixels=seen.pixels[order] * per_axis,
        world=seen.world[order],
        visibility=seen.visibility[order],
        background=replace(seen.background, edges=edges),
    )


def _cost(clip: Path, seen: Sightings, detector: MediaPipePose) -> Cost:
    folder = clip.parent / clip.stem
    content = hashlib.sha256(clip.read_bytes()).hexdigest()
    key = cache.key_of(content, as_asked(detector, _SETTINGS), _SETTINGS)
    cache.store(folder / "detections" / f"{key}{cache.SUFFIX}", seen)
    command = [sys.executable, "-m", "humanpose", "analyze", str(clip), "--height", "1.767"]
    command += ["--out", str(folder)]
    peak_gb = peak_gb_of(command, os.environ | {"HUMANPOSE_CACHE": str(folder)})
    result = folder / clip.stem
    seconds = json.loads((result / "analysis.json").read_text("utf-8"))["seconds"]
    analysis = load_analysis(result)
    started = time.perf_counter()
    analysis.save(folder / "again")
    spent_s = time.perf_counter() - started
    spent_s += sum(s for stage, s in seconds.items() if stage not in _BEFORE)
    return Cost(peak_gb, 1000 * spent_s / len(seen.times_s))


def main() -> None:
    for frames, cost in zip((MINUTE, TEN_MINUTES), costs(), strict=True):
        print(f"{frames:6d} frames: {cost.peak_gb:.2f} GB, {cost.frame_ms:.1f} ms a frame")


if __name__ == "__main__":
    main()
