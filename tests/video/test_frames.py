"""Reading clips: every frame once, in order, upright and in square pixels."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from humanpose.video import FrameReader, probe, timeline_of
from tests.support.clips import (
    Setup,
    numbered,
    numbered_picture,
    options,
    read_number,
    shown,
    write_clip,
)
from tests.support.places import SHARED

CLIPS = SHARED / "data" / "clips"
needs_shared = pytest.mark.skipif(not CLIPS.is_dir(), reason="../shared is not there")


@pytest.mark.parametrize(
    ("name", "codec", "setup"),
    [
        ("h264.mp4", "libx264", None),
        (
            "h264_10_bit.mp4",
            "libx264",
            lambda stream: setattr(stream, "pix_fmt", "yuv420p10le"),
        ),
        ("hevc.mov", "libx265", options(**{"x265-params": "log-level=none"})),
        ("vp9.webm", "libvpx-vp9", None),
        ("mpeg4.avi", "mpeg4", None),
        ("h264.ts", "libx264", None),
        ("no_time_stamps.h264", "libx264", None),
    ],
)
def test_every_frame_comes_once_and_in_order(
    tmp_path: Path, name: str, codec: str, setup: Setup | None
) -> None:
    path = write_clip(tmp_path / name, numbered(40), codec=codec, setup=setup)
    frames = list(FrameReader(probe(path)))
    assert [read_number(frame.image) for frame in frames] == list(range(40))
    timeline, resampled = timeline_of([frame.time_s for frame in frames], clip=probe(path))
    assert not resampled
    np.testing.assert_allclose(timeline.time_s, np.arange(40) / 30, atol=1e-9)


def test_the_header_is_reported(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", numbered(60))
    info = probe(str(path))
    assert (info.path, info.width, info.height, info.codec) == (path, 64, 48, "h264")
    assert (info.fps, info.duration_s) == (30, 2)
    assert (info.rotation_deg, info.mirrored, info.focal_px) == (0, False, None)


def test_pictures_are_contiguous_rgb_in_the_right_colours(tmp_path: Path) -> None:
    orange = np.full((47, 63, 3), (230, 120, 20), np.uint8)
    path = write_clip(tmp_path / "odd.webm", [orange], codec="libvpx-vp9")
    (frame,) = FrameReader(probe(path))
    assert frame.image.shape == (47, 63, 3)
    assert frame.image.flags.c_contiguous
    np.testing.assert_allclose(frame.image.mean(axis=(0, 1)), (230, 120, 20), atol=6)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", [False, True])
def test_pictures_are_upright(tmp_path: Path, degrees: int, flip: bool) -> None:
    """Players turn the stored picture anticlockwise by ``degrees``, then flip it."""
    upright = numbered_picture(0b0100_1010_0011)
    stored = np.rot90(np.fliplr(upright) if flip else upright, -degrees // 90)
    path = write_clip(
        tmp_path / "turned.mp4",
        [np.ascontiguousarray(stored)] * 3,
        setup=lambda stream: stream.set_display_rotation(degrees, hflip=flip),
    )
    info = probe(path)
    assert (info.width, info.height) == (64, 48)
    assert shown(FrameReader(probe(path))) == [0b0100_1010_0011] * 3


def test_the_rotation_is_the_clockwise_turn(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "phone.mov",
        numbered(2),
        setup=lambda stream: stream.set_display_rotation(-90),
    )
    assert probe(path).rotation_deg == 90


def test_pixels_become_square(tmp_path: Path) -> None:
    def wide(stream: av.VideoStream) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)

    path = write_clip(tmp_path / "wide.mp4", numbered(5, width=48), setup=wide)
    assert (probe(path).width, probe(path).height) == (64, 48)
    assert [frame.image.shape for frame in FrameReader(probe(path))] == [(48, 64, 3)] * 5


def test_large_pictures_are_scaled_down_and_small_ones_never_up(tmp_path: Path) -> None:
    path = write_clip(
        tmp_path / "tall.mp4",
        numbered(3, width=400, height=200),
        setup=lambda stream: stream.set_display_rotation(90),
    )
    assert (probe(path).width, probe(path).height) == (200, 400)
    for limit, shape in ((100, (100, 50, 3)), (5000, (400, 200, 3)), (None, (400, 200, 3))):
        frames = FrameReader(probe(path), max_side_px=limit)
        assert {frame.image.shape for frame in frames} == {shape}


def test_the_largest_of_several_streams_is_read(tmp_path: Path) -> None:
    path = tmp_path / "two.mkv"
    with av.open(str(path), "w") as container:
        sizes = [(64, 48), (128, 96), (32, 24)]
        streams = [container.add_stream("libx264", rate=30) for _ in sizes]
        for stream, (width, height) in zip(streams, sizes, strict=True):
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for stream, (width, height) in zip(streams, sizes, strict=True):
            picture = numbered_picture(7, width=width, height=height)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
            container.mux(stream.encode(None))
    assert probe(path).width == 128
    assert shown(FrameReader(probe(path))) == [7]


def test_names_with_spaces_colons_and_any_script_work(tmp_path: Path) -> None:
    folder = tmp_path / "мои видео 100%d"
    folder.mkdir()
    path = write_clip(folder / "跳 09:41 é.mkv", numbered(3))
    assert shown(FrameReader(probe(path))) == [0, 1, 2]


def test_metadata_in_an_old_encoding_is_no_obstacle(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "latin_1.mp4", numbered(3))
    path.write_bytes(path.read_bytes().replace(b"VideoHandler", b"Vid\xe9oHandler"))
    assert shown(FrameReader(probe(path))) == [0, 1, 2]


def test_a_clip_of_one_frame_has_a_timeline(tmp_path: Path) -> None:
    info = probe(write_clip(tmp_path / "one.mp4", numbered(1)))
    (frame,) = FrameReader(info)
    timeline, resampled = timeline_of([frame.time_s], clip=info)
    assert (timeline.frames, timeline.fps, timeline.start_s, resampled) == (1, 30, 0, False)


@needs_shared
def test_an_iphone_clip_is_upright_and_states_its_focal_length() -> None:
    """HEVC with rotation -90; the other file is its upright copy without the last frame."""
    phone = probe(CLIPS / "opencap_demo" / "Jump_cam0_hevc_rotated.mov")
    assert (phone.width, phone.height, phone.rotation_deg) == (720, 1280, 90)
    calibrated_px = 913.4  # cam0.json, from a checkerboard
    assert phone.focal_px == pytest.approx(calibrated_px, rel=0.01)
    copy = probe(CLIPS / "opencap_demo" / "Jump_cam0.mp4")
    ours = [frame.image.astype(int) for frame in FrameReader(phone, max_side_px=160)]
    theirs = [frame.image.astype(int) for frame in FrameReader(copy, max_side_px=160)]
    assert (len(ours), len(theirs)) == (294, 293)
    for frame in range(0, 293, 20):
        assert np.abs(ours[frame] - theirs[frame]).mean() < 3


@needs_shared
@pytest.mark.parametrize(
    ("name", "frames"),
    [
        ("temuge/cam0_test.mp4", 187),
        ("tfjs/pose-detection/test_data/pose_squats.mp4", 65),
        ("sports2d/demo.mp4", 230),
    ],
)
def test_real_clips_give_all_their_frames(name: str, frames: int) -> None:
    info = probe(CLIPS / name)
    times = [frame.time_s for frame in FrameReader(info, max_side_px=64)]
    timeline, resampled = timeline_of(times, clip=info)
    assert (timeline.frames, timeline.fps, resampled) == (frames, info.fps, False)
