"""The frames of a clip, streamed; libav drops those outside an edit list by itself."""

import math
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from humanpose.errors import ClipError
from humanpose.video.header import ClipInfo, decoded, opened

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
        self._scale = min(1.0, (max_side_px or longest) / longest)
        self._scaler = VideoReformatter()
        self._damaged = 0

    def __iter__(self) -> Iterator[Frame]:
        self._check_length(self._claimed_end_s - self._start_s)
        count, read_until_s = 0, self._start_s
        for time_s, frame in self._from_start():
            if time_s < self._start_s - _SAME_TIME_S:
                continue
            if time_s >= self._end_s - _SAME_TIME_S:
                break
            self._check_length(time_s - self._start_s)
            count += 1
            self._check_count(count)
            lasts_s = float((frame.duration or 0) * (frame.time_base or 0))
            read_until_s = time_s + (lasts_s or 1 / self._clip.fps)
            yield Frame(time_s, self._picture(frame))
        if count == 0:
            raise ClipError(self._nothing_in_range())
        self.warnings = self._shortfall(count, read_until_s)

    def _from_start(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames from a key frame before the start on; all, where seeking finds none."""
        if self._start_s > 0:
            with closing(self._stamped(seek_s=self._start_s - _SEEK_MARGIN_S)) as frames:
                time_s, first = next(frames, (math.inf, None))
                if first and _can_begin_with(first) and time_s <= self._start_s:
                    yield time_s, first
                    yield from frames
                    return
        yield from self._stamped()

    def _stamped(
        self, *, seek_s: float | None = None
    ) -> Generator[tuple[float, av.VideoFrame], None, None]:
        """Frames with their clip time, which always advances."""
        self._damaged = 0
        with opened(self._clip.path) as (container, stream):
            tick, origin = stream.time_base, self._clip.first_tick
            if seek_s is not None and tick and origin is not None:
                with suppress(av.FFmpegError):  # then it is read from the beginning
                    container.seek(origin + int(seek_s / tick), stream=stream)
            last_s = -1 / self._clip.fps
            for frame in decoded(container, stream):
                time_s = last_s + 1 / self._clip.fps
                if frame and frame.pts is not None and origin is not None and tick:
                    time_s = float((frame.pts - origin) * tick)
                if frame and time_s > last_s:
                    yield time_s, frame
                    last_s = time_s
                else:
                    self._damaged += 1

    def _picture(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """(H, W, 3) upright; scaled before all else, so that 4K costs little."""
        clip = self._clip
        width, height = (round(side * self._scale) or 1 for side in (clip.width, clip.height))
        if clip.rotation_deg % 180:
            width, height = height, width
        rgb = self._scaler.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            interpolation="AREA" if self._scale < 1 else "BILINEAR",
        )
        image = _upright(rgb.to_ndarray(), clip)
        return np.ascontiguousarray(image, np.uint8)

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

    def _shortfall(self, count: int, read_until_s: float) -> tuple[str, ...]:
        """What is missing of the range."""
        claimed_s = self._claimed_end_s - self._start_s
        of_about = f" of about {claimed_s * self._clip.fps:.0f}" if claimed_s > 0 else ""
        read = f"{count}{of_about} frames could be read"
        if self._claimed_end_s - read_until_s > max(0.25, 3 / self._clip.fps):
            return (f"The clip is cut off: {read}.",)
        return (f"The clip is damaged: {read}.",) if self._damaged else ()


def _can_begin_with(frame: av.VideoFrame) -> bool:
    """Whether no picture from here on needs an earlier one, and its time is known."""
    return frame.key_frame and frame.pts is not None


def _upright(image: NDArray[Any], clip: ClipInfo) -> NDArray[Any]:
    if not (clip.mirrored or clip.rotation_deg):
        return image
    import cv2  # only where it is needed: it links to libraries that a bare system lacks

    turns = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
    if clip.mirrored:
        image = cv2.flip(image, 1)
    if clip.rotation_deg:
        image = cv2.rotate(image, turns[clip.rotation_deg // 90 - 1])
    return image
