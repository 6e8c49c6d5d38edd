"""What is deleted can be brought back for a while, and is gone for good after it."""

import os
import time
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.server import leftovers, workspace
from humanpose.server.clips import store_upload
from humanpose.server.deleted import KEPT_MINUTES
from humanpose.server.entry import Entry
from humanpose.server.listing import delete, renew_link, undelete
from humanpose.server.people import forget, keep, move
from humanpose.server.person import Person
from humanpose.server.quota import forget_deleted
from humanpose.settings import RAW, Settings
from tests.server.test_jobs import wait_until
from tests.support.entries import kept_files

SETTINGS = Settings(height_m=1.7, **RAW)

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    clip = tmp_path / "mine.mp4"
    clip.write_bytes(b"clip")
    return workspace.create(clip, "a.mp4", SETTINGS, owner="me")


def test_what_is_deleted_is_out_of_the_list_at_once_and_comes_back_whole(entry: Entry) -> None:
    renew_link(entry.folder)
    (link,) = (one.about.link for one in Entry.newest())
    delete(entry.folder)
    assert Entry.newest() == []
    assert Entry.find(link) is None
    assert Entry.deleted(owners=["you"]) == []
    (gone,) = Entry.deleted(owners=["me"])
    assert (gone.folder, gone.about.label, gone.about.created) == (
        entry.folder,
        "a.mp4",
        entry.about.created,
    )
    undelete(gone.folder)
    assert Entry.find(link) == entry
    assert entry.source.read_bytes() == b"clip"
    assert Entry.deleted(owners=["me"]) == []


@pytest.mark.parametrize("sign", [-1, 1])
def test_after_its_time_it_is_gone_for_good_whatever_the_clock_does(
    home: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch, sign: int
) -> None:
    delete(entry.folder)
    now = time.time()
    for minutes, there in ((KEPT_MINUTES - 1, True), (KEPT_MINUTES + 1, False)):
        monkeypatch.setattr(time, "time", lambda at=now + sign * 60 * minutes: at)
        forget_deleted(older_than_s=60 * KEPT_MINUTES)
        assert bool(kept_files(home)) is there
    with pytest.raises(OutputError, match="can't be brought back"):
        undelete(entry.folder)
    assert Entry.newest() == []


def test_a_server_s_start_and_end_delete_it_for_good(home: Path, entry: Entry) -> None:
    delete(entry.folder)
    leftovers.delete_unfinished()
    assert kept_files(home) == set()


def test_a_server_deletes_it_by_the_clock(
    home: Path, entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "_DELETE_EVERY_S", 0.05)
    with leftovers.kept_tidy():
        delete(entry.folder)
        (aside,) = (home / "analyses").iterdir()
        os.utime(aside, (0, 0))
        wait_until(lambda: not aside.exists())


def test_a_full_quota_makes_room_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "0.0002")
    first = store_upload("b.mp4", b"b" * 90_000)
    kept = workspace.create(first, "b.mp4", SETTINGS, keeps_clip=False)
    delete(kept.folder)
    store_upload("c.mp4", b"c" * 150_000)
    assert Entry.deleted(owners=[""]) == []


def test_with_a_person_goes_what_of_theirs_could_be_brought_back(
    home: Path, entry: Entry
) -> None:
    person = keep(Person(owner="me", name="Ada"))
    move(entry, person, "2026-01-02")
    delete(entry.folder)
    forget(person)
    assert kept_files(home) == set()
