"""The app's database: one SQLite file in the data folder, brought up to date when it is opened.

What it knows of analyses can be read from their folders again; so a damaged file is set aside,
never deleted, and made anew. Every transaction is short and has a connection of its own, for
threads and processes come and go, and the file may be another one the next time.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

from humanpose.errors import OutputError
from humanpose.runtime.replace import flush_folder
from humanpose.server.about import (
    KINDS,
    About,
    folders_of_entries,
    new_link,
    read_about,
    write_about,
)
from humanpose.server.log import event
from humanpose.server.person import Person, file_of, written_people
from humanpose.server.space import bytes_in, home, writable_home

FILE = "humanpose.sqlite3"
MIGRATIONS = (
    (
        """CREATE TABLE entry (
            token TEXT PRIMARY KEY,     -- the name of its folder
            kind TEXT NOT NULL,         -- the folder that that is in: analyses, or batches
            label TEXT NOT NULL,
            created REAL NOT NULL,      -- seconds since the epoch
            owner TEXT NOT NULL,        -- '': everybody; '?': nobody knows
            keeps_clip INTEGER NOT NULL,
            link TEXT NOT NULL UNIQUE   -- what opens it in an address
        )""",
        "CREATE INDEX list ON entry (kind, owner, created)",
        """CREATE TABLE held (
            place TEXT PRIMARY KEY,     -- a file or folder, relative to the data folder
            bytes INTEGER NOT NULL
        )""",
    ),
    (
        """CREATE TABLE person (
            token TEXT PRIMARY KEY,     -- the name of its file
            owner TEXT NOT NULL,        -- as of an entry
            name TEXT NOT NULL,
            code TEXT NOT NULL,
            born TEXT NOT NULL,
            height_m REAL,
            mass_kg REAL,
            affected TEXT NOT NULL,
            notes TEXT NOT NULL,
            created REAL NOT NULL
        )""",
        "ALTER TABLE entry ADD COLUMN person TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE entry ADD COLUMN session TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX whose ON entry (person)",
    ),
    ("ALTER TABLE person ADD COLUMN targets TEXT NOT NULL DEFAULT ''",),
)
"""Statements that take a database from each version to the next; only ever added to."""
_PATIENCE_S = 20.0
_LOCK = "database.lock"
_SENTENCE = (
    "the app's list of analyses cannot be used ({}); free space, or try again in a while"
)
_NEWER = (
    "this data folder was used by a newer humanpose; start that one, or set HUMANPOSE_HOME to"
    " another folder"
)

_T = TypeVar("_T")


def change(work: Callable[[sqlite3.Connection], _T]) -> _T:
    """Do ``work`` in one transaction, which nobody else writes in between; it may be done anew.

    Raises:
        OutputError: the database cannot be written.
    """

    def all_or_nothing(database: sqlite3.Connection) -> _T:
        database.execute("BEGIN IMMEDIATE")
        done = work(database)
        database.execute("COMMIT")  # else closing takes all of it back
        return done

    return _done(all_or_nothing)


def read(query: str, *values: object) -> list[Any]:
    """The rows that answer a query.

    Raises:
        OutputError: the database cannot be read.
    """
    return _done(lambda database: database.execute(query, values).fetchall())


def scrub() -> None:
    """Leave no byte of what was deleted: neither in unused room nor in the log of changes.

    Raises:
        OutputError: somebody writes for too long.
    """

    def write_anew(database: sqlite3.Connection) -> None:
        database.execute("VACUUM")
        (is_busy, *_) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise sqlite3.OperationalError("what was deleted cannot be overwritten yet")

    _done(write_anew)


def check() -> None:
    """Set a damaged database aside; for a server's start."""
    try:
        is_sound = _done(_is_sound)
    except OutputError:
        return  # said when it is needed
    if not is_sound:
        _set_aside()


@contextmanager
def held_open() -> Iterator[None]:
    """Keep the files that SQLite needs beside the database, for a server's life: on a disk that
    is full they could not be made, and nobody would see their list."""
    with ExitStack() as held:
        with suppress(OutputError, sqlite3.Error):
            _version(held.enter_context(closing(_opened())))
        yield


