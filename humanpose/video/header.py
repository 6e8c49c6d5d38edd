"""What the header of a clip claims, and the opening of files that may be anything."""

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition

from humanpose.errors import ClipError
from humanpose.video.quicktime import focal_length_35mm

_MAX_SIDE_PX = 8192
_MAX_PIXELS = 8192 * 4608
# Whole videos only: a playlist that calls itself .mp4 must not open other files.
_FORMATS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg,mxf,gif,ivf,obu,h264,hevc"
_DECODER_THREADS = 4  # bounded, since each holds frames
_RATE_WITHOUT_HEADER = 25.0  # frames/s, libav's own assumption
_DIAGONAL_35MM = math.hypot(36, 24)


@dataclass(frozen=True)
class ClipInfo:
    """What the header of a clip claims; what decodes may differ."""

    path: Path
    width: int
    """px, as a person sees the clip: rotation and pixel aspect ratio applied."""
    height: int
    fps: float
    duration_s: float | None
    frames: int | None
    rotation_deg: int
    """Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270."""
    codec: str
    focal_px: float | None
    """Focal length where the camera recorded it, px of the upright picture."""
    mirrored: bool = False
    """Whether the stored picture is flipped left to right before that turn."""
    first_tick: int | None = None
    """Time stamp of the first frame presented, in the stream's ticks: clip time 0."""


def probe(path: str | Path) -> ClipInfo:
    """Read the header of a clip and decode its first frame.

    Raises:
        ClipError: there is no such file, or no video in it that can be decoded.
    """
    path = Path(path)
    with opened(path) as (container, stream):
        frame = next((frame for frame in decoded(container, stream) if frame), None)
        if frame is None:
            raise ClipError(
                f"no frame of {path.name} can be decoded; record or export the clip again"
            )
        rotation_deg, mirrored = _orientation(frame)
        width = round(frame.width * (stream.sample_aspect_ratio or 1))
        size = (width, frame.height) if rotation_deg % 180 == 0 else (frame.height, width)
        focal_mm = focal_length_35mm(path)
        return ClipInfo(
            path,
            *size,
            fps=_rate(stream, stamped=frame.pts is not None),
            duration_s=_duration_s(container, stream),
            frames=stream.frames or None,
            rotation_deg=rotation_deg,
            codec=stream.codec_context.codec.canonical_name,
            focal_px=focal_mm and focal_mm * math.hypot(*size) / _DIAGONAL_35MM,
            mirrored=mirrored,
            first_tick=frame.pts,
        )


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, av.VideoStream]]:
    """The container and its video stream, ready to decode. Raises ClipError."""
    _require_content(path)
    try:
        container = av.open(
            f"file:{path}",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            metadata_errors="replace",
        )
    except av.FFmpegError as error:
        raise ClipError(_no_video(path)) from error
    with container:
        stream = _video_stream(container, path)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = _DECODER_THREADS
        # pictures larger than the header says are refused, too, before there is room for them
        stream.codec_context.options = {"max_pixels": str(_MAX_PIXELS)}
        yield container, stream


def decoded(
    container: InputContainer, stream: av.VideoStream
) -> Iterator[av.VideoFrame | None]:
    """Frames in the order of presentation; None for a piece that cannot be decoded."""
    try:
        for packet in container.demux(stream):
            yield from _decode(stream, packet)
            if not packet.size:  # the end; PyAV fails after it if streams have appeared since
                return
    except av.FFmpegError:  # the file ends in the middle of a frame
        yield None
        yield from _decode(stream, None)


def _decode(
    stream: av.VideoStream, packet: "av.Packet[av.VideoStream] | None"
) -> list[av.VideoFrame] | list[None]:
    try:
        return stream.decode(packet)
    except av.FFmpegError:
        return [None]


def _require_content(path: Path) -> None:
    if not path.exists():
        raise ClipError(f"{path} does not exist; check the name and the folder")
    if path.is_dir():
        raise ClipError(f"{path} is a folder; give one video file")
    if not os.access(path, os.R_OK):
        raise ClipError(f"{path} may not be read; change its permissions or copy it")
    if path.stat().st_size == 0:
        raise ClipError(f"{path.name} is empty (0 bytes); copy or export it again")


def _no_video(path: Path) -> str:
    with path.open("rb") as file:
        is_mp4 = file.read(8)[4:] == b"ftyp"
    if is_mp4:
        return f"{path.name} is incomplete, its index is missing; copy it from the camera again"
    return (
        f"{path.name} is not a video that can be read; give an MP4, MOV, MKV, WebM or AVI file"
    )


def _video_stream(container: InputContainer, path: Path) -> av.VideoStream:
    """The default one, the largest of several; never the cover picture of a sound file."""
    streams = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not streams and container.streams.audio:
        raise ClipError(f"there is only sound in {path.name}; give a clip with a picture")
    if not streams:
        raise ClipError(_no_video(path))
    # PyAV leaves the context out where libav has no decoder.
    readable = [stream for stream in streams if stream.codec_context]
    if not readable:
        raise ClipError(
            f"the video codec of {path.name} is not supported; convert the clip to H.264,"
            " for example with HandBrake"
        )
    stream = max(readable, key=_preference)
    width, height = stream.width, stream.height
    if max(width, height) > _MAX_SIDE_PX or width * height > _MAX_PIXELS:
        raise ClipError(
            f"{path.name} is {width}×{height} px; scale it down to at most {_MAX_SIDE_PX} px a"
            f" side and {_MAX_PIXELS / 1e6:.0f} megapixels"
        )
    return stream


def _preference(stream: av.VideoStream) -> tuple[bool, int]:
    return bool(stream.disposition & Disposition.default), stream.width * stream.height


def _rate(stream: av.VideoStream, *, stamped: bool) -> float:
    """Frames/s: the average, or the nominal rate when that is the same but for rounding."""
    average, nominal = stream.average_rate, stream.guessed_rate
    if average and nominal and stamped and abs(average / nominal - 1) > 0.01:
        return float(average)
    return float(nominal or average or _RATE_WITHOUT_HEADER)


def _duration_s(container: InputContainer, stream: av.VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tag = re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", stream.metadata.get("DURATION", ""))
    if tag:  # where Matroska states the length of one stream
        hours, minutes, seconds = map(float, tag.groups())
        return hours * 3600 + minutes * 60 + seconds
    return container.duration / av.time_base if container.duration else None


def _orientation(frame: av.VideoFrame) -> tuple[int, bool]:
    """Clockwise turn in deg, and whether a flip left to right comes before it.

    From the display matrix (ISO/IEC 14496-12): x' = a·x + c·y, y' = b·x + d·y.
    """
    side_data: Any = frame.side_data  # PyAV's stub knows one key only
    if "DISPLAYMATRIX" not in side_data:
        return 0, False
    a, b, _, c, d = np.frombuffer(side_data["DISPLAYMATRIX"], np.int32)[:5].tolist()
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360, mirrored
