"""By how much angles change when the same movement is filmed, cut, timed or coded otherwise.

$ python -m bench.transformed [--shared ../shared] [--only WORD]

Each base clip is coded anew as it is; that analysis is compared with those of its transforms
(``bench.transforms``), frame by frame, over the 21 angles that are measured in both. Says the
largest mean change of an angle, and how often something is called measured whose joints lie
outside the picture. Then rooms with nobody in them, which must be refused.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.base import Base, Made, read_base, write
from bench.transforms import TRANSFORMS, all_of, rooms
from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.confidence import MEASURED
from humanpose.detection.cache import cached_detection
from humanpose.errors import ClipError
from humanpose.nets.angle_evidence import MIRRORED_ANGLES, mirrored_angles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import probe
from train.evaluate import SHARED
from train.judge.metrics import CORE_ANGLES, wrapped

END_S = 4.0
BASES = {
    SAMPLE: 1.767,
    Path("data/faults/reference_squat.mp4"): 1.75,
    Path("data/clips/opencap_overlay/walk_cam0.mov"): 1.78,
    Path("data/clips/opencap_demo/Squats_cam1.mp4"): 1.79,
}
"""Clip -> height of the person, m."""
_CORE = [ANGLE_NAMES.index(name) for name in CORE_ANGLES]
LEAST_SHARE = 0.1
"""An angle that is measured in both for less of the time is not compared."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder with data/")
    parser.add_argument("--only", default="", help="transforms with this word in their name")
    options = parser.parse_args()
    bases = [
        base_of(options.shared / path, height_m=height_m)
        for path, height_m in BASES.items()
        if (options.shared / path).is_file()
    ]
    with tempfile.TemporaryDirectory() as folder:
        for base in bases:
            for line in compared(base, Path(folder), only=options.only):
                print(line, flush=True)
        for line in refused(bases, Path(folder)) if not options.only else ():
            print(line, flush=True)


def base_of(path: Path, *, height_m: float) -> Base:
    """The first seconds of a clip."""
    settings = Settings(height_m=height_m, end_s=END_S)
    seen = cached_detection(probe(path), settings).landmarks
    return read_base(path, seen, height_m=height_m, end_s=END_S)


def compared(base: Base, folder: Path, *, only: str) -> Iterator[str]:
    """A line for each transform of a clip."""
    usual = analysis_of(all_of(base), base, folder)
    yield f"{base.name}: {base.frames} frames"
    for name, transform in TRANSFORMS.items():
        if only not in name:
            continue
        made = transform(base)
        try:
            other = analysis_of(made, base, folder)
        except ClipError as error:
            yield f"  {name:24s} refused: {error}"
            continue
        yield f"  {name:24s} {difference(usual, other, made)}"


def analysis_of(made: Made, base: Base, folder: Path) -> Analysis:
    """What the product says of it, with the recommended settings."""
    clip = write(made, base, folder / "clip.mp4")
    return analyze(clip, replace(Settings(height_m=base.height_m), **made.settings))


def difference(usual: Analysis, other: Analysis, made: Made) -> str:
    """The largest mean change of an angle, and what is called measured."""
    shows = shown_frames(other, made)
    there = shows >= 0
    degrees = usual.joint_angles.degrees
    expected = (mirrored_angles(degrees) if made.mirrored else degrees)[shows[there]]
    sure = measured(usual)[:, MIRRORED_ANGLES if made.mirrored else slice(None)]
    both = sure[shows[there]] & measured(other)[there]
    off = np.abs(wrapped(other.joint_angles.degrees[there] - expected))
    off = np.where(both, off, np.nan)[:, _CORE]
    judged = both[:, _CORE].mean(axis=0) > LEAST_SHARE
    said = f"measured {100 * measured(other)[there][:, _CORE].mean():3.0f} %"
    if (~there).any():
        said += f", {100 * measured(other)[~there].mean():.0f} % where nobody is"
    if made.outside:
        outside = [name.startswith(made.outside) for name in ANGLE_NAMES]
        said += f", {100 * measured(other)[:, outside].mean():.0f} % outside the picture"
    if not judged.any():
        return f"nothing measured in both; {said}"
    mean = np.nanmean(off[:, judged], axis=0)
    worst = np.array(CORE_ANGLES)[judged][int(mean.argmax())]
    return (
        f"{mean.max():5.1f}° at most ({worst}), {mean.mean():4.1f}° on average,"
        f" {np.nanpercentile(off[:, judged], 95):5.1f}° in 95 %; {said}"
    )


def measured(analysis: Analysis) -> NDArray[np.bool_]:
    """(T, 36)"""
    return analysis.joint_angles.confidence >= MEASURED


def shown_frames(analysis: Analysis, made: Made) -> NDArray[np.int_]:
    """(T,) which frame of the base each frame of the analysis shows; -1 where nobody is."""
    times = np.arange(len(made.pictures)) / (made.rate or analysis.timeline.fps)
    if made.times_s is not None:
        times = np.array(made.times_s)
    if "fps" in made.settings:
        times = np.arange(len(made.pictures)) / made.settings["fps"]
    nearest = np.abs(times[None] - analysis.timeline.time_s[:, None]).argmin(axis=1)
    shows = np.array(made.shows)[nearest]
    if made.times_s is not None:  # resampled: frames between those that were kept
        shows = np.round(analysis.timeline.time_s * analysis.timeline.fps).astype(int)
    return np.minimum(shows, max(made.shows))


def refused(bases: Sequence[Base], folder: Path) -> Iterator[str]:
    """A line for each room."""
    yield "rooms with nobody in them"
    for name, pictures in rooms(bases):
        made = Made(pictures, [-1] * len(pictures))
        try:
            found = analysis_of(made, bases[0], folder)
        except ClipError as error:
            yield f"  {name:40s} refused: {error}"
        else:
            yield f"  {name:40s} FOUND SOMEBODY, measured {100 * measured(found).mean():.0f} %"


if __name__ == "__main__":
    main()
