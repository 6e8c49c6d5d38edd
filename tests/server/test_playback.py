"""The clip for the browser: picture i is frame i of the analysis."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from humanpose.errors import OutputError
from humanpose.sequence import Timeline
from humanpose.server.playback import write_playback
from humanpose.settings import Settings
from humanpose.video import FrameReader, probe, timeline_of
from tests.support.clips import numbered, shown, write_clip
from tests.support.disk import small_disk

WHOLE = Settings(height_m=1.8)


def play(
    clip: Path, *, capture_fps: float | None = None, start_s: float = 0
) -> tuple[Path, Timeline]:
    """The playback of an analysis of ``clip``, and its timeline."""
    info, out = probe(clip), clip.with_name("playback.mp4")
    settings = Settings(height_m=1.8, start_s=start_s, fps=capture_fps)
    times = [frame.time_s for frame in FrameReader(info, start_s=start_s)]
    timeline, _ = timeline_of(times, clip=info, capture_fps=capture_fps)
    write_playback(info, timeline, out, settings=settings)
    return out, timeline


@pytest.mark.parametrize("fps", [10, Fraction(30000, 1001), 60, 240])
def test_a_browser_finds_frame_i_at_the_middle_of_its_time(
    tmp_path: Path, fps: Fraction
) -> None:
    out, timeline = play(write_clip(tmp_path / "clip.mkv", numbered(50), fps=fps))
    assert shown(FrameReader(probe(out))) == list(range(50))
    with av.open(str(out)) as container:
        starts = [frame.time for frame in container.decode(video=0)]
    middles = (np.arange(50) + 0.5) / timeline.fps
    np.testing.assert_array_equal(np.searchsorted(starts, middles) - 1, np.arange(50))


def test_it_seeks_quickly_and_plays_everywhere(tmp_path: Path) -> None:
    out, _ = play(
        write_clip(tmp_path / "odd.webm", numbered(35, width=63, height=47), codec="libvpx-vp9")
    )
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (64, 48)
        assert stream.start_time == 0
        frames = list(container.decode(stream))
    assert av.video.frame.PictureType.B not in {frame.pict_type for frame in frames}
    keys = [number for number, frame in enumerate(frames) if frame.key_frame]
    assert max(np.diff([*keys, len(frames)])) <= 10


def test_it_is_upright_scaled_down_and_in_the_right_colours(tmp_path: Path) -> None:
    orange = np.full((400, 600, 3), (230, 120, 20), np.uint8)
    clip = write_clip(
        tmp_path / "phone.mov", [orange], setup=lambda stream: stream.set_display_rotation(-90)
    )
    info, out = probe(clip), tmp_path / "out.mp4"
    write_playback(info, Timeline(1, 30), out, settings=WHOLE, max_side_px=300)
    (frame,) = FrameReader(probe(out))
    assert frame.image.shape == (300, 200, 3)
    np.testing.assert_allclose(frame.image.mean(axis=(0, 1)), (230, 120, 20), atol=6)


def test_a_resampled_frame_shows_the_nearest_picture(tmp_path: Path) -> None:
    gaps = [0.04] * 20 + [0.02] * 5 + [0.1] * 10
    times = np.concatenate([[0], np.cumsum(gaps)])
    out, timeline = play(
        write_clip(tmp_path / "phone.mp4", numbered(36), times_s=times.tolist())
    )
    assert timeline.frames > 36
    nearest = np.abs(timeline.time_s[:, None] - times).min(axis=1)
    pictures = shown(FrameReader(probe(out)))
    assert len(pictures) == timeline.frames
    np.testing.assert_allclose(np.abs(timeline.time_s - times[pictures]), nearest, atol=1e-4)


def test_even_slow_motion_shows_every_picture_once(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "slow.mp4", numbered(40))
    out, timeline = play(clip, capture_fps=240, start_s=0.5)
    assert shown(FrameReader(probe(out))) == list(range(15, 40))
    assert timeline.fps == 240


def test_uneven_slow_motion_shows_the_nearest_picture(tmp_path: Path) -> None:
    numbers = [n for n in range(61) if n % 7 != 3]
    clip = write_clip(
        tmp_path / "slow.mp4", numbered(len(numbers)), times_s=[n / 30 for n in numbers]
    )
    out, timeline = play(clip, capture_fps=240)
    assert timeline.frames == 61
    assert timeline.fps == pytest.approx(240)
    pictures = np.array(numbers)[shown(FrameReader(probe(out)))]
    np.testing.assert_array_less(np.abs(pictures - np.arange(61)), 2)


def test_parts_that_were_joined_are_shown_one_after_the_other(tmp_path: Path) -> None:
    part = write_clip(tmp_path / "part.ts", numbered(20))
    clip = tmp_path / "joined.ts"
    clip.write_bytes(2 * part.read_bytes())
    out, timeline = play(clip, start_s=0.5)
    assert timeline.frames == 25
    assert shown(FrameReader(probe(out))) == [*range(15, 20), *range(20)]


def test_a_timeline_of_another_range_is_a_mistake(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", numbered(20))
    with pytest.raises(ValueError, match="timeline has 19 frames, the range 20"):
        write_playback(probe(clip), Timeline(19, 30), tmp_path / "out.mp4", settings=WHOLE)
    assert list(tmp_path.iterdir()) == [clip]


def test_a_full_disk_is_an_output_error_and_leaves_the_old_file(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (10, 96, 128, 3), np.uint8)
    clip = write_clip(tmp_path / "clip.mp4", noise)
    out = tmp_path / "out.mp4"
    out.write_text("the last one")
    info = probe(clip)
    sentence = r"cannot write .*out.mp4: there is no space left"
    with small_disk(2048), pytest.raises(OutputError, match=sentence):
        write_playback(info, Timeline(10, 30), out, settings=WHOLE)
    assert out.read_text() == "the last one"
    assert set(tmp_path.iterdir()) == {clip, out}


def test_a_folder_that_is_missing_is_an_output_error(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", numbered(3))
    with pytest.raises(OutputError, match=r"cannot write .*out.mp4"):
        write_playback(
            probe(clip), Timeline(3, 30), tmp_path / "missing" / "out.mp4", settings=WHOLE
        )