def _done(work: Callable[[sqlite3.Connection], _T]) -> _T:
    for is_last in (False, True):
        try:
            with writable_home(), closing(_opened()) as database:
                return work(database)
        except sqlite3.Error as error:
            remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0))
            if is_last or remedy is None:
                raise OutputError(_SENTENCE.format(error)) from error
            remedy()
    raise AssertionError


def _opened() -> sqlite3.Connection:
    """A connection; the first one to a database makes it or brings it up to date.

    Raises:
        OutputError: it is a newer version's.
    """
    place = home() / FILE
    home().mkdir(parents=True, exist_ok=True)
    if not place.exists():
        place.touch(mode=0o600)  # only the app's own user may look
    database = sqlite3.connect(place, timeout=_PATIENCE_S, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        if _version(database) < len(MIGRATIONS):
            with FileLock(home() / _LOCK):
                _migrate(database)
        elif _version(database) > len(MIGRATIONS):
            raise OutputError(_NEWER)
    except BaseException:
        database.close()
        raise
    return database


def _version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)


def _migrate(database: sqlite3.Connection) -> None:
    """All steps or none; a new database is filled from the folders."""
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    before = _version(database)  # another process may have been faster
    for statements in MIGRATIONS[before:]:
        for statement in statements:
            database.execute(statement)
    if before == 0:
        catch_up(database)
    database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    database.execute("COMMIT")
    flush_folder(home())


def catch_up(database: sqlite3.Connection) -> None:
    """Forget folders that are gone, take in those that came otherwise than by the app, and
    the people there are; count what all hold. For when nothing runs."""
    known = database.execute("SELECT kind, token FROM entry").fetchall()
    for kind, token in known:
        if not (home() / kind / token).is_dir():
            database.execute("DELETE FROM entry WHERE token = ?", (token,))
    links = {link for (link,) in database.execute("SELECT link FROM entry")}
    for folder in folders_of_entries():
        if (folder.parent.name, folder.name) not in known:
            about = read_about(folder)
            if about.link in links:  # of a folder that was copied
                about = replace(about, link=new_link())
                write_about(folder, about)
            links.add(about.link)
            insert(database, folder, about)
    _catch_up_people(database)
    database.execute("DELETE FROM held")
    for kind in (*KINDS, "uploads", "incoming"):
        for folder in (home() / kind).glob("*"):
            held = f"{kind}/{folder.name}", bytes_in(folder)
            database.execute("INSERT INTO held VALUES (?, ?)", held)


def _catch_up_people(database: sqlite3.Connection) -> None:
    for (token,) in database.execute("SELECT token FROM person").fetchall():
        if not file_of(token).exists():
            database.execute("DELETE FROM person WHERE token = ?", (token,))
    for person in written_people():
        insert_person(database, person)


def insert(database: sqlite3.Connection, folder: Path, about: About) -> None:
    """Put an analysis or a batch into the list that its kind has."""
    place = {"token": folder.name, "kind": folder.parent.name}
    _insert(database, "entry", asdict(about) | place)


def insert_person(database: sqlite3.Connection, person: Person) -> None:
    """Put a person into the list."""
    _insert(database, "person", asdict(person))


def _insert(database: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    query = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})"
    database.execute(query, values)


def _is_sound(database: sqlite3.Connection) -> bool:
    return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _set_aside() -> None:
    """Give a damaged file another name, unless somebody else has done so; the next one to open
    the database makes it anew."""
    place, mark = home() / FILE, f".damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    with FileLock(home() / _LOCK):
        with suppress(sqlite3.Error), closing(sqlite3.connect(place)) as database:
            if _is_sound(database):
                return
        for part in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                place.with_name(f"{FILE}{part}").rename(f"{place}{mark}{part}")
    event("database_set_aside")


def _use_log_anew() -> None:
    """Bring what the log of changes says into the database, so that the log's room is free for
    the next change: on a full disk there is no other."""
    with suppress(sqlite3.Error), closing(_opened()) as database:
        database.execute("PRAGMA wal_checkpoint(RESTART)")


_REMEDIES = {
    sqlite3.SQLITE_CORRUPT: _set_aside,
    sqlite3.SQLITE_NOTADB: _set_aside,
    sqlite3.SQLITE_FULL: _use_log_anew,
}
"""What is tried once before a change is done anew, by SQLite's code of what went wrong."""
