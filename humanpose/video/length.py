"""How long the picture of a clip lasts, counted where its header cannot know."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
from av.container import InputContainer
from av.format import Flags

from humanpose.video.clock import Clock
from humanpose.video.opening import opened

_SHORT_S = 0.25


def stamps_jump(container: InputContainer) -> bool:
    """Whether time stamps of this format may start anew or jump, as MPEG-TS allows."""
    return Flags.ts_discont in Flags(container.format.flags)


def length_of(path: Path, *, fps: float) -> tuple[float | None, bool]:
    """The length of the picture, s, and whether its time stamps run through.

    Read from the header only where that speaks of the picture: that of a whole file may be its
    sound's, and MPEG-TS has none. None where neither header nor time stamps tell it.
    """
    with opened(path) as (container, stream):
        jumps = stamps_jump(container)
        stated_s = _stated_s(stream)
        if stated_s is None and len(container.streams) == 1:
            stated_s = container.duration / av.time_base if container.duration else None
        if not jumps and (stated_s is not None or not container.duration):
            return stated_s, True
        clock = Clock(period_s=1 / fps, jumps=jumps)
        ends_s = dict.fromkeys((s.index for s in container.streams), 0.0)
        for time_s, _ in clock.times(_stamps(container, stream.index, ends_s)):
            ends_s[stream.index] = time_s + 1 / fps
        whole_s, counted_s = (container.duration or 0) / av.time_base, ends_s[stream.index]
    if not jumps and max(ends_s.values()) < whole_s - _SHORT_S:
        return whole_s, True  # everything in it ends before it should: it is cut off
    return counted_s or None, not clock.joins_s


def _stated_s(stream: av.VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tag = re.fullmatch(r"(\d+):(\d+):(\d+\.\d+)", stream.metadata.get("DURATION", ""))
    if tag:  # where Matroska states the length of one stream
        hours, minutes, seconds = map(float, tag.groups())
        return hours * 3600 + minutes * 60 + seconds
    return None


def _stamps(
    container: InputContainer, picture: int, ends_s: dict[int, float]
) -> Iterator[tuple[float | None, None]]:
    """Of the picture's packets in coded order, from 0; ``ends_s`` gets those of the rest."""
    first_s: float | None = None
    with suppress(av.FFmpegError):  # what cannot be read has no time
        for packet in container.demux():
            if not packet.size:
                continue
            stamp = packet.pts if packet.dts is None else packet.dts
            stamp_s = None if stamp is None else float(stamp * packet.time_base)
            if packet.stream.index != picture:
                lasts_s = float((packet.duration or 0) * packet.time_base)
                ends_s[packet.stream.index] = (stamp_s or 0.0) + lasts_s
                continue
            if first_s is None:
                first_s = stamp_s
            yield None if stamp_s is None or first_s is None else stamp_s - first_s, None
