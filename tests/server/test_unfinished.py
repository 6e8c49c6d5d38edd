"""Nothing unfinished stays: after a failure at any step, after a refusal, and at the start."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.io.bundle import save_bundle
from humanpose.server import workspace
from humanpose.server.batches import Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.folders import new_folder
from humanpose.server.leftovers import kept_tidy
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from tests.support.disk import disk_full_after
from tests.support.entries import finished_entry, kept_files
from tests.support.pages import opened
from tests.support.synthetic import synthetic_analysis

SETTINGS = Settings(height_m=1.7, **RAW)


def folders(home: Path) -> set[Path]:
    return {path for path in home.glob("*/*") if path.is_dir()}


def fails_at_every_step(home: Path, action: Callable[[], object]) -> int:
    """Fill the disk at each step of it until it ends well; the number of steps."""
    before = kept_files(home), folders(home)
    for step in count():
        try:
            with disk_full_after(step):
                action()
        except OutputError:
            assert (kept_files(home), folders(home)) == before
        else:
            return step
    raise AssertionError


@pytest.mark.parametrize("keeps_clip", [True, False])
def test_an_analysis_that_cannot_be_started_leaves_nothing(
    home: Path, keeps_clip: bool
) -> None:
    clip = store_upload("a.mp4", b"clip")
    steps = fails_at_every_step(
        home, lambda: workspace.create(clip, "a.mp4", SETTINGS, keeps_clip=keeps_clip)
    )
    assert steps > 5
    assert clip.exists() is keeps_clip


def test_a_batch_that_cannot_be_started_leaves_nothing(home: Path) -> None:
    clips = [store_upload(f"{name}.mp4", b"clip") for name in "ab"]
    items = [Item(clip, "a.mp4", "", SETTINGS) for clip in clips]
    assert fails_at_every_step(home, lambda: create_batch(items, owner="")) > 9


def test_an_upload_that_does_not_fit_leaves_nothing(home: Path) -> None:
    store_upload("a.mp4", b"clip")
    assert fails_at_every_step(home, lambda: store_upload("b.mp4", b"clip")) >= 2


def test_a_file_that_does_not_fit_leaves_nothing(home: Path) -> None:
    entry = finished_entry(home, synthetic_analysis(20))
    content = save_bundle(entry.result, home / "a.humanpose").read_bytes()
    assert fails_at_every_step(home, lambda: workspace.adopt(content)) > 6


def test_a_state_that_cannot_be_written_leaves_the_old_one(home: Path) -> None:
    (home / "a").mkdir()
    write_json(home / "a" / "a.json", 1)
    for step in range(2):
        with disk_full_after(step), pytest.raises(OSError, match="space"):
            write_json(home / "a" / "a.json", 2)
    assert [path.read_text() for path in kept_files(home)] == ["1"]


def test_an_upload_that_is_no_video_is_not_kept(home: Path) -> None:
    app = opened("analyse")
    app.file_uploader[0].upload("notes.mp4", b"Dear diary, today I walked.").run()
    assert app.error
    assert kept_files(home) == set()


def test_what_is_left_without_an_entry_goes_at_the_start(home: Path) -> None:
    kept = workspace.create(store_upload("a.mp4", b"clip"), "a.mp4", SETTINGS)
    (kept.folder / "remarks.json").write_text("{}")
    for unfinished in (
        new_folder("analyses") / "source.mp4",
        new_folder("batches") / "parts.json",
        kept.folder / ".humanpose-1-ab",
        kept.folder / "result" / ".humanpose-2-cd" / "analysis.npz",
        home / "uploads" / "x" / "source.mp4",
    ):
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(b"half")
    with kept_tidy():
        left = {path.name for path in kept_files(home)}
    assert left == {
        "about.json",
        "remarks.json",
        "settings.json",
        "source.mp4",
    }
