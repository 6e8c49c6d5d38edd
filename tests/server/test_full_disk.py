"""A running app whose disk is full: what does not fit is a sentence, and leaves nothing."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from humanpose.io.load import load_analysis
from humanpose.server.entry import Entry
from humanpose.server.glimpse import FILE as GLIMPSE
from humanpose.server.jobstate import read_state
from humanpose.server.listing import delete, remove, undelete
from tests.server.test_killed import wait_until
from tests.support.browser import own_home, running_app
from tests.support.places import DATA
from tests.support.visit import Visit, visit

CLIP = DATA / "small_person.mp4"
DISK_MB = 24
FREE_KB = (0, 30, 64, 100, 120, 150, 170, 200, 400, 800)
"""Room that is left, so that it ends at one step after the other."""
_PATIENCE_S = 120.0


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A disk of ``DISK_MB`` there."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk") / "home"
    with small_disk(folder), own_home(folder):
        yield folder


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with running_app(home) as url:
        yield url


@pytest.fixture(scope="module")
def done(url: str, home: Path) -> Entry:
    """An analysis from before the disk was full."""
    with visit(url) as page:
        entry = tried(page)
    assert entry is not None
    assert read_state(entry).state == "done"
    return entry


@contextmanager
def free(home: Path, kilobytes: int) -> Iterator[None]:
    """The disk full up to that; afterwards as it was."""
    ballast = home / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(home).free - 1024 * kilobytes))
    yield
    ballast.unlink()


def tried(page: Visit) -> Entry | None:
    """An analysis and how it ended, as ``page.text`` says then; None where it is refused."""
    try:
        entry = page.analyse("a.mp4", CLIP.read_bytes(), height_m=1.8)
    except RuntimeError:
        return None
    limit = time.monotonic() + _PATIENCE_S
    while "Analysing" in page.text and time.monotonic() < limit:
        time.sleep(0.5)
        page.run()
    return entry


def leftovers(home: Path, known: set[Path], done: Entry) -> list[Path]:
    """Files of no analysis, and of those that did not get to their end all but their clip."""
    files = [path for path in (home / "analyses").rglob("*.*") if path.is_file()]
    return [
        path
        for path in files
        if done.folder not in path.parents
        and (
            not known & set(path.parents)
            or "result" in path.parts
            or path.name in ("clip.mp4", GLIMPSE)
        )
    ]


@pytest.mark.parametrize("kilobytes", FREE_KB)
def test_what_does_not_fit_is_a_sentence_and_nothing_stays_of_it(
    url: str, home: Path, done: Entry, kilobytes: int
) -> None:
    with free(home, kilobytes), visit(url) as page:
        entry = tried(page)
        [sentence] = page.words
    assert not page.failed
    assert "room" in sentence or "space" in sentence
    assert str(home) not in sentence
    known = {entry.folder} if entry else set()
    assert {one.folder for one in Entry.newest()} == known | {done.folder}
    wait_until(lambda: not leftovers(home, known, done), limit_s=10)
    if entry:
        remove(entry.folder)


def test_what_is_there_can_be_seen_and_deleted(url: str, home: Path, done: Entry) -> None:
    with free(home, 0), visit(url) as page:
        page.open("export", f"a={done.about.link}")
        assert not page.words
        delete(done.folder)
        page.open("export", f"a={done.about.link}")
        assert not page.has("button", "Withdraw link")
        undelete(done.folder)
    assert load_analysis(done.result).timeline.frames == 60
