"""People, and the days on which they were filmed: found, kept, merged, taken along, forgotten.

A session is the analyses of one person on one day; without any there is none.
"""

import json
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import asdict, fields, replace
from io import BytesIO
from pathlib import Path
from sqlite3 import Connection

from humanpose.detection.cache import cache_folder, drop_oldest
from humanpose.errors import AnalysisError
from humanpose.runtime.words import harmless_text
from humanpose.server.batches import Batch
from humanpose.server.database import FILE, change, insert_person, read, scrub
from humanpose.server.entry import Entry, harmless_stem, unlike
from humanpose.server.listing import listed, remove, rewrite
from humanpose.server.person import Person, file_of, write_person
from humanpose.server.quota import forget_deleted
from humanpose.server.single import holds
from humanpose.server.space import bytes_in, home, writable_home

_COLUMNS = ", ".join(f.name for f in fields(Person))
_DELETE = "DELETE FROM person WHERE token = ?"


def people(owners: Collection[str] | None, *, search: str = "") -> list[Person]:
    """Those in the lists of these owners, or with None all, by name.

    Args:
        search: words that must all be in name, code or notes; upper and lower case alike.
    """
    found = [Person(*row) for row in read(f"SELECT {_COLUMNS} FROM person")]
    wanted = search.casefold().split()

    def is_meant(person: Person) -> bool:
        text = f"{person.called} {person.notes}".casefold()
        return (owners is None or person.owner in owners) and all(w in text for w in wanted)

    return sorted(filter(is_meant, found), key=lambda person: person.called.casefold())


def keep(person: Person) -> Person:
    """Put a person into the list, or let something else be known of one, in words that only
    say something.

    Raises:
        OutputError: the data folder cannot be written.
    """
    person = replace(
        person,
        name=harmless_text(person.name),
        code=harmless_text(person.code),
        notes=harmless_text(person.notes, keep="\n"),
    )

    def write(database: Connection) -> None:
        write_person(person)
        database.execute(_DELETE, (person.token,))
        insert_person(database, person)

    change(write)
    return person


def entries_of(person: Person) -> list[Entry]:
    """All analyses of a person, the newest day first."""
    entries = [Entry(*known) for known in listed("analyses", person=person.token)]
    return sorted(entries, key=lambda entry: entry.about.session, reverse=True)


def move(entry: Entry, person: Person | None, session: str) -> Entry:
    """Make an analysis one of a person, or nobody's, or of another day.

    The report that was kept is made anew when it is looked at, for it names the person.

    Raises:
        OutputError: the data folder cannot be written.
    """
    whose = {"person": person.token, "session": session} if person else {}
    rewrite(entry.folder, **{"person": "", "session": ""} | whose)
    with writable_home():
        entry.report.unlink(missing_ok=True)
    return Entry(entry.folder)


def merge(person: Person, into: Person) -> None:
    """Two that are one: ``into`` gets the analyses, and what only the other's record says.

    Raises:
        OutputError: the data folder cannot be written.
    """
    own = {name: value for name, value in asdict(into).items() if value not in ("", None)}
    keep(replace(into, **asdict(person) | own))
    for entry in entries_of(person):
        move(entry, into, entry.about.session)
    _drop(person)


def batches_with(person: Person) -> list[Batch]:
    """Those that an analysis of a person came out of, or will."""
    tokens = {person.token, *(entry.token for entry in entries_of(person))}
    return [batch for batch in Batch.newest() if holds(batch, tokens)]


def held_of(person: Person) -> int:
    """Bytes that the analyses of a person hold."""
    return sum(bytes_in(entry.folder) for entry in entries_of(person))


def forget(person: Person) -> None:
    """Delete a person and all their analyses; no byte of it stays in the data folder.

    Batches that one of them came out of go, too, for their tables and ZIP tell of it, damaged
    databases that were set aside, for they may name the person, and all detections that were
    kept to save time, for nobody knows whose they are. Nothing of theirs may run any more.

    Raises:
        OutputError: something cannot be deleted.
    """
    for whole in (*batches_with(person), *entries_of(person)):
        remove(whole.folder)
    forget_deleted(person=person.token)
    _drop(person)
    with writable_home():
        for aside in home().glob(f"{FILE}.damaged-*"):
            aside.unlink(missing_ok=True)
        drop_oldest(cache_folder(), keep_bytes=0)


def packed(person: Person) -> bytes:
    """All that is kept of a person, as a ZIP: the record, and a folder for every analysis."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        record = {k: v for k, v in asdict(person).items() if k not in ("owner", "token")}
        archive.writestr("person.json", json.dumps(record, indent=1, ensure_ascii=False))
        entries = entries_of(person)
        known = [entry.about for entry in entries]
        places = unlike([f"{one.session}/{harmless_stem(one.label)}" for one in known])
        for place, entry in zip(places, entries, strict=True):
            for path, part in _files_of(entry):
                archive.write(path, f"{place}/{part}")
    return file.getvalue()


def _files_of(entry: Entry) -> Iterator[tuple[Path, str]]:
    """What belongs to an analysis, and its place in the ZIP; not what the app alone needs."""
    whole = (
        entry.source, entry.playback, entry.annotated, entry.thumbnail, entry.remarks,
        entry.report, entry.header, entry.folder / "settings.json",
    )  # fmt: skip
    yield from ((path, path.name) for path in whole if path.is_file())
    try:
        result = entry.result
    except AnalysisError:  # not finished
        return
    for path in sorted(result.rglob("*")):
        if path.is_file():
            yield path, f"result/{path.relative_to(result).as_posix()}"


def _drop(person: Person) -> None:
    """The record, in the file and in the database."""
    with writable_home():
        file_of(person.token).unlink(missing_ok=True)
    change(lambda database: database.execute(_DELETE, (person.token,)))
    scrub()
