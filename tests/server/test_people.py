"""People and their days: kept beside the analyses, merged, taken along, and forgotten whole."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from humanpose.detection.cache import SUFFIX, cache_folder
from humanpose.server import database, workspace
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.leftovers import forget_old, kept_tidy
from humanpose.server.people import entries_of, forget, keep, merge, move, packed, people
from humanpose.server.person import Person, file_of
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from tests.support.entries import lose_database

SETTINGS = Settings(height_m=1.7, **RAW)

pytestmark = pytest.mark.usefixtures("home")


def filmed(person: Person, session: str, label: str = "squat.mp4") -> Entry:
    clip = store_upload(label, b"clip")
    return move(workspace.create(clip, label, SETTINGS, owner="me"), person, session)


def bytes_with(home: Path, *words: str) -> list[Path]:
    """Files of the data folder that hold one of the words."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [f for f in files if any(word.encode() in f.read_bytes() for word in words)]


def test_a_person_is_found_by_words_of_theirs_and_in_their_owner_s_list_only() -> None:
    ada = keep(Person("me", name="Ada Lovelace", notes="left knee"))
    bo = keep(Person("me", code="P-07", height_m=1.8, affected="l"))
    keep(Person("other", name="Ada's sister"))
    assert people(["me"]) == [ada, bo]
    assert people(["me"], search="KNEE ada") == [ada]
    assert people(["me"], search="p-07") == [bo]
    assert people(["me"], search="ada p-07") == []


def test_the_days_of_a_person_are_listed_the_newest_first() -> None:
    ada = keep(Person("me", name="Ada"))
    last = filmed(ada, "2026-03-01")
    first = filmed(ada, "2026-01-15")
    workspace.create(first.source, "b.mp4", SETTINGS, owner="me")
    assert entries_of(ada) == [last, first]
    assert [entry.about.session for entry in entries_of(ada)] == ["2026-03-01", "2026-01-15"]


def test_what_was_renamed_and_moved_is_so_after_the_database_is_lost(home: Path) -> None:
    ada, bo = keep(Person("me", name="Ada")), keep(Person("me", name="Bo"))
    entry = filmed(ada, "2026-01-15")
    bo = keep(Person("me", name="Bo Diddley", height_m=1.9, token=bo.token, created=bo.created))
    entry.report.write_text("Ada's report")
    move(entry, bo, "2026-02-01")
    for _ in range(2):
        assert people(["me"]) == [ada, bo]
        assert entries_of(ada) == []
        assert [one.about.session for one in entries_of(bo)] == ["2026-02-01"]
        assert not entry.report.exists()
        lose_database(home)
    move(entry, None, "2026-02-01")
    assert (Entry(entry.folder).about.person, Entry(entry.folder).about.session) == ("", "")


def test_two_that_are_one_have_the_analyses_and_facts_of_both(home: Path) -> None:
    ada = keep(Person("me", name="Ada", height_m=1.65, notes="left knee"))
    code = keep(Person("me", code="P-07", height_m=1.66))
    filmed(ada, "2026-01-15")
    filmed(code, "2026-02-15")
    merge(ada, code)
    [one] = people(["me"])
    assert (one.called, one.height_m, one.notes) == ("Ada (P-07)", 1.66, "left knee")
    assert [entry.about.session for entry in entries_of(one)] == ["2026-02-15", "2026-01-15"]
    assert not file_of(ada.token).exists()


def test_all_of_a_person_is_in_one_zip() -> None:
    ada = keep(Person("me", name="Ada", born="1980-02-03"))
    for _ in range(2):
        filmed(ada, "2026-01-15").thumbnail.write_bytes(b"a picture")
    with zipfile.ZipFile(io.BytesIO(packed(ada))) as archive:
        assert json.loads(archive.read("person.json"))["born"] == "1980-02-03"
        assert archive.read("2026-01-15/squat/source.mp4") == b"clip"
        assert archive.read("2026-01-15/squat_2/thumbnail.jpg") == b"a picture"
        assert not any("about" in name for name in archive.namelist())


def test_no_byte_of_a_person_who_is_deleted_stays(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = keep(Person("me", name="Ada Lovelace", code="P-07", notes="left knee hurts"))
    bo = keep(Person("me", name="Bo Diddley"))
    for month in range(1, 10):
        filmed(ada, f"2026-{month:02}-01", f"Ada Lovelace {month}.mp4")
        kept = filmed(bo, f"2026-{month:02}-01")
    (home / f"{database.FILE}.damaged-20260101-000000").write_bytes(b"Ada Lovelace")
    monkeypatch.setenv("HUMANPOSE_CACHE", str(home / "cache"))
    sightings = cache_folder() / f"of_ada{SUFFIX}"
    sightings.parent.mkdir(parents=True)
    sightings.write_bytes(b"Ada's joints")
    with closing(sqlite3.connect(home / database.FILE)) as open_one:  # so that the log stays
        open_one.execute("SELECT * FROM entry").fetchall()
        keep(Person("me", name="Ada Lovelace", code="P-08", token=ada.token))
        forget(ada)
        words = ("Ada", "Lovelace", "P-07", "P-08", "left knee hurts", ada.token)
        assert bytes_with(home, *words) == []
        assert bytes_with(home, "Bo Diddley")
    assert people(None) == [bo]
    assert len(entries_of(bo)) == 9
    assert kept.source.is_file()


def test_a_damaged_record_takes_nobody_the_list(home: Path) -> None:
    ada, bo = keep(Person("me", name="Ada")), keep(Person("me", name="Bo"))
    for damage in (b"", b"[]", b'{"owner": 3}', b'{"owner": "me", "token": "../../etc"}'):
        file_of(bo.token).write_bytes(damage)
        with kept_tidy():
            assert people(["me"]) == [ada, bo]  # the database knows
        lose_database(home)
        assert people(["me"]) == [ada]
        keep(bo)


def test_a_record_that_was_half_deleted_or_half_written_is_gone_at_the_start() -> None:
    ada = keep(Person("me", name="Ada"))
    draft = file_of(ada.token).with_name(".humanpose-draft")
    write_json(draft, "Ada")
    file_of(ada.token).unlink()  # killed just after
    with kept_tidy():
        assert people(None) == []
        assert not draft.exists()


def test_a_person_goes_when_all_their_days_are_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", "30")
    old = keep(Person("me", name="Ada", created=1.0))
    still = keep(Person("me", name="Bo", created=1.0))
    filmed(still, "2026-01-15")
    new = keep(Person("me", name="Cy"))
    forget_old()
    assert people(None) == [still, new]
    assert not file_of(old.token).exists()
