"""What no file of ours says, sent to a running app: a sentence each, and it goes on."""

import hashlib
import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.processes import peak_mb
from humanpose.io.bundle import REMARKS, save_bundle
from humanpose.io.load import load_analysis
from humanpose.server.entry import Entry
from humanpose.server.jobstate import read_state
from humanpose.settings import Settings
from tests.io.test_bundle import changed
from tests.support.attacker import server_process
from tests.support.browser import own_home, running_app
from tests.support.places import DATA
from tests.support.synthetic import refined_analysis
from tests.support.visit import CLIP_UPLOADER, FILE_UPLOADER, visit

CLIP = DATA / "small_person.mp4"
SPOILT: dict[str, tuple[str, Any]] = {
    "a clip that is no name": ("analysis.json", {"clip": 123}),
    "a time beyond all": ("analysis.json", {"settings": {"neutral_at_s": 1e300}}),
    "a noted time beyond all": (REMARKS, {"corrected": {}, "neutral_at_s": 1e300}),
    "a note that is a number": (REMARKS, {"corrected": {}, "notes": 1}),
    "warnings that are no words": ("analysis.json", {"warnings": [1]}),
}
NAME = "www.evil.example\x1b[31m\u202e.mp4"
_PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with running_app(home) as address:
        yield address


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = refined_analysis(8).save(tmp_path_factory.mktemp("sender"))
    return save_bundle(folder, tmp_path_factory.mktemp("mail") / "squat.humanpose")


def spoilt(file: Path, out: Path, name: str, values: dict[str, Any]) -> bytes:
    def change(entries: dict[str, bytes]) -> dict[str, bytes]:
        record = json.loads(entries.get(name, b"{}"))
        for key, value in values.items():
            record[key] = record[key] | value if key == "settings" else value
        return entries | {name: json.dumps(record).encode()}

    return changed(file, out, change).read_bytes()


def analysed(url: str, name: str) -> Entry:
    """``CLIP`` under this name, without learned stages, as soon as that has ended."""
    with visit(url) as page:
        entry = page.analyse(name, CLIP.read_bytes(), height_m=1.8)
        assert not page.failed, page.words
    limit = time.monotonic() + _PATIENCE_S
    while read_state(entry).active and time.monotonic() < limit:
        time.sleep(0.1)
    return entry


def test_a_file_with_values_that_none_of_ours_has_is_one_sentence(
    url: str, home: Path, file: Path, tmp_path: Path
) -> None:
    with visit(url) as page:
        for what, (name, values) in SPOILT.items():
            content = spoilt(file, tmp_path / "a.humanpose", name, values)
            page.upload(FILE_UPLOADER, "a.humanpose", content)
            [said] = page.words
            assert "save it again from the Export" in said, what
            assert not page.failed, what
        paths = {"pof_model_path": "/dev/zero", "joint_model_path": "/etc/passwd"}
        content = spoilt(file, tmp_path / "a", "analysis.json", {"settings": paths})
        page.upload(FILE_UPLOADER, "a.humanpose", content)
        assert not page.words
        assert page.upload(CLIP_UPLOADER, "a\0b.mp4", CLIP.read_bytes()) == 400
        assert not page.failed
    [opened] = Entry.newest()
    assert opened.settings().pof_model_path == Settings(height_m=1.7).pof_model_path
    assert peak_mb(server_process(url)) < 800


def test_names_that_control_and_a_cache_of_something_else_leave_an_analysis_as_it_is(
    url: str, home: Path
) -> None:
    first = analysed(url, NAME)
    assert read_state(first).state == "done"
    assert not {"\x1b", "\u202e"} & set(first.about.label)
    assert first.about.label.startswith("www.evil.example")
    [found] = (home / "cache").rglob("*.sightings")
    with np.load(BytesIO(found.read_bytes()[32:])) as arrays:
        wrong = {name: array[:5] if array.ndim > 1 else array for name, array in arrays.items()}
    archive = BytesIO()
    np.savez_compressed(archive, **wrong)
    found.write_bytes(hashlib.sha256(archive.getvalue()).digest() + archive.getvalue())
    for name in ("about.json", "progress.json", "settings.json"):
        (first.folder / name).write_bytes(b'{"label"')
    again = analysed(url, "again.mp4")
    assert read_state(again).state == "done"
    np.testing.assert_array_equal(
        load_analysis(again.result).joint_angles.degrees,
        load_analysis(first.result).joint_angles.degrees,
    )
