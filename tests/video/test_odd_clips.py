"""Clips that users really have, through the whole pipeline with the real detector."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis, ClipError, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.settings import RAW
from humanpose.video import FrameReader, probe
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.clips import Image, write_clip
from tests.support.places import DATA

SETTINGS = Settings(height_m=SAMPLE_HEIGHT_M, **RAW)


def pictures(count: int, *, every: int = 1) -> list[Image]:
    """The first pictures of the sample clip, (H, W, 3) RGB."""
    frames = islice(FrameReader(probe(SAMPLE)), 0, count * every, every)
    return [frame.image for frame in frames]


def knee(analysis: Analysis) -> float:
    """Median right knee angle, deg."""
    return float(np.nanmedian(analysis.angles["knee_angle_r"]))


def test_a_clip_of_one_frame_has_angles(tmp_path: Path) -> None:
    analysis = analyze(write_clip(tmp_path / "one.mp4", pictures(1)), SETTINGS)
    assert analysis.timeline.frames == 1
    assert np.isfinite(knee(analysis))
    analysis.save(tmp_path)


def test_240_frames_a_second_keep_every_frame(tmp_path: Path) -> None:
    slow = [picture for picture in pictures(12) for _ in range(8)]
    analysis = analyze(write_clip(tmp_path / "fast.mp4", slow, fps=240), SETTINGS)
    assert analysis.timeline.fps == pytest.approx(240)
    assert analysis.timeline.frames == 96
    assert analysis.landmarks.detected.all()


def test_4k_and_small_give_the_same_person(tmp_path: Path) -> None:
    small = pictures(4)
    large = [picture.repeat(6, axis=0).repeat(6, axis=1) for picture in small]
    here = analyze(write_clip(tmp_path / "small.mp4", small), SETTINGS)
    there = analyze(write_clip(tmp_path / "large.mp4", large), SETTINGS)
    assert there.landmarks.image_size == (3840, 2880)
    assert knee(there) == pytest.approx(knee(here), abs=5)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_phone_held_in_any_way_gives_the_same_angles(tmp_path: Path, turns: int) -> None:
    upright = pictures(6)
    turned = [np.ascontiguousarray(np.rot90(picture, turns)) for picture in upright]
    here = analyze(write_clip(tmp_path / "upright.mp4", upright), SETTINGS)
    clip = write_clip(
        tmp_path / "turned.mp4",
        turned,
        setup=lambda stream: stream.set_display_rotation(-90 * turns),
    )
    there = analyze(clip, SETTINGS)
    assert there.landmarks.image_size == here.landmarks.image_size
    assert knee(there) == pytest.approx(knee(here), abs=2)


def test_two_people_are_said_and_either_can_be_chosen() -> None:
    clip = DATA / "two_people.mp4"
    first, second = (analyze(clip, Settings(height_m=1.7, person=n, **RAW)) for n in (1, 2))
    assert any("2 people" in warning for warning in first.warnings)
    apart = np.linalg.norm(first.keypoints - second.keypoints, axis=-1)
    assert np.nanmedian(apart) > 50


def test_a_person_90_px_tall_in_720p_is_found_and_called_small() -> None:
    analysis = analyze(DATA / "small_person.mp4", Settings(height_m=1.7, **RAW))
    assert analysis.quality["detected_share"] >= 0.9
    assert any("px tall" in warning for warning in analysis.warnings)


def test_an_empty_room_is_one_sentence(tmp_path: Path) -> None:
    black = [np.zeros((240, 320, 3), np.uint8)] * 5
    with pytest.raises(ClipError, match="nobody is found in this clip"):
        analyze(write_clip(tmp_path / "black.mp4", black), SETTINGS)


def test_an_uneven_frame_rate_is_said_and_evened_out(tmp_path: Path) -> None:
    times_s = [0.0, 0.033, 0.1, 0.133, 0.2, 0.233, 0.3, 0.4]
    clip = write_clip(tmp_path / "uneven.mp4", pictures(8, every=2), times_s=times_s)
    analysis = analyze(clip, SETTINGS)
    assert any("frame rate" in warning for warning in analysis.warnings)
    np.testing.assert_allclose(np.diff(analysis.timeline.time_s), 1 / analysis.timeline.fps)
