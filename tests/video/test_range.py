"""Clip time: edit lists, trimming and seeking."""

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from humanpose.video import FrameReader, probe
from tests.support.clips import (
    Packet,
    Setup,
    numbered,
    options,
    read_number,
    remuxed,
    shown,
    write_clip,
)


@pytest.fixture
def edited(clip: Path) -> Path:
    """``clip`` with an edit list that presents frames 15 to 44 only."""

    def half_a_second_earlier(packet: Packet) -> None:
        assert packet.pts is not None
        assert packet.dts is not None
        shift = round(0.5 / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift

    path = remuxed(clip, clip.with_name("edited.mp4"), half_a_second_earlier)
    content = bytearray(path.read_bytes())
    struct.pack_into(">I", content, content.index(b"elst") + 12, 1000)  # segment length, ms
    path.write_bytes(content)
    return path


def test_frames_outside_the_edit_list_are_not_presented(edited: Path) -> None:
    info = probe(edited)
    reader = FrameReader(info)
    frames = list(reader)
    assert [read_number(frame.image) for frame in frames] == list(range(15, 45))
    assert frames[0].time_s == 0
    assert reader.warnings == ()


def test_clip_time_is_0_at_the_first_frame_whatever_its_stamp(tmp_path: Path) -> None:
    times = [5 + number / 30 for number in range(20)]
    path = write_clip(tmp_path / "late.ts", numbered(20), times_s=times)
    frames = list(FrameReader(probe(path), start_s=0.5))
    assert [read_number(frame.image) for frame in frames] == [15, 16, 17, 18, 19]
    assert frames[0].time_s == pytest.approx(0.5)


def test_the_range_is_half_open(clip: Path) -> None:
    assert shown(FrameReader(probe(clip), start_s=0.5, end_s=1.0)) == list(range(15, 30))
    assert shown(FrameReader(probe(clip), end_s=0.1)) == [0, 1, 2]


def test_a_start_computed_from_a_frame_number_includes_that_frame(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    info = probe(write_clip(tmp_path / "ntsc.mp4", numbered(60), fps=rate))
    for frame in range(60):
        assert shown(FrameReader(info, start_s=frame / info.fps))[0] == frame


@pytest.mark.parametrize(
    ("name", "codec", "setup"),
    [
        (
            "open_gop.mp4",
            "libx264",
            options(g="12", bf="3", flags="-cgop", x264opts="open-gop=1"),
        ),
        ("open_gop.mov", "libx265", options(**{"x265-params": "keyint=12:log-level=none"})),
        ("vp9.webm", "libvpx-vp9", options(g="12")),
        ("mpeg4.avi", "mpeg4", options(g="12", bf="2")),
        ("stream.ts", "libx264", options(g="12")),
        ("no_seeking.h264", "libx264", options(g="12")),
    ],
)
def test_seeking_gives_the_frames_of_a_full_decode(
    tmp_path: Path, name: str, codec: str, setup: Setup
) -> None:
    info = probe(write_clip(tmp_path / name, numbered(90), codec=codec, setup=setup))
    whole = list(FrameReader(info))
    for start in range(1, 90, 4):
        part = list(FrameReader(info, start_s=whole[start].time_s))
        assert [frame.time_s for frame in part] == [frame.time_s for frame in whole[start:]]
        assert all(
            np.array_equal(a.image, b.image) for a, b in zip(part, whole[start:], strict=True)
        )


def test_seeking_respects_the_edit_list(edited: Path) -> None:
    for start in range(30):
        frames = FrameReader(probe(edited), start_s=start / 30)
        assert shown(frames) == list(range(15 + start, 45))
