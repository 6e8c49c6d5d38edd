"""Following one person through a clip, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from humanpose.detection.people import (
    SAME_PLACE,
    Detector,
    Image,
    Person,
    around,
    find_people,
    people_in,
    squares,
    whole,
)
from humanpose.detection.pointing import (
    LOOK_EVERY_S,
    POINTED_WITHIN_S,
    Point,
    candidate,
    look_at,
)
from humanpose.sequence import Floats

LONGEST_ABSENCE_S = 10.0
"""Who comes back later is not taken for the same person any more."""

_REACH, _REACH_PER_S, _LONGEST_REACH = 0.25, 1.0, 2.0
"""How far people get at once, per second, at all; in sides of the region (1.4 body heights)."""
_GROWTH = 1.5
"""Factor by which people at most grow or shrink in the picture within a second."""
_STEADY_STEP, _STEADY_GROWTH = 0.05, 1.2
"""What is usual from one frame to the next; clothes need not be compared then."""
_OTHER_COLOUR = 40.0
"""Trunks whose mean colours differ more are two people's; one person's varies by about 15."""
_MEMORY_S = 0.5
"""Over how long size and colour are averaged."""
_LOOK_EVERY_S, _LOOK_IN_COMPANY_EVERY_S = 2.0, 0.5
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 2.0
"""Between searches of every corner, while nobody is found."""
_PROVEN_AFTER_S = 0.5
"""Who is lost sooner was half in the picture, or a mistake: the choice is made anew."""
_PAUSE_PER_ABSENCE = 0.1
"""The longer somebody is lost, the less often they are looked for."""


@dataclass(frozen=True, eq=False)
class Track:
    """What is remembered of a person."""

    person: Person
    since_s: float
    seen_s: float
    """Clip time at which they were seen first and last."""
    side: float
    """Running mean of the region's side, px."""
    colour: Floats
    """(3,) running mean of the trunk's colour, RGB 0-255."""

    @classmethod
    def begin(cls, person: Person, image: Image, time_s: float) -> Self:
        return cls(person, time_s, time_s, person.region.side, person.trunk_colour(image))

    def updated(self, person: Person, image: Image, time_s: float) -> Self:
        weight = min(1.0, (time_s - self.seen_s) / _MEMORY_S)
        change = (person.trunk_colour(image) - self.colour).clip(-_OTHER_COLOUR, _OTHER_COLOUR)
        return replace(
            self,
            person=person,
            seen_s=time_s,
            side=self.side + weight * (person.region.side - self.side),
            colour=self.colour + weight * change,
        )

    def distance(self, person: Person) -> float:
        return self.person.region.distance(person.region)

    def growth(self, person: Person) -> float:
        """Factor >= 1 between the size now and the remembered one."""
        ratio = person.region.side / self.side
        return max(ratio, 1 / ratio)

    def continues(self, person: Person) -> bool:
        """Whether ``person`` is where and as large as the person was a frame ago."""
        return self.distance(person) < _STEADY_STEP and self.growth(person) < _STEADY_GROWTH

    def may_be(self, person: Person, image: Image, time_s: float) -> bool:
        """Whether place, size and clothes allow that ``person`` is the same."""
        absent_s = time_s - self.seen_s
        reach = min(_REACH + _REACH_PER_S * absent_s, _LONGEST_REACH)
        change = np.abs(person.trunk_colour(image) - self.colour).mean()
        return bool(
            self.distance(person) < reach
            and self.growth(person) < _GROWTH ** max(1.0, absent_s)
            and change < _OTHER_COLOUR
        )


