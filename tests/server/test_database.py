"""Who has what: in one file that is made from the folders, and made anew when it is damaged."""

import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.server import database, workspace
from humanpose.server.about import read_about
from humanpose.server.batches import Batch, Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.folders import new_folder
from humanpose.server.leftovers import kept_tidy
from humanpose.server.listing import remove, renew_link
from humanpose.server.quota import reserve
from humanpose.settings import RAW, Settings
from humanpose.ui import visitor
from tests.io.test_schema import KEPT
from tests.support.entries import lose_database

SETTINGS = Settings(height_m=1.7, **RAW)

pytestmark = pytest.mark.usefixtures("home")


def begun(label: str = "a.mp4", *, owner: str = "me") -> Entry:
    return workspace.create(store_upload(label, b"clip"), label, SETTINGS, owner=owner)


def facts(entry: Entry) -> tuple[object, ...]:
    return entry.folder, entry.about


def everything() -> list[tuple[object, ...]]:
    return [facts(entry) for entry in (*Entry.newest(), *Batch.newest())]


def overwrite(start: int, length: int) -> Callable[[Path], None]:
    def damage(file: Path) -> None:
        with file.open("r+b") as stream:
            stream.seek(start)
            stream.write(os.urandom(length))

    return damage


DAMAGE = {
    "no database": overwrite(0, 100),
    "no tables": overwrite(100, 900),
    "no rows": overwrite(4096, 8192),
    "no end": lambda file: os.truncate(file, 5000),
    "a page of text": lambda file: file.write_text("{}" * 9000),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("restarted", [False, True])
def test_a_damaged_database_is_set_aside_and_made_anew(
    home: Path, damage: Callable[[Path], None], restarted: bool
) -> None:
    begun()
    create_batch([Item(begun("b.mp4").source, "b.mp4", "", SETTINGS)], owner="me")
    before, file = everything(), home / database.FILE
    damage(file)
    damaged = file.read_bytes()
    if restarted:
        with kept_tidy():
            pass
    assert everything() == before
    [aside] = [path for path in home.glob(f"{database.FILE}.damaged-*") if path.stat().st_size]
    assert aside.read_bytes() == damaged
    begun("c.mp4")
    assert len(everything()) == len(before) + 1


def test_a_home_of_before_opens_with_all_its_links(home: Path) -> None:
    folder, batch = new_folder("analyses"), new_folder("batches")
    for kind, names in ((folder, ("about.json", "settings.json")), (batch, ("parts.json",))):
        for name in names:
            shutil.copy(KEPT / "app" / name, kind)
    (batch / "about.json").write_text(json.dumps({"label": "2 clips", "created": 9}))
    entry = Entry.find(folder.name)
    assert entry == Entry(folder)
    assert (entry.about.label, entry.about.owner, entry.about.keeps_clip) == (
        "Walk, 2nd visit.mp4",
        "",
        True,
    )
    assert [one.about.label for one in Batch.newest(owners=("",))] == ["2 clips"]


def test_a_folder_that_was_put_there_is_taken_in_at_the_start(home: Path) -> None:
    entry = begun()
    shutil.copytree(entry.folder, new_folder("analyses"), dirs_exist_ok=True)
    with kept_tidy():
        first, second = Entry.newest()
    assert first.folder != second.folder
    assert first.about.link != second.about.link
    lose_database(home)
    assert {one.about.link for one in Entry.newest()} == {first.about.link, second.about.link}


def test_a_folder_that_is_gone_is_forgotten_at_the_start() -> None:
    entry, other = begun(), begun()
    shutil.rmtree(entry.folder)
    with kept_tidy():
        assert Entry.newest() == [other]


def test_what_was_deleted_never_comes_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = begun()
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)  # killed just before
    remove(entry.folder)
    monkeypatch.undo()
    monkeypatch.setenv("HUMANPOSE_HOME", str(home))
    lose_database(home)
    assert Entry.newest() == []
    with kept_tidy():
        assert Entry.newest() == []
        assert list((home / "analyses").iterdir()) == []


