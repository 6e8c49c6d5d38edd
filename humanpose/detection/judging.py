"""Whether what is followed is a person, judged by its bones over a while, not by one look."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from humanpose.detection.people import Person
from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33

BELIEVED_BELOW = 1.8
"""Oddness below which a track is a person. Of seconds of rendered people 4 % are odder, from
tilted cameras and cut by the picture's edge 10 %; in all of their sequence 2 of 792 and 11 of
262. Of 34 things that passed for a person for a while, 33 are."""
JUDGED_AFTER_S = 0.5
"""A track is believed when it was seen for so long."""
_WINDOW_S = 1.0

_EARS = MEDIAPIPE33.indices("left_ear", "right_ear")
_PAIRS = (
    _EARS,
    MEDIAPIPE33.indices("left_shoulder", "right_shoulder"),
    MEDIAPIPE33.indices("left_hip", "right_hip"),
    *(
        MEDIAPIPE33.indices(f"{side}_{start}", f"{side}_{end}")
        for start, end in (
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
        )
        for side in ("left", "right")
    ),
)
_FROM, _TO = np.array(_PAIRS).T
_LEGS = slice(9, 13)
"""Thighs and shanks among the pairs."""
_LEG_ENDS = MEDIAPIPE33.indices("left_knee", "right_knee", "left_ankle", "right_ankle")
_SEEN = 0.5
_USUAL_M = np.array([0.143, 0.321, 0.206, 0.243, 0.224, 0.479, 0.389, 0.368])
_SPREAD = np.array([0.095, 0.082, 0.14, 0.089, 0.106, 0.047, 0.052, 0.051])
"""Ears, shoulders, hips, upper arm, forearm, side of the trunk, thigh, shank: mean in metres
and standard deviation of the logarithm, as the detector sees 2,671 s of rendered people."""
_USUAL_CHANGE, _SPREAD_OF_CHANGE = 0.043, 0.56
"""How much a bone varies within a second, over its length: the same two figures."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for a track being a person."""

    looks: tuple[tuple[float, Floats], ...] = ()
    """Clip time and the (13,) ``bones`` of its last second."""
    convincing: bool = False
    """Whether it was a person for half a second at some time."""

    def after(self, person: Person, time_s: float) -> Self:
        """With one more look."""
        if self.convincing:
            return self
        looks = (*self.looks, (time_s, bones(person)))
        looks = tuple(look for look in looks if time_s - look[0] <= _WINDOW_S)
        grown = type(self)(looks)
        long_enough = time_s - looks[0][0] >= JUDGED_AFTER_S
        return type(self)(looks, convincing=long_enough and grown.plausible)

    @property
    def plausible(self) -> bool:
        """Whether the last second, or what there is of it, looks like a person."""
        return oddness(np.array([lengths for _, lengths in self.looks])) < BELIEVED_BELOW


def looks_like_one(person: Person) -> bool:
    """Whether one look at ``person`` shows the bones of a person."""
    return oddness(bones(person)[None]) < BELIEVED_BELOW


def bones(person: Person) -> Floats:
    """(13,) m, in the detector's own 3-D; NaN for all four of the legs where none is seen."""
    lengths = np.linalg.norm(person.world[_FROM] - person.world[_TO], axis=1)
    if person.visibility[list(_LEG_ENDS)].max() < _SEEN:
        lengths[_LEGS] = np.nan
    return np.asarray(lengths)


def oddness(lengths: Floats) -> float:
    """How far bones are from a person's, in standard deviations.

    The detector gives everybody the bones of one grown person. On things that pass for a person
    they come out short, most of all the forearms, and change from frame to frame; a photo of a
    thing holds still, but its bones are no longer for that. None of it hangs on the frame rate,
    the movement, the size in the picture or the attitude. Legs that are mostly unseen are not
    asked: somebody at a desk is a person.

    Args:
        lengths: (N, 13) m, N >= 1 looks within about a second, NaN where unseen; see
            ``bones``.
    """
    if np.isfinite(lengths[:, _LEGS]).mean() <= 0.5:
        lengths = lengths[:, : _LEGS.start]
    middle = np.maximum(np.nanmedian(lengths, axis=0), 1e-6)
    kinds = np.concatenate([middle[:3], middle[3:].reshape(-1, 2).mean(axis=1)])
    off = np.log(kinds / _USUAL_M[: len(kinds)]) / _SPREAD[: len(kinds)]
    change = np.median(np.nanstd(lengths, axis=0) / middle)
    change_off = np.log(max(change / _USUAL_CHANGE, 1)) / _SPREAD_OF_CHANGE
    return float(np.sqrt((off @ off + change_off**2) / len(kinds)))
