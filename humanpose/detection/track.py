"""What is remembered of somebody who is followed."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from humanpose.detection.judging import Evidence
from humanpose.detection.people import SAME_PLACE, Image, Person, Region
from humanpose.sequence import Floats

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


@dataclass(eq=False)
class Track:
    """Somebody, or something, from the first frame on in which they were seen."""

    person: Person
    since_s: float
    seen_s: float
    """Clip time at which they were seen first and last."""
    side: float
    """Running mean of the region's side, px."""
    colour: Floats
    """(3,) running mean of the trunk's colour, RGB 0-255."""
    evidence: Evidence
    path: dict[int, Person] = field(default_factory=dict)
    """The person in each frame in which they were seen."""
    begun: dict[float, Future[Person | None]] = field(default_factory=dict)
    """Clip time → the look at them that goes on already."""
    drift_px_s: Floats = field(default_factory=lambda: np.zeros(2))
    """(2,) how fast the region's centre moved last."""

    @classmethod
    def begin(cls, person: Person, image: Image, time_s: float, frame: int) -> Self:
        return cls(
            person=person,
            since_s=time_s,
            seen_s=time_s,
            side=person.region.side,
            colour=person.trunk_colour(image),
            evidence=Evidence().after(person, time_s),
            path={frame: person},
        )

    def add(self, person: Person, image: Image, time_s: float, frame: int) -> None:
        """Remember how ``person`` was seen in the next frame."""
        weight = min(1.0, (time_s - self.seen_s) / _MEMORY_S)
        change = (person.trunk_colour(image) - self.colour).clip(-_OTHER_COLOUR, _OTHER_COLOUR)
        self.side += weight * (person.region.side - self.side)
        self.colour = self.colour + weight * change
        self.evidence = self.evidence.after(person, time_s)
        self.drift_px_s = self._drift(person, time_s)
        self.person, self.seen_s = person, time_s
        self.path[frame] = person

    def _drift(self, person: Person, time_s: float) -> Floats:
        elapsed_s = time_s - self.seen_s
        if not 0 < elapsed_s < _MEMORY_S:
            return np.zeros(2)
        old, new = self.person.region, person.region
        return np.array([new.x - old.x, new.y - old.y]) / elapsed_s

    def ahead(self, time_s: float) -> Region:
        """Where they are by then if they move on as they did last."""
        x, y = self.drift_px_s * (time_s - self.seen_s)
        return self.person.region.shifted(x, y)

    @property
    def convincing(self) -> bool:
        """Whether it is known to be a person."""
        return self.evidence.convincing

    def distance(self, person: Person) -> float:
        return self.person.region.distance(person.region)

    def growth(self, person: Person) -> float:
        """Factor >= 1 between the size now and the remembered one."""
        ratio = person.region.side / self.side
        return max(ratio, 1 / ratio)

    def continues(self, person: Person) -> bool:
        """Whether ``person`` is where and as large as the person was a frame ago."""
        return self.distance(person) < _STEADY_STEP and self.growth(person) < _STEADY_GROWTH

    def goes_on(self, person: Person, time_s: float) -> bool:
        """Whether nothing jumps from the last look to ``person``, as it does on things."""
        reach = SAME_PLACE + _REACH_PER_S * (time_s - self.seen_s)
        return self.distance(person) < reach and self.growth(person) < _GROWTH

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
