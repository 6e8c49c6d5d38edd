"""What is damaged harms itself alone: it is shown as damaged, and can be deleted."""

import os
import threading
from pathlib import Path

import pytest

from humanpose.errors import AnalysisError
from humanpose.server import workspace
from humanpose.server.batches import Item, create_batch
from humanpose.server.clips import drop_upload, store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import JobState, read_state, write_state
from humanpose.server.leftovers import forget_old, kept_tidy
from humanpose.server.listing import remove
from humanpose.server.quota import reserve
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from tests.support.entries import finished_entry, lose_database
from tests.support.pages import opened, words
from tests.support.synthetic import synthetic_analysis

SETTINGS = Settings(height_m=1.7, **RAW)
DAMAGE = {
    "empty": b"",
    "half": b'{"label": "a.m',
    "binary": b"\xff\xfe\x00\x80",
    "deep": b"[" * 100_000,
    "a number": b"7",
    "no value": b"{}",
    "wrong kinds": b'{"label": 7, "created": "x", "state": [], "finished": 3, "height_m": "x"}',
    "no number": b'{"label": "a", "created": NaN, "state": "odd"}',
    "far away": b'{"label": "a", "created": 1e300, "state": "odd"}',
}
FILES = ("about.json", "progress.json", "settings.json")

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_a_sentence_and_leaves_the_others_alone(
    home: Path, name: str, damage: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_KEEP_DAYS", "7")
    clip = store_upload("a.mp4", b"clip")
    sound, hurt = (workspace.create(clip, "a.mp4", SETTINGS) for _ in range(2))
    write_state(sound, JobState("done"))
    (hurt.folder / name).write_bytes(damage)
    lose_database(home)
    sound, hurt = Entry(sound.folder), Entry(hurt.folder)
    assert {one.token for one in Entry.newest(limit=9)} == {sound.token, hurt.token}
    assert hurt.about.damaged is (name == "about.json")
    assert Jobs().state(hurt).state == "failed"
    if name == "settings.json":
        with pytest.raises(AnalysisError, match="delete it"):
            hurt.settings()
    forget_old()
    with kept_tidy():
        assert hurt.folder.exists()
    remove(hurt.folder)
    assert Entry.newest(limit=9) == [sound]


@pytest.mark.parametrize("name", FILES)
def test_analyse_shows_what_is_damaged_and_deletes_it(home: Path, name: str) -> None:
    sound, hurt = (finished_entry(home, synthetic_analysis(20)) for _ in range(2))
    (hurt.folder / name).write_bytes(b"")
    lose_database(home)
    app = opened("analyse", Entry.find(hurt.about.link))
    assert "damaged" in words(app)
    app.button(key=f"delete_{hurt.token}").click().run()
    assert not app.exception
    assert Entry.newest(limit=9) == [sound]


def test_a_damaged_batch_can_be_deleted(home: Path) -> None:
    clip = store_upload("a.mp4", b"clip")
    batch = create_batch([Item(clip, "a.mp4", "", SETTINGS)], owner="")
    for damage in DAMAGE.values():
        (batch.folder / "parts.json").write_bytes(damage)
        with pytest.raises(AnalysisError, match="delete it"):
            _ = batch.parts
    (batch.folder / "about.json").write_bytes(b"")
    lose_database(home)
    app = opened("batch")
    assert "damaged" in words(app)
    next(button for button in app.button if button.label == "Delete").click().run()
    assert not app.exception
    assert not batch.folder.exists()


def test_a_result_that_is_gone_is_a_sentence(home: Path) -> None:
    entry = workspace.create(store_upload("a.mp4", b""), "a.mp4", SETTINGS)
    write_state(entry, JobState("done"))
    app = opened("explore", entry)
    assert not app.exception
    assert "damaged" in words(app)


def test_a_file_reaches_the_disk_before_its_name_does(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that no power failure can turn into an empty file."""
    done: list[str] = []
    really = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        place = Path(f"/proc/self/fd/{descriptor}").resolve()
        done.append("folder" if place.is_dir() else f"{place.stat().st_size} bytes")
        really[0](descriptor)

    def replace(source: str, target: str) -> None:
        done.append("replaced")
        really[1](source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    write_json(home / "a.json", "four")
    assert done == ["6 bytes", "replaced", "folder"]


def test_the_quota_is_counted_while_others_delete(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "1")
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            clips = [store_upload("a.mp4", b"clip") for _ in range(10)]
            for clip in clips:
                drop_upload(clip)

    others = [threading.Thread(target=come_and_go) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(300):
            reserve(home / "analyses" / "a", 1)
    finally:
        over.set()
        for other in others:
            other.join()


def test_a_state_is_read_as_it_was_written(home: Path) -> None:
    entry = workspace.create(store_upload("a.mp4", b""), "a.mp4", SETTINGS)
    state = JobState("running", "", "Computing", ("Reading",), 3, None, 2.5)
    write_state(entry, state)
    assert read_state(entry) == state
