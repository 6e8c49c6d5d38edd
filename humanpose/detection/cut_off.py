"""Legs without a trunk, into which the detector squeezes a whole body where it sees them."""

from itertools import product

from humanpose.detection.judging import looks_like_one
from humanpose.detection.people import Detector, Image, Person, Region, settle
from humanpose.skeleton import MEDIAPIPE33

_ACROSS, _DOWN, _SIDES = (0.25, 0.5, 0.75), (0.0, 0.1), (2.0, 2.6)
"""Where hips at the picture's upper edge are looked for, and how large a region, in parts of
the picture's width and height."""
_LEAST_HEIGHT = 0.4
"""Of the picture, from the upper edge or the hips to the ankles."""
_NOSE = MEDIAPIPE33.index("nose")
_HIPS = MEDIAPIPE33.indices("left_hip", "right_hip")
_LOWER = MEDIAPIPE33.indices("left_knee", "right_knee", "left_ankle", "right_ankle")


def only_legs(detector: Detector, image: Image) -> bool:
    """Whether somebody stands there whose head and shoulders are above the picture.

    The detector looks for whole people. Told where the rest would be, it places the legs well.
    """
    height, width = image.shape[:2]
    for across, down, side in product(_ACROSS, _DOWN, _SIDES):
        region = Region(across * width, down * height, side * height)
        person = settle(detector, image, region)
        if person is not None and looks_like_one(person) and _is_cut_above(person, image):
            return True
    return False


def _is_cut_above(person: Person, image: Image) -> bool:
    height, width = image.shape[:2]
    lower = person.pixels[list(_LOWER)]
    inside = ((lower >= 0) & (lower < [width, height])).all()
    top = max(0.0, float(person.pixels[list(_HIPS), 1].mean()))
    tall = lower[2:, 1].mean() - top > _LEAST_HEIGHT * height
    visible = person.visibility[list(_LOWER)].min() > 0.5
    return bool(person.pixels[_NOSE, 1] < 0 and inside and tall and visible)
