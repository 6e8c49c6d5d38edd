"""Who slips again and again waits: twice as long each time."""

import math
from dataclasses import dataclass, field

_LONGEST_WAIT_S = 15 * 60
_REMEMBERED_S = 24 * 3600
_MOST = 10_000


@dataclass
class Slips:
    """Counts them, of addresses, passes or whatever tells people apart. Times are in seconds of
    one clock that never goes back."""

    free: int
    """So many cost nothing."""
    _of: dict[str, tuple[int, float]] = field(default_factory=dict)
    """How many, and when the last one was."""

    def wait_s(self, who: str, *, now_s: float) -> float:
        """So long until they may try again; 0: at once."""
        times, last_s = self._known(who, now_s)
        beyond = times - self.free
        wait_s = 0.0 if beyond <= 0 else min(2.0 ** min(beyond, 20), _LONGEST_WAIT_S)
        return max(0.0, last_s + wait_s - now_s)

    def note(self, who: str, *, now_s: float) -> int:
        """Count one; returns how many there are of them."""
        times = self._known(who, now_s)[0] + 1
        self.forgive(who)
        if len(self._of) >= _MOST:
            del self._of[next(iter(self._of))]  # the one that was quiet for longest
        self._of[who] = times, now_s
        return times

    def forgive(self, who: str) -> None:
        """Forget theirs."""
        self._of.pop(who, None)

    def _known(self, who: str, now_s: float) -> tuple[int, float]:
        times, last_s = self._of.get(who, (0, -math.inf))
        return (times, last_s) if now_s - last_s < _REMEMBERED_S else (0, -math.inf)
