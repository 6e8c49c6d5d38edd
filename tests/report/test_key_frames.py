"""Pictures at the moments that count."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from humanpose.measures.events import Event
from humanpose.measures.repetitions import Repetition
from humanpose.report.key_frames import Moment, key_frames, moments
from humanpose.report.remarks import Mark
from humanpose.sequence import Timeline
from tests.support.clips import numbered, read_number, write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis

TIMELINE = Timeline(300, 30.0, start_s=2.0)


def test_repetitions_show_their_start_and_their_turns() -> None:
    first, second = Repetition(2.5, 3.0, 4.0), Repetition(5.0, 6.0, 7.0, excluded=True)
    chosen = moments((first, second), TIMELINE, turn="Lowest point")
    assert chosen == [Moment(15, "2.50 s, start"), Moment(30, "3.00 s, lowest point 1"),
                      Moment(60, "4.00 s, end")]  # fmt: skip
    both = moments((first, replace(second, excluded=False)), TIMELINE, turn="Lowest point")
    assert [moment.frame for moment in both] == [15, 30, 120]


def test_gait_shows_landings() -> None:
    events = (Event(2.1, "r", "heel_strike"), Event(2.3, "l", "toe_off"))
    assert moments(events, TIMELINE, turn="") == [Moment(3, "2.10 s, right foot lands")]


def test_without_either_five_moments_are_spread_over_the_clip() -> None:
    chosen = moments((), TIMELINE, turn="")
    assert [moment.frame for moment in chosen] == [0, 75, 150, 224, 299]
    assert len({m.frame for m in moments((), Timeline(1, 30.0), turn="")}) == 1


def test_what_somebody_marked_comes_before_all_else() -> None:
    marks = (Mark(2.1, "Deepest"), Mark(99.0, "of a longer clip"))
    chosen = moments((Repetition(2.5, 3.0, 4.0),), TIMELINE, turn="", marks=marks)
    assert chosen == [Moment(3, "2.10 s, Deepest"), Moment(299, "11.97 s, of a longer clip")]


def test_the_picture_is_that_of_the_frame(tmp_path: Path) -> None:
    analysis = synthetic_analysis(30)
    nobody = np.full_like(analysis.keypoints, np.nan)
    unseen = analysis.landmarks.replace(pixels=np.full_like(analysis.landmarks.pixels, np.nan))
    analysis = replace(analysis, keypoints=nobody, landmarks=unseen)
    width, height = IMAGE_SIZE
    clip = write_clip(tmp_path / "a.mp4", numbered(30, width=width, height=height), fps=30)
    pictures = key_frames(clip, analysis, [Moment(7, "a"), Moment(29, "b"), Moment(0, "c")])
    shown = [np.array(Image.open(io.BytesIO(picture.jpeg))) for picture in pictures]
    assert [read_number(image) for image in shown] == [7, 29, 0]
    assert [picture.caption for picture in pictures] == ["a", "b", "c"]


def test_the_skeleton_is_drawn_over_the_person_and_the_rest_cut_away(tmp_path: Path) -> None:
    analysis = synthetic_analysis(5)
    black = [np.zeros((IMAGE_SIZE[1], IMAGE_SIZE[0], 3), np.uint8)] * 5
    clip = write_clip(tmp_path / "a.mp4", black, fps=30)
    picture = key_frames(clip, analysis, [Moment(2, "")])[0]
    assert picture.data_url.startswith("data:image/jpeg;base64,")
    image = np.array(Image.open(io.BytesIO(picture.jpeg)).convert("RGB")).astype(int)
    height, width, _ = image.shape
    assert width < height
    blue = (image[..., 2] > 120) & (image[..., 0] < 90)
    orange = (image[..., 0] > 120) & (image[..., 2] < 90)
    # facing the camera, the person's right is on the picture's left
    assert np.nonzero(blue)[1].mean() < width / 2 < np.nonzero(orange)[1].mean()
