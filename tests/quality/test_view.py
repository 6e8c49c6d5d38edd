"""From where somebody is seen, who turns on the spot."""

import numpy as np
import pytest

from humanpose.geometry import rotation_about
from humanpose.quality.view import VIEWS, turned_from_camera_deg, view_shares, view_words
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import COCO17

UP = np.array([0.0, -1.0, 0.0])


def standing() -> Floats:
    """(17, 3) in the camera frame, 4 m away and facing the camera: the left is on its right."""
    joints = np.zeros((len(COCO17), 3))
    for side, x in (("left", 0.2), ("right", -0.2)):
        joints[COCO17.index(f"{side}_shoulder")] = [x, -0.5, 0]
        joints[COCO17.index(f"{side}_hip")] = [x / 2, 0, 0]
    return joints + np.array([0, 0, 4])


def turned_by(*degrees: float) -> PoseSequence:
    centre = np.array([0, 0, 4])
    frames = [(standing() - centre) @ rotation_about("y", d).T + centre for d in degrees]
    timeline = Timeline(len(frames), 30.0)
    return PoseSequence(np.stack(frames), np.ones((len(frames), 17)), timeline, COCO17)


@pytest.mark.parametrize("turned", [0.0, 45.0, 90.0, 180.0])
def test_the_heading_is_seen_from_the_camera(turned: float) -> None:
    heading = turned_from_camera_deg(turned_by(turned, -turned).positions, UP)
    np.testing.assert_allclose(heading, turned, atol=1e-6)


def test_each_view_gets_its_share_of_the_frames() -> None:
    shares = view_shares(turned_by(0, 10, -45, 80, -100, 90, 170, 89), UP)
    assert shares == {"front": 0.25, "oblique": 0.125, "side": 0.5, "back": 0.125}
    assert view_words(shares).startswith("seen from the side in 50 %, from the front in 25 %")


def test_one_view_that_prevails_is_the_clips() -> None:
    assert view_words(view_shares(turned_by(90, 85, 95, 0), UP)) == "seen from the side"


def test_a_person_without_hips_is_seen_from_nowhere() -> None:
    shares = view_shares(turned_by(0).with_positions(np.full((1, 17, 3), np.nan)), UP)
    assert shares == dict.fromkeys(VIEWS, 0.0)
    assert "cannot be told" in view_words(shares)
