"""The copy of a clip that the browser plays: one picture for each frame of the analysis."""

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    VideoReformatter,
)
from numpy.typing import NDArray

from humanpose.runtime.progress import Progress, silent
from humanpose.runtime.replace import replaced_file
from humanpose.sequence import Timeline
from humanpose.settings import Settings
from humanpose.video import ClipInfo, Frame, FrameReader, timeline_of, true_times

_X264 = {
    "preset": "veryfast",
    "crf": "23",
    "g": "10",  # a seek decodes at most ten pictures
    "bf": "0",
    "flags": "+cgop",
}


def write_playback(
    clip: ClipInfo,
    timeline: Timeline,
    out: Path,
    *,
    settings: Settings,
    max_side_px: int = 1280,
    progress: Progress = silent,
) -> None:
    """Write an H.264 MP4 whose picture i is frame i of the timeline, shown from i / fps on.

    A resampled frame shows the picture nearest in time.

    Args:
        timeline: of the analysis of this clip with ``settings``.

    Raises:
        ClipError: the clip can no longer be read.
        OutputError: ``out`` cannot be written.
    """
    frames = FrameReader(
        clip,
        start_s=settings.start_s,
        end_s=settings.end_s,
        max_minutes=math.inf,
        max_side_px=max_side_px,
    )
    scale = min(1.0, max_side_px / max(clip.width, clip.height))
    size = _even(clip.width * scale), _even(clip.height * scale)
    with replaced_file(out) as draft:
        counted = _counted(frames, timeline.frames, progress)
        times = encode(counted, draft, size=size, fps=timeline.fps)
        pictures = _shown(times, timeline, clip, settings.fps)
        copies = np.bincount(pictures, minlength=len(times))
        if (copies != 1).any():  # resampled, which only the time stamps tell
            again = (frame for frame, n in zip(frames, copies, strict=True) for _ in range(n))
            encode(again, draft, size=size, fps=timeline.fps)


def _counted(frames: Iterable[Frame], total: int, progress: Progress) -> Iterator[Frame]:
    for done, frame in enumerate(frames):
        progress("Preparing playback", done, total)
        yield frame


def _shown(
    times_s: list[float], timeline: Timeline, clip: ClipInfo, capture_fps: float | None
) -> NDArray[np.intp]:
    """(T,) which of the clip's frames each frame of the timeline shows."""
    own, resampled = timeline_of(times_s, clip=clip, capture_fps=capture_fps)
    if own.frames != timeline.frames:
        raise ValueError(f"timeline has {timeline.frames} frames, the range {own.frames}")
    if not resampled:
        return np.arange(len(times_s))
    taken_s = true_times(times_s, clip=clip, capture_fps=capture_fps)
    return np.searchsorted((taken_s[1:] + taken_s[:-1]) / 2, timeline.time_s)


def encode(
    frames: Iterable[Frame], out: Path, *, size: tuple[int, int], fps: float
) -> list[float]:
    """Write the pictures as H.264 at an even rate and return their clip times, s.

    Args:
        size: (width, height) of the video, px, both even.
    """
    period = 1 / Fraction(fps).limit_denominator(100_000)
    times_s, scaler = [], VideoReformatter()
    with av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = _add_stream(container, size, period)
        for number, frame in enumerate(frames):
            picture = scaler.reformat(
                av.VideoFrame.from_ndarray(frame.image),
                *size,
                "yuv420p",
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
            picture.pts, picture.time_base = number, period
            container.mux(stream.encode(picture))
            times_s.append(frame.time_s)
        container.mux(stream.encode(None))
    return times_s


def _add_stream(
    container: OutputContainer, size: tuple[int, int], period: Fraction
) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=1 / period, options=_X264)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = period
    context.colorspace = Colorspace.ITU709  # what a browser takes HD for, said for all sizes
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.color_range = ColorRange.MPEG
    return stream


def _even(side: float) -> int:
    return max(2, 2 * round(side / 2))
