"""The archives of ``../shared/data``, unpacked for a test; it skips where they aren't there."""

import tarfile
from functools import cache
from pathlib import Path

import pytest

from tests.support.places import SHARED

DATA = SHARED / "data"
MOCAP = (
    "animFiles/02_01.bvh", "animFiles/06/06_05.bvh", "subjects/02/02_01.amc",
    "subjects/02/02.asf", "train/walking/walking_1.txt", "basketball/basketball_4.txt",
    "39_03.amc", "39.asf", "39_03.c3d", "salsa/06.bvh",
)  # fmt: skip
"""All that tests read of the largest archive: one pass over it takes seconds."""


def unpack(name: str, folder: Path, *endings: str) -> Path:
    """``folder`` with all of ``<name>.tar.xz``, or with the files whose paths end as given."""
    archive = DATA / f"{name}.tar.xz"
    if not archive.is_file():
        pytest.skip(f"needs ../shared/data/{name}.tar.xz")
    for path, content in _contents(archive, MOCAP if name == "mocap" else endings).items():
        if not endings or path.endswith(endings):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
    return folder


@cache
def _contents(archive: Path, endings: tuple[str, ...]) -> dict[str, bytes]:
    """The files whose paths end so, in one pass; without endings, all."""
    with tarfile.open(archive, "r|xz") as stream:
        return {
            member.name: content.read()
            for member in stream
            if not endings or member.name.endswith(endings)
            if (content := stream.extractfile(member)) is not None
        }
