"""Files from visitors are opened beside the server, under limits."""

import os
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bench.processes import forget_peak, peak_mb
from humanpose.assets import SAMPLE
from humanpose.errors import AnalysisError, ClipError, SettingsError
from humanpose.io.bundle import save_bundle
from humanpose.io.load import load_analysis
from humanpose.report.key_frames import Moment, key_frames
from humanpose.server import making, receiver, workspace
from humanpose.server.helpers import Helpers, wait_for
from humanpose.video import probe
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that start from now on have next to nothing beyond themselves."""
    monkeypatch.setenv("HUMANPOSE_MEMORY_GB", "0.05")
    fresh = Helpers("humanpose.server.receiver")
    monkeypatch.setattr(receiver, "_PROCESSES", fresh)


def files(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_a_clip_is_looked_into() -> None:
    seen = receiver.look_at(SAMPLE)
    assert seen.info == probe(SAMPLE)
    assert Image.open(BytesIO(seen.jpeg)).height == 320


def test_a_file_that_is_no_clip_is_said_by_its_name(tmp_path: Path) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("Dear diary, today I walked.")
    with pytest.raises(ClipError, match=r"notes\.mp4"):
        receiver.look_at(notes)


def test_people_at_the_start_are_found_and_shown() -> None:
    found = receiver.find_at_start(SAMPLE, start_s=0.0)
    [person] = found.people
    assert person.left_top < person.at < person.right_bottom
    assert Image.open(BytesIO(found.jpeg)).height == 320


def test_a_received_analysis_is_kept_and_its_settings_are_known(home: Path) -> None:
    analysis = synthetic_analysis(20)
    sent = finished_entry(home, analysis)
    content = save_bundle(sent.result, home / "a.humanpose").read_bytes()
    entry = workspace.adopt(content)
    assert entry.settings() == analysis.settings
    assert entry.about.label == analysis.clip_name
    assert entry.result.is_dir()


@pytest.mark.usefixtures("little_memory")
def test_a_file_that_takes_more_memory_than_an_analysis_may_is_refused_and_leaves_nothing(
    home: Path,
) -> None:
    sent = finished_entry(home, synthetic_analysis(20))
    content = save_bundle(sent.result, home / "a.humanpose").read_bytes()
    before = files(home)
    with pytest.raises(AnalysisError):
        workspace.adopt(content)
    assert files(home) == before


def test_key_frames_and_the_annotated_video_are_made_beside_the_server(home: Path) -> None:
    analysis = synthetic_analysis(12)
    entry = finished_entry(home, analysis)
    chosen = [Moment(0, "first"), Moment(11, "last")]
    shown = receiver.key_frames(entry.playback, entry.result, chosen)
    saved = load_analysis(entry.result)
    assert shown == key_frames(entry.playback, saved, chosen)
    asked = making.annotate(entry.playback, entry.result, entry.annotated)
    wait_for([asked])
    asked.result()
    assert probe(entry.annotated).duration_s == probe(entry.playback).duration_s
    entry.playback.write_text("<html></html>")
    with pytest.raises(ClipError):
        receiver.key_frames(entry.playback, entry.result, chosen)


def test_a_table_is_read_and_a_foolish_one_is_a_sentence(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("clip,height\na.mp4,1.8\n")
    assert receiver.read_table(table).of("a.mp4") == {"clip": "a.mp4", "height_m": "1.8"}
    table.write_text("height\n1.8\n")
    with pytest.raises(SettingsError, match="a column called clip"):
        receiver.read_table(table)


def test_a_table_beyond_all_size_is_a_sentence(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("clip,height\n" + "a.mp4,1.8\n" * 300_000)
    with pytest.raises(SettingsError, match="leave rows out"):
        receiver.read_table(table)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_file_costs_the_server_more_than_what_is_told_of_it(home: Path) -> None:
    table = home / "people.csv"
    table.write_text("clip,height\n" + "a.mp4,1.8\n" * 300_000)
    receiver.look_at(SAMPLE)
    forget_peak(os.getpid())
    before_mb = peak_mb(os.getpid())
    receiver.look_at(SAMPLE)
    with suppress(SettingsError):
        receiver.read_table(table)
    assert peak_mb(os.getpid()) < before_mb + 40
