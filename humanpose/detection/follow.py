"""Following one person through a clip, and nobody else."""

from collections.abc import Sequence
from concurrent.futures import Executor

import numpy as np

from humanpose.detection.judging import JUDGED_AFTER_S, looks_like_one
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
from humanpose.detection.track import Track

LONGEST_ABSENCE_S = 10.0
"""Who comes back later is not taken for the same person any more."""

_LOOK_EVERY_S, _LOOK_IN_COMPANY_EVERY_S = 2.0, 0.5
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 2.0
"""Between searches of every corner, while nobody is found or what was found is in doubt; the
shortest also between searches of the whole picture for others beside what is in doubt."""
_PAUSE_PER_ABSENCE = 0.1
"""The longer somebody is lost, the less often they are looked for."""


class Follower:
    """Finds one and the same person in frame after frame of a clip.

    The one followed is who is ``at`` a point within ``POINTED_WITHIN_S`` of the start, or
    without one the ``choice``-th largest in the first frame in which so many are seen.
    While nobody else is about, the landmark model simply looks where it saw them last. In
    company, and to find them again after they were lost, place, size and the colour of the
    clothes must fit, and nobody else who was seen may be nearer to that place. A frame in which
    nobody fits stays empty rather than showing somebody else. Who is gone for longer than
    ``LONGEST_ABSENCE_S`` is not looked for any more.

    Things pass for people, too. Until what is followed has been a person for half a second
    (``judging``), it is in doubt: where it jumps, or is lost, the choice is made anew; others
    are looked for and followed beside it, and one that convinces takes its place.
    """

    def __init__(self, detector: Detector, *, choice: int = 1, at: Point | None = None) -> None:
        self.most_people = 0
        """Most people seen at once so far."""
        self.bystanders: list[Point] = []
        """Where people were when nobody was at the point that ``at`` names."""
        self._at = at
        self._start_s = np.inf
        self._frame = -1
        self._detector = detector
        self._choice = choice
        self._track: Track | None = None
        self._spare: Track | None = None
        """The first that was lost before it convinced."""
        self._rivals: list[Track] = []
        """Followed beside a track that is in doubt."""
        self._doubted_since_s = np.inf
        self._in_sight = False
        self._company = False
        """Whether anybody was ever seen beside the person."""
        self._others: list[Person] = []
        """Seen beside the person when we last looked around."""
        self._next_look_s = self._next_rivals_s = self._next_corners_s = -np.inf
        self._pause_s = _SHORTEST_PAUSE_S

    def find(self, image: Image, time_s: float) -> Person | None:
        """What is followed in the next frame of the clip, or None where it is not seen."""
        self._frame += 1
        self._start_s = min(self._start_s, time_s)
        track = self._track
        if track is None:
            person = self._choose(image, time_s)
        else:
            person = self._find_again(track, image, time_s)
        if person is not None:
            self._remember(person, image, time_s)
            if self._in_doubt(time_s):
                person = self._compare(person, image, time_s)
            elif time_s >= self._next_look_s:
                boxes = [whole(image), *squares(image)]
                self._meet(people_in(self._detector, image, boxes, known=[person]), time_s)
        self._in_sight = person is not None
        return person

    def expect(self, image: Image, time_s: float, *, pool: Executor) -> None:
        """Begin to look at the picture that ``find`` is asked about after the next one.

        The person is looked for where they get if they move on as they do now. So two looks go
        on at once, and what they find does not depend on which of them ends first.
        """
        track = self._track
        if track is not None and self._in_sight:
            look = pool.submit(self._detector.person, image, track.ahead(time_s))
            track.begun[time_s] = look

    def path(self) -> list[Person | None]:
        """Who was followed, in every frame so far; nobody where it was no person after all."""
        tracks = [one for one in (self._track, self._spare) if one and self._believed(one)]
        path = tracks[0].path if tracks else {}
        return [path.get(frame) for frame in range(self._frame + 1)]

    def _believed(self, track: Track) -> bool:
        """Whether it convinced, or had no time to, but looks like a person."""
        short = track.seen_s - self._doubted_since_s < 2 * JUDGED_AFTER_S
        return track.convincing or (short and track.evidence.plausible)

    def _remember(self, person: Person, image: Image, time_s: float) -> None:
        track = self._track
        if track is not None and not track.convincing and not track.goes_on(person, time_s):
            self._drop()
        if self._track is None:
            self._track = Track.begin(person, image, time_s, self._frame)
            self._doubted_since_s = min(self._doubted_since_s, time_s)
        else:
            self._track.add(person, image, time_s, self._frame)

    def _drop(self) -> None:
        """Follow it no longer, and fall back on it only where there is nothing else."""
        if self._spare is None:
            self._spare = self._track
        self._track = None

    def _in_doubt(self, time_s: float) -> bool:
        """Whether what is followed had the time to convince, and did not."""
        return (
            self._track is not None
            and not self._track.convincing
            and time_s - self._doubted_since_s >= JUDGED_AFTER_S
            and self._choice == 1
            and self._at is None
        )

    def _compare(self, person: Person, image: Image, time_s: float) -> Person:
        """Look for rivals and follow them; the largest that convinces is the person."""
        going_on = []
        for rival in self._rivals:
            seen = self._detector.person(image, rival.person.region)
            if seen is not None and rival.goes_on(seen, time_s):
                rival.add(seen, image, time_s, self._frame)
                going_on.append(rival)
        self._rivals = going_on
        if time_s >= self._next_rivals_s:
            self._next_rivals_s = time_s + _SHORTEST_PAUSE_S
            boxes = [whole(image), *squares(image)]
            if time_s >= self._next_corners_s:
                self._next_corners_s = self._pause(time_s)
                boxes += [box for parts in (2, 3) for box in squares(image, parts=parts)]
            known = [person, *(rival.person for rival in going_on)]
            found = people_in(self._detector, image, boxes, known=known)
            self._rivals += [Track.begin(one, image, time_s, self._frame) for one in found]
        sure = [rival for rival in self._rivals if rival.convincing]
        if not sure:
            return person
        self._track = max(sure, key=lambda rival: rival.side)
        self._rivals, self._others = [], []
        self.most_people, self._next_look_s = 1, time_s
        return self._track.person

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
        self._next_look_s = self._pause(time_s)
        return None

    def _pause(self, time_s: float) -> float:
        """When to search every corner again; each time it takes twice as long."""
        pause_s, self._pause_s = self._pause_s, min(2 * self._pause_s, _LONGEST_PAUSE_S)
        return time_s + pause_s

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
        begun = track.begun.pop(time_s, None)
        if self._in_sight:
            person = begun.result() if begun else None
            person = person or self._detector.person(image, track.person.region)
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
        if not people and not track.convincing and self._at is None:
            self._drop()
        return min(people, key=track.distance, default=None)

    def _fits(self, track: Track, person: Person, image: Image, time_s: float) -> bool:
        nearest = min(
            (other.region.distance(person.region) for other in self._others), default=np.inf
        )
        return track.distance(person) < nearest and track.may_be(person, image, time_s)

    def _meet(self, others: list[Person], time_s: float) -> None:
        """Remember who is beside the person, and when to look around again."""
        self._others = others
        self._company = self._company or bool(others)
        self.most_people = max(self.most_people, 1 + sum(map(looks_like_one, others)))
        self._next_look_s = time_s + (
            _LOOK_IN_COMPANY_EVERY_S if self._company else _LOOK_EVERY_S
        )


def _moved(other: Person, people: Sequence[Person]) -> Person:
    """Where ``other`` is now, if anybody of ``people`` is near enough to be them."""
    nearest = min(people, key=lambda one: one.region.distance(other.region), default=other)
    return nearest if nearest.region.distance(other.region) < SAME_PLACE else other
