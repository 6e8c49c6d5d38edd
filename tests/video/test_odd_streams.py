"""Streams whose time stamps, length or shape change on the way."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from humanpose.video import FrameReader, probe, timeline_of
from tests.support.clips import (
    cut_off,
    numbered,
    read_number,
    shown,
    write_clip,
    write_with_sound,
)


def joined(path: Path, *parts: Path) -> Path:
    """As ``cat`` joins transport streams."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def part(
    path: Path, *, start_s: float = 0.0, width: int = 64, height: int = 48,
    aspect: Fraction | None = None, codec: str = "libx264",
) -> Path:  # fmt: skip
    """30 frames."""

    def setup(stream: av.VideoStream) -> None:
        stream.options = {"g": "15"}
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect

    times_s = [start_s + n / 30 for n in range(30)]
    pictures = numbered(30, width=width, height=height)
    return write_clip(path, pictures, times_s=times_s, codec=codec, setup=setup)


@pytest.mark.parametrize("starts_s", [(0, 0), (5, 0), (0, 0.9), (0, 300), (90_000, 3)])
def test_segments_whose_stamps_start_anew_are_read_one_after_the_other(
    tmp_path: Path, starts_s: tuple[float, float]
) -> None:
    parts = [part(tmp_path / f"{i}.ts", start_s=s) for i, s in enumerate(starts_s)]
    info = probe(joined(tmp_path / "both.ts", *parts))
    assert info.duration_s == pytest.approx(2)
    reader = FrameReader(info)
    frames = list(reader)
    assert [read_number(frame.image) for frame in frames] == [*range(30)] * 2
    timeline, resampled = timeline_of([frame.time_s for frame in frames], clip=info)
    assert (timeline.frames, timeline.fps, resampled) == (60, 30, False)
    (sentence,) = reader.warnings
    assert sentence.startswith("The time stamps of the clip start anew at 1.0 s")
    later = FrameReader(info, start_s=1.5)
    assert shown(later) == [*range(15, 30)]
    assert later.warnings == ()


def test_a_stream_in_one_piece_is_sought_and_says_nothing(tmp_path: Path) -> None:
    info = probe(part(tmp_path / "one.ts", start_s=700))
    assert info.runs_through
    assert info.duration_s == pytest.approx(1)
    reader = FrameReader(info, start_s=0.5)
    assert shown(reader) == list(range(15, 30))
    assert reader.warnings == ()


@pytest.mark.parametrize(("name", "codec"), [("a.flv", "flv"), ("a.ts", "libx264")])
def test_sound_that_lasts_longer_says_nothing_of_the_picture(
    tmp_path: Path, name: str, codec: str
) -> None:
    info = probe(write_with_sound(tmp_path / name, numbered(30), codec=codec, sound_s=3))
    assert info.duration_s == pytest.approx(1, abs=0.05)
    reader = FrameReader(info)
    assert shown(reader) == list(range(30))
    assert reader.warnings == ()


def test_a_clip_with_sound_that_breaks_off_is_called_cut_off(tmp_path: Path) -> None:
    path = write_with_sound(tmp_path / "a.flv", numbered(90), codec="flv", sound_s=3)
    reader = FrameReader(probe(cut_off(path, frames=30)))
    assert len(shown(reader)) < 40
    assert reader.warnings[0].startswith("The clip is cut off: it should go on to 3")


def test_another_resolution_is_scaled_to_the_first(tmp_path: Path) -> None:
    small, large = part(tmp_path / "a.ts"), part(tmp_path / "b.ts", width=128, height=96)
    reader = FrameReader(probe(joined(tmp_path / "c.ts", small, large)))
    frames = list(reader)
    assert {frame.image.shape for frame in frames} == {(48, 64, 3)}
    assert [read_number(frame.image) for frame in frames] == [*range(30)] * 2
    assert not any("shape" in warning for warning in reader.warnings)


def test_a_picture_that_turns_keeps_its_shape_within_the_first(tmp_path: Path) -> None:
    tall = part(tmp_path / "a.ts", width=96, height=160)
    wide = part(tmp_path / "b.ts", width=160, height=96)
    reader = FrameReader(probe(joined(tmp_path / "c.ts", tall, wide)))
    frames = list(reader)
    assert {frame.image.shape for frame in frames} == {(160, 96, 3)}
    inside = [frame.image[51:109] for frame in frames[30:]]  # 96 × 57.6 in the middle
    assert [read_number(image) for image in inside] == list(range(30))
    assert max(frame.image[:48].max() for frame in frames[30:]) == 0
    assert max(frame.image[112:].max() for frame in frames[30:]) == 0
    assert any("shape at 1.0 s, from 96 × 160 to 160 × 96 px" in w for w in reader.warnings)


def test_pixels_that_become_wider_stay_square_when_shown(tmp_path: Path) -> None:
    square = part(tmp_path / "a.ts", width=64, height=64)
    wide = part(tmp_path / "b.ts", width=64, height=64, aspect=Fraction(2))
    frames = list(FrameReader(probe(joined(tmp_path / "c.ts", square, wide))))
    assert {frame.image.shape for frame in frames} == {(64, 64, 3)}
    assert shown(frames[:30]) == list(range(30))
    assert [read_number(frame.image[16:48]) for frame in frames[30:]] == list(range(30))
    assert max(frame.image[:14].max() for frame in frames[30:]) == 0
