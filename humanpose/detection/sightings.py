"""What the detector saw in the frames of a clip, one by one, before any timeline."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from humanpose.detection.cut_off import only_legs
from humanpose.detection.follow import Follower
from humanpose.detection.looks import Look, Looker, filled
from humanpose.detection.people import Detector, Person
from humanpose.errors import ClipError
from humanpose.runtime.ahead import ahead
from humanpose.runtime.progress import Progress, Watch, silent, unwatched
from humanpose.runtime.system import cores
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video import ClipInfo, Frame, FrameReader
from humanpose.video.background import Background

if TYPE_CHECKING:
    from humanpose.video.watcher import BackgroundWatcher

STAGE = "Finding the person"

_JOINTS = len(MEDIAPIPE33)
_AHEAD = 4
"""Frames that are decoded while the detector looks at the one before."""
_AT_ONCE = 2
"""Looks, on two cores or more; what is found does not depend on it."""
_SAMPLES, _SAMPLE_EVERY_S = 4, 0.5
"""Of the pictures, kept for a closer look where nobody is found."""
_ONLY_LEGS = (
    "only the legs are in the picture; film the whole body, from head to feet, or at least from"
    " the waist up"
)


@dataclass(frozen=True, eq=False)
class Sightings:
    """One person in the N frames that were decoded; NaN where they were not seen."""

    times_s: Floats
    """(N,) clip time."""
    pixels: NDArray[np.float32]
    """(N, 33, 2) px, image frame of the clip in its full size."""
    world: NDArray[np.float32]
    """(N, 33, 3) m; x right, y down, z away from the camera."""
    visibility: NDArray[np.float32]
    """(N, 33) in [0, 1]; 0 where they were not seen."""
    most_people: int
    """Most people seen at once."""
    background: Background
    """What was seen beside the person."""
    looks_percent: float = 100.0
    """In how many of the frames the person was looked for; the others were interpolated."""
    warnings: tuple[str, ...] = ()
    """Sentences for the user about the reading of the clip."""

    def __post_init__(self) -> None:
        frames = len(self.times_s)
        expected = [(frames, _JOINTS, 2), (frames, _JOINTS, 3), (frames, _JOINTS)]
        shapes = [self.pixels.shape, self.world.shape, self.visibility.shape]
        if frames == 0 or shapes != expected:
            raise ValueError(f"expected {expected} with frames >= 1, got {shapes}")


@dataclass
class _Kept:
    """What is kept of the frames that go by."""

    watcher: "BackgroundWatcher"
    times_s: list[float] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    samples: deque[Frame] = field(default_factory=lambda: deque(maxlen=_SAMPLES))

    @classmethod
    def of(cls, clip: ClipInfo) -> Self:
        from humanpose.video.watcher import BackgroundWatcher  # needs OpenCV's libraries

        return cls(BackgroundWatcher(clip))

    def keep(self, frame: Frame) -> None:
        self.watcher.watch(frame)
        self.times_s.append(frame.time_s)
        self.shapes.append(frame.image.shape)
        if not self.samples or frame.time_s - self.samples[-1].time_s >= _SAMPLE_EVERY_S:
            self.samples.append(frame)

    def told(self, look: Look, clip: ClipInfo) -> tuple[float, NDArray[np.float32]]:
        """Clip time, and (33, 6) as in ``Watch``."""
        return self.times_s[look.frame], _row(look.person, self.shapes[look.frame], clip)

    def rows(
        self, path: Sequence[Person | None], clip: ClipInfo, *, interval: int
    ) -> NDArray[np.float32]:
        """(N, 33, 6) of all frames, filled in between looks so many frames apart."""
        seen = np.stack([_row(*one, clip) for one in zip(path, self.shapes, strict=True)])
        return filled(seen, np.array(self.times_s), interval=interval)


def sight(
    clip: ClipInfo,
    settings: Settings,
    detector: Detector,
    *,
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Sightings:
    """Follow one person through the clip; ``Follower`` says who that is.

    Raises:
        ClipError: the clip cannot be read, nobody is in it or where ``settings.person_at``
            points, or fewer people at once than ``settings.person`` asks for.
    """
    reader = _reader(clip, settings)
    follower = Follower(detector, choice=settings.person, at=settings.person_at)
    kept = _Kept.of(clip)
    with (
        ThreadPoolExecutor(min(_AT_ONCE, cores())) as pool,
        closing(ahead(reader, most=_AHEAD)) as frames,
    ):
        every = settings.every_frame
        looker = Looker(follower, detector, pool=pool, fps=clip.fps, every_frame=every)
        for frame in _counted(frames, _expected_frames(clip, settings), progress):
            kept.keep(frame)
            if look := looker.see(frame.image, frame.time_s):
                watch(*kept.told(look, clip))
            if follower.gave_up(frame.time_s):
                break
        path = looker.path()
        if not any(path):
            raise ClipError(_nobody(follower, settings, kept.samples, detector))
        rows = kept.rows(path, clip, interval=looker.interval)
        background = kept.watcher.background(rows[..., :2], pool=pool)
    return Sightings(
        times_s=np.array(kept.times_s),
        pixels=rows[..., :2],
        world=rows[..., 2:5],
        visibility=rows[..., 5],
        most_people=follower.most_people,
        background=background,
        looks_percent=100 * looker.looks / len(rows),
        warnings=reader.warnings,
    )


def _counted(frames: Iterable[Frame], total: int | None, progress: Progress) -> Iterator[Frame]:
    """The same frames; says of each that it is done when the next one is asked for."""
    progress(STAGE, 0, total)
    for number, frame in enumerate(frames, start=1):
        yield frame
        progress(STAGE, number, total and max(total, number))


def _reader(clip: ClipInfo, settings: Settings) -> FrameReader:
    return FrameReader(
        clip,
        start_s=settings.start_s,
        end_s=settings.end_s,
        max_minutes=settings.max_minutes,
    )


def _row(person: Person | None, shape: tuple[int, ...], clip: ClipInfo) -> NDArray[np.float32]:
    """(33, 6) pixels of the clip in its full size, world, visibility."""
    row = np.full((_JOINTS, 6), np.nan, dtype=np.float32)
    row[:, 5] = 0
    if person is not None:
        height, width = shape[:2]
        scale = np.array([clip.width / width, clip.height / height])
        row[:, :2] = (person.pixels + 0.5) * scale - 0.5
        row[:, 2:5] = person.world
        row[:, 5] = person.visibility
    return row


def _place(point: tuple[float, float]) -> str:
    """As ``--person-at`` takes it."""
    return f"{point[0]:.2f},{point[1]:.2f}"


def _expected_frames(clip: ClipInfo, settings: Settings) -> int | None:
    """As the header has it; the true number is known at the end."""
    end_s = min(settings.end_s or np.inf, clip.duration_s or np.inf)
    length_s = end_s - settings.start_s
    return round(length_s * clip.fps) if 0 < length_s < np.inf else None


def _nobody(
    follower: Follower, settings: Settings, samples: Iterable[Frame], detector: Detector
) -> str:
    if any(only_legs(detector, sample.image) for sample in samples):
        return _ONLY_LEGS
    most_people, choice = follower.most_people, settings.person
    if settings.person_at is not None and most_people:
        return _nobody_there(follower, _place(settings.person_at))
    if most_people == 0 or choice == 1:
        return (
            "nobody is found in this clip; film one person with the whole body in the picture,"
            " upright and in good light"
        )
    if most_people >= choice:
        return (
            f"person {choice} of this clip is seen too badly to be measured; choose another"
            " number"
        )
    seen = "1 person is" if most_people == 1 else f"{most_people} people are"
    return (
        f"person {choice} is not in this clip, where at most {seen} seen at once;"
        " choose a smaller number"
    )


def _nobody_there(follower: Follower, place: str) -> str:
    if follower.bystanders:
        seen = " and ".join(_place(point) for point in follower.bystanders)
        return (
            f"nobody is at {place} of the picture at the start, where people are seen at"
            f" {seen}; point at one of them"
        )
    return (
        f"nobody who can be measured is at {place} of the picture; point at one person whose"
        " whole body is in it"
    )
