"""Somebody pointed at in a picture: who stands there, and who else could be meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from humanpose.detection.people import (
    Box,
    Detector,
    Image,
    Person,
    find_people,
    people_in,
)
from humanpose.sequence import Floats
from humanpose.video import Frame

Point = tuple[float, float]
"""A place in a picture as fractions of its width and height, from the top left."""

POINTED_WITHIN_S = 1.0
"""Who is pointed at must be seen so soon after the start."""
LOOK_EVERY_S = 0.25
"""How often they are looked for until then."""

_MARGIN = 0.05
"""Of an outline around the landmarks, in sides of the region (1.4 body heights)."""
_CLOSER = (2, 3)
"""Squares of these parts of the shorter side are searched where nobody seems to be."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be pointed at."""

    at: Point
    """Where to point in order to mean them: near the mid-hip."""
    left_top: Point
    right_bottom: Point
    """The corners of their outline, within the picture."""


def people_at_start(
    frames: Iterable[Frame], detector: Detector
) -> tuple[float, list[Candidate]]:
    """Clip time, s, and the people in the first frame with any in it, the largest first.

    Looks as far as somebody may be pointed at; nobody is in the list where nobody was seen.
    """
    first_s, next_s = np.inf, -np.inf
    for time_s, image in frames:
        first_s = min(first_s, time_s)
        if time_s - first_s > POINTED_WITHIN_S:
            break
        if time_s < next_s:
            continue
        next_s = time_s + LOOK_EVERY_S
        if people := find_people(detector, image):
            return time_s, [candidate(person, image) for person in people]
    return float(first_s), []


def candidate(person: Person, image: Image) -> Candidate:
    """Where somebody is in ``image``."""
    size = np.array(image.shape[1::-1])
    corners = (_outline(person) + 0.5) / size
    (left, top), (right, bottom) = corners.clip(0, 1).round(4).tolist()
    centre = (np.array([person.region.x, person.region.y]) + 0.5) / size
    x, y = centre.clip(0, 1).round(4).tolist()
    return Candidate((x, y), (left, top), (right, bottom))


def look_at(detector: Detector, image: Image, at: Point) -> tuple[Person | None, list[Person]]:
    """Who is at that point of the picture, if anybody, and everybody else who is seen."""
    height, width = image.shape[:2]
    point = np.array(at) * (width, height) - 0.5
    people = find_people(detector, image)
    if _there(people, point) is None:
        closer = [_around(point, image, min(height, width) // parts) for parts in _CLOSER]
        people += people_in(detector, image, closer, known=people)
    meant = _there(people, point)
    return meant, [person for person in people if person is not meant]


def _there(people: Sequence[Person], point: Floats) -> Person | None:
    """Of those whose outline holds the point, px, the one whose centre is nearest."""

    def distance(person: Person) -> float:
        gap = np.hypot(person.region.x - point[0], person.region.y - point[1])
        return float(gap / person.region.side)

    def holds(person: Person) -> bool:
        low, high = _outline(person)
        return bool((low <= point).all() and (point <= high).all())

    return min(filter(holds, people), key=distance, default=None)


def _outline(person: Person) -> Floats:
    """(2, 2) smallest and largest x and y, px, with a margin."""
    margin = _MARGIN * person.region.side
    return np.array([person.pixels.min(axis=0) - margin, person.pixels.max(axis=0) + margin])


def _around(point: Floats, image: Image, side: int) -> Box:
    """A square about a point, px, moved into the picture where it would stick out."""
    height, width = image.shape[:2]
    left, top = np.clip(point - side / 2, 0, [width - side, height - side]).astype(int)
    return int(left), int(top), side, side
