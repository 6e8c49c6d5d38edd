"""One analysis on disk: every file of the contract, replaced as a whole or not at all."""

import errno
import os
import shutil
import time
import zipfile
from pathlib import Path
from typing import TextIO

import pytest

from humanpose.analysis import Analysis
from humanpose.errors import OutputError
from humanpose.io import folder as folder_module
from humanpose.io import npz
from humanpose.io.extras import write_everything
from humanpose.io.folder import check_writable, load_analysis, save_analysis, zip_files
from humanpose.report.remarks import Mark, Remarks
from humanpose.runtime import replace as replace_module
from humanpose.skeleton import JOINT_GROUPS
from tests.support.disk import small_disk
from tests.support.synthetic import synthetic_analysis

CONTRACT_FILES = {
    "landmarks.csv", "pose.trc", "pose_raw.trc", "angles.csv", "angles_raw.csv", "angles.mot",
    "analysis.npz", "analysis.json", *(f"joint_angles/{group}.csv" for group in JOINT_GROUPS),
}  # fmt: skip


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_file_of_the_contract_is_written(tmp_path: Path) -> None:
    folder = synthetic_analysis(5, clip_name="squat.mp4").save(tmp_path / "new" / "results")
    assert folder == tmp_path / "new" / "results" / "squat"
    assert set(files_in(folder)) == CONTRACT_FILES


@pytest.mark.parametrize(
    ("clip", "stem"),
    [
        ("Übung – 1 (最終).mp4", "Übung – 1 (最終)"),
        ("my clip.final.mov", "my clip.final"),
        ("odd\nname 100%.mp4", "odd\nname 100%"),
        ("../../escape.mp4", "escape"),
        ("...mp4", "clip"),
        (".hidden.mp4", ".hidden"),
    ],
)
def test_any_clip_name_gets_its_folder(tmp_path: Path, clip: str, stem: str) -> None:
    out = tmp_path / "out put"
    folder = synthetic_analysis(2, clip_name=clip).save(out)
    assert folder == out / stem
    assert load_analysis(folder).clip_name == clip
    assert set(files_in(folder)) == CONTRACT_FILES


# ---------------------------------------------------------------- replacing


def test_saving_again_replaces_everything_but_the_users_files(tmp_path: Path) -> None:
    folder = save_analysis(synthetic_analysis(4), tmp_path, plot=True)
    assert (folder / "angles.png").stat().st_size > 10_000
    (folder / "notes.txt").write_text("left knee hurts")
    (folder / "joint_angles" / "mine").mkdir()
    (folder / "joint_angles" / "mine" / "sheet.ods").write_bytes(b"cells")
    synthetic_analysis(9).save(tmp_path)
    assert load_analysis(folder).timeline.frames == 9
    mine = {"notes.txt", "joint_angles/mine/sheet.ods"}
    assert set(files_in(folder)) == CONTRACT_FILES | mine  # the old figure is gone
    assert (folder / "notes.txt").read_text() == "left knee hurts"
    assert names_in(tmp_path) == ["squat"]


@pytest.mark.parametrize("crash", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_a_crash_half_way_leaves_the_earlier_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: type[BaseException]
) -> None:
    folder = synthetic_analysis(4).save(tmp_path)
    (folder / "notes.txt").write_text("mine")
    before = files_in(folder)

    def fail(*_: object) -> None:
        raise crash

    monkeypatch.setattr(npz, "write_arrays", fail)
    with pytest.raises(crash):
        synthetic_analysis(9).save(tmp_path)
    assert files_in(folder) == before
    assert names_in(tmp_path) == ["squat"]


@pytest.mark.parametrize("limit_bytes", [0, 5_000, 30_000])
def test_a_disk_that_fills_up_leaves_the_earlier_analysis(
    tmp_path: Path, limit_bytes: int
) -> None:
    folder = synthetic_analysis(4).save(tmp_path)
    before = files_in(folder)
    with small_disk(limit_bytes), pytest.raises(OutputError, match="no space left on the disk"):
        synthetic_analysis(60).save(tmp_path)
    assert files_in(folder) == before
    assert names_in(tmp_path) == ["squat"]


