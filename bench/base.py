"""A clip whose pictures are changed, and what becomes of them, written as a clip again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Landmarks
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video import FrameReader, probe

Image = NDArray[np.uint8]
NOBODY = -1
"""Where a picture shows no frame of the first clip."""
_TICK = Fraction(1, 90_000)


@dataclass(frozen=True, eq=False)
class Base:
    """A clip, and where its person is seen."""

    name: str
    pictures: Sequence[Image]
    fps: float
    seen: Landmarks
    height_m: float

    @property
    def frames(self) -> int:
        return len(self.pictures)

    def level_px(self, part: str) -> float:
        """The highest that this part of the body is seen, px from above."""
        names = [f"{side}_{part}" for side in ("left", "right")]
        return float(np.nanmin(self.seen.pixels[:, MEDIAPIPE33.indices(*names), 1]))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, px."""
        height, width, _ = self.pictures[0].shape
        return height, width


@dataclass(frozen=True, eq=False)
class Made:
    """Pictures, and what they show."""

    pictures: Sequence[Image]
    shows: Sequence[int]
    """Frame of the base, or ``NOBODY``."""
    times_s: Sequence[float] | None = None
    rate: float | None = None
    """Frames/s that the file claims; the base's where None."""
    setup: Callable[[Any], object] | None = None
    """For the encoder's stream."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    mirrored: bool = False
    outside: tuple[str, ...] = ()
    """How the names of angles begin whose joints lie outside the picture throughout."""


def read_base(path: Path, seen: Landmarks, *, height_m: float, end_s: float) -> Base:
    """The pictures of a clip up to ``end_s``, as a person sees them. Raises ClipError."""
    pictures = [frame.image for frame in FrameReader(probe(path), end_s=end_s)]
    return Base(path.stem, even(pictures), seen.timeline.fps, seen, height_m)


def write(made: Made, base: Base, path: Path) -> Path:
    """Encode what was made."""
    rate = Fraction(made.rate or base.fps).limit_denominator(1001)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=rate, options={"crf": "18"})
        stream.height, stream.width = made.pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = _TICK
        if made.setup:
            made.setup(stream)
        for number, picture in enumerate(made.pictures):
            frame = av.VideoFrame.from_ndarray(picture)
            time_s = number / rate if made.times_s is None else made.times_s[number]
            frame.pts, frame.time_base = round(time_s / _TICK), _TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def even(pictures: Sequence[Image]) -> list[Image]:
    height, width, _ = pictures[0].shape
    return [np.ascontiguousarray(p[: height // 2 * 2, : width // 2 * 2]) for p in pictures]
