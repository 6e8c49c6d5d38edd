"""Wrong passwords: how long the next try has to wait, at one address and at all together."""

import ipaddress
import math
from dataclasses import dataclass, field

from humanpose.server.slips import Slips

_FREE = 3
_ALL_AT_ONCE, _ALL_EVERY_S = 60, 20.0
"""So many wrong ones of all addresses together, and then one in so many seconds."""


@dataclass
class Guesses:
    """Counts them. Times are in seconds of one clock that never goes back."""

    _slips: Slips = field(default_factory=lambda: Slips(_FREE))
    _all: float = 0.0
    _all_at_s: float = -math.inf

    def wait_s(self, address: str, *, now_s: float) -> float:
        """So long until this address may try again; 0: at once."""
        own_wait_s = self._slips.wait_s(_network(address), now_s=now_s)
        all_wait_s = (self._all_now(now_s) - (_ALL_AT_ONCE - 1)) * _ALL_EVERY_S
        return max(0.0, own_wait_s, all_wait_s)

    def note_wrong(self, address: str, *, now_s: float) -> int:
        """Count a wrong one; returns how many it makes at this address."""
        self._all, self._all_at_s = self._all_now(now_s) + 1, now_s
        return self._slips.note(_network(address), now_s=now_s)

    def note_right(self, address: str) -> None:
        """Forget the slips of who knows the password."""
        self._slips.forgive(_network(address))

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
