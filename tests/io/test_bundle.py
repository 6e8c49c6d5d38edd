"""One analysis as one file: it travels whole, and hostile files are refused."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from humanpose.analysis import Analysis
from humanpose.errors import AnalysisError, OutputError
from humanpose.io import bundle
from humanpose.io.bundle import open_bundle, save_bundle
from humanpose.io.folder import load_analysis
from humanpose.report.remarks import Remarks, from_json, to_json
from tests.support.augmented import augment
from tests.support.places import DATA
from tests.support.synthetic import refined_analysis

Change = Callable[[dict[str, bytes]], dict[str, bytes]]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """With every part that is optional: a learned stage, a band, augmented markers, a gap."""
    refined = refined_analysis(20, missing=[4])
    return replace(
        refined,
        refined=replace(refined.refined, augmented=augment(refined.markers, height_m=1.78)),
    )


@pytest.fixture(scope="module")
def folder(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analysis.save(tmp_path_factory.mktemp("sender"))


@pytest.fixture(scope="module")
def file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bundle(folder, tmp_path_factory.mktemp("mail") / "squat.humanpose")


def changed(file: Path, out: Path, change: Change) -> Path:
    """``file`` with other entries."""
    with zipfile.ZipFile(file) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(entries).items():
            archive.writestr(name, content)
    return out


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_another_installation_has_the_same_files(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    opened = open_bundle(file, tmp_path / "receiver")
    assert opened == tmp_path / "receiver" / "squat"
    sent, received = contents(folder), contents(opened)
    assert sent.keys() == received.keys()
    different = {name for name in sent if sent[name] != received[name]}
    assert different <= {"analysis.npz", "angles.mot"}  # a clock in it; places in µm
    with np.load(folder / "analysis.npz") as a, np.load(opened / "analysis.npz") as b:
        for name in a.files:
            np.testing.assert_array_equal(a[name], b[name])


def test_settings_and_version_travel(analysis: Analysis, file: Path, tmp_path: Path) -> None:
    opened = load_analysis(open_bundle(file, tmp_path))
    assert opened.settings == analysis.settings
    assert opened.provenance == analysis.provenance
    assert opened.warnings == analysis.warnings


def test_the_clip_comes_along_if_asked(folder: Path, tmp_path: Path) -> None:
    clip = tmp_path / "film.mp4"
    shutil.copyfile(DATA / "small_person.mp4", clip)
    file = save_bundle(folder, tmp_path / "a.humanpose", clip=clip)
    open_bundle(file, tmp_path / "into", clip_to=tmp_path / "received.mp4")
    assert (tmp_path / "received.mp4").read_bytes() == clip.read_bytes()


def test_remarks_come_along_if_asked(folder: Path, tmp_path: Path) -> None:
    said = Remarks(person="P07", notes="left knee hurts")
    (tmp_path / "mine.json").write_text(json.dumps(to_json(said)))
    file = save_bundle(folder, tmp_path / "a.humanpose", remarks=tmp_path / "mine.json")
    open_bundle(file, tmp_path / "into", remarks_to=tmp_path / "received.json")
    assert from_json((tmp_path / "received.json").read_text()) == said


def test_without_companions_none_appears(file: Path, tmp_path: Path) -> None:
    clip, remarks = tmp_path / "clip.mp4", tmp_path / "remarks.json"
    open_bundle(file, tmp_path / "into", clip_to=clip, remarks_to=remarks)
    assert [path.name for path in tmp_path.iterdir()] == ["into"]


def pickled() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, fps=np.array([{"a": 1}], dtype=object))
    return stream.getvalue()


def huge_header() -> bytes:
    """An array that says it had 8 TB."""
    array, stream = io.BytesIO(), io.BytesIO()
    np.save(array, np.zeros(10))
    header = array.getvalue().replace(b"(10,), }" + b" " * 11, b"(1000000000000,), }")
    assert b"(1000000000000,)" in header
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("fps.npy", header)
    return stream.getvalue()


def with_array(name: str, array: np.ndarray[Any, Any]) -> Change:
    """One array as another installation would not have written it."""

    def change(entries: dict[str, bytes]) -> dict[str, bytes]:
        with np.load(io.BytesIO(entries["analysis.npz"])) as arrays:
            others = dict(arrays)
        stream = io.BytesIO()
        np.savez_compressed(stream, **others | {name: array})
        return entries | {"analysis.npz": stream.getvalue()}

    return change


HOSTILE: dict[str, Change] = {
    "a path out of the folder": lambda e: e | {"../../evil.txt": b"x"},
    "a file that isn't ours": lambda e: e | {"run.py": b"import os"},
    "no manifest": lambda e: {n: c for n, c in e.items() if n != "humanpose.json"},
    "a manifest that is a list": lambda e: e | {"humanpose.json": b"[]"},
    "a manifest without end": lambda e: e | {"humanpose.json": bytes(1 << 20)},
    "no arrays": lambda e: {n: c for n, c in e.items() if n != "analysis.npz"},
    "pickled arrays": lambda e: e | {"analysis.npz": pickled()},
    "arrays of 8 TB": lambda e: e | {"analysis.npz": huge_header()},
    "arrays that are no ZIP": lambda e: e | {"analysis.npz": b"PK\x03\x04 not really"},
    "remarks that are no words": lambda e: (
        e | {"remarks.json": b'{"corrected": {}, "notes": ["x"]}'}
    ),
    "a page that calls itself a clip": lambda e: e | {"clip.mp4": b"<html></html>"},
    "a clip of zeros": lambda e: e | {"clip.mp4": bytes(8 << 20)},
    "arrays of bytes": with_array("joints_world", np.zeros((20, 17, 3), np.int8)),
    "arrays of fractions": with_array("angles", np.zeros((20, 36), np.complex128)),
    "an array of another clip": with_array("angles", np.zeros((21, 36))),
    "an array of another shape": with_array("up_camera", np.zeros(3_000_000)),
    "names without end": with_array("angle_names", np.array(["x" * 100_000] * 36)),
    "zeros that pack to nothing": with_array("background_edges", np.zeros((10_000, 400))),
    "a record that is none": lambda e: e | {"analysis.json": b"{}"},
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_are_refused(file: Path, tmp_path: Path, change: Change) -> None:
    assert_refused(changed(file, tmp_path / "evil.humanpose", change), tmp_path)


def test_an_absolute_path_is_refused_and_nothing_written_there(
    file: Path, tmp_path: Path
) -> None:
    elsewhere = str(tmp_path / "evil.txt")
    hostile = changed(file, tmp_path / "evil.humanpose", lambda e: e | {elsewhere: b"x"})
    assert_refused(hostile, tmp_path)


def assert_refused(hostile: Path, tmp_path: Path) -> None:
    with pytest.raises(AnalysisError):
        open_bundle(hostile, tmp_path / "into" / "deep" / "deeper")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["evil.humanpose"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(file: Path, tmp_path: Path) -> None:
    twice = changed(file, tmp_path / "twice.humanpose", lambda e: e)
    with zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("pose.trc", b"another")
    with pytest.raises(AnalysisError, match="damaged"):
        open_bundle(twice, tmp_path)


@pytest.mark.parametrize("name", ["landmarks.csv", "clip.mp4", "analysis.npz"])
def test_what_unpacks_beyond_the_limit_is_refused(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(bundle, "_MAX_BYTES", 1 << 20)
    monkeypatch.setattr(bundle, "_MAX_CLIP_BYTES", 1 << 20)
    stream = io.BytesIO()
    np.savez_compressed(stream, fps=np.zeros(1 << 18))
    bomb = stream.getvalue() if name == "analysis.npz" else bytes(2 << 20)
    packed = changed(file, tmp_path / "bomb.humanpose", lambda e: e | {name: bomb})
    assert packed.stat().st_size < 200_000
    with pytest.raises(AnalysisError) as refused:
        open_bundle(packed, tmp_path)
    assert "beyond all size" in str(refused.value.__cause__)


def test_any_other_file_gets_the_same_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.humanpose").write_text("Dear diary, today I walked.")
    for name in ("notes.humanpose", "nowhere.humanpose"):
        with pytest.raises(AnalysisError, match=r"not a \.humanpose file"):
            open_bundle(tmp_path / name, tmp_path)


def test_a_folder_without_an_analysis_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="there is no analysis"):
        save_bundle(tmp_path, tmp_path / "a.humanpose")
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written_get_a_sentence(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "in_the_way").write_text("mine")
    with pytest.raises(OutputError):
        save_bundle(folder, tmp_path / "in_the_way" / "a.humanpose")
    with pytest.raises(OutputError, match="a file is in the way"):
        open_bundle(file, tmp_path / "in_the_way")
