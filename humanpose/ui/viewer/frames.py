"""What a viewer is sent: all of a short clip; of a long one an overview, the rest on demand.

A block of bytes is: length of the header as uint32 | JSON header, padded to 4 bytes | float32
arrays, all little-endian. The header's ``arrays`` says where each array starts and how many
values it has. Equal things give equal bytes: Streamlit sends those to a browser only once.
"""

import hashlib
import json
import secrets
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from humanpose.sequence import Floats
from humanpose.ui.viewer.thin import Singles, extents_of, thinned

URL = "frames"
WHOLE_FRAMES = 1500
"""A clip of so many is sent at once, 3 MB at most."""
_STRETCHES = 1000
"""Of the overview; each curve has up to three points in each."""
_MOST_FRAMES, _MOST_STRETCHES = 4096, 2048
"""Of one answer."""
_KEPT_BYTES = 200_000_000
"""All frames together that browsers can ask for; the longest unused go first."""
_SECRET = secrets.token_bytes(32)


@dataclass(frozen=True, eq=False)
class Frames:
    """Arrays of T frames each, and the address of which nobody can guess."""

    arrays: Mapping[str, Singles]

    @cached_property
    def key(self) -> str:
        """The same for the same arrays while the server runs."""
        digest = hashlib.blake2b(key=_SECRET, digest_size=16)
        for name, array in self.arrays.items():
            digest.update(name.encode() + array.data)
        return digest.hexdigest()

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for array in self.arrays.values())

    def part(self, first: int, last: int, *, step: int) -> bytes:
        """All of the frames ``first`` to ``last``, or their curves with ``step`` > 1 frames a
        stretch. Raises ValueError where there are no such frames, or too many of them."""
        frames = len(self.arrays["angles"])
        most = _MOST_FRAMES if step == 1 else _MOST_STRETCHES * step
        if not (0 <= first <= last < frames and last - first < most):
            raise ValueError(f"no frames {first}-{last} by {step} of {frames}")
        if step > 1:
            return pack(*thinned(self.arrays, first=first, last=last, step=step))
        return pack({}, {name: a[first : last + 1] for name, a in self.arrays.items()})


@dataclass(frozen=True, eq=False)
class Payload:
    """What the browser gets at first, and what it may ask for."""

    first: bytes
    rest: Frames | None = None


def sendable(header: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Payload:
    """``arrays`` of ``header["frames"]`` frames each, as a viewer is sent them."""
    singles = {name: np.ascontiguousarray(a, dtype="<f4") for name, a in arrays.items()}
    header = {**header, "extents": extents_of(singles)}
    count = header["frames"]
    if count <= WHOLE_FRAMES:
        return Payload(pack(header, singles))
    rest = Frames(singles)
    overview, curves = thinned(singles, first=0, last=count - 1, step=-(-count // _STRETCHES))
    widths = {name: array.size // count for name, array in singles.items()}
    header |= {"restUrl": f"{URL}/{rest.key}", "widths": widths, "overview": overview}
    return Payload(pack(header, curves), rest)


def pack(header: Mapping[str, Any], arrays: Mapping[str, Singles]) -> bytes:
    """Header and arrays in the module's form."""
    places, start = {}, 0
    for name, array in arrays.items():
        places[name] = {"start": start, "count": array.size}
        start += array.nbytes
    text = json.dumps({**header, "arrays": places}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    blocks = (array.tobytes() for array in arrays.values())
    return b"".join((struct.pack("<I", len(text)), text, *blocks))


@dataclass(frozen=True, eq=False)
class _Offer:
    frames: Frames
    shown_by: set[tuple[str, ...]] = field(default_factory=set)
    """Links of the analyses whose pages showed these."""


_kept: OrderedDict[str, _Offer] = OrderedDict()
_lock = Lock()


def offer(frames: Frames, links: tuple[str, ...]) -> None:
    """Let browsers ask for these, while ``links`` all open something, and for as long as they
    are not the longest unused."""
    with _lock:
        _kept.setdefault(frames.key, _Offer(frames)).shown_by.add(links)
        _kept.move_to_end(frames.key)
        while len(_kept) > 1 and sum(o.frames.size for o in _kept.values()) > _KEPT_BYTES:
            _kept.popitem(last=False)


def offered(key: str, opens: Callable[[str], bool]) -> Frames | None:
    """Those of an address; None where they are offered no more.

    Args:
        opens: whether a link still opens something.
    """
    with _lock:
        if key not in _kept:
            return None
        _kept.move_to_end(key)
        known = _kept[key]
    shown = any(all(map(opens, links)) for links in list(known.shown_by))
    return known.frames if shown else None
