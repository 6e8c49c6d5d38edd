"""A power failure, without one: what a disk was told to keep, and what it was not."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Disk:
    """Knows of each file and each folder with what in it it was last flushed."""

    def __init__(self) -> None:
        self._files: dict[int, tuple[int, int]] = {}
        self._names: dict[int, set[str]] = {}
        self._flush = os.fsync

    def fsync(self, descriptor: int) -> None:
        """In the place of ``os.fsync``."""
        self._flush(descriptor)
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            self._names[status.st_ino] = set(os.listdir(descriptor))
        else:
            self._files[status.st_ino] = status.st_size, status.st_mtime_ns

    def may_lose(self, place: Path) -> list[str]:
        """What a power failure now could empty or take away of a file, or of a folder with all
        in it."""
        status = place.stat()
        named = place.name in self._names.get(place.parent.stat().st_ino, set())
        lost = [] if named else [f"{place.name}: its name"]
        if place.is_dir():
            return lost + [loss for inside in place.iterdir() for loss in self.may_lose(inside)]
        if self._files.get(status.st_ino) != (status.st_size, status.st_mtime_ns):
            lost.append(f"{place.name}: its content")
        return lost

    def may_bring_back(self, place: Path) -> bool:
        """Whether what has gone from there could be there again after a power failure."""
        return place.name in self._names.get(place.parent.stat().st_ino, {place.name})


@contextmanager
def watched_disk() -> Iterator[Disk]:
    """A disk that was told nothing yet; it hears what this process has it keep."""
    disk = Disk()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.fsync)
        yield disk
