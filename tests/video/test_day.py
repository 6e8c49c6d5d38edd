"""The day on which a clip was filmed, as far as its header says."""

import time
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from humanpose.video import probe
from tests.support.clips import numbered_picture


def clip_of(path: Path, **metadata: str) -> Path:
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update(metadata)
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(numbered_picture(7))))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
@pytest.mark.parametrize(
    ("metadata", "day"),
    [
        ({"creation_time": "2026-03-02T12:00:00Z"}, "2026-03-02"),
        ({"creation_time": "2026-03-02T01:00:00Z"}, "2026-03-01"),  # where this computer is
        ({"com.apple.quicktime.creationdate": "2026-03-02T01:00:00+0100"}, "2026-03-02"),
        ({"creation_time": "1970-01-01T00:00:00Z"}, ""),
        ({"com.apple.quicktime.creationdate": "last Tuesday"}, ""),
        ({}, ""),
    ],
)
def test_the_day_is_the_camera_s(tmp_path: Path, metadata: dict[str, str], day: str) -> None:
    assert probe(clip_of(tmp_path / "a.mov", **metadata)).filmed_on == day
