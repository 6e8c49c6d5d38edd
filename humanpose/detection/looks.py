"""In which frames of a clip the person is looked for, and where they are in between.

People move smoothly. 12 to 30 looks a second tell where somebody is in all frames, unless
something moves fast; there it is looked more often (``docs/lab/detection.md``).
"""

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, make_interp_spline

from humanpose.detection.follow import Follower
from humanpose.detection.people import SAME_PLACE, Detector, Image, Person, Region
from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33

_EVERY_FROM_FPS = 21.0
"""Slower clips are looked at in every frame, others in every second, or as often as this,"""
_LOOKS_PER_S, _MOST_LOOKS_PER_S = 30.0, 60.0
"""usually, and where something moves fast."""
_FAST = 0.03
"""Second difference of a landmark's place over three looks, in sides of the region (1.4 body
heights), above which the frames around are looked at, too: 7 cm within 1/15 s. Feet that walk
have more; when they land and leave was told 35 ms late at 0.085."""
_SEEN = 0.5
_BODY = MEDIAPIPE33.indices(
    *(
        f"{side}_{part}"
        for part in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
        for side in ("left", "right")
    )
)


@dataclass(frozen=True, eq=False)
class Look:
    """What was followed in one frame of a clip."""

    frame: int
    person: Person | None


class Begun(NamedTuple):
    """A look in a frame between two others."""

    frame: int
    region: Region
    person: Future[Person | None]


class Looker:
    """Follows a person through a clip by looking at some of its frames.

    What is held in memory are the pictures of three intervals between looks, at most seven.

    Args:
        follower: asked about 12 to 30 frames a second.
        detector: asked about those between them where something moves fast.
        pool: where looks are done that need not wait for each other.
        fps: frames/s of the clip.
        every_frame: look at all of them.
    """

    def __init__(
        self,
        follower: Follower,
        detector: Detector,
        *,
        pool: Executor,
        fps: float,
        every_frame: bool,
    ) -> None:
        self._follower, self._detector, self._pool = follower, detector, pool
        thin = not every_frame and fps > _EVERY_FROM_FPS
        self._every = max(2, round(fps / _LOOKS_PER_S)) if thin else 1
        self._every_fast = max(1, round(fps / _MOST_LOOKS_PER_S))
        self._frames = 0
        self._looks: list[Look] = []
        self._between: list[tuple[Look, Look, list[Begun]]] = []
        """Two looks, and those begun between them, away from where the person is known."""
        self._held: list[list[tuple[int, Image]]] = [[], []]
        """Pictures of the interval before the last look, and since."""
        self._waiting: list[tuple[int, Image, float]] = []
        """The next frame to look at, and those after it."""

    def see(self, image: Image, time_s: float) -> Look | None:
        """The next frame of the clip; what was followed in an earlier one, if that is news."""
        frame, self._frames = self._frames, self._frames + 1
        if frame % self._every == 0:
            self._follower.expect(image, time_s, pool=self._pool)
            self._catch_up()
        self._waiting.append((frame, image, time_s))
        return self._looks[-1] if frame % self._every == 0 and self._looks else None

    def _catch_up(self) -> None:
        """Look at the frame that waits."""
        for frame, image, time_s in self._waiting:
            if frame % self._every == 0:
                self._look(frame, image, time_s)
            elif frame % self._every % self._every_fast == 0:
                self._held[1].append((frame, image))
        self._waiting = []

    def path(self) -> list[Person | None]:
        """Who was followed, in every frame that was looked at; None in the others, and where
        nobody was."""
        last = self._waiting[1:][-1:]
        self._catch_up()
        for frame in last:
            self._look(*frame)
        believed = self._follower.path()
        seen = {look.frame: one for look, one in zip(self._looks, believed, strict=True)}
        found = dict[int, Person | None](seen)
        for before, after, begun in self._between:
            if seen[before.frame] is before.person and seen[after.frame] is after.person:
                found |= _while_there(begun)
        return [found.get(frame) for frame in range(self._frames)]

    @property
    def looks(self) -> int:
        """In how many frames so far."""
        return len(self._looks) + sum(len(begun) for _, _, begun in self._between)

    @property
    def interval(self) -> int:
        """From one look to the next, frames."""
        return self._every

    def _look(self, frame: int, image: Image, time_s: float) -> None:
        self._looks.append(Look(frame, self._follower.find(image, time_s)))
        last = self._looks[-3:]
        fast = len(last) == 3 and _fast(*(look.person for look in last))
        if fast:
            self._look_between(self._held[0], *last[:2])
        if fast or sum(look.person is None for look in last[-2:]) == 1 < len(last):
            self._look_between(self._held[1], *last[-2:])
            self._held[1] = []
        self._held = [self._held[1], []]

    def _look_between(
        self, pictures: Sequence[tuple[int, Image]], before: Look, after: Look
    ) -> None:
        """Where the person moved fast, or came or left, between two looks."""
        ends = before, after
        if before.person is None:  # back to where they came from
            pictures, ends = pictures[::-1], (after, before)
        begun = []
        for frame, image in pictures:
            if frame == after.frame:  # the last one of the clip
                continue
            share = (frame - ends[0].frame) / (ends[1].frame - ends[0].frame)
            region = _mixed(ends[0].person, ends[1].person, share)
            look = self._pool.submit(self._detector.person, image, region)
            begun.append(Begun(frame, region, look))
        self._between.append((before, after, begun))


