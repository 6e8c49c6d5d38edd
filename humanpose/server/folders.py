"""Folders of the app's data, named by an unguessable token, for the app's own user alone."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from humanpose.runtime.replace import flush_folder
from humanpose.server.quota import release
from humanpose.server.space import home


def new_folder(kind: str) -> Path:
    """Only the user that the app runs as may look inside."""
    (home() / kind).mkdir(parents=True, exist_ok=True)
    (home() / kind).chmod(0o700)
    flush_folder(home())
    folder = home() / kind / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def finished_folder(kind: str) -> Iterator[Path]:
    """A new folder that is gone again if the block does not end well."""
    folder = new_folder(kind)
    try:
        yield folder
    except BaseException:
        discard(folder)
        raise


def discard(folder: Path) -> None:
    """Delete what is no entry, or not yet."""
    shutil.rmtree(folder, ignore_errors=True)
    release(folder)
