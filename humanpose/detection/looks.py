"""In which frames of a clip the person is looked for, and where they are in between.

People move smoothly. 12 to 30 looks a second tell where somebody is in all frames, unless
something moves fast; there it is looked more often (``docs/lab/detection.md``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


class Looker:
    """Follows a person through a clip by looking at some of its frames.

    What is held in memory are the pictures of two intervals between looks, at most four.

    Args:
        follower: asked about 12 to 30 frames a second.
        detector: asked about those between them where something moves fast.
        fps: frames/s of the clip.
        every_frame: look at all of them.
    """

    def __init__(
        self, follower: Follower, detector: Detector, *, fps: float, every_frame: bool
    ) -> None:
        self._follower, self._detector = follower, detector
        thin = not every_frame and fps > _EVERY_FROM_FPS
        self._every = max(2, round(fps / _LOOKS_PER_S)) if thin else 1
        self._every_fast = max(1, round(fps / _MOST_LOOKS_PER_S))
        self._frames = 0
        self._looks: list[Look] = []
        self._between: dict[int, tuple[Person, Look, Look]] = {}
        """Frame → who was found there, between which looks."""
        self._held: list[list[tuple[int, Image]]] = [[], []]
        """Pictures of the interval before the last look, and since."""
        self._last: tuple[int, Image, float] | None = None
        """The last frame, while nobody looked at it."""

    def see(self, image: Image, time_s: float) -> None:
        """The next frame of the clip."""
        frame, self._frames = self._frames, self._frames + 1
        if frame % self._every == 0:
            self._look(frame, image, time_s)
            return
        self._last = frame, image, time_s
        if frame % self._every % self._every_fast == 0:
            self._held[1].append((frame, image))

    def path(self) -> list[Person | None]:
        """Who was followed, in every frame that was looked at; None in the others, and where
        nobody was."""
        if self._last is not None:
            self._look(*self._last)
        found: list[Person | None] = [None] * self._frames
        believed = self._follower.path()
        for look, person in zip(self._looks, believed, strict=True):
            found[look.frame] = person
        for frame, (person, before, after) in self._between.items():
            if found[before.frame] is before.person and found[after.frame] is after.person:
                found[frame] = person
        return found

    @property
    def looks(self) -> int:
        """In how many frames so far."""
        return len(self._looks) + len(self._between)

    @property
    def interval(self) -> int:
        """From one look to the next, frames."""
        return self._every

    def _look(self, frame: int, image: Image, time_s: float) -> None:
        self._looks.append(Look(frame, self._follower.find(image, time_s)))
        self._last = None
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
        for frame, image in pictures:
            if frame == after.frame:  # the last one of the clip
                continue
            share = (frame - ends[0].frame) / (ends[1].frame - ends[0].frame)
            region = _mixed(ends[0].person, ends[1].person, share)
            person = self._detector.person(image, region)
            if person is None or person.region.distance(region) > SAME_PLACE:
                break
            self._between[frame] = person, before, after


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
