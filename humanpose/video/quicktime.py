"""The focal length that a phone writes into its own QuickTime boxes, which libav does not read.

An iPhone keeps it in the ``meta`` box of the video track, some apps in that of the whole file
(QuickTime File Format, "Metadata"; ISO/IEC 14496-12).
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

_KEY = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
_TEXT, _FLOAT = 1, 23  # well-known types; the others that occur are integers


def focal_length_35mm(path: Path) -> float | None:
    """35 mm-equivalent focal length, mm; None where the file does not state one."""
    movie = _movie_box(path)
    tracks = (content for kind, content in _boxes(movie) if kind == b"trak")
    for parent in (*tracks, movie):
        for kind, content in _boxes(parent):
            value = _value(content) if kind == b"meta" else None
            if value is not None and 1 < value < 5000:
                return value
    return None


def _movie_box(path: Path) -> bytes:
    """Content of ``moov``; empty in other kinds of file."""
    left = path.stat().st_size
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", head)
            header = 8
            if size == 1:
                size, header = int.from_bytes(file.read(8), "big"), 16
            if not header <= size <= left:
                return b""
            if kind == b"moov":
                return file.read(size - header)
            file.seek(size - header, 1)
            left -= size
    return b""


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, content) of the boxes in a row; stops at the first that is malformed."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if size < 8:
            return
        yield kind, content[at + 8 : at + size]
        at += size


def _value(meta: bytes) -> float | None:
    """The value of ``_KEY`` in a ``meta`` box."""
    boxes = dict(_boxes(meta if meta[4:8] == b"hdlr" else meta[4:]))
    keys = [name for _, name in _boxes(boxes.get(b"keys", b"")[8:])]
    if _KEY not in keys:
        return None
    item = dict(_boxes(boxes.get(b"ilst", b""))).get(
        struct.pack(">I", keys.index(_KEY) + 1), b""
    )
    data = dict(_boxes(item)).get(b"data", b"")
    kind, raw = int.from_bytes(data[:4], "big"), data[8:]
    if kind == _TEXT:
        number = re.match(rb"\d+(\.\d+)?", raw)  # "26" or "26.00mm"
        return float(number[0]) if number else None
    if kind == _FLOAT and len(raw) == 4:
        return float(struct.unpack(">f", raw)[0])
    return float(int.from_bytes(raw, "big")) if raw else None
