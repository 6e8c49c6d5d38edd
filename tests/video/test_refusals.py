"""Clips that are damaged, and files that cannot be used at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from humanpose.errors import ClipError
from humanpose.video import FrameReader, header, opening, probe
from tests.support.clips import (
    Image,
    Packet,
    cut_off,
    damage,
    numbered,
    numbered_picture,
    options,
    remuxed,
    shown,
    write_clip,
    write_sound,
)


def test_a_clip_that_is_cut_off_gives_what_can_be_read(clip: Path) -> None:
    reader = FrameReader(probe(cut_off(clip, frames=30)))
    read = shown(reader)
    assert read == list(range(len(read)))
    assert 24 <= len(read) <= 30
    (sentence,) = reader.warnings
    assert sentence.startswith(
        "The clip is cut off: it should go on to 2.0 s and could be read"
    )
    assert sentence.endswith(f"up to {len(read) / 30:.1f} s.")


def test_a_cut_that_the_range_does_not_reach_is_not_mentioned(clip: Path) -> None:
    reader = FrameReader(probe(cut_off(clip, frames=30)), end_s=0.5)
    assert shown(reader) == list(range(15))
    assert reader.warnings == ()


def test_without_a_length_in_the_header_nothing_counts_as_missing(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "no_duration.h264", numbered(40))
    reader = FrameReader(probe(path), end_s=100)
    assert len(list(reader)) == 40
    assert reader.warnings == ()


def test_a_damaged_frame_is_skipped_and_mentioned(
    clip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    reader = FrameReader(probe(damage(clip, frames=[30])))
    read = shown(reader)
    assert len(read) == 59
    assert read[:24] + read[36:] == [*range(24), *range(37, 60)]
    assert reader.warnings == ("The clip is damaged: 1 frame could not be read.",)
    assert capfd.readouterr() == ("", "")


def test_a_frame_whose_time_stamp_does_not_advance_is_left_out(tmp_path: Path) -> None:
    def repeat_10(packet: Packet) -> None:
        if packet.pts == 367:
            packet.pts = packet.dts = 333

    source = write_clip(tmp_path / "source.mkv", numbered(20), setup=options(bf="0"))
    path = remuxed(source, tmp_path / "twice.mkv", repeat_10)
    reader = FrameReader(probe(path))
    assert shown(reader) == [number for number in range(20) if number != 11]
    assert reader.warnings == (
        "The clip has 1 frame with the time of another one, left out here.",
    )


def test_a_file_is_closed_when_the_loop_is_left(clip: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("needs /proc")

    def is_open() -> bool:
        links = (os.path.realpath(link) for link in descriptors.iterdir())
        return str(clip) in links

    frames: Iterator[object] = iter(FrameReader(probe(clip), start_s=0.5))
    assert not is_open()
    next(frames)
    assert is_open()
    del frames
    assert not is_open()


def refusal(path: Path) -> str:
    with pytest.raises(ClipError) as caught:
        list(FrameReader(probe(path)))
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_files_that_are_no_video_are_refused(tmp_path: Path) -> None:
    assert "does not exist; check" in refusal(tmp_path / "nothing.mp4")
    assert "is a folder; give one" in refusal(tmp_path)
    empty, text = tmp_path / "empty.mp4", tmp_path / "text.mp4"
    empty.touch()
    assert "empty.mp4 is empty (0 bytes); copy" in refusal(empty)
    text.write_text("Dear diary,\n" * 100)
    assert "text.mp4 is not a video" in refusal(text)


def test_sound_is_refused_also_with_a_cover_picture(tmp_path: Path) -> None:
    assert "only sound in sound.mp4" in refusal(write_sound(tmp_path / "sound.mp4"))
    song = write_sound(tmp_path / "song.mp4", cover=numbered_picture(3))
    assert "only sound in song.mp4" in refusal(song)


def test_a_playlist_cannot_open_other_files(tmp_path: Path) -> None:
    write_clip(tmp_path / "private.ts", numbered(30))
    playlist = tmp_path / "clip.mp4"
    playlist.write_text("ffconcat version 1.0\nfile private.ts\n")
    assert "clip.mp4 is not a video" in refusal(playlist)


def test_a_clip_without_its_whole_index_is_refused(clip: Path) -> None:
    content = clip.read_bytes()
    index, data = content.index(b"moov") - 4, content.index(b"mdat") - 4
    for rest in (content[:200], content[:index] + content[data:]):
        clip.write_bytes(rest)
        assert "clip.mp4 is incomplete, its index is missing; copy" in refusal(clip)


def test_a_clip_of_which_nothing_decodes_is_refused(clip: Path) -> None:
    assert "no frame of clip.mp4 can be decoded" in refusal(damage(clip, frames=range(60)))


def test_an_unknown_codec_is_refused(clip: Path) -> None:
    clip.write_bytes(clip.read_bytes().replace(b"avc1", b"zzzz"))
    assert "codec of clip.mp4 is not supported; convert" in refusal(clip)


def test_absurd_dimensions_are_refused(tmp_path: Path) -> None:
    long: Image = np.zeros((16, 8200, 3), np.uint8)
    path = write_clip(tmp_path / "long.mp4", [long])
    assert "8200×16 px; scale it down to at most 8192" in refusal(path)


def test_more_pixels_than_any_camera_has_are_refused_before_one_is_decoded(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_MAX_PIXELS", 64 * 48 - 1)
    monkeypatch.setattr(header, "decoded", None)
    assert "64×48 px; scale it down to at most" in refusal(clip)


def test_pictures_that_grow_within_a_clip_are_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = write_clip(tmp_path / "a.h264", numbered(9), setup=options(bf="0"))
    large = write_clip(tmp_path / "b.h264", numbered(9, width=640, height=480))
    small.write_bytes(small.read_bytes() + large.read_bytes())
    both = len(list(FrameReader(probe(small))))
    monkeypatch.setattr(opening, "_MAX_PIXELS", 64 * 48)
    assert both == 18 > 9 >= len(list(FrameReader(probe(small))))


def test_more_frames_than_slow_motion_has_are_refused(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "fast.mp4", numbered(200), fps=1000)
    with pytest.raises(ClipError, match=r"more than 150 frames, the limit for 0.01 min"):
        list(FrameReader(probe(clip), max_minutes=0.01))


def test_an_empty_range_is_refused(clip: Path) -> None:
    with pytest.raises(ClipError, match=r"between 5 s and the end of a clip of 2.00 s; choose"):
        list(FrameReader(probe(clip), start_s=5))
    with pytest.raises(ClipError, match=r"between 0.01 s and 0.02 s"):
        list(FrameReader(probe(clip), start_s=0.01, end_s=0.02))


def test_a_long_clip_is_refused_by_its_header_before_any_frame(clip: Path) -> None:
    with pytest.raises(ClipError, match=r"limit of 0.02 min; choose .* or raise the limit"):
        next(iter(FrameReader(probe(clip), max_minutes=0.02)))
    assert len(list(FrameReader(probe(clip), end_s=1, max_minutes=0.02))) == 30


def test_a_long_clip_is_refused_while_decoding_when_the_header_hides_it(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "no_duration.h264", numbered(60))
    frames = iter(FrameReader(probe(path), max_minutes=0.02))
    assert next(frames).time_s == 0
    with pytest.raises(ClipError, match=r"limit of 0.02 min"):
        list(frames)