class Follower:
    """Finds one and the same person in frame after frame of a clip.

    The one followed is who is ``at`` a point within ``POINTED_WITHIN_S`` of the start, or
    without one the ``choice``-th largest in the first frame in which so many are seen.
    While nobody else is about, the landmark model simply looks where it saw them last. In
    company, and to find them again after they were lost, place, size and the colour of the
    clothes must fit, and nobody else who was seen may be nearer to that place. A frame in which
    nobody fits stays empty rather than showing somebody else. Who is gone for longer than
    ``LONGEST_ABSENCE_S`` is not looked for any more.
    """

    def __init__(self, detector: Detector, *, choice: int = 1, at: Point | None = None) -> None:
        self.most_people = 0
        """Most people seen at once so far."""
        self.bystanders: list[Point] = []
        """Where people were when nobody was at the point that ``at`` names."""
        self._at = at
        self._start_s = np.inf
        self._detector = detector
        self._choice = choice
        self._track: Track | None = None
        self._in_sight = False
        self._others: list[Person] = []
        """Seen beside the person when we last looked around."""
        self._next_look_s = -np.inf
        self._pause_s = _SHORTEST_PAUSE_S

    def find(self, image: Image, time_s: float) -> Person | None:
        """The person in the next frame of the clip, or None where they are not seen."""
        self._start_s = min(self._start_s, time_s)
        if self._track is None:
            person = self._choose(image, time_s)
            self._track = Track.begin(person, image, time_s) if person else None
        else:
            person = self._find_again(self._track, image, time_s)
            if person is not None:
                self._track = self._track.updated(person, image, time_s)
            if person is not None and time_s >= self._next_look_s:
                boxes = [whole(image), *squares(image)]
                self._meet(people_in(self._detector, image, boxes, known=[person]), time_s)
        self._in_sight = person is not None
        return person

    def _choose(self, image: Image, time_s: float) -> Person | None:
        """Look at the whole picture in every frame, and into every corner now and then."""
        if self._at is not None:
            return self._pointed(image, time_s, self._at)
        if time_s < self._next_look_s and self._count(image) < self._choice:
            return None
        people = find_people(self._detector, image)
        if len(people) >= self._choice:
            chosen = people.pop(self._choice - 1)
            self._meet(people, time_s)
            return chosen
        self.most_people = max(self.most_people, len(people))
        self._next_look_s = time_s + self._pause_s
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        return None

    def _pointed(self, image: Image, time_s: float, at: Point) -> Person | None:
        """Who is at that point; looked for now and then, until the start is over."""
        if time_s < self._next_look_s or self.gave_up(time_s):
            return None
        self._next_look_s = time_s + LOOK_EVERY_S
        person, others = look_at(self._detector, image, at)
        if person is not None:
            self._meet(others, time_s)
            return person
        self.most_people = max(self.most_people, len(others))
        self.bystanders = [candidate(other, image).at for other in others] or self.bystanders
        return None

    def gave_up(self, time_s: float) -> bool:
        """Whether nobody was where the user pointed, and nobody is looked for any more."""
        late = time_s - self._start_s > POINTED_WITHIN_S
        return self._at is not None and self._track is None and late

    def _count(self, image: Image) -> int:
        return len(people_in(self._detector, image, [whole(image)]))

    def _find_again(self, track: Track, image: Image, time_s: float) -> Person | None:
        """The person where they were a frame ago, else where they may be by now."""
        if self._in_sight:
            person = self._detector.person(image, track.person.region)
            if person is not None and (
                not self._company
                or track.continues(person)
                or self._fits(track, person, image, time_s)
            ):
                return person
            self._next_look_s = time_s
        absent_s = time_s - track.seen_s
        if time_s < self._next_look_s or absent_s > LONGEST_ABSENCE_S:
            return None
        self._next_look_s = time_s + _PAUSE_PER_ABSENCE * absent_s
        boxes = [around(image, track.person.region), whole(image)]
        people = people_in(self._detector, image, boxes)
        self._others = [_moved(other, people) for other in self._others]
        people = [one for one in people if self._fits(track, one, image, time_s)]
        proven = self._at is not None or track.seen_s - track.since_s >= _PROVEN_AFTER_S
        if not people and not proven:
            self._track = None
        return min(people, key=track.distance, default=None)

    def _fits(self, track: Track, person: Person, image: Image, time_s: float) -> bool:
        nearest = min(
            (other.region.distance(person.region) for other in self._others), default=np.inf
        )
        return track.distance(person) < nearest and track.may_be(person, image, time_s)

    def _meet(self, others: list[Person], time_s: float) -> None:
        """Remember who is beside the person, and when to look around again."""
        self._others = others
        self.most_people = max(self.most_people, 1 + len(others))
        self._next_look_s = time_s + (
            _LOOK_IN_COMPANY_EVERY_S if self._company else _LOOK_EVERY_S
        )

    @property
    def _company(self) -> bool:
        return self.most_people > 1


def _moved(other: Person, people: Sequence[Person]) -> Person:
    """Where ``other`` is now, if anybody of ``people`` is near enough to be them."""
    nearest = min(people, key=lambda one: one.region.distance(other.region), default=other)
    return nearest if nearest.region.distance(other.region) < SAME_PLACE else other
