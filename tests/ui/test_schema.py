"""What the app kept before there was a schema opens; what a newer app kept gets a sentence."""

import json
import shutil
from pathlib import Path

import pytest

from humanpose.io.load import load_analysis
from humanpose.io.schema import SCHEMA
from humanpose.server.batches import Batch
from humanpose.server.entry import Entry
from humanpose.server.folders import new_folder
from humanpose.server.jobstate import JobState, read_state, write_state
from humanpose.settings import travelled
from humanpose.ui.batch import panel
from tests.io.test_bundle import changed
from tests.io.test_schema import KEPT, LATER
from tests.support.pages import opened, words

NEWER = (
    f"was written by a newer humanpose (schema {LATER}; this installation reads up to {SCHEMA})"
)


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def entry() -> Entry:
    """A finished analysis as the last app without a schema kept it."""
    folder = new_folder("analyses")
    for name in ("about.json", "settings.json", "progress.json"):
        shutil.copy(KEPT / "app" / name, folder)
    shutil.copy(KEPT / "refined" / "remarks.json", folder)
    shutil.copytree(KEPT / "refined", folder / "result" / "walk")
    return Entry(folder)


@pytest.fixture
def batch() -> Batch:
    folder = new_folder("batches")
    for name in ("about.json", "parts.json"):
        shutil.copy(KEPT / "app" / name, folder)
    return Batch(folder)


def make_newer(file: Path) -> None:
    values = json.loads(file.read_text())
    newer = {"schema": LATER, "colour": "red"}
    if isinstance(values, list):
        values[0]["settings"] |= newer
    else:
        values |= newer
    file.write_text(json.dumps(values))


def test_an_earlier_analysis_is_in_the_list_and_opens(entry: Entry) -> None:
    assert entry.settings() == load_analysis(entry.result).settings
    assert read_state(entry).state == "done"
    app = opened("analyse")
    assert "Walk, 2nd visit.mp4" in words(app)
    assert "height 1.78 m" in words(app)
    assert "Walk, 2nd visit.mp4" in words(opened("quality", entry))
    notes = [area.value for area in opened("report", entry).text_area]
    assert "Left knee hurts.\nShoes on." in notes


def test_an_earlier_batch_has_its_settings(batch: Batch) -> None:
    [part] = batch.parts
    assert part.settings == load_analysis(KEPT / "raw").settings


def test_a_newer_analysis_in_the_list_gets_a_sentence(entry: Entry) -> None:
    make_newer(entry.folder / "settings.json")
    assert f"this analysis {NEWER}" in words(opened("analyse"))
    make_newer(entry.result / "analysis.json")
    assert NEWER in words(opened("explore", entry))


def test_a_newer_batch_gets_a_sentence(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel, "visitor", lambda: batch.about.owner)
    make_newer(batch.folder / "parts.json")
    write_state(batch, JobState("done"))
    assert f"this analysis {NEWER}" in words(opened("batch"))


def test_an_earlier_file_is_received(home: Path) -> None:
    app = opened("analyse")
    file = (KEPT / "refined.humanpose").read_bytes()
    app.file_uploader(key="open_0").upload("a.humanpose", file).run()
    assert not app.exception
    [received] = Entry.newest(limit=2)
    assert received.settings() == travelled(load_analysis(KEPT / "refined").settings)


def test_a_newer_file_is_not_received(home: Path, tmp_path: Path) -> None:
    manifest = json.dumps({"schema": LATER}).encode()
    newer = changed(
        KEPT / "refined.humanpose", tmp_path / "a", lambda e: e | {"humanpose.json": manifest}
    )
    app = opened("analyse")
    app.file_uploader(key="open_0").upload("a.humanpose", newer.read_bytes()).run()
    assert NEWER in app.error[0].value.replace("\\", "")
    assert Entry.newest(limit=1) == []
