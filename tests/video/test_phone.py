"""The focal length in the boxes of a phone's clip."""

import struct
from pathlib import Path

import numpy as np
import pytest

from humanpose.video import FrameReader, probe
from tests.support.clips import (
    numbered,
    shown,
    write_clip,
)


def box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def add_to_index(clip: Path, extra: bytes, *, inside: tuple[bytes, ...]) -> None:
    """Append a box to the last of these nested boxes, and shift what lies behind."""
    content = bytearray(clip.read_bytes())
    starts = [content.index(kind) - 4 for kind in inside]
    sizes = [struct.unpack_from(">I", content, start)[0] for start in starts]
    for start, size in zip(starts, sizes, strict=True):
        struct.pack_into(">I", content, start, size + len(extra))
    chunk = content.index(b"stco") + 12
    offset = struct.unpack_from(">I", content, chunk)[0]
    struct.pack_into(">I", content, chunk, offset + len(extra))
    end = starts[-1] + sizes[-1]
    clip.write_bytes(content[:end] + extra + content[end:])


@pytest.mark.parametrize("inside", [(b"moov",), (b"moov", b"trak")])
@pytest.mark.parametrize(
    ("kind", "value"),
    [(21, struct.pack(">I", 26)), (1, b"26.00mm"), (23, struct.pack(">f", 26))],
)
def test_the_focal_length_that_a_phone_recorded_is_used(
    tmp_path: Path, inside: tuple[bytes, ...], kind: int, value: bytes
) -> None:
    name = b"com.apple.quicktime.camera.focal_length.35mm_equivalent"
    data = box(b"data", struct.pack(">II", kind, 0), value)
    meta = box(
        b"meta",
        box(b"hdlr", bytes(8), b"mdta", bytes(13)),
        box(b"keys", struct.pack(">II", 0, 1), box(b"mdta", name)),
        box(b"ilst", box(struct.pack(">I", 1), data)),
    )
    path = write_clip(tmp_path / "phone.mov", numbered(3, width=144, height=80))
    add_to_index(path, meta, inside=inside)
    assert probe(path).focal_px == pytest.approx(26 * np.hypot(144, 80) / np.hypot(36, 24))
    assert shown(FrameReader(probe(path))) == [0, 1, 2]
