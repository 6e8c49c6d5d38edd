"""The frames of a clip, streamed; libav drops those outside an edit list by itself."""

import math
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from humanpose.errors import ClipError
from humanpose.video.clock import Clock
from humanpose.video.header import ClipInfo
from humanpose.video.length import stamps_jump
from humanpose.video.opening import decoded, opened
from humanpose.video.picture import Decoded, Pictures

_SAME_TIME_S = 1e-6  # a start computed as i / fps includes frame i
_MOST_FPS = (
    250.0  # slow motion of phones is 240; more frames than that are no video of a person
)
_SEEK_MARGIN_S = 1.0  # more than frames are reordered around one key frame


class Frame(NamedTuple):
    """One picture of a clip."""

    time_s: float
    """Clip time: 0 at the first frame that a player presents."""
    image: NDArray[np.uint8]
    """(H, W, 3) RGB, upright, contiguous."""


class FrameReader:
    """The frames of a clip in [start_s, end_s), with one in memory at a time.

    Iterating raises ClipError when the range is empty, lasts longer than ``max_minutes``, or
    has more frames than slow motion of that length.

    Args:
        clip: from ``probe``.
        start_s, end_s: clip time, s; None reads to the end.
        max_side_px: larger pictures are scaled down to this; None keeps their size.
    """

    warnings: tuple[str, ...] = ()
    """Sentences for the user about what could not be read; complete after the loop."""

    def __init__(
        self,
        clip: ClipInfo,
        *,
        start_s: float = 0.0,
        end_s: float | None = None,
        max_minutes: float = 10.0,
        max_side_px: int | None = 1920,
    ) -> None:
        self._clip = clip
        self._start_s = start_s
        self._end_s = math.inf if end_s is None else end_s
        self._max_minutes = max_minutes
        longest = max(clip.width, clip.height)
        scale = min(1.0, (max_side_px or longest) / longest)
        self._pictures = Pictures(clip, scale=scale)
        self._clock = Clock(period_s=1 / clip.fps, jumps=False)
        self._undecodable = 0
        self._reshaped: tuple[float, tuple[int, int]] | None = None

    def __iter__(self) -> Iterator[Frame]:
        self._check_length(self._claimed_end_s - self._start_s)
        count, read_until_s = 0, self._start_s
        self._reshaped = None
        for time_s, decoded_frame in self._from_start():
            if time_s < self._start_s - _SAME_TIME_S:
                continue
            if time_s >= self._end_s - _SAME_TIME_S:
                break
            self._check_length(time_s - self._start_s)
            count += 1
            self._check_count(count)
            frame = decoded_frame.frame
            lasts_s = float((frame.duration or 0) * (frame.time_base or 0))
            read_until_s = time_s + (lasts_s or 1 / self._clip.fps)
            if self._reshaped is None and not self._pictures.fits(decoded_frame):
                self._reshaped = time_s, self._pictures.shown_size(decoded_frame)
            yield Frame(time_s, self._pictures.of(decoded_frame))
        if count == 0:
            raise ClipError(self._nothing_in_range())
        self.warnings = (*self._shortfall(read_until_s), *self._changes())

    def _from_start(self) -> Iterator[tuple[float, Decoded]]:
        """Frames from a key frame before the start on; all, where seeking finds none."""
        if self._start_s > 0 and self._clip.runs_through:
            with closing(self._stamped(seek_s=self._start_s - _SEEK_MARGIN_S)) as frames:
                time_s, first = next(frames, (math.inf, None))
                if first and _can_begin_with(first.frame) and time_s <= self._start_s:
                    yield time_s, first
                    yield from frames
                    return
        yield from self._stamped()

    def _stamped(
        self, *, seek_s: float | None = None
    ) -> Generator[tuple[float, Decoded], None, None]:
        """Frames with their clip time, which always advances."""
        self._undecodable = 0
        with opened(self._clip.path) as (container, stream):
            tick, origin = stream.time_base, self._clip.first_tick
            if seek_s is not None and tick and origin is not None:
                with suppress(av.FFmpegError):  # then it is read from the beginning
                    container.seek(origin + int(seek_s / tick), stream=stream)
            self._clock = Clock(period_s=1 / self._clip.fps, jumps=stamps_jump(container))
            yield from self._clock.times(self._decoded(container, stream))

    def _decoded(
        self, container: InputContainer, stream: av.VideoStream
    ) -> Iterator[tuple[float | None, Decoded]]:
        """Frames with their own time stamps, s from that of the first frame of the clip."""
        tick, origin = stream.time_base, self._clip.first_tick
        context, stated = stream.codec_context, stream.sample_aspect_ratio or Fraction(1)
        first = now = context.sample_aspect_ratio or Fraction(1)
        for frame in decoded(container, stream):
            if frame is None:
                self._undecodable += 1
                continue
            if frame.key_frame:  # in between the context may be ahead of what is presented
                now = context.sample_aspect_ratio or Fraction(1)
            time_s = None
            if frame.pts is not None and origin is not None and tick:
                time_s = float((frame.pts - origin) * tick)
            yield time_s, Decoded(frame, stated * now / first)

    @property
    def _claimed_end_s(self) -> float:
        """Where the range ends according to the header; -inf where that does not say."""
        return min(self._end_s, self._clip.duration_s or -math.inf)

    def _check_length(self, length_s: float) -> None:
        if length_s > self._max_minutes * 60:
            raise ClipError(
                f"the range to analyse is longer than the limit of {self._max_minutes:g} min;"
                " choose a shorter one with start and end, or raise the limit"
            )

    def _check_count(self, frames: int) -> None:
        most = self._max_minutes * 60 * _MOST_FPS
        if frames > most:
            raise ClipError(
                f"the range to analyse has more than {most:.0f} frames, the limit for"
                f" {self._max_minutes:g} min; choose a shorter one with start and end, or raise"
                " the limit"
            )

    def _nothing_in_range(self) -> str:
        length = self._clip.duration_s
        until = "the end" if math.isinf(self._end_s) else f"{self._end_s:g} s"
        about = f" of a clip of {length:.2f} s" if length else ""
        return (
            f"no frame lies between {self._start_s:g} s and {until}{about};"
            " choose another range"
        )

    def _shortfall(self, read_until_s: float) -> Iterator[str]:
        """What is missing of the range."""
        if self._claimed_end_s - read_until_s > max(0.25, 3 / self._clip.fps):
            yield (
                f"The clip is cut off: it should go on to {self._claimed_end_s:.1f} s and could"
                f" be read up to {read_until_s:.1f} s."
            )
        elif self._undecodable:
            yield f"The clip is damaged: {_counted(self._undecodable)} could not be read."

    def _changes(self) -> Iterator[str]:
        """What was made of time stamps and a shape that change."""
        joins = [f"{t:.1f}" for t in self._clock.joins_s if self._start_s <= t < self._end_s]
        if joins:
            yield (
                f"The time stamps of the clip start anew at {', '.join(joins)} s, as where"
                " parts are joined; time is counted on as if nothing lay between."
            )
        if self._clock.left_out:
            yield (
                f"The clip has {_counted(self._clock.left_out)} with the time of another one,"
                " left out here."
            )
        if self._reshaped:
            time_s, (width, height) = self._reshaped
            yield (
                f"The picture changes its shape at {time_s:.1f} s, from {self._clip.width} ×"
                f" {self._clip.height} to {width} × {height} px; from there it is fitted into"
                " the first, so that lengths and places before and after don't compare."
            )


def _counted(frames: int) -> str:
    return "1 frame" if frames == 1 else f"{frames} frames"


def _can_begin_with(frame: av.VideoFrame) -> bool:
    """Whether no picture from here on needs an earlier one, and its time is known."""
    return frame.key_frame and frame.pts is not None
