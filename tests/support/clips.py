"""Tiny videos for the tests, each frame carrying its own number as black and white blocks."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias, cast

import av
import numpy as np
from numpy.typing import NDArray

from humanpose.video import Frame

Image = NDArray[np.uint8]
Setup = Callable[[av.VideoStream], object]
Packet: TypeAlias = "av.Packet[av.VideoStream]"

_COLUMNS, _ROWS = 4, 3
_TICK = Fraction(1, 90_000)


def numbered(frames: int, *, width: int = 64, height: int = 48) -> Iterator[Image]:
    """Pictures that carry 0, 1, 2 … (12 bits), each (height, width, 3) RGB."""
    return (numbered_picture(number, width=width, height=height) for number in range(frames))


def numbered_picture(number: int, *, width: int = 64, height: int = 48) -> Image:
    """(height, width, 3) RGB; bit 0 of ``number`` in the top-left block, white is 1."""
    rows = np.arange(height) * _ROWS // height
    columns = np.arange(width) * _COLUMNS // width
    bit = rows[:, None] * _COLUMNS + columns
    grey = ((number >> bit) & 1) * 255
    return np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)


def read_number(image: Image) -> int:
    """The number in a picture of ``numbered``, also after coding and scaling."""
    height, width, _ = image.shape
    rows = (np.arange(_ROWS) * 2 + 1) * height // (2 * _ROWS)
    columns = (np.arange(_COLUMNS) * 2 + 1) * width // (2 * _COLUMNS)
    bits = image[np.ix_(rows, columns)].mean(axis=2).ravel() > 127
    return int((bits << np.arange(bits.size)).sum())


def options(**values: str) -> Setup:
    """For ``write_clip``: options of the encoder."""
    return lambda stream: setattr(stream, "options", values)


def write_clip(
    path: Path,
    pictures: Iterable[Image],
    *,
    fps: Fraction | int = 30,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    setup: Setup | None = None,
) -> Path:
    """Encode pictures of one size; ``setup`` may change the stream (options, rotation, …).

    With ``times_s`` the frames get these time stamps, s, instead of even ones. An MP4 or MOV
    has its index in front, so that a cut-off copy can still be opened.
    """
    pictures = iter(pictures)
    first = next(pictures)
    index_first = {"movflags": "+faststart"} if path.suffix in (".mp4", ".mov") else {}
    with av.open(str(path), "w", options=index_first) as container:
        stream = cast(av.VideoStream, container.add_stream(codec, rate=fps))
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        if times_s is not None:
            stream.codec_context.time_base = _TICK
        if setup:
            setup(stream)
        for number, picture in enumerate(itertools.chain([first], pictures)):
            frame = av.VideoFrame.from_ndarray(picture)
            time_s = Fraction(number) / fps if times_s is None else times_s[number]
            frame.pts, frame.time_base = round(time_s / _TICK), _TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path, *, cover: Image | None = None) -> Path:
    """One second of silence, with a cover picture as in a music library if one is given."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=8000)
        picture = container.add_stream("mjpeg") if cover is not None else None
        if cover is not None and picture:
            picture.height, picture.width = cover.shape[:2]
            picture.pix_fmt = "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
            container.mux(picture.encode(av.VideoFrame.from_ndarray(cover)))
            container.mux(picture.encode(None))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
        silence.sample_rate = 8000
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    return path


def write_with_sound(
    path: Path, pictures: Iterable[Image], *, codec: str, sound_s: float
) -> Path:
    """Pictures at 30/s and, from the same moment on, ``sound_s`` of silence."""
    with av.open(str(path), "w") as container:
        picture = cast(av.VideoStream, container.add_stream(codec, rate=30))
        sound = container.add_stream("aac", rate=44_100)
        frames = [av.VideoFrame.from_ndarray(image) for image in pictures]
        picture.width, picture.height = frames[0].width, frames[0].height
        picture.pix_fmt = "yuv420p"
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        silence = np.zeros((1, round(44_100 * sound_s)), np.float32)
        heard = av.AudioFrame.from_ndarray(silence, "fltp", "mono")
        heard.sample_rate = 44_100
        container.mux(sound.encode(heard))
        container.mux(sound.encode(None))
    return path


def cut_off(clip: Path, *, frames: int) -> Path:
    """Drop what follows ``frames`` frames (in coded order) and a half, in place."""
    position, size = _packets(clip)[frames]
    content = clip.read_bytes()
    clip.write_bytes(content[: position + size // 2])
    return clip


def damage(clip: Path, *, frames: Iterable[int]) -> Path:
    """Overwrite the data of these frames (in coded order) with zeros, in place."""
    content = bytearray(clip.read_bytes())
    packets = _packets(clip)
    for position, size in (packets[frame] for frame in frames):
        content[position : position + size] = bytes(size)
    clip.write_bytes(content)
    return clip


def remuxed(source: Path, target: Path, change: Callable[[Packet], None]) -> Path:
    """The same coded frames with changed packets, e.g. with other time stamps."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                change(packet)
                packet.stream = stream
                new.mux(packet)
    return target


def shown(frames: Iterable[Frame]) -> list[int]:
    """The numbers in the pictures of a ``FrameReader``."""
    return [read_number(frame.image) for frame in frames]


def _packets(clip: Path) -> list[tuple[int, int]]:
    """Byte position and size of every coded frame."""
    with av.open(str(clip)) as container:
        packets = container.demux(container.streams.video[0])
        return [(packet.pos or 0, packet.size) for packet in packets if packet.size]
