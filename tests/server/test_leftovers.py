"""How long things are kept, by which clock, and that nothing in use is deleted."""

import os
import time
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.report.remarks import Remarks, to_json
from humanpose.server import leftovers, workspace
from humanpose.server.batches import Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.leftovers import forget_old
from humanpose.server.listing import remove
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from tests.server.test_jobs import wait_until
from tests.support.browser import running_app
from tests.support.entries import rewrite

SETTINGS = Settings(height_m=1.7, **RAW)
DAY_S = 24 * 3600

pytestmark = pytest.mark.usefixtures("home")


def analysis(clip: Path, *, days_old: float) -> Entry:
    entry = workspace.create(clip, "a.mp4", SETTINGS)
    age(entry, days_old=days_old)
    return entry


def age(entry: Entry, *, days_old: float) -> None:
    """Let it have been started so long ago."""
    rewrite(entry, created=time.time() - days_old * DAY_S)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "mine.mp4"
    path.write_bytes(b"no video")
    return path


def test_days_are_counted_from_the_analysis_and_not_from_the_last_note(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young = analysis(clip, days_old=30), analysis(clip, days_old=6)
    batch = create_batch([Item(clip, "a.mp4", "", SETTINGS)], owner="")
    age(batch, days_old=30)
    write_json(old.remarks, to_json(Remarks(notes="of today")))
    os.utime(young.folder, (0, 0))
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", "7")
    forget_old()
    assert [one.folder.exists() for one in (old, young, batch)] == [False, True, False]


def test_what_cannot_be_deleted_is_logged_and_the_rest_goes(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = analysis(clip, days_old=30), analysis(clip, days_old=31)
    logged = list[str]()

    def held(folder: Path) -> None:
        if folder == stuck.folder:
            raise OutputError("this folder is in use; close what holds it")
        remove(folder)

    monkeypatch.setattr(leftovers, "remove", held)
    monkeypatch.setattr(leftovers, "event", lambda what, **_: logged.append(what))
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", "7")
    forget_old()
    assert (stuck.folder.exists(), other.folder.exists()) == (True, False)
    assert logged == ["could_not_delete"]


def test_what_is_kept_for_ever_is(clip: Path) -> None:
    old = analysis(clip, days_old=9999)
    forget_old()
    assert old.folder.exists()


def test_a_clock_that_jumps_deletes_nothing_that_runs_waits_or_was_just_uploaded(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", "7")
    upload, jobs = store_upload("b.mp4", b"clip"), Jobs()
    running, waiting = analysis(clip, days_old=0), analysis(clip, days_old=0)
    jobs.submit(running)
    jobs.submit(waiting)
    today = time.time()
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: today + 400 * DAY_S)
        forget_old()
        assert running.source.exists()
        assert waiting.source.exists()
        assert upload.exists()
        jobs.close()
        wait_until(lambda: not jobs.busy)
        forget_old()
    assert not running.folder.exists()


def test_uploads_that_nobody_analysed_are_forgotten_after_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    old = store_upload("a.mp4", b"1")
    now[0] += 23 * 3600
    new = store_upload("b.mp4", b"2")
    forget_old()
    assert old.exists()
    now[0] += 2 * 3600
    forget_old()
    assert not old.parent.exists()
    assert new.exists()


def test_a_server_looks_by_the_clock_without_anybody_coming(
    home: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_s = 1.0
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", str(keep_s / DAY_S))
    entry = analysis(clip, days_old=-1)
    with running_app(home):
        assert entry.folder.exists()
        age(entry, days_old=0)
        wait_until(lambda: not entry.folder.exists())
