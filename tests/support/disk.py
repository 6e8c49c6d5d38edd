"""A disk that is full, without filling one."""

import builtins
import errno
import io
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def small_disk(limit_bytes: int) -> Iterator[None]:
    """No file may grow beyond the limit: the write that would fails, as on a full disk.

    Nothing else may be written inside the block, pytest's own log included.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def disk_full_after(steps: int) -> Iterator[None]:
    """So many folders, links and files can be made, and no more ever after: the file that
    would have been the next is there, with nothing in it."""
    full = _Full(steps)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("mkdir", "link", "rename", "replace"):
            patch.setattr(os, name, full.limited(getattr(os, name)))
        patch.setattr(io, "open", full.opening(io.open))
        patch.setattr(builtins, "open", full.opening(builtins.open))
        yield


class _Full:
    def __init__(self, steps: int) -> None:
        self._left = steps

    def limited(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **options: Any) -> Any:
            self._take()
            return real(*given, **options)

        return step

    def opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            stream = real(file, mode, *rest, **options)
            if set(mode) & set("wxa") and not isinstance(file, int):  # a pipe
                with _closed_on_failure(stream):
                    self._take()
            return stream

        return opened

    def _take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def _closed_on_failure(stream: Any) -> Iterator[None]:
    """Close it where the block fails."""
    try:
        yield
    except OSError:
        stream.close()
        raise
