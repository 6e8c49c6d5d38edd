"""The recordings that drive rendered people: listed without reading, read one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from humanpose.sequence import PoseSequence, Timeline
from train.convert import asf, bvh, expmap
from train.convert.errors import SourceError
from train.convert.mot import read_motion
from train.convert.subjects import names_its_clip, subject_of
from train.recordings.splits import canonical, sides
from train.synth.motion.retarget import (
    Recording,
    from_angles,
    from_positions,
    resampled,
    sound_runs,
)

FPS = 30.0
SHORTEST_S = 0.8
TEST_ONLY_SHARE = 0.35
"""HDM05's five actors only test, so they are drawn this much less often."""

Reader = Callable[[Path], Iterator[PoseSequence]]
_POSITIONS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "asf": (("*.amc", "*.AMC"), asf.read),
    "bvh": (("*.bvh", "BVH/*.txt"), bvh.read),
    "expmap": (("cmu_mocap/*/*/*_[0-9]*.txt",), expmap.read),
}
_FORCES = "_grf"
"""How OpenSim's files of ground forces end, which are .mot as well."""


@dataclass(frozen=True)
class Clip:
    """One recorded file."""

    path: Path
    kind: str
    """``"asf"``, ``"bvh"``, ``"expmap"`` or ``"mot"``."""
    subject: str
    """``source|subject``, canonical."""

    @property
    def name(self) -> str:
        known = names_its_clip(self.path)
        return self.path.stem if known else f"{self.path.parent.name}-{self.path.stem}"


def catalogue(mocap: Path, opensim: Path) -> list[Clip]:
    """Every recording below the two folders of somebody whose side of the splits is known.

    The order doesn't depend on the machine. Raises SourceError where there is none.
    """
    found = [
        Clip(path, kind, canonical(subject_of(path, kind)))
        for kind, (patterns, _) in _POSITIONS.items()
        for pattern in patterns
        for path in sorted(mocap.rglob(pattern))
    ] + [
        Clip(path, "mot", canonical(subject_of(path, "opensim")))
        for path in sorted(opensim.rglob("*.mot"))
        if not path.stem.endswith(_FORCES)
    ]
    if not found:
        raise SourceError(
            f"no recordings below {mocap} and {opensim}; unpack the archives there"
        )
    return [clip for clip in found if clip.subject in sides()]


def draw(rng: np.random.Generator, clips: list[Clip]) -> Clip:
    """A subject by the root of the number of clips, then any clip of the subject."""
    subjects = sorted({clip.subject for clip in clips})
    own = {s: [clip for clip in clips if clip.subject == s] for s in subjects}
    weights = np.array(
        [
            np.sqrt(len(own[s])) * (TEST_ONLY_SHARE if s.startswith("hdm05") else 1)
            for s in subjects
        ]
    )
    subject = subjects[rng.choice(len(subjects), p=weights / weights.sum())]
    return own[subject][rng.integers(len(own[subject]))]


def stretch(
    rng: np.random.Generator, clip: Clip, *, seconds: float, fps: float = FPS
) -> Recording:
    """Up to ``seconds`` from anywhere in the clip. Raises SourceError.

    At ``fps`` frames/s, or at 30 where the recording has fewer than ``fps``.
    """
    if clip.kind == "mot":
        whole = _motion(clip.path, fps)
        part = _part(rng, len(whole), round(seconds * whole.fps))
        angles, head, mid_hip = (x[part] for x in (whole.angles, whole.head, whole.mid_hip))
        return Recording(angles, head, mid_hip, whole.fps, whole.exact)
    pose = _pose(clip)
    recorded = pose.timeline.fps
    sound = [run for run in sound_runs(pose) if run.stop - run.start > SHORTEST_S * recorded]
    if not sound:
        raise SourceError(f"{clip.path.name} moves too fast or is too short; leave it out")
    lengths = np.array([run.stop - run.start for run in sound], dtype=float)
    run = sound[rng.choice(len(sound), p=lengths / lengths.sum())]
    part = _part(rng, run.stop - run.start, round(seconds * recorded))
    return _recording(pose, slice(run.start + part.start, run.start + part.stop), fps)


def recordings(clip: Clip) -> Iterator[Recording]:
    """All of the clip that can be used, at 30 frames/s. Raises SourceError."""
    if clip.kind == "mot":
        yield _motion(clip.path, FPS)
        return
    pose = _pose(clip)
    fps = pose.timeline.fps
    for run in sound_runs(pose):
        if run.stop - run.start > SHORTEST_S * fps:
            yield _recording(pose, run, FPS)


def _recording(pose: PoseSequence, part: slice, fps: float) -> Recording:
    fps = _no_faster(fps, pose.timeline.fps)
    positions = resampled(pose.positions[part], pose.timeline.fps, to_fps=fps)
    timeline = Timeline(len(positions), fps)
    known = np.ones(positions.shape[:2])
    return from_positions(PoseSequence(positions, known, timeline, pose.skeleton))


def _part(rng: np.random.Generator, length: int, wanted: int) -> slice:
    start = int(rng.integers(0, max(1, length - wanted + 1)))
    return slice(start, min(start + wanted, length))


@lru_cache(maxsize=8)
def _pose(clip: Clip) -> PoseSequence:
    return next(_POSITIONS[clip.kind][1](clip.path))


@lru_cache(maxsize=8)
def _motion(path: Path, fps: float) -> Recording:
    whole = from_angles(read_motion(path))
    if len(whole) < SHORTEST_S * whole.fps:
        raise SourceError(f"{path.name} is too short; leave it out")
    tracks = (whole.angles, whole.head, whole.mid_hip)
    fps = _no_faster(fps, whole.fps)
    angles, head, mid_hip = (resampled(track, whole.fps, to_fps=fps) for track in tracks)
    return Recording(angles, head, mid_hip, fps, whole.exact)


def _no_faster(fps: float, recorded: float) -> float:
    """The rate to resample to; nothing is filmed faster than it was recorded, but for 30."""
    return fps if recorded > fps - 0.01 else FPS
