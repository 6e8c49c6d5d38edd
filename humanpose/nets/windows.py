"""How a network is asked about a clip of any length and frame rate: in overlapping windows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline

from humanpose.sequence import Floats

WINDOW = 32
"""Frames that a network sees at once."""
BATCH = 4
"""Windows at a time, with their mirror images: as many as stay in a processor core's cache."""
THINNED_FPS = 15.0
"""Of a faster clip about so many frames a second are shown: a window spans more time."""
_HOP = 20

Frames = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FrameArrays:
    """Arrays (..., T, …) about the same T frames; windows of a clip are (B, T, …)."""

    def arrays(self) -> tuple[Floats, ...]:
        """The fields (..., T, …) in their order, missing values as they are said there."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def rows(self, rows: Frames) -> Self:
        """Some frames of one clip (T, …): ``rows`` (B, T) gives windows."""
        return type(self)(*(array[rows] for array in self.arrays()))


@dataclass(frozen=True, eq=False)
class Evidence(FrameArrays, ABC):
    """What a network is shown."""

    @abstractmethod
    def mirrored(self) -> Self:
        """What it would be shown of the person's mirror image."""


A = TypeVar("A", bound=FrameArrays)
E = TypeVar("E", bound=Evidence)


def join(parts: Sequence[A], how: Callable[[Sequence[Floats]], Floats]) -> A:
    """One value of several; ``how``, such as ``np.stack``, joins arrays of any shape."""
    return type(parts[0])(*map(how, zip(*(part.arrays() for part in parts), strict=True)))


def average_over_windows(
    count: int,
    *,
    fps: float,
    show: Callable[[Frames], E],
    ask: Callable[[E, Floats], Sequence[Floats]],
    mirrors: Sequence[Callable[[Floats], Floats]],
) -> tuple[Frames, tuple[Floats, ...]]:
    """What a network says of ``one_strand`` of a clip: the mean over the windows that hold a
    frame, for ``between``.

    A frame counts the more, the nearer it is to its window's middle. The network is asked about
    each window and its mirror image, in one batch, so that left and right are treated alike.

    Args:
        count: frames of the clip, at least 1.
        fps: frames/s.
        show: frames (B, T) of windows → what the network is shown of them.
        ask: what it is shown of 2B windows, and (T,) s → its answers, each (2B, T, …), finite.
        mirrors: one for each answer: from what is said of the mirror image to the person.

    Returns:
        The K frames of the strand, and an array (K, …) for each answer.
    """
    asked = one_strand(count, fps)
    windows, answers = overlapping_windows(len(asked)), []
    parts = [windows[i : i + BATCH] for i in range(0, len(windows), BATCH)]
    time_s = asked[windows[0]] / fps
    for part in parts:
        seen = show(asked[part])
        both = ask(join([seen, seen.mirrored()], np.concatenate), time_s)
        halves = [np.split(answer, 2) for answer in both]
        answers.append(
            [
                (own + back(other)) / 2
                for (own, other), back in zip(halves, mirrors, strict=True)
            ]
        )
    whole = (np.concatenate(answer) for answer in zip(*answers, strict=True))
    return asked, tuple(_mean_by_frame(windows, answer) for answer in whole)


def _mean_by_frame(windows: Frames, answers: Floats) -> Floats:
    """(K, …) of answers (B, T, …) about windows (B, T) of K frames, the more the nearer to
    their middle."""
    count = windows.max() + 1
    total, sums = np.zeros(count), np.zeros((count, *answers.shape[2:]))
    weight = _middle_weight(windows)
    np.add.at(total, windows, weight)
    np.add.at(sums, windows, (answers.T * weight.T).T)
    return np.asarray((sums.T / total).T)


def one_strand(count: int, fps: float) -> Frames:
    """(K,) the frames of a clip that a network is asked about: every second, or third, …"""
    return np.arange(0, count, max(1, round(fps / THINNED_FPS)))


def told_of(seen: NDArray[np.bool_], asked: Frames) -> NDArray[np.bool_]:
    """(K,) of which of the frames ``asked`` the answers mean something: where somebody is
    ``seen`` (T,); all, where that is nowhere."""
    there = seen[asked]
    return there if there.any() else np.ones_like(there)


def between(asked: NDArray[np.int_], told: Floats, count: int, *, degree: int = 3) -> Floats:
    """(count, …) of what was told (K, …) of the frames ``asked``: by a spline between them, as
    at the nearest beyond them."""
    every = np.clip(np.arange(count), asked[0], asked[-1])
    spline = make_interp_spline(asked, told, k=min(degree, len(asked) - 1), axis=0)
    return np.asarray(spline(every))


def overlapping_windows(count: int) -> Frames:
    """(B, T) windows that hold each of so many frames."""
    length = min(WINDOW, count)
    starts = [*range(0, count - length, _HOP), count - length]
    return np.array(starts)[:, None] + np.arange(length)


def _middle_weight(frames: Frames) -> Floats:
    """(B, T) how much an answer about each frame of a window counts: more in its middle."""
    length = frames.shape[1]
    weight = np.minimum(np.arange(length) + 1.0, length - np.arange(length))
    return np.broadcast_to(weight, frames.shape)
