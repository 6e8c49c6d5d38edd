"""Detection in the picture and in its mirror image, on painted people and on real pictures."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from humanpose import Settings
from humanpose.assets import SAMPLE
from humanpose.detection.both_ways import BothWays
from humanpose.detection.detect import detect
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Image, Person, Region
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE, MEDIAPIPE33
from humanpose.video import FrameReader, probe
from tests.support.clips import write_clip
from tests.support.painted import WIDTH, Block, PaintedPeople, painted

LEFT, RIGHT = MEDIAPIPE33.indices("left_wrist", "right_wrist")
PICTURE = painted(Block(200))
BODY = COCO17.indices(*COCO17.joints[5:])


class Seer(PaintedPeople):
    """Sees one person, each landmark off by so many px to the right, so well."""

    def __init__(self, *, off_px: float = 0.0, left: float = 1.0, right: float = 1.0) -> None:
        super().__init__()
        self.off_px, self.left, self.right = off_px, left, right

    def person(self, image: Image, region: Region) -> Person | None:
        person = super().person(image, region)
        if person is None:
            return None
        visibility = person.visibility.copy()
        visibility[[LEFT, RIGHT]] = self.left, self.right
        world = person.world + np.array([self.off_px / 100, 0, 0])
        pixels = person.pixels + np.array([self.off_px, 0])
        return replace(person, pixels=pixels, world=world, visibility=visibility)


class OneEyed(PaintedPeople):
    """Sees people in one half of the picture only."""

    def person(self, image: Image, region: Region) -> Person | None:
        return super().person(image, region) if region.x < WIDTH / 2 else None


@pytest.fixture(scope="module")
def pose() -> Iterator[MediaPipePose]:
    with closing(MediaPipePose()) as detector:
        yield detector


@pytest.fixture(scope="module")
def pictures() -> list[tuple[int, Image]]:
    """Eight frames of the sample, from all over its first half."""
    frames = FrameReader(probe(SAMPLE))
    return [(16 * k, f.image) for k, f in enumerate(islice(frames, 0, 128, 16))]


def seen(detector: PaintedPeople | BothWays, picture: Image = PICTURE) -> Person:
    person = detector.person(picture, detector.regions(picture)[0])
    assert person is not None
    return person


def test_an_error_to_one_side_cancels_out() -> None:
    exact, mean = seen(PaintedPeople()), seen(BothWays(Seer(off_px=4)))
    np.testing.assert_allclose(mean.pixels, exact.pixels)
    np.testing.assert_allclose(mean.world, exact.world, atol=1e-12)
    assert mean.region == exact.region


def test_each_landmark_is_where_it_was_seen_better() -> None:
    exact = seen(PaintedPeople())
    mean = seen(BothWays(Seer(off_px=0.5, left=0.6, right=0.2)))  # the mirrored look: exchanged
    off_px = (mean.pixels - exact.pixels)[:, 0]
    assert off_px[LEFT] == pytest.approx(0.5 * (0.6 - 0.2) / (0.6 + 0.2), abs=0.01)
    assert off_px[RIGHT] == pytest.approx(-off_px[LEFT])
    assert mean.visibility[LEFT] == mean.visibility[RIGHT] == pytest.approx(0.4, abs=2e-3)


@pytest.mark.parametrize(
    ("apart", "visibility"), [(0.0, 1), (0.01, 0.99), (0.03, 0.5), (0.1, 0.01)]
)
def test_a_landmark_that_the_looks_see_in_two_places_is_less_visible(
    apart: float, visibility: float
) -> None:
    side = seen(PaintedPeople()).region.side
    mean = seen(BothWays(Seer(off_px=apart * side / 2)))
    np.testing.assert_allclose(mean.visibility, visibility, atol=0.003)


def test_a_landmark_that_no_look_sees_is_in_the_middle() -> None:
    exact, mean = seen(PaintedPeople()), seen(BothWays(Seer(off_px=4, left=0, right=0)))
    np.testing.assert_allclose(mean.pixels, exact.pixels)


@pytest.mark.parametrize("x", [200, 440])
def test_where_one_look_finds_nobody_the_other_counts(x: float) -> None:
    picture = painted(Block(x))
    exact, found = seen(PaintedPeople(), picture), seen(BothWays(OneEyed()), picture)
    np.testing.assert_allclose(found.pixels, exact.pixels)
    assert found.region == exact.region


def test_nobody_is_nobody() -> None:
    assert BothWays(PaintedPeople()).person(painted(), Region(100, 100, 100)) is None


def test_the_setting_asks_for_it(tmp_path: Path) -> None:
    clip = probe(write_clip(tmp_path / "clip.mp4", [painted(Block(200 + t)) for t in range(9)]))
    settings = Settings(height_m=1.7)
    usual, accurate = (Seer(off_px=1) for _ in range(2))
    one = detect(clip, settings, detector=usual)
    both = detect(clip, replace(settings, accurate=True), detector=accurate)
    off_px = (one.landmarks.pixels - both.landmarks.pixels)[..., 0]
    np.testing.assert_allclose(off_px, 1, atol=1e-3)
    assert both.provenance["detector"] == BothWays(usual).name != one.provenance["detector"]


def test_left_and_right_are_treated_alike(
    pose: MediaPipePose, pictures: list[tuple[int, Image]]
) -> None:
    both, (_, image) = BothWays(pose), pictures[3]
    (region,) = pose.regions(image)
    width = image.shape[1]
    other_region = replace(region, x=width - 1 - region.x, turn_rad=-region.turn_rad)
    one = both.person(image, region)
    other = both.person(np.ascontiguousarray(image[:, ::-1]), other_region)
    assert one is not None
    assert other is not None
    mirror = list(MEDIAPIPE33.mirror)
    back = (other.pixels * [-1, 1] + [width - 1, 0])[mirror]
    np.testing.assert_allclose(one.pixels, back, atol=1e-3)
    np.testing.assert_allclose(one.world, (other.world * [-1, 1, 1])[mirror], atol=1e-5)
    np.testing.assert_allclose(one.visibility, other.visibility[mirror], atol=1e-6)


def test_the_mean_is_nearer_to_the_truth_on_real_pictures(
    pose: MediaPipePose, pictures: list[tuple[int, Image]], sample_truth: dict[str, Floats]
) -> None:
    def error_px(detector: MediaPipePose | BothWays) -> float:
        errors = []
        for frame, image in pictures:
            found = detector.person(image, pose.regions(image)[0])
            assert found is not None
            true = sample_truth["joints_camera"][frame, BODY].astype(float)
            middle = np.array(image.shape[1::-1]) / 2 - 0.5
            expected = true[:, :2] / true[:, 2:] * sample_truth["focal"] + middle
            points = found.pixels[np.array(COCO_IN_MEDIAPIPE)[BODY]]
            errors.append(np.linalg.norm(points - expected, axis=1).mean())
        return float(np.mean(errors))

    assert error_px(BothWays(pose)) < 0.97 * error_px(pose)
