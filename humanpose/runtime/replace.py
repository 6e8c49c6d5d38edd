"""Replace a folder or a file as a whole or not at all, and say in one sentence why not.

What is in a file is on the disk before its name is, so that no power failure empties it.
"""

import ctypes
import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from humanpose.errors import OutputError

STAGING_PREFIX = ".humanpose-"
STALE_AFTER_S = 3600.0
_PROBE_BYTES = 65536
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

_FULL = "there is no space left on the disk; free some or choose another output folder"
_READ_ONLY = "it is read-only; choose another output folder"
_IN_THE_WAY = "a file is in the way; move it or choose another output folder"
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.ENOENT: "no folder can be made there; choose another output folder",
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENAMETOOLONG: "its name is too long; rename the clip or choose another output folder",
}


@contextmanager
def output_errors(target: Path) -> Iterator[None]:
    """Turn what the system says about ``target`` into an OutputError."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"cannot write {target}: {reason}") from error


def check_writable(out: Path) -> None:
    """Try whether results can be written into ``out``; leaves nothing behind.

    Raises:
        OutputError: they cannot.
    """
    with output_errors(out):
        existing = next(folder for folder in (out, *out.parents) if folder.exists())
        with TemporaryDirectory(prefix=STAGING_PREFIX, dir=existing) as probe:
            (Path(probe) / "probe").write_bytes(bytes(_PROBE_BYTES))


@contextmanager
def replaced_folder(target: Path, *, ours: Collection[str]) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``target`` if the block ends well.

    If it does not, ``target`` stays as it was and nothing is left behind. Files in ``target``
    that are not in ``ours`` (paths relative to it) are kept.

    Raises:
        OutputError: something could not be written.
    """
    with output_errors(target):
        place = target.resolve()  # a link to a folder stays a link
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(target))
        place.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(place.parent)
        staging = place.with_name(f"{STAGING_PREFIX}{os.getpid()}-{secrets.token_hex(8)}")
        staging.mkdir()
        try:
            yield staging
            if place.exists():
                _keep_other_files(place, staging, ours)
            flush_all(staging)
            if place.exists():
                exchange(staging, place)
            else:
                staging.rename(place)
            flush_folder(place.parent)
        finally:
            shutil.rmtree(staging, ignore_errors=True)  # what stays is stale one day


@contextmanager
def replaced_file(out: Path) -> Iterator[Path]:
    """Yield the path of a draft beside ``out`` that takes its place if the block ends well.

    Raises:
        OutputError: something could not be written.
    """
    with output_errors(out), replaced(out) as draft:
        yield draft


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """The same, with an OSError of the system's where something could not be written."""
    draft = out.with_name(f"{STAGING_PREFIX}{secrets.token_hex(8)}-{out.name}")
    try:
        yield draft
        flush(draft)
        draft.replace(out)
        flush_folder(out.parent)
    finally:
        draft.unlink(missing_ok=True)


def flush(file: Path) -> None:
    """Let the disk have all that was written into a file."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Let the disk know the names in a folder; Windows opens no folders."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def flush_all(folder: Path) -> None:
    """Let the disk have all that is in a folder, and the names of it."""
    for place, _, names in os.walk(folder):
        for name in names:
            flush(Path(place) / name)
        flush_folder(Path(place))


def remove_staging_of(process_id: int, folder: Path) -> None:
    """Remove what a process that is known to be dead was writing into ``folder``."""
    for staging in folder.glob(f"{STAGING_PREFIX}{process_id}-*"):
        shutil.rmtree(staging, ignore_errors=True)


def exchange(new: Path, old: Path) -> None:
    """Swap two folders, on Linux in one step, elsewhere in renames that a failure undoes."""
    if sys.platform == "linux" and _exchange_in_one_step(new, old):
        return
    aside = new.with_name(new.name + "-old")
    old.rename(aside)
    try:
        new.rename(old)
    except BaseException:
        aside.rename(old)
        raise
    aside.rename(new)


def _exchange_in_one_step(new: Path, old: Path) -> bool:
    """renameat2(2) with RENAME_EXCHANGE; False where the system or the disk cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    paths = (_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old))
    if libc.renameat2(*paths, _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(code, os.strerror(code), str(old))


def _keep_other_files(old: Path, new: Path, ours: Collection[str]) -> None:
    for path in sorted(old.rglob("*")):
        inside = path.relative_to(old)
        if inside.as_posix() in ours:
            continue
        if path.is_dir() and not path.is_symlink():
            (new / inside).mkdir(exist_ok=True)
        else:
            _link_or_copy(path, new / inside)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # not every disk has hard links
        shutil.copy2(source, target, follow_symlinks=False)


def _remove_stale(folder: Path) -> None:
    """Remove what a killed process left; what is younger may be another process at work."""
    for staging in folder.glob(STAGING_PREFIX + "*"):
        with suppress(FileNotFoundError):  # its owner was faster
            if time.time() - staging.stat().st_mtime > STALE_AFTER_S:
                shutil.rmtree(staging, ignore_errors=True)