def _while_there(begun: Sequence[Begun]) -> dict[int, Person]:
    """Frame → who was found in it, up to where nobody is."""
    found = {}
    for frame, region, look in begun:
        person = look.result()
        if person is None or person.region.distance(region) > SAME_PLACE:
            break
        found[frame] = person
    return found


def _fast(*three: Person | None) -> bool:
    """Whether a landmark's movement changes much from look to look to look."""
    seen = [person for person in three if person is not None]
    if len(seen) < len(three):
        return False
    first, second, third = (person.pixels[_BODY] for person in seen)
    bend = np.linalg.norm(first - 2 * second + third, axis=1) / seen[1].region.side
    sure = np.min([person.visibility[_BODY] for person in seen], axis=0) >= _SEEN
    return bool((bend[sure] > _FAST).any())


def _mixed(one: Person | None, other: Person | None, share: float) -> Region:
    """Where to look on the way from ``one`` to ``other``, of whom at least one was seen."""
    regions = [person.region for person in (one, other) if person is not None]
    a, b = regions[0], regions[-1]
    turn = (b.turn_rad - a.turn_rad + np.pi) % (2 * np.pi) - np.pi
    return Region(
        a.x + share * (b.x - a.x),
        a.y + share * (b.y - a.y),
        a.side + share * (b.side - a.side),
        a.turn_rad + share * turn,
    )


def filled(rows: NDArray[np.float32], times_s: Floats, *, interval: int) -> NDArray[np.float32]:
    """What lies between looks: a cubic through places, a line through visibilities.

    Args:
        rows: (N, 33, 6) pixels, world and visibility; NaN, and 0, in frames without a look.
        times_s: (N,) of the frames.
        interval: looks further apart than so many frames have nothing between them.
    """
    looked = np.flatnonzero(np.isfinite(rows[:, 0, 0]))
    result = rows.copy()
    for stretch in np.split(looked, np.flatnonzero(np.diff(looked) > interval) + 1):
        if len(stretch) < 2:
            continue
        inside = np.setdiff1d(np.arange(stretch[0], stretch[-1]), stretch)
        cubic = CubicSpline(times_s[stretch], rows[stretch, :, :5])(times_s[inside])
        result[inside, :, :5] = cubic
        line = make_interp_spline(times_s[stretch], rows[stretch, :, 5], k=1)(times_s[inside])
        result[inside, :, 5] = line
    return result
