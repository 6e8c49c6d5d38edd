"""Clips and results on this disk or wherever fsspec reaches (``s3://…`` with its driver)."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from humanpose.batch.jobs import file_name
from humanpose.errors import ClipError, OutputError, SettingsError
from humanpose.io.names import RECORD

NETWORK = (OSError, ValueError, RuntimeError)
"""What drivers raise when a place cannot be reached."""


def located(place: str) -> tuple[AbstractFileSystem, str]:
    """The file system of a path or URL, and the path in it.

    Raises:
        SettingsError: nothing here can open such a URL.
    """
    try:
        files, path = url_to_fs(str(place))
    except (ImportError, ValueError) as error:
        raise SettingsError(f"{place} cannot be opened here: {error}") from error
    return files, str(path)


def is_local(place: str) -> bool:
    return isinstance(located(place)[0], LocalFileSystem)


def expanded(clips: Iterable[str]) -> list[str]:
    """The clips by name, patterns such as ``s3://bucket/*.mp4`` replaced by what they match.

    Raises:
        SettingsError: a pattern matches nothing, or nothing here opens such a URL.
    """
    return [clip for given in clips for clip in _matches(given)]


def _matches(clip: str) -> list[str]:
    files, path = located(clip)
    if "*" not in clip:
        return [clip]
    if is_local(clip) and files.exists(path):
        return [clip]
    found = sorted(name for name in files.glob(path) if not files.isdir(name))
    if not found:
        raise SettingsError(f"nothing matches {clip}; check the folder and the pattern")
    return found if is_local(clip) else [files.unstrip_protocol(name) for name in found]


@contextmanager
def local_copy(clip: str) -> Iterator[Path]:
    """The clip as a file on this machine, under its own name.

    Raises:
        ClipError: it cannot be fetched.
    """
    files, path = located(clip)
    if isinstance(files, LocalFileSystem):
        yield Path(path)
        return
    with TemporaryDirectory(prefix="humanpose-clip-") as folder:
        copy = Path(folder) / file_name(clip)
        try:
            with files.open(path, "rb") as source, copy.open("wb") as target:
                shutil.copyfileobj(source, target)
        except NETWORK as error:
            raise ClipError(f"{clip} cannot be fetched ({error}); check the address") from error
        yield copy


def publish(folder: Path, out: str) -> None:
    """Copy a finished analysis to another file system, its record last: what has a record is
    complete, and an earlier analysis has none while it is being replaced.

    Raises:
        OutputError: it cannot be written there.
    """
    files, root = located(out)
    target = f"{root.rstrip('/')}/{folder.name}"
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    names.sort(key=lambda name: name == RECORD)
    try:
        if files.exists(f"{target}/{RECORD}"):
            files.rm_file(f"{target}/{RECORD}")
        for name in names:
            files.makedirs(f"{target}/{name}".rpartition("/")[0], exist_ok=True)
            files.pipe_file(f"{target}/{name}", (folder / name).read_bytes())
    except NETWORK as error:
        raise OutputError(f"cannot write to {out}: {error}") from error
