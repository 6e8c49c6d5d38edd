"""The picture and its mirror image: two looks at one person, averaged (``--accurate``)."""

from dataclasses import fields, replace

import numpy as np

from humanpose.detection.people import Detector, Image, Person, Region
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import MEDIAPIPE33

_MIRROR = list(MEDIAPIPE33.mirror)
_UNSEEN_WEIGHT = 1e-3
"""Of a landmark of visibility 0 beside one of visibility 1."""
_DOUBTFUL = 0.03
"""A landmark whose two places lie so far apart, in sides of the region (1.4 body heights), is
half as visible. Usual are 0.005, and 0.015 once in a hundred; beyond that a look missed it."""


def as_asked(detector: Detector, settings: Settings) -> Detector:
    """The detector, looking both ways where ``settings`` want it accurate."""
    return BothWays(detector) if settings.accurate else detector


class BothWays:
    """Looks at every person twice, the second time in the mirror image.

    A detector treats left and right not quite alike; half of that error is gone in the mean.
    Who is followed is decided on the mean too, so frames are neither decoded nor searched for
    people twice. Where only one look finds the person, it counts.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    @property
    def name(self) -> str:
        return f"{self._detector.name}, averaged with the mirror image's"

    def regions(self, image: Image) -> list[Region]:
        return self._detector.regions(image)

    def person(self, image: Image, region: Region) -> Person | None:
        width = image.shape[1]
        mirror_image = np.ascontiguousarray(image[:, ::-1])
        seen = self._detector.person(image, region)
        turned = self._detector.person(mirror_image, _mirrored_region(region, width))
        if turned is None:
            return seen
        mirrored = _mirrored(turned, width)
        return mirrored if seen is None else _mean(seen, mirrored)

    def close(self) -> None:
        self._detector.close()


def _mirrored(person: Person, width: int) -> Person:
    """As in the mirror image of a picture so many px wide, where left is right."""
    return Person(
        pixels=(person.pixels * [-1, 1] + [width - 1, 0])[_MIRROR],
        world=(person.world * [-1, 1, 1])[_MIRROR],
        visibility=person.visibility[_MIRROR],
        region=_mirrored_region(person.region, width),
    )


def _mirrored_region(region: Region, width: int) -> Region:
    return replace(region, x=width - 1 - region.x, turn_rad=-region.turn_rad)


def _mean(one: Person, other: Person) -> Person:
    """Each landmark by how well it was seen, and less visible where the looks disagree."""
    mine, theirs = (person.visibility + _UNSEEN_WEIGHT for person in (one, other))
    share = (mine / (mine + theirs))[:, None]

    def mixed(a: Floats, b: Floats) -> Floats:
        return np.asarray(share * a + (1 - share) * b)

    region = _middle(one.region, other.region)
    apart = np.linalg.norm(one.pixels - other.pixels, axis=1) / region.side
    agreement = 1 / (1 + (apart / _DOUBTFUL) ** 4)
    return Person(
        pixels=mixed(one.pixels, other.pixels),
        world=mixed(one.world, other.world),
        visibility=agreement * (one.visibility + other.visibility) / 2,
        region=region,
    )


def _middle(one: Region, other: Region) -> Region:
    return Region(
        **{f.name: (getattr(one, f.name) + getattr(other, f.name)) / 2 for f in fields(Region)}
    )
