"""Scenes without anybody, things that pass for people, and half a person: real detector."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from humanpose import ClipError, Settings
from humanpose.assets import SAMPLE
from humanpose.detection.detect import Detection, detect
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Image
from humanpose.video import FrameReader, probe
from tests.support.clips import write_clip
from tests.support.places import SHARED

SETTINGS = Settings(height_m=1.75)
WIDTH, HEIGHT, FRAMES = 320, 240, 12
FAULTS = SHARED / "data" / "faults"


@pytest.fixture(scope="module")
def pose() -> Iterator[MediaPipePose]:
    with closing(MediaPipePose()) as detector:
        yield detector


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    """Of the second second of the sample: somebody stands and starts to move, 640×480."""
    return [frame.image for frame in islice(FrameReader(probe(SAMPLE)), 30, 50)]


def wall(t: int) -> Image:
    return np.full((HEIGHT, WIDTH, 3), 190, np.uint8)


def black(t: int) -> Image:
    return np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def noise(t: int) -> Image:
    return np.random.default_rng(t).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def gradient(t: int) -> Image:
    across = np.linspace(0, 255, WIDTH)[None] * np.linspace(0.3, 1, HEIGHT)[:, None]
    return np.repeat(across[..., None], 3, axis=2).astype(np.uint8)


def text(t: int) -> Image:
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    for row in range(8):
        cv2.putText(image, "Nobody is here", (10, 25 + 28 * row), 0, 0.9, (0, 0, 0), 2)
    return image


def shapes(t: int) -> Image:
    image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    cv2.circle(image, (60 + 8 * t, 80), 30, (200, 40, 40), -1)
    cv2.rectangle(image, (250 - 6 * t, 120), (300 - 6 * t, 220), (40, 160, 60), -1)
    return image


def room(t: int) -> Image:
    """A chair, a lamp and two curtains, filmed with a trembling hand."""
    image = np.full((HEIGHT, WIDTH, 3), (205, 195, 180), np.uint8)
    image[180:] = (120, 90, 60)
    for left in (10, 250):
        for fold in range(0, 60, 12):
            x = left + fold
            cv2.rectangle(image, (x, 20), (x + 6, 185), (150, 40 + fold, 50), -1)
    cv2.ellipse(image, (160, 70), (22, 28), 0, 0, 360, (230, 190, 150), -1)
    cv2.rectangle(image, (125, 100), (195, 165), (40, 60, 140), -1)
    for x in (130, 150, 175, 190):
        cv2.line(image, (x, 165), (x + (x - 160) // 3, 228), (60, 40, 30), 6)
    shift = np.array([[1, 0, 3 * np.sin(t)], [0, 1, 2 * np.cos(2 * t)]])
    return np.asarray(cv2.warpAffine(image, shift, (WIDTH, HEIGHT)), np.uint8)


def foliage(t: int) -> Image:
    """Still, with detail of every size, as in a photo."""
    rng = np.random.default_rng(7)
    image = np.zeros((HEIGHT, WIDTH, 3))
    for side in (4, 8, 16, 32, 64):
        coarse = rng.normal(0, side, (HEIGHT // side + 2, WIDTH // side + 2, 3))
        image += cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return (image + 110).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "scene",
    [wall, black, noise, gradient, text, shapes, room, foliage],
    ids=lambda f: f.__name__,
)
def test_nobody_is_found_where_nobody_is(
    scene: Callable[[int], Image], pose: MediaPipePose, tmp_path: Path
) -> None:
    path = write_clip(tmp_path / "scene.mp4", [scene(t) for t in range(FRAMES)])
    with pytest.raises(ClipError, match="nobody is found"):
        detect(probe(path), SETTINGS, detector=pose)


@pytest.mark.skipif(not FAULTS.exists(), reason="needs ../shared/data/faults")
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nobody_lab", "nobody is found"),
        ("nobody_ceiling", "nobody is found"),
        ("legs_only", "only the legs"),
    ],
)
def test_a_room_and_a_pair_of_legs_are_no_person(
    name: str, sentence: str, pose: MediaPipePose
) -> None:
    first = replace(SETTINGS, end_s=1.5)
    with pytest.raises(ClipError, match=sentence):
        detect(probe(FAULTS / f"{name}.mp4"), first, detector=pose)


@pytest.mark.skipif(not FAULTS.exists(), reason="needs ../shared/data/faults")
def test_who_walks_into_a_room_is_found_and_nobody_before(pose: MediaPipePose) -> None:
    clip = probe(FAULTS / "walks_in_after_1.5s.mp4")
    landmarks = detect(clip, SETTINGS, detector=pose).landmarks
    time_s = landmarks.timeline.time_s
    assert not landmarks.detected[time_s < 1.4].any()
    assert landmarks.detected[time_s > 1.7].all()
    tall = np.ptp(landmarks.pixels[landmarks.detected][..., 1], axis=1)
    assert np.median(tall) == pytest.approx(400, rel=0.15)


def part(
    pictures: Sequence[Image], rows: slice, folder: Path, pose: MediaPipePose
) -> Detection:
    """What is found where only these rows of the picture are filmed."""
    path = write_clip(folder / "part.mp4", [picture[rows] for picture in pictures])
    return detect(probe(path), SETTINGS, detector=pose)


def heights(pictures: Sequence[Image], folder: Path, pose: MediaPipePose) -> dict[str, int]:
    """Rows of a few landmarks where the whole picture is filmed."""
    landmarks = part(pictures, slice(None), folder, pose).landmarks
    middle = np.nanmedian(landmarks.pixels[..., 1], axis=0)
    named = {"nose": 0, "shoulder": 11, "hip": 23, "knee": 25}
    return {name: round(middle[index] / 2) * 2 for name, index in named.items()}


def test_legs_alone_are_refused_in_a_sentence(
    pictures: list[Image], pose: MediaPipePose, tmp_path: Path
) -> None:
    at = heights(pictures, tmp_path, pose)
    with pytest.raises(ClipError, match=r"only the legs|whole body"):
        part(pictures, slice((at["hip"] + at["knee"]) // 4 * 2, None), tmp_path, pose)


def test_without_the_head_or_without_the_legs_somebody_is_a_person(
    pictures: list[Image], pose: MediaPipePose, tmp_path: Path
) -> None:
    at = heights(pictures, tmp_path, pose)
    headless = part(pictures, slice(at["nose"], None), tmp_path, pose)
    at_a_desk = part(pictures, slice(None, at["hip"] + 10), tmp_path, pose)
    for detection in (headless, at_a_desk):
        assert detection.landmarks.detected.mean() > 0.9
