"""Who has what: the analyses and batches that the database knows, and the links to them."""

import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from humanpose.runtime.replace import STAGING_PREFIX, flush_folder
from humanpose.server.about import TOKEN, UNKNOWN, About, new_link, read_about, write_about
from humanpose.server.database import change, insert, read
from humanpose.server.deleted import put_back, set_aside
from humanpose.server.quota import release
from humanpose.server.space import home, writable_home

Known = tuple[Path, About]
"""The folder of an entry, and what is known of it."""
_SELECT = (
    "SELECT kind, token, label, created, owner, keeps_clip, link, person, session FROM entry"
)
_DELETE = "DELETE FROM entry WHERE token = ?"
_GONE = About("Deleted analysis", 0.0, UNKNOWN, keeps_clip=True, link="")


def add(folder: Path, about: About) -> Known:
    """Make a folder an entry, now that all that belongs to it is on the disk.

    Raises:
        OutputError: the data folder cannot be written.
    """
    write_about(folder, about)
    flush_folder(folder.parent)
    change(lambda database: insert(database, folder, about))
    return folder, about


def about_of(folder: Path) -> About:
    """What is known of an entry, also of one that is gone."""
    rows = read(f"{_SELECT} WHERE token = ?", folder.name)
    return _known(rows[0])[1] if rows else _GONE


def linked(kind: str, link: str) -> Known | None:
    """The entry that a link opens; None where it opens nothing."""
    if not TOKEN.fullmatch(link):
        return None
    rows = read(f"{_SELECT} WHERE kind = ? AND link = ?", kind, link)
    return next(_there(rows), None)


def listed(
    kind: str,
    owners: Collection[str] | None = None,
    *,
    person: str | None = None,
    limit: int = -1,
) -> list[Known]:
    """The newest entries in the lists of these owners, or with None of all; newest first.

    Args:
        person: only theirs, by token.
        limit: so many at most; below 0, all.
    """
    owned = "" if owners is None else f"AND owner IN ({', '.join('?' * len(owners))})"
    whose = "" if person is None else "AND person = ?"
    query = f"{_SELECT} WHERE kind = ? {owned} {whose} ORDER BY created DESC LIMIT ?"
    values = (*(owners or ()), *(() if person is None else (person,)))
    return list(_there(read(query, kind, *values, limit)))


def renew_link(folder: Path) -> None:
    """Let the link of an entry open nothing any more; it gets another one.

    Raises:
        OutputError: the data folder cannot be written.
    """
    rewrite(folder, link=new_link())


def rewrite(folder: Path, **facts: Any) -> None:
    """Let something else be known of an entry.

    Args:
        facts: of ``About``.

    Raises:
        OutputError: the data folder cannot be written.
    """

    def write(database: Connection) -> None:
        [row] = database.execute(f"{_SELECT} WHERE token = ?", (folder.name,))
        about = replace(_known(row)[1], **facts)
        write_about(folder, about)
        database.execute(_DELETE, (folder.name,))
        insert(database, folder, about)

    change(write)


def delete(folder: Path) -> None:
    """Take an entry out of all lists, with its link; ``undelete`` brings it back for a while.

    Raises:
        OutputError: the data folder cannot be written.
    """
    set_aside(folder)
    change(lambda database: database.execute(_DELETE, (folder.name,)))


def undelete(folder: Path) -> None:
    """Bring an entry back as it was, with its link.

    Raises:
        OutputError: it is gone for good, or the data folder cannot be written.
    """
    put_back(folder)
    change(lambda database: insert(database, folder, read_about(folder)))


def remove(folder: Path) -> None:
    """Delete an entry with all its files for good; one that is half deleted never comes back.

    Raises:
        OutputError: the folder cannot be removed.
    """
    doomed = folder.with_name(f"{STAGING_PREFIX}{secrets.token_hex(8)}")
    with writable_home(), suppress(FileNotFoundError):  # somebody else was faster
        folder.rename(doomed)
        flush_folder(folder.parent)
    change(lambda database: database.execute(_DELETE, (folder.name,)))
    with writable_home():
        shutil.rmtree(doomed, ignore_errors=True)
    release(folder)


def _there(rows: Iterable[Sequence[Any]]) -> Iterator[Known]:
    """Without those that are being deleted."""
    return (known for row in rows if (known := _known(row))[0].is_dir())


def _known(row: Sequence[Any]) -> Known:
    kind, token, label, created, owner, keeps_clip, *rest = row
    return home() / kind / token, About(label, created, owner, bool(keeps_clip), *rest)
