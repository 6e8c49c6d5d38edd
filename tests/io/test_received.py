"""What is taken over of an analysis made elsewhere."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from humanpose.errors import AnalysisError
from humanpose.io.bundle import open_bundle, save_bundle
from humanpose.io.folder import load_analysis
from humanpose.io.received import file_name
from humanpose.settings import OPTIONS
from humanpose.settings.options import ModelFile
from tests.io.test_bundle import changed
from tests.support.synthetic import refined_analysis

Spoil = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = refined_analysis(8).save(tmp_path_factory.mktemp("sender"))
    return save_bundle(folder, tmp_path_factory.mktemp("mail") / "squat.humanpose")


def with_record(file: Path, out: Path, spoil: Spoil) -> Path:
    def change(entries: dict[str, bytes]) -> dict[str, bytes]:
        record = json.loads(entries["analysis.json"])
        spoil(record)
        return entries | {"analysis.json": json.dumps(record).encode()}

    return changed(file, out, change)


def test_no_path_of_a_file_is_taken_over(file: Path, tmp_path: Path) -> None:
    paths = [field for field, option in OPTIONS.items() if isinstance(option, ModelFile)]
    foreign = with_record(
        file,
        tmp_path / "a.humanpose",
        lambda r: r["settings"].update(dict.fromkeys(paths, "/dev/zero")),
    )
    folder = open_bundle(foreign, tmp_path / "into")
    assert len(paths) == 3
    assert load_analysis(folder).settings == load_analysis(open_bundle(file, tmp_path)).settings
    for path in folder.rglob("*"):
        assert path.is_dir() or b"/dev/zero" not in path.read_bytes(), path.name
    assert "/dev/zero" not in str(asdict(load_analysis(folder).settings))


SPOILT: dict[str, Spoil] = {
    "a clip that is no name": lambda r: r.update(clip=123),
    "a picture of no size": lambda r: r.update(image_size=[0, 720]),
    "a picture without end": lambda r: r.update(image_size=[10**9, 10**9]),
    "a size in words": lambda r: r.update(image_size=["1280", "720"]),
    "a setting of another kind": lambda r: r["settings"].update(pof="yes"),
    "a setting that is nothing": lambda r: r["settings"].update(visibility_min=None),
    "a setting that is a list": lambda r: r["settings"].update(filter=["none"]),
    "a setting nobody knows": lambda r: r["settings"].update(weights="/dev/zero"),
    "a time beyond all": lambda r: r["settings"].update(neutral_at_s=1e300),
    "a neutral pose never found": lambda r: r["settings"].update(neutral_at_s="auto"),
    "a figure in words": lambda r: r["quality"].update(jitter_mm="5"),
    "a figure beyond all": lambda r: r["quality"].update(jitter_mm=1e300),
    "a figure that is a path": lambda r: r["quality"].update({"../../x": 1}),
    "a model that is a path": lambda r: r["checkpoint_sha256"].update({"/dev/zero.pth": "0"}),
    "a version that is a list": lambda r: r["versions"].update(humanpose=["1"]),
    "warnings in one": lambda r: r.update(warnings="Careful."),
    "a warning that is a number": lambda r: r.update(warnings=[1]),
    "warnings without end": lambda r: r.update(warnings=["Careful."] * 1000),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_values_of_another_kind_or_size_are_refused(
    file: Path, tmp_path: Path, spoil: Spoil
) -> None:
    foreign = with_record(file, tmp_path / "a.humanpose", spoil)
    with pytest.raises(AnalysisError) as refused:
        open_bundle(foreign, tmp_path / "into")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "into").exists()


def test_what_no_reader_asks_for_is_dropped(file: Path, tmp_path: Path) -> None:
    foreign = with_record(file, tmp_path / "a.humanpose", lambda r: r.update(model="/dev/zero"))
    folder = open_bundle(foreign, tmp_path / "into")
    assert "/dev/zero" not in (folder / "analysis.json").read_text()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\0b.mp4", "a�b.mp4"),
        ("half \ud800 pair.mp4", "half � pair.mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\clips\\walk.mov", "walk.mov"),
        ("歩行 1.mp4", "歩行 1.mp4"),
        ("", "clip"),
        ("..", ".."),
        ("x" * 4000 + ".mp4", "x" * 60 + ".mp4"),
    ],
)
def test_a_name_of_a_clip_is_one_file_s(
    file: Path, tmp_path: Path, name: str, kept: str
) -> None:
    assert file_name(name) == kept
    foreign = with_record(file, tmp_path / "a.humanpose", lambda r: r.update(clip=name))
    folder = open_bundle(foreign, tmp_path / "into")
    assert folder.parent == tmp_path / "into"
    assert load_analysis(folder).clip_name == kept


def test_warnings_come_as_words(file: Path, tmp_path: Path) -> None:
    foreign = with_record(
        file, tmp_path / "a.humanpose", lambda r: r.update(warnings=["see\0 \ud83d this"])
    )
    assert load_analysis(open_bundle(foreign, tmp_path)).warnings == ("see� � this",)


def test_numbers_come_through(file: Path, tmp_path: Path) -> None:
    quality = load_analysis(open_bundle(file, tmp_path)).quality
    assert quality["detected_share"] == 1
    assert np.isnan(quality["drift_m"])
