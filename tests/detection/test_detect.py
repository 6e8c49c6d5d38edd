"""Detection on real pictures, and what becomes of it on the timeline."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import mediapipe
import numpy as np
import pytest

from humanpose import ClipError, Settings
from humanpose.detection.detect import Detection, detect, resampled
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Image
from humanpose.detection.sightings import Sightings
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from humanpose.video import FrameReader, probe
from humanpose.video.background import Background
from tests.support.clips import write_clip
from tests.support.painted import BLUE, Block, PaintedPeople, painted
from tests.support.places import DATA

BODY = COCO17.joints[5:]
SETTINGS = Settings(height_m=1.7)
NOTHING = Background(np.nan, np.empty((0, 4)))


@pytest.fixture(scope="module")
def two_people() -> Detection:
    return detect(probe(DATA / "two_people.mp4"), SETTINGS)


@pytest.fixture(scope="module")
def second() -> Detection:
    """The smaller of the two."""
    return detect(probe(DATA / "two_people.mp4"), replace(SETTINGS, person=2))


@pytest.fixture(scope="module")
def pose() -> Iterator[MediaPipePose]:
    with closing(MediaPipePose()) as detector:
        yield detector


def errors_px(detection: Detection, name: str, *, person: int = 0) -> Floats:
    """(T, 12) distance of shoulders to ankles from the truth, px."""
    with np.load(DATA / f"{name}.npz") as truth:
        expected = truth["uv"][person][:, COCO17.indices(*BODY)]
    found = detection.landmarks.pixels[:, MEDIAPIPE33.indices(*BODY)]
    return np.asarray(np.linalg.norm(found - expected, axis=-1))


def first_picture(name: str) -> Image:
    return next(iter(FrameReader(probe(DATA / name)))).image


def test_a_person_90_px_tall_is_found() -> None:
    detection = detect(probe(DATA / "small_person.mp4"), SETTINGS)
    assert detection.landmarks.detected.mean() >= 0.9
    assert np.nanmedian(errors_px(detection, "small_person")) < 3  # of a torso of 25 px
    assert detection.people == 1


def test_of_two_people_the_larger_is_followed_and_the_user_is_told(
    two_people: Detection,
) -> None:
    assert two_people.landmarks.detected.mean() > 0.95
    assert np.nanmedian(errors_px(two_people, "two_people")) < 5
    assert two_people.people == 2
    assert any("2 people" in warning for warning in two_people.warnings)


def test_two_people_who_cross_are_never_exchanged(
    two_people: Detection, second: Detection
) -> None:
    for detection, mine, theirs in ((two_people, 0, 1), (second, 1, 0)):
        seen = detection.landmarks.detected
        near = errors_px(detection, "two_people", person=mine)[seen].mean(axis=1)
        far = errors_px(detection, "two_people", person=theirs)[seen].mean(axis=1)
        assert (near < far).all()
    assert 0.7 < second.landmarks.detected.mean() < 0.95  # hidden behind the first for a while


def test_who_is_pointed_at_is_followed_through_the_crossing(second: Detection) -> None:
    clip = probe(DATA / "two_people.mp4")
    with np.load(DATA / "two_people.npz") as truth:
        x, y = truth["uv"][1][0][COCO17.indices("left_hip", "right_hip")].mean(axis=0)
    there = (x / clip.width, y / clip.height)
    pointed = detect(clip, replace(SETTINGS, person_at=there))
    np.testing.assert_array_equal(pointed.landmarks.pixels, second.landmarks.pixels)
    assert any("the one pointed at" in warning for warning in pointed.warnings)


def test_landmarks_are_those_of_mediapipe_in_our_image_frame(pose: MediaPipePose) -> None:
    image = first_picture("two_people.mp4")
    with mediapipe.solutions.pose.Pose(static_image_mode=True) as theirs:
        expected = theirs.process(image)
    person = pose.person(image, pose.regions(image)[0])
    assert person is not None
    height, width = image.shape[:2]
    points = [(p.x * width - 0.5, p.y * height - 0.5) for p in expected.pose_landmarks.landmark]
    world = [(p.x, p.y, p.z) for p in expected.pose_world_landmarks.landmark]
    np.testing.assert_allclose(person.pixels, points, atol=0.05)
    np.testing.assert_allclose(person.world, world, atol=0.002)


def test_nothing_is_written_to_the_terminal() -> None:
    code = (
        "import numpy as np; from humanpose.detection.mediapipe_pose import MediaPipePose;"
        "MediaPipePose().regions(np.zeros((90, 90, 3), np.uint8))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


def test_a_clip_without_people_says_what_to_do(tmp_path: Path) -> None:
    black = np.zeros((120, 160, 3), np.uint8)
    path = write_clip(tmp_path / "black.mp4", [black] * 10)
    with pytest.raises(ClipError, match=r"nobody is found .*; film"):
        detect(probe(path), SETTINGS)


def test_asking_for_more_people_than_there_are_says_how_many(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", [painted(Block(300))] * 5)
    with pytest.raises(ClipError, match="at most 1 person is seen"):
        detect(probe(path), replace(SETTINGS, person=2), detector=PaintedPeople())


def test_pixels_are_those_of_the_clip_also_when_a_smaller_picture_was_searched(
    tmp_path: Path,
) -> None:
    picture = painted(Block(200)).repeat(6, axis=0).repeat(6, axis=1)  # 3840×2160
    path = write_clip(tmp_path / "large.mp4", [picture] * 2, codec="mpeg4")
    landmarks = detect(probe(path), SETTINGS, detector=PaintedPeople()).landmarks
    assert landmarks.image_size == (3840, 2160)
    nose = landmarks.pixels[0, MEDIAPIPE33.index("nose")]
    np.testing.assert_allclose(nose, [6 * 200 - 0.5, 6 * 180 - 0.5], atol=3)


def test_an_empty_frame_is_nan_and_invisible(tmp_path: Path) -> None:
    pictures = [painted(Block(300))] * 20 + [painted()] * 5 + [painted(Block(300))] * 5
    path = write_clip(tmp_path / "clip.mp4", pictures)
    landmarks = detect(probe(path), SETTINGS, detector=PaintedPeople()).landmarks
    assert landmarks.detected.tolist() == [True] * 20 + [False] * 5 + [True] * 5
    assert np.isnan(landmarks.pixels[20:25]).all()
    assert (landmarks.visibility[20:25] == 0).all()


def test_it_is_said_when_the_person_leaves(tmp_path: Path) -> None:
    red, blue = painted(Block(300)), painted(Block(300, colour=BLUE))
    path = write_clip(tmp_path / "clip.mp4", [red] * 30 + [painted()] * 5 + [blue] * 40)
    warnings = detect(probe(path), SETTINGS, detector=PaintedPeople()).warnings
    assert any("last seen at 1.0 s" in warning for warning in warnings)


def test_uneven_frames_are_resampled_and_it_is_said(tmp_path: Path) -> None:
    times_s = np.arange(40) / 30 + 0.012 * (np.arange(40) % 2)
    pictures = [painted(Block(100 + 90 * t)) for t in times_s]
    path = write_clip(tmp_path / "uneven.mp4", pictures, times_s=times_s.tolist())
    detection = detect(probe(path), SETTINGS, detector=PaintedPeople())
    landmarks = detection.landmarks
    expected = 100 + 90 * landmarks.timeline.time_s
    np.testing.assert_allclose(landmarks.pixels[:, 0, 0], expected, atol=1)
    assert any("frame rate" in warning for warning in detection.warnings)


def test_uneven_slow_motion_runs_at_its_true_rate(tmp_path: Path) -> None:
    times_s = np.delete(np.arange(40) / 30, [7, 20, 21, 30])
    pictures = [painted(Block(100 + 90 * t)) for t in times_s]
    path = write_clip(tmp_path / "slow.mp4", pictures, times_s=times_s.tolist())
    settings = replace(SETTINGS, fps=120)
    landmarks = detect(probe(path), settings, detector=PaintedPeople()).landmarks
    assert landmarks.timeline.frames == 40
    expected = 100 + 4 * 90 * landmarks.timeline.time_s
    np.testing.assert_allclose(landmarks.pixels[:, 0, 0], expected, atol=1)


def line(times_s: Floats, *, empty: list[int]) -> Sightings:
    """A point that moves by 10 px and 1 m each second."""
    t = times_s[:, None, None].astype(np.float32)
    pixels, world = np.tile(10 * t, (1, 33, 2)), np.tile(t, (1, 33, 3))
    visibility = np.ones((len(times_s), 33), np.float32)
    pixels[empty], world[empty], visibility[empty] = np.nan, np.nan, 0
    return Sightings(times_s, pixels, world, visibility, most_people=1, background=NOTHING)


def test_resampling_is_linear_and_never_crosses_an_empty_frame() -> None:
    seen = line(np.array([0, 0.1, 0.25, 0.3, 0.4]), empty=[3])
    even = resampled(seen, np.array([0, 0.1, 0.2, 0.28, 0.35, 0.4]), max_gap_s=0.25)
    nan = np.nan
    np.testing.assert_allclose(even.pixels[:, 0, 0], [0, 1, 2, nan, nan, 4], atol=1e-5)
    np.testing.assert_allclose(even.world[:, 0, 0], [0, 0.1, 0.2, nan, nan, 0.4], atol=1e-6)
    assert even.visibility[:, 0].tolist() == [1, 1, 1, 0, 0, 1]


def test_resampling_does_not_invent_what_happened_in_a_long_pause() -> None:
    even = resampled(
        line(np.array([0, 0.1, 1.0]), empty=[]), np.array([0.05, 0.5, 1.0]), max_gap_s=0.25
    )
    assert np.isfinite(even.pixels[:, 0, 0]).tolist() == [True, False, True]