def test_no_byte_of_what_was_deleted_stays_in_the_database(home: Path) -> None:
    others = [begun() for _ in range(3)]
    remove(begun("Ada's knee.mp4", owner="Ada's browser").folder)
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert any(others[0].about.link.encode() in content for content in files)
    assert not any(b"Ada" in content for content in files)


def test_a_folder_that_is_no_token_is_neither_listed_nor_deleted(home: Path) -> None:
    entry = begun()
    copy = shutil.copytree(entry.folder, entry.folder.with_name("a__copy"))
    with kept_tidy():
        assert Entry.newest() == [entry]
        assert copy.exists()


def test_what_is_damaged_is_its_owners_as_long_as_the_database_knows(home: Path) -> None:
    entry = begun(owner="ann")
    (entry.folder / "about.json").write_bytes(b"")
    with kept_tidy():
        [found] = Entry.newest(owners=("", "ann"))
        assert facts(found) == facts(entry)
        assert Entry.newest(owners=("", "bo")) == []


def test_what_nobody_knows_the_owner_of_is_in_no_list_of_many(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = begun(owner="ann")
    (entry.folder / "about.json").write_bytes(b"")
    lose_database(home)
    assert [one.about.damaged for one in Entry.newest(owners=visitor.lists())] == [True]
    monkeypatch.setenv("HUMANPOSE_PASSWORD", "known to many")
    assert Entry.newest(owners=visitor.lists()) == []
    assert not visitor.may_change(Entry(entry.folder))


def test_a_withdrawn_link_opens_nothing_ever_after(home: Path) -> None:
    entry = begun()
    renew_link(entry.folder)
    again = Entry(entry.folder)
    lost = read_about(entry.folder).link == again.about.link
    for _ in range(2):
        assert lost
        assert Entry.find(entry.about.link) is None
        assert Entry.find(entry.token) is None
        assert Entry.find(again.about.link) == again
        lose_database(home)


def test_a_newer_database_is_a_sentence_and_stays(home: Path) -> None:
    begun()
    with closing(sqlite3.connect(home / database.FILE)) as newer:
        newer.execute(f"PRAGMA user_version = {len(database.MIGRATIONS) + 1}")
    with pytest.raises(OutputError, match="newer humanpose"):
        Entry.newest()
    with pytest.raises(OutputError, match="newer humanpose"):
        begun()
    assert [path.name for path in home.glob("*.damaged-*")] == []


def test_only_the_app_s_own_user_may_read_it(home: Path) -> None:
    begun()
    with closing(sqlite3.connect(home / database.FILE)) as open_one:
        open_one.execute("SELECT * FROM entry").fetchall()
        modes = {path.stat().st_mode & 0o777 for path in home.glob(f"{database.FILE}*")}
    assert modes == {0o600}


def test_many_at_once_lose_nothing(home: Path) -> None:
    """Eight threads, on a database that is not there yet."""
    start = threading.Barrier(8)

    def come_and_go(number: int) -> None:
        start.wait()
        for _ in range(4):
            keep, drop = begun(owner=f"{number}"), begun(owner=f"{number}")
            remove(drop.folder)
            renew_link(keep.folder)
            assert keep in Entry.newest(owners=[f"{number}"])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(come_and_go, range(8)))
    assert len(Entry.newest()) == 32
    assert database.read("PRAGMA integrity_check") == [("ok",)]
    before = everything()
    lose_database(home)
    assert sorted(everything(), key=str) == sorted(before, key=str)


def test_of_those_who_ask_for_the_last_room_one_gets_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "0.000001")
    start = threading.Barrier(4)

    def gets(number: int) -> bool:
        start.wait()
        with suppress(OutputError):
            reserve(home / "uploads" / f"{number}", 600)
            return True
        return False

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(gets, range(4))) == [False, False, False, True]


def test_what_is_given_back_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "0.00001")
    for _ in range(20):
        clip = store_upload("a.mp4", b"x" * 3000)
        remove(workspace.create(clip, "a.mp4", SETTINGS, keeps_clip=False).folder)
    assert database.read("SELECT * FROM held") == []
