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
"""Faster clips are dealt into strands of about this rate, each of which spans more time."""
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
) -> tuple[Floats, ...]:
    """What a network says of every frame of a clip: the mean over the windows that hold it.

    A frame counts the more, the nearer it is to its window's middle. The network is asked about
    each window and its mirror image, in one batch, so that left and right are treated alike.

    Args:
        count: frames of the clip, at least 1.
        fps: frames/s.
        show: frames (B, T) of windows → what the network is shown of them.
        ask: what it is shown of 2B windows, and (T,) s → its answers, each (2B, T, …), finite.
        mirrors: one for each answer: from what is said of the mirror image to the person.

    Returns:
        An array (count, …) for each answer.
    """
    windows, answers = batches(count, fps), []
    for frames in windows:
        seen, time_s = show(frames), (frames[0] - frames[0, 0]) / fps
        both = ask(join([seen, seen.mirrored()], np.concatenate), time_s)
        halves = [np.split(answer, 2) for answer in both]
        answers.append(
            [
                (own + back(other)) / 2
                for (own, other), back in zip(halves, mirrors, strict=True)
            ]
        )
    return tuple(_mean_by_frame(count, windows, parts) for parts in zip(*answers, strict=True))


def _mean_by_frame(count: int, windows: list[Frames], parts: Sequence[Floats]) -> Floats:
    """(count, …) of parts (B, T, …), weighted by ``middle_weight``."""
    total, sums = np.zeros(count), np.zeros((count, *parts[0].shape[2:]))
    for frames, part in zip(windows, parts, strict=True):
        weight = middle_weight(frames)
        np.add.at(total, frames, weight)
        np.add.at(sums, frames, (part.T * weight.T).T)
    return np.asarray((sums.T / total).T)


def strands(fps: float) -> int:
    """Into how many strands a clip is dealt: each has every second frame, or third, …"""
    return max(1, round(fps / THINNED_FPS))


def one_strand(count: int, fps: float) -> Frames:
    """(K,) the frames of a clip that a network is asked about where it need not see all."""
    return np.arange(0, count, strands(fps))


def between(asked: NDArray[np.int_], told: Floats, count: int, *, degree: int = 3) -> Floats:
    """(count, …) of what was told (K, …) of the frames ``asked``: by a spline between them, as
    at the nearest beyond them."""
    every = np.clip(np.arange(count), asked[0], asked[-1])
    spline = make_interp_spline(asked, told, k=min(degree, len(asked) - 1), axis=0)
    return np.asarray(spline(every))


def overlapping_windows(count: int, fps: float) -> list[Frames]:
    """Frames of overlapping windows, those of the same length as one array (B, T).

    Args:
        count: frames of the clip.
        fps: frames/s; of a fast clip a window takes every second frame, or third, …
    """
    stride = strands(fps)
    by_length: dict[int, list[Frames]] = {}
    for first in range(min(stride, count)):
        strand = np.arange(first, count, stride)
        length = min(WINDOW, len(strand))
        starts = {*range(0, len(strand) - length, _HOP), len(strand) - length}
        found = [strand[start : start + length] for start in sorted(starts)]
        by_length.setdefault(length, []).extend(found)
    return [np.stack(windows) for windows in by_length.values()]


def batches(count: int, fps: float) -> list[Frames]:
    """``overlapping_windows``, (B, T) with at most ``BATCH`` at a time."""
    return [
        windows[i : i + BATCH]
        for windows in overlapping_windows(count, fps)
        for i in range(0, len(windows), BATCH)
    ]


def middle_weight(frames: Frames) -> Floats:
    """(B, T) how much an answer about each frame of a window counts: more in its middle."""
    length = frames.shape[1]
    weight = np.minimum(np.arange(length) + 1.0, length - np.arange(length))
    return np.broadcast_to(weight, frames.shape)