def test_a_full_disk_says_so_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(analysis: Analysis, stream: TextIO) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(folder_module.TEXT_FILES, "angles.mot", full)
    with pytest.raises(OutputError) as caught:
        synthetic_analysis(2).save(tmp_path)
    assert str(caught.value) == (
        f"cannot write {tmp_path / 'squat'}: there is no space left on the disk; "
        "free some or choose another output folder"
    )
    assert caught.value.exit_code == 5
    assert names_in(tmp_path) == []


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "squat").symlink_to(tmp_path / "elsewhere")
    synthetic_analysis(2).save(tmp_path / "out")
    assert (tmp_path / "out" / "squat").is_symlink()
    assert set(files_in(tmp_path / "elsewhere")) == CONTRACT_FILES


def test_what_a_killed_run_left_is_removed_but_not_a_running_one(tmp_path: Path) -> None:
    killed, running = tmp_path / ".humanpose-killed", tmp_path / ".humanpose-running"
    for staging in (killed, running):
        staging.mkdir()
    os.utime(killed, (time.time() - 7200,) * 2)
    synthetic_analysis(2).save(tmp_path)
    assert names_in(tmp_path) == [".humanpose-running", "squat"]


@pytest.fixture
def two_folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "content").write_text(name)
    return tmp_path / "new", tmp_path / "old"


@pytest.mark.parametrize("in_one_step", [True, False])
def test_two_folders_change_places(
    two_folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    new, old = two_folders
    if not in_one_step:
        monkeypatch.setattr(replace_module, "_exchange_in_one_step", lambda *_: False)
    replace_module.exchange(new, old)
    assert ((new / "content").read_text(), (old / "content").read_text()) == ("old", "new")


def test_a_failed_exchange_puts_the_old_folder_back(
    two_folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = two_folders
    monkeypatch.setattr(replace_module, "_exchange_in_one_step", lambda *_: False)
    shutil.rmtree(new)
    with pytest.raises(FileNotFoundError):
        replace_module.exchange(new, old)
    assert (old / "content").read_text() == "old"


# ---------------------------------------------------------------- places that cannot be written


def test_a_file_in_the_way_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "squat").write_text("mine")
    with pytest.raises(OutputError, match="a file is in the way"):
        synthetic_analysis(2).save(tmp_path)
    assert (tmp_path / "squat").read_text() == "mine"
    assert names_in(tmp_path) == ["squat"]


def test_a_name_that_is_too_long_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="name is too long"):
        synthetic_analysis(2, clip_name="x" * 300 + ".mp4").save(tmp_path)
    assert names_in(tmp_path) == []


def unwritable(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "file").write_text("")
    return {
        "file": tmp_path / "file",
        "inside a file": tmp_path / "file" / "results",
        "kernel": Path("/proc/results"),
        "long": tmp_path / ("x" * 300),
    }


@pytest.mark.parametrize("place", ["file", "inside a file", "kernel", "long"])
def test_an_unwritable_place_is_found_before_and_while_saving(
    tmp_path: Path, place: str
) -> None:
    out = unwritable(tmp_path)[place]
    with pytest.raises(OutputError, match="cannot write"):
        check_writable(out)
    with pytest.raises(OutputError, match="cannot write"):
        synthetic_analysis(2).save(out)


def test_a_full_disk_is_found_before_the_detection(tmp_path: Path) -> None:
    with small_disk(0), pytest.raises(OutputError, match="no space left"):
        check_writable(tmp_path)


def test_checking_a_place_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "results" / "today")
    assert names_in(tmp_path) == []


# ---------------------------------------------------------------- ZIP


def test_the_zip_holds_everything(tmp_path: Path) -> None:
    folder = synthetic_analysis(3, clip_name="Übung 1.mp4").save(tmp_path)
    (folder / "notes.txt").write_text("mine")
    notes = Remarks(neutral_at_s=0.0, marks=(Mark(0.0, "start"),))
    write_everything(folder, tmp_path / "a.zip", notes=notes)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        inside = {info.filename: archive.read(info) for info in archive.infolist()}
    kept = {f"Übung 1/{name}": data for name, data in files_in(folder).items()}
    assert inside.items() >= kept.items()
    made = ("angles.svg", "events.csv", "minus_neutral/angles.csv")
    assert {f"Übung 1/{name}" for name in made} <= inside.keys()


def test_the_same_analysis_gives_the_same_bytes(tmp_path: Path) -> None:
    first, again = (synthetic_analysis(3).save(tmp_path / name) for name in "ab")
    assert files_in(first) == files_in(again)
    assert zip_files("a", files_in(first)) == zip_files("a", files_in(again))
