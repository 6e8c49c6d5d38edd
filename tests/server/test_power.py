"""After a power failure, what was kept is there and whole, and what was deleted is not."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from humanpose.io.bundle import save_bundle
from humanpose.report.remarks import Remarks, to_json
from humanpose.server import database, listing, passes, worker, workspace
from humanpose.server.about import About
from humanpose.server.batches import Item, create_batch, pack
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.leftovers import kept_tidy
from humanpose.server.overlay import write_overlay
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from tests.support.entries import finished_entry
from tests.support.pages import opened
from tests.support.power import Disk, watched_disk
from tests.support.synthetic import synthetic_analysis

SETTINGS = Settings(height_m=1.7, **RAW)

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Whose database is there; it looks at each entry when that comes into the list."""
    Entry.newest()
    with watched_disk() as watched:

        def insert(rows: sqlite3.Connection, folder: Path, about: About) -> None:
            assert watched.may_lose(folder) == []
            database.insert(rows, folder, about)

        monkeypatch.setattr(listing, "insert", insert)
        yield watched


@pytest.mark.parametrize("keeps_clip", [True, False])
def test_an_analysis_is_in_the_list_when_all_of_it_is_on_the_disk(
    disk: Disk, home: Path, keeps_clip: bool
) -> None:
    clip = store_upload("a.mp4", b"clip")
    entry = workspace.create(clip, "a.mp4", SETTINGS, keeps_clip=keeps_clip)
    assert disk.may_lose(home / "analyses") == []
    assert Entry.newest() == [entry]


def test_a_batch_is_in_the_list_when_all_of_it_is_on_the_disk(disk: Disk, home: Path) -> None:
    items = [Item(store_upload("a.mp4", b"clip"), "a.mp4", "", SETTINGS) for _ in range(2)]
    batch = create_batch(items, owner="me")
    (batch.results / "a").mkdir(parents=True)
    (batch.results / "a" / "b.csv").write_text("a table")
    pack(batch)
    assert disk.may_lose(batch.archive) == []
    assert disk.may_lose(batch.folder / "clips") == []


def test_a_received_analysis_is_in_the_list_when_all_of_it_is_on_the_disk(
    home: Path, tmp_path: Path
) -> None:
    sent = finished_entry(home, synthetic_analysis(12))
    write_json(sent.remarks, to_json(Remarks(notes="of theirs")))
    save_bundle(sent.result, tmp_path / "a", clip=sent.playback, remarks=sent.remarks)
    with watched_disk() as disk:
        entry = workspace.adopt((tmp_path / "a").read_bytes())
        assert disk.may_lose(entry.folder) == []


def notes(entry: Entry) -> Path:
    write_json(entry.remarks, to_json(Remarks(notes="of today")))
    return entry.remarks


def state(entry: Entry) -> Path:
    write_state(entry, JobState("running"))
    return entry.folder / "progress.json"


def result(entry: Entry) -> Path:
    synthetic_analysis(12).save(entry.results)
    return entry.results / entry.result.name


def annotated(entry: Entry) -> Path:
    write_overlay(synthetic_analysis(12), entry.playback, entry.annotated)
    return entry.annotated


def report(entry: Entry) -> Path:
    opened("report", entry)
    return entry.report


def link(entry: Entry) -> Path:
    listing.renew_link(entry.folder)
    return entry.folder / "about.json"


def secret(entry: Entry) -> Path:
    passes.issue_pass("open sesame")
    return entry.folder.parent.parent / "secret"


@pytest.mark.parametrize("write", [notes, state, result, annotated, report, link, secret])
def test_what_is_written_is_on_the_disk(home: Path, write: Callable[[Entry], Path]) -> None:
    entry = finished_entry(home, synthetic_analysis(12))
    with watched_disk() as disk:
        for _ in range(2):  # anew, and in the place of the first
            assert disk.may_lose(write(entry)) == []


def test_what_a_worker_saves_is_on_the_disk_before_it_is_done(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = synthetic_analysis(12)
    clip = finished_entry(home, analysis).playback
    entry = workspace.create(clip, "a.mp4", analysis.settings)
    monkeypatch.setattr(worker, "analyze", lambda *_, **__: analysis)
    with watched_disk() as disk:
        worker.run(entry)
        assert disk.may_lose(entry.results) == []
        assert disk.may_lose(entry.playback) == []


def test_what_was_deleted_is_gone_for_good_before_the_list_forgets_it(
    disk: Disk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = workspace.create(store_upload("a.mp4", b"clip"), "a.mp4", SETTINGS)
    seen = []

    def change(work: Callable[[sqlite3.Connection], object]) -> object:
        seen.append(disk.may_bring_back(entry.folder))
        return database.change(work)

    assert disk.may_bring_back(entry.folder)
    monkeypatch.setattr(listing, "change", change)
    listing.remove(entry.folder)
    assert seen == [False]


def test_every_transaction_is_on_the_disk_when_it_ends() -> None:
    full = 2
    assert database.read("PRAGMA synchronous") == [(full,)]
    assert database.read("PRAGMA journal_mode") == [("wal",)]


def test_a_log_of_transactions_that_ends_anywhere_loses_the_last_and_no_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Entry.newest()
    with closing(sqlite3.connect(home / database.FILE)) as other:  # keeps the log
        other.execute("SELECT * FROM entry").fetchall()
        made = [
            workspace.create(store_upload("a.mp4", b"clip"), "a.mp4", SETTINGS)
            for _ in range(4)
        ]
        length = (home / f"{database.FILE}-wal").stat().st_size
        for cut in range(0, length + 1, 3001):
            after = shutil.copytree(home, tmp_path / f"after_{cut}")
            with (after / f"{database.FILE}-wal").open("rb+") as log:
                log.truncate(cut)
            monkeypatch.setenv("HUMANPOSE_HOME", str(after))
            assert database.read("PRAGMA integrity_check") == [("ok",)]
            tokens = [entry.token for entry in reversed(Entry.newest())]
            assert tokens == [entry.token for entry in made[: len(tokens)]]
            with kept_tidy():
                assert len(Entry.newest()) == len(made)


def test_an_empty_database_is_filled_from_the_folders(home: Path) -> None:
    entry = workspace.create(store_upload("a.mp4", b"clip"), "a.mp4", SETTINGS)
    (home / database.FILE).write_bytes(b"")
    assert Entry.newest() == [entry]
