"""The archives of ``../shared/data``, unpacked for a test; it skips where they aren't there."""

import tarfile
from pathlib import Path

import pytest

from tests.support.places import SHARED

DATA = SHARED / "data"


def unpack(name: str, folder: Path, *endings: str) -> Path:
    """``folder`` with all of ``<name>.tar.xz``, or with the files whose paths end as given."""
    archive = DATA / f"{name}.tar.xz"
    if not archive.is_file():
        pytest.skip(f"needs ../shared/data/{name}.tar.xz")
    with tarfile.open(archive) as content:
        wanted = [m for m in content if not endings or m.name.endswith(endings)]
        content.extractall(folder, wanted, filter="data")
    return folder
