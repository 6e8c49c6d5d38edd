"""A clip that is not to be kept is gone once its analysis has ended, however it did."""

from pathlib import Path

import pytest

from humanpose.server import worker, workspace
from humanpose.server.batches import Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import read_state
from humanpose.server.leftovers import kept_tidy
from humanpose.server.recompute_worker import _clip_info
from humanpose.settings import RAW, Settings
from humanpose.ui import routes, session
from humanpose.video import probe
from tests.server.test_jobs import wait_until
from tests.support.places import DATA

CLIP = DATA / "small_person.mp4"
BRIEF = Settings(height_m=1.7, end_s=0.4, **RAW)


pytestmark = pytest.mark.usefixtures("home")


def unkept(content: bytes) -> Entry:
    upload = store_upload("a.mp4", content)
    return workspace.create(upload, "a.mp4", BRIEF, keeps_clip=False)


def videos(home: Path) -> list[Path]:
    return sorted(home.rglob("*.mp4"))


def test_an_upload_is_moved_and_not_copied(home: Path) -> None:
    entry = unkept(b"clip")
    assert videos(home) == [entry.source]
    assert list((home / "uploads").iterdir()) == []


def test_what_is_not_ours_is_never_moved(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.mp4").write_bytes(b"clip")
    workspace.create(tmp_path / "mine.mp4", "a.mp4", BRIEF, keeps_clip=False)
    assert (tmp_path / "mine.mp4").exists()


def test_a_clip_is_gone_when_its_analysis_fails_or_is_cancelled(home: Path) -> None:
    jobs, failing, waiting = Jobs(), unkept(b"no video"), unkept(b"nor this")
    jobs.submit(failing)
    jobs.submit(waiting)
    jobs.cancel(waiting)
    wait_until(lambda: not jobs._jobs)
    assert [jobs.state(entry).state for entry in (failing, waiting)] == ["failed", "cancelled"]
    assert videos(home) == []


def test_without_its_clip_an_analysis_is_computed_again_just_the_same(home: Path) -> None:
    entry = unkept(CLIP.read_bytes())
    worker.run(entry)
    assert read_state(entry).state == "done"
    before = probe(entry.source)
    entry.forget_clip()
    assert videos(home) == []
    assert _clip_info(entry, session.load(entry)) == before
    assert routes.clip_url(entry) == ""


def test_a_batch_forgets_all_of_its_clips(home: Path) -> None:
    uploads = [store_upload("a.mp4", b"clip") for _ in range(2)]
    items = [Item(upload, "same name.mp4", "", BRIEF) for upload in uploads]
    batch = create_batch(items, owner="me", keeps_clips=False)
    assert [part.name for part in batch.parts] == ["same_name", "same_name_2"]
    assert videos(home) == [part.clip for part in batch.parts]
    batch.forget_clip()
    assert videos(home) == []


def test_what_a_server_that_was_killed_left_is_deleted_by_the_next(home: Path) -> None:
    kept = workspace.create(CLIP, "a.mp4", BRIEF)
    unkept(b"clip")
    store_upload("b.mp4", b"clip")
    with kept_tidy():
        assert videos(home) == [kept.source]


def test_a_second_server_deletes_nothing_that_the_first_may_need(home: Path) -> None:
    with kept_tidy():
        upload = store_upload("b.mp4", b"clip")
        with kept_tidy():
            pass
        assert upload.exists()
    assert videos(home) == []
