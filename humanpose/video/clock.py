"""Clip time that always advances, from time stamps that start anew, jump, wrap or repeat."""

import math
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

LONGEST_STEP_S = 10.0
"""ffmpeg's ``dts_delta_threshold``: stamps further apart, in a format whose stamps may start
anew, say nothing about time."""


class Clock:
    """Gives frames their clip time.

    Where two in a row lie before what was read, the stamps have started anew and time goes on
    from the last frame; a single one that doesn't advance is left out.

    Args:
        period_s: of a frame.
        jumps: whether the format is one whose stamps may jump ahead as well, such as MPEG-TS.
    """

    left_out: int = 0
    """Frames that had no time of their own."""

    def __init__(self, *, period_s: float, jumps: bool) -> None:
        self._period_s = period_s
        self._longest_step_s = LONGEST_STEP_S if jumps else math.inf
        self.joins_s: list[float] = []
        """Clip times from which stamps started anew."""

    def times(
        self, stamped: Iterable[tuple[float | None, Item]]
    ) -> Iterator[tuple[float, Item]]:
        """(clip time, item) of what has a stamp, s, or none and then follows the last."""
        last_s, shift_s = -math.inf, 0.0
        waiting: tuple[float, Item] | None = None
        for stamp_s, item in stamped:
            next_s = max(0.0, last_s + self._period_s)
            time_s = next_s if stamp_s is None else stamp_s + shift_s
            if time_s <= last_s and (waiting is None or time_s <= waiting[0]):
                self.left_out += waiting is not None
                waiting = time_s, item
                continue
            if time_s <= last_s and waiting is not None:
                self.joins_s.append(next_s)
                shift_s += next_s - waiting[0]
                time_s += next_s - waiting[0]
                yield next_s, waiting[1]
            elif waiting is not None:
                self.left_out += 1
            waiting = None
            if time_s - last_s > self._longest_step_s and math.isfinite(last_s):
                self.joins_s.append(next_s)
                shift_s += next_s - time_s
                time_s = next_s
            yield time_s, item
            last_s = time_s
        self.left_out += waiting is not None
