"""Bring motion data to the contract's training samples.

$ python -m train.convert bvh mocap/cmu_bvh_05_06 data/training

reads every file of the source below the folder IN, or the file IN, and writes one ``.npz`` per
person, clip and camera (see ``train.convert.clip.samples``). A file that can't be read is named
on stderr and left out; the exit code is then 3.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from humanpose.errors import HumanPoseError
from humanpose.sequence import PoseSequence
from train.convert import aist, asf, bvh, c3d, expmap, mot, panoptic, trc
from train.convert.clip import Clip, write
from train.convert.errors import SourceError
from train.convert.subjects import names_its_clip, subject_of


@dataclass(frozen=True)
class Source:
    """Which files belong to a source, and what makes clips of one."""

    patterns: tuple[str, ...]
    clips: Callable[[str, Path], Iterator[Clip]]


def _poses(
    read: Callable[[Path], Iterator[PoseSequence]],
) -> Callable[[str, Path], Iterator[Clip]]:
    """Clips of a source without cameras."""

    def clips(source: str, path: Path) -> Iterator[Clip]:
        name, _, subject = subject_of(path, source).partition("|")
        for pose in read(path):
            yield Clip(pose, name, subject, _sequence(path))

    return clips


def _with_angles(source: str, path: Path) -> Iterator[Clip]:
    name, _, subject = subject_of(path, source).partition("|")
    angles = mot.read_motion(path).angles
    for pose in mot.read(path):
        yield Clip(pose, name, subject, _sequence(path), angles=angles)


def _aist_views(source: str, path: Path) -> Iterator[Clip]:
    name, _, subject = subject_of(path, source).partition("|")
    for pose in aist.read(path):
        views = list(aist.views(path, pose))
        for view in views:
            yield Clip(pose, name, subject, path.stem, view.camera, view.detections)
        if not views:
            yield Clip(pose, name, subject, path.stem)


def _panoptic_views(source: str, path: Path) -> Iterator[Clip]:
    sequence = path.stem.removeprefix("calibration_")
    cameras = panoptic.cameras(path)
    for person, pose in enumerate(panoptic.read(path)):
        for camera in cameras:
            yield Clip(pose, source, f"{sequence}-{person}", sequence, camera)


SOURCES = {
    "bvh": Source(("*.bvh", "BVH/*.txt"), _poses(bvh.read)),
    "asf": Source(("*.amc", "*.AMC"), _poses(asf.read)),
    "expmap": Source(("*_[0-9]*.txt",), _poses(expmap.read)),
    "c3d": Source(("*.c3d",), _poses(c3d.read)),
    "trc": Source(("*.trc",), _poses(trc.read)),
    "opensim": Source(("*.mot",), _with_angles),
    "aist": Source(("keypoints3d/*.pkl",), _aist_views),
    "panoptic": Source(("calibration_*.json",), _panoptic_views),
}


def convert(source: str, given: Path, out: Path) -> list[HumanPoseError]:
    """Convert every clip once, also one that lies there several times, and return why some
    files were left out. Raises SourceError, OutputError."""
    problems: list[HumanPoseError] = []
    done: set[str] = set()
    for path in _files(SOURCES[source], given):
        try:
            for clip in SOURCES[source].clips(source, path):
                if clip.name not in done:
                    print(write(clip, out))
                done.add(clip.name)
        except SourceError as error:
            problems.append(error)
    return problems


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train.convert",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", choices=sorted(SOURCES))
    parser.add_argument("given", type=Path, metavar="IN", help="a folder or one file")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder for the .npz files")
    options = parser.parse_args(arguments)
    try:
        problems = convert(options.source, options.given, options.out)
    except HumanPoseError as error:
        problems = [error]
    for problem in problems:
        print(f"train.convert: {problem}", file=sys.stderr)
    return problems[0].exit_code if problems else 0


def _files(source: Source, given: Path) -> list[Path]:
    if given.is_file():
        return [given]
    found = {path for pattern in source.patterns for path in given.rglob(pattern)}
    if not found:
        raise SourceError(
            f"no {' or '.join(source.patterns)} below {given}; check IN and SOURCE"
        )
    return sorted(found)


def _sequence(path: Path) -> str:
    """The file's name, after its folders' where it alone doesn't tell the clip."""
    name = path.stem + path.suffix.lower()
    known = names_its_clip(path)
    return name if known else "-".join((*path.parent.parts[-2:], name)).strip("-/")


if __name__ == "__main__":
    sys.exit(main())
