"""The opening of files that may be anything, and what decodes in them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition

from humanpose.errors import ClipError

_MAX_SIDE_PX = 8192
_MAX_PIXELS = 8192 * 4608
# Whole videos only: a playlist that calls itself .mp4 must not open other files.
_FORMATS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,m4v,flv,asf,ogg,mxf,gif,ivf,obu,h264,hevc"
_DECODER_THREADS = 4  # bounded, since each holds frames


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
