"""Wrong passwords: how long the next try has to wait, at one address and at all together."""

import ipaddress
import math
from dataclasses import dataclass, field

_FREE = 3
"""Slips of an address that cost nothing."""
_LONGEST_WAIT_S = 15 * 60
_REMEMBERED_S = 24 * 3600
_MOST_ADDRESSES = 10_000
_ALL_AT_ONCE, _ALL_EVERY_S = 60, 20.0
"""So many wrong ones of all addresses together, and then one in so many seconds."""


@dataclass(frozen=True)
class _Wrong:
    """What is known of an address."""

    times: int
    last_s: float

    @property
    def wait_s(self) -> float:
        """Doubles with each one beyond the free ones."""
        beyond = self.times - _FREE
        return 0.0 if beyond <= 0 else min(2.0 ** min(beyond, 20), _LONGEST_WAIT_S)


@dataclass
class Guesses:
    """Counts them. Times are in seconds of one clock that never goes back."""

    _of: dict[str, _Wrong] = field(default_factory=dict)
    _all: float = 0.0
    _all_at_s: float = -math.inf

    def wait_s(self, address: str, *, now_s: float) -> float:
        """So long until this address may try again; 0: at once."""
        own = self._known(address, now_s)
        own_wait_s = own.last_s + own.wait_s - now_s
        all_wait_s = (self._all_now(now_s) - (_ALL_AT_ONCE - 1)) * _ALL_EVERY_S
        return max(0.0, own_wait_s, all_wait_s)

    def note_wrong(self, address: str, *, now_s: float) -> int:
        """Count a wrong one; returns how many it makes at this address."""
        times = self._known(address, now_s).times + 1
        self._of.pop(_network(address), None)
        if len(self._of) >= _MOST_ADDRESSES:
            del self._of[next(iter(self._of))]  # the one that was quiet for longest
        self._of[_network(address)] = _Wrong(times, now_s)
        self._all, self._all_at_s = self._all_now(now_s) + 1, now_s
        return times

    def note_right(self, address: str) -> None:
        """Forget the slips of who knows the password."""
        self._of.pop(_network(address), None)

    def _known(self, address: str, now_s: float) -> _Wrong:
        found = self._of.get(_network(address), _Wrong(0, -math.inf))
        return found if now_s - found.last_s < _REMEMBERED_S else _Wrong(0, -math.inf)

    def _all_now(self, now_s: float) -> float:
        return max(0.0, self._all - (now_s - self._all_at_s) / _ALL_EVERY_S)


def _network(address: str) -> str:
    """One household of version 6 has 2**64 addresses; it counts as one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network(f"{known}/64", strict=False))
