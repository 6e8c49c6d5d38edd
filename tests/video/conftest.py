"""What the tests of reading video share."""

from pathlib import Path

import pytest

from tests.support.clips import numbered, options, write_clip


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """60 frames at 30/s with B-frames and a key frame every 12."""
    return write_clip(tmp_path / "clip.mp4", numbered(60), setup=options(g="12", bf="3"))
