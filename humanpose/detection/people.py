"""People in a picture: what a detector returns, and searching a picture for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33

Image = NDArray[np.uint8]
"""(H, W, 3) RGB."""
Box = tuple[int, int, int, int]
"""Left, top, width, height, px."""

SAME_PLACE = 0.25
"""People nearer to each other than this, in sides of the larger region, are one."""
_SAME_SIZE = 1.5
"""Unless one region is larger by this factor: a person before furniture that passes for one."""

_TRUNK = MEDIAPIPE33.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_LOOKS = 3
_LARGEST_DRIFT = 0.02
_LEAST_TRUNK = 0.08
_LEAST_VISIBILITY = 0.5


@dataclass(frozen=True)
class Region:
    """A square of a picture that holds one whole person, px, image frame."""

    x: float
    y: float
    """Its centre, near the mid-hip."""
    side: float
    """About 1.4 body heights, whether the person stands, squats or lies."""
    turn_rad: float = 0.0
    """Clockwise turn from upright to the person's attitude."""

    def shifted(self, x: float, y: float) -> Self:
        return replace(self, x=self.x + x, y=self.y + y)

    def distance(self, other: "Region") -> float:
        """Between the centres, in sides of the larger region."""
        gap = np.hypot(self.x - other.x, self.y - other.y)
        return float(gap / max(self.side, other.side))

    def is_place_of(self, other: "Region") -> bool:
        """Whether both hold the same person."""
        larger = max(self.side, other.side) / min(self.side, other.side)
        return self.distance(other) <= SAME_PLACE and larger < _SAME_SIZE


@dataclass(frozen=True, eq=False)
class Person:
    """One person in one picture: 33 MediaPipe landmarks."""

    pixels: Floats
    """(33, 2) px, image frame of the picture that was searched."""
    world: Floats
    """(33, 3) m; x right, y down, z away from the camera; origin near the mid-hip."""
    visibility: Floats
    """(33,) in [0, 1]."""
    region: Region
    """Where to look for them in the next picture."""

    @property
    def trunk_length(self) -> float:
        """In sides of the region."""
        left_shoulder, right_shoulder, left_hip, right_hip = self.pixels[_TRUNK]
        length = np.linalg.norm(left_shoulder + right_shoulder - left_hip - right_hip) / 2
        return float(length / self.region.side)

    @property
    def trunk_visibility(self) -> float:
        return float(self.visibility[_TRUNK].min())

    def trunk_colour(self, image: Image) -> Floats:
        """(3,) median colour between shoulders and hips, RGB 0-255; never NaN."""
        down, across = np.meshgrid(np.linspace(0.15, 0.85, 6), np.linspace(0.2, 0.8, 5))
        weights = np.stack(
            [(1 - down) * (1 - across), (1 - down) * across, down * (1 - across), down * across]
        )
        points = np.tensordot(weights, self.pixels[_TRUNK], axes=(0, 0)).reshape(-1, 2)
        height, width = image.shape[:2]
        column, row = np.clip(points.round(), 0, [width - 1, height - 1]).astype(int).T
        return np.asarray(np.median(image[row, column], axis=0))


class Detector(Protocol):
    """What finds people; it keeps no memory of earlier pictures."""

    @property
    def name(self) -> str:
        """The models, their version and how they are used; part of the cache key."""

    def regions(self, image: Image) -> list[Region]:
        """Where people seem to be, the surest first; small people are missed."""

    def person(self, image: Image, region: Region) -> Person | None:
        """The landmarks of the person in ``region``, or None where there is nobody."""

    def close(self) -> None:
        """Free what it holds."""


def find_people(detector: Detector, image: Image) -> list[Person]:
    """Everybody in the picture, the largest first; only when nobody is there, small people too.

    Looks at the whole picture and at overlapping squares as large as its shorter side, which
    finds people from about a quarter of it; then at squares of a half and of a third of it.
    """
    people = people_in(detector, image, [whole(image), *squares(image)])
    for parts in (2, 3):
        people = people or people_in(detector, image, squares(image, parts=parts))
    return sorted(people, key=lambda person: -person.region.side)


def whole(image: Image) -> Box:
    height, width = image.shape[:2]
    return 0, 0, width, height


def squares(image: Image, *, parts: int = 1) -> list[Box]:
    """Squares of 1 / ``parts`` of the shorter side that cover it, half overlapping; or none.

    There is none when the only one is the whole picture.
    """
    height, width = image.shape[:2]
    side = max(1, min(height, width) // parts)
    boxes = [
        (left, top, side, side)
        for top in _starts(height, side)
        for left in _starts(width, side)
    ]
    return boxes if len(boxes) > 1 else []


def around(image: Image, region: Region) -> Box:
    """The square of twice the region's side around it, as far as the picture goes."""
    height, width = image.shape[:2]
    left, right = np.clip([region.x - region.side, region.x + region.side], 0, width)
    top, bottom = np.clip([region.y - region.side, region.y + region.side], 0, height)
    return int(left), int(top), int(right) - int(left), int(bottom) - int(top)


def people_in(
    detector: Detector, image: Image, boxes: Sequence[Box], *, known: Sequence[Person] = ()
) -> list[Person]:
    """The people in some parts of the picture, nobody twice and none of those ``known``."""
    people: list[Person] = []
    for region in _regions_in(detector, image, boxes):
        if not _is_new(region, [*known, *people]):
            continue
        person = settle(detector, image, region)
        if person is not None and _is_new(person.region, [*known, *people]):
            people.append(person)
    return people


def settle(detector: Detector, image: Image, region: Region) -> Person | None:
    """The person in ``region``, after looking again where each look says; None if doubtful.

    On a person the looks soon agree within 0.01 of the region's side. On furniture that passes
    for one, the landmarks are lost, wander off or collapse: trunks are 0.10-0.25 sides long in
    our clips, at most 0.06 on a table.
    """
    drift = np.inf
    for _ in range(_LOOKS):
        person = detector.person(image, region)
        if (
            person is None
            or person.trunk_length < _LEAST_TRUNK
            or person.trunk_visibility < _LEAST_VISIBILITY
        ):
            return None
        drift = person.region.distance(region)
        region = person.region
    return person if drift < _LARGEST_DRIFT else None


def _regions_in(detector: Detector, image: Image, boxes: Sequence[Box]) -> Iterator[Region]:
    for left, top, width, height in boxes:
        part = np.ascontiguousarray(image[top : top + height, left : left + width])
        if part.size:
            yield from (region.shifted(left, top) for region in detector.regions(part))


def _is_new(region: Region, people: Sequence[Person]) -> bool:
    return not any(region.is_place_of(other.region) for other in people)


def _starts(length: int, side: int) -> list[int]:
    count = int(np.ceil(2 * (length - side) / side)) + 1
    return [round(start) for start in np.linspace(0, length - side, count)]
