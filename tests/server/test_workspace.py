"""The app's own folder: tokens, labels, and what happens when it cannot be written."""

import time
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.server import workspace
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.listing import remove
from humanpose.settings import Settings
from tests.io.test_bundle import changed
from tests.support.entries import kept_files
from tests.support.places import DATA

SETTINGS = Settings(height_m=1.78, cutoff_hz=4.0)


pytestmark = pytest.mark.usefixtures("home")


def new_entry(label: str = "squat.mp4") -> Entry:
    return workspace.create(store_upload(label, b"clip"), label, SETTINGS)


def test_an_analysis_is_found_again_by_its_token() -> None:
    entry = Entry.find(new_entry().about.link)
    assert entry is not None
    assert entry.source.read_bytes() == b"clip"
    assert (entry.about.label, entry.settings()) == ("squat.mp4", SETTINGS)


@pytest.mark.parametrize(
    "token", ["", "../../etc/passwd", "a" * 16, "x" * 15, "..............%2f"]
)
def test_a_token_that_is_not_ours_finds_nothing(token: str) -> None:
    new_entry()
    assert Entry.find(token) is None


def test_the_clip_is_kept_under_our_name_never_the_users() -> None:
    entry = new_entry("../../../tmp/über größe.MOV")
    assert entry.source.name == "source.mov"
    assert entry.source.parent == entry.folder


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Jon's squat (2).mp4", "Jon_s_squat_2.mp4"),
        ("../../etc/passwd.mov", "etc_passwd.mov"),
        ("größe.mp4", "größe.mp4"),
        ("....mp4", "clip.mp4"),
    ],
)
def test_what_the_user_takes_away_has_a_harmless_name(label: str, name: str) -> None:
    assert new_entry(label).clip_name == name


def test_recent_analyses_come_newest_first() -> None:
    entries = []
    for label in ("a.mp4", "b.mp4", "c.mp4"):
        entries.append(new_entry(label))
        time.sleep(0.01)
    assert [entry.about.label for entry in Entry.newest(limit=2)] == ["c.mp4", "b.mp4"]


def test_a_deleted_analysis_is_gone_with_its_clip() -> None:
    entry = new_entry()
    remove(entry.folder)
    assert Entry.newest(limit=5) == []
    assert not entry.folder.exists()


def test_what_a_received_file_unpacks_to_counts_against_the_quota(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = changed(
        DATA / "schema_0" / "refined.humanpose",
        tmp_path / "a.humanpose",
        lambda e: e | {"landmarks.csv": e["landmarks.csv"] + b"\n" * 900_000},
    )
    assert packed.stat().st_size < 300_000
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "0.0005")
    with pytest.raises(OutputError, match="has no room"):
        workspace.adopt(packed.read_bytes())
    assert kept_files(home) == set()


def test_a_home_that_cannot_be_written_is_one_sentence(home: Path) -> None:
    home.rmdir()
    home.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="HUMANPOSE_HOME"):
        store_upload("a.mp4", b"1")


def test_a_token_is_unguessable_and_fit_for_a_component_key(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    tokens = {
        workspace.create(clip, "clip.mp4", Settings(height_m=1.7)).token for _ in range(50)
    }
    assert len(tokens) == 50
    assert all(len(token) == 32 and "_" not in token for token in tokens)
