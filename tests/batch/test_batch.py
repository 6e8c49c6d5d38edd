"""Many clips: one bad one, killed workers, a second run, and places that are no folders."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pandas as pd
import pytest

from humanpose.batch.jobs import ATTEMPTS, Job, Outcome, require_own_folders
from humanpose.batch.places import expanded
from humanpose.batch.pool import run_local
from humanpose.batch.run import Where, run_batch
from humanpose.batch.subjects import Subjects, read_subjects, settings_of_row
from humanpose.batch.summary import write_summary
from humanpose.batch.work import work
from humanpose.cli import main
from humanpose.errors import OutputError, SettingsError
from humanpose.settings import OPTIONS, RAW, Settings
from humanpose.settings.options import ModelFile, Option
from tests.support.places import DATA

CLIP = DATA / "small_person.mp4"
BRIEF = Settings(height_m=1.7, end_s=0.4, **RAW)


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    """A file system that is no disk."""
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()


def job(out: object, clip: object = CLIP, *, settings: Settings = BRIEF) -> Job:
    return Job(clip=str(clip), out=str(out), settings=settings)


def batch(*arguments: object) -> int:
    """Exit code of the command line."""
    with pytest.raises(SystemExit) as ended:
        main(["batch", *map(str, arguments), "--end", "0.4", "--raw"])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips of somebody and a text that calls itself a clip."""
    folder = tmp_path_factory.mktemp("clips")
    for name in ("a.mp4", "b.mp4"):
        (folder / name).write_bytes(CLIP.read_bytes() + name.encode())
    (folder / "notes.mp4").write_text("Dear diary, " * 100)
    (folder / "people.csv").write_text(
        "Clip,Subject,Height,cutoff_hz\na.mp4,Ann,1.61,\nb.mp4,Bo,1.82,5\n"
    )
    return folder


def test_one_bad_clip_never_stops_the_rest_and_all_are_in_the_tables(
    clips: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = ("--subjects", clips / "people.csv", "--height", 1.7, "--workers", 1)
    assert batch(clips / "*.mp4", *given, "--out", tmp_path) == 3
    stdout, stderr = capfd.readouterr()
    assert stdout.strip() == f"{tmp_path}/summary.csv"
    assert f"1 of 3 clips failed; the reasons are in {tmp_path}/failures.csv" in stderr
    table = pd.read_parquet(tmp_path / "summary.parquet").set_index("folder")
    assert dict(table["state"]) == {"a": "done", "b": "done", "notes": "failed"}
    assert dict(table["height_m"]) == {"a": 1.61, "b": 1.82, "notes": 1.7}
    assert (table.loc[["a", "b"], "knee_angle_r_range_deg"] > 0).all()
    assert set(table.loc[["a", "b"], "knee_angle_r_kind"]) <= {"measured", "inferred"}
    assert list(pd.read_csv(tmp_path / "summary.csv")["folder"]) == ["a", "b", "notes"]
    [failure] = pd.read_csv(tmp_path / "failures.csv").to_dict(orient="records")
    assert "notes.mp4 is not a video" in failure["reason"]


def test_an_equal_analysis_is_skipped_and_any_difference_is_not(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(CLIP.read_bytes())
    first = work(job(tmp_path / "out", clip))
    assert first.state == "done"
    again = work(job(tmp_path / "out", clip))
    assert again.state == "skipped"
    assert again.figures == pytest.approx(first.figures, nan_ok=True)
    (tmp_path / "out" / "clip" / "analysis.npz").write_bytes(b"damaged")
    assert work(job(tmp_path / "out", clip)).state == "done"
    clip.write_bytes(CLIP.read_bytes() + b"\0")
    assert work(job(tmp_path / "out", clip)).state == "done"
    smoother = Settings(height_m=1.7, end_s=0.4, cutoff_hz=4, **RAW)
    assert work(job(tmp_path / "out", clip, settings=smoother)).state == "done"


def test_a_worker_killed_in_the_middle_of_a_clip_is_replaced_and_the_clip_tried_again(
    tmp_path: Path,
) -> None:
    killed: list[int] = []

    def kill_the_first(process_id: int) -> None:
        if not killed:
            killed.append(process_id)
            (tmp_path / f".humanpose-{process_id}-half").mkdir()
            os.kill(process_id, signal.SIGKILL)

    [outcome] = run_local([job(tmp_path)], workers=1, timeout_s=60, on_start=kill_the_first)
    assert (outcome.state, outcome.attempts) == ("done", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["small_person"]


def kill(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)


def test_a_clip_that_takes_every_worker_down_fails_in_the_end(tmp_path: Path) -> None:
    [outcome] = run_local([job(tmp_path)], workers=1, timeout_s=60, on_start=kill)
    assert (outcome.state, outcome.attempts, outcome.exit_code) == ("failed", ATTEMPTS, 3)
    assert "stopped unexpectedly 4 times" in outcome.reason


def test_a_clip_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    [outcome] = run_local([job(tmp_path)], workers=1, timeout_s=0.06)
    assert outcome.state == "failed"
    assert "longer than 0.001 min and was stopped" in outcome.reason


def test_clips_and_results_need_no_disk(memory: fsspec.AbstractFileSystem) -> None:
    memory.pipe_file("/clips/a.mp4", CLIP.read_bytes())
    [clip] = expanded(["memory://clips/*.mp4"])
    assert clip == "memory:///clips/a.mp4"
    assert work(job("memory://out", clip)).state == "done"
    assert memory.exists("/out/a/joint_angles/knee_r.csv")
    assert memory.exists("/out/a/analysis.json")
    assert work(job("memory://out", clip)).state == "skipped"
    missing = work(job("memory://out", "memory://clips/none.mp4"))
    assert missing.reason.startswith("memory://clips/none.mp4 cannot be fetched")


def test_the_record_goes_last_so_that_what_has_one_is_whole(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work(job("memory://out")).state == "done"
    pipe_file = memory.pipe_file

    def breaks_down(path: str, value: bytes) -> None:
        if path.endswith("pose.trc"):
            raise OSError("connection lost")
        pipe_file(path, value)

    monkeypatch.setattr(type(memory), "pipe_file", lambda self, *a: breaks_down(*a))
    outcome = work(job("memory://out", settings=Settings(height_m=1.9, end_s=0.4, **RAW)))
    assert outcome.exit_code == OutputError.exit_code
    assert not memory.exists("/out/small_person/analysis.json")


def test_two_clips_never_share_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"x/a.mp4 and y/a.mov would both .* folder a;"):
        require_own_folders([job(tmp_path, "x/a.mp4"), job(tmp_path, "y/a.mov")])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("a.mp4 --height 17", "a.mp4: height must be"),
        ("a.mp4", "give the person's height"),
        ("--height 1.7", "name the clips"),
        ("a.mp4 --height 1.7 --workers 0", "workers must be"),
        ("no-such-*.mp4 --height 1.7", "nothing matches"),
        ("a.mp4 --height 1.7 --subjects none.csv", "none.csv cannot be read"),
        ("nowhere://b/a.mp4 --height 1.7", "cannot be opened here"),
    ],
)
def test_wrong_arguments_are_exit_code_2_before_any_clip(
    wrong: str, says: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert batch(*wrong.split(), "--out", tmp_path / "out") == 2
    assert says in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_exit_code_5() -> None:
    assert batch(CLIP, "--height", 1.7, "--out", "/proc/humanpose") == 5


FORMULA = "=cmd|' /C calc'!A0"


def test_no_table_of_a_batch_holds_a_formula(tmp_path: Path) -> None:
    hostile = replace(job(tmp_path / "out"), subject=FORMULA, label="@SUM(A1)")
    outcomes = [
        Outcome(job=hostile, state="done", figures={"view_deg": -40.0}),
        Outcome(job=hostile, state="failed", reason="-1+1 is no clip"),
    ]
    path = Path(write_summary(outcomes, str(tmp_path / "out")))
    for name in ("summary.csv", "failures.csv"):
        table = pd.read_csv(path.with_name(name), dtype=str, keep_default_na=False)
        texts = table[["clip", "subject", "reason"]].to_numpy().ravel()
        assert not any(text.startswith(tuple("=+-@")) for text in texts), name
    assert pd.read_csv(path)["view_deg"].iloc[0] == -40
    table = tmp_path / "people.csv"
    table.write_text(pd.read_csv(path).iloc[:1][["clip", "subject"]].to_csv(index=False))
    assert read_subjects(table).of("@SUM(A1)")["subject"] == FORMULA


def test_a_row_belongs_to_the_clip_whose_path_ends_in_it(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text(
        "\ufeffclip,subject,neutral_at,pof\nx/a.mp4,Ann,0.5,yes\nb.mp4,Bo,auto,No\n"
    )
    subjects, given = read_subjects(table), {"height_m": 1.7, "pof": False}
    assert settings_of_row(subjects.of("s3://bucket/x/a.mp4"), given) == Settings(
        height_m=1.7, neutral_at_s=0.5, pof=True
    )
    assert settings_of_row(subjects.of("b.mp4"), given | {"pof": True}) == Settings(
        height_m=1.7, neutral_at_s="auto", pof=False
    )
    assert subjects.of("bb.mp4") == {}
    with pytest.raises(SettingsError, match=r"2 rows of the subjects name a.mp4"):
        Subjects(({"clip": "a.mp4"}, {"clip": "x/a.mp4"})).of("x/a.mp4")


VALUES = {"filter": "median", "augmenter": "lstm", "person_at": "0.25,0.5", "height_m": "1.8"}
"""What a cell may say where neither 1 nor a path is possible."""


@pytest.mark.parametrize(("field", "option"), OPTIONS.items())
def test_every_setting_is_a_column_by_each_of_its_names(
    field: str, option: Option, tmp_path: Path
) -> None:
    cell = VALUES.get(field, "20" if field in ("mass_kg", "fov_deg") else "1")
    seen = set()
    for column in {field, *option.columns}:
        table = tmp_path / "people.csv"
        table.write_text(f'clip,{column}\na.mp4,"{cell}"\n')
        seen.add(settings_of_row(read_subjects(table).of("a.mp4"), {"height_m": 1.7}))
    [settings] = seen
    assert getattr(settings, field) == option.read(cell)


@pytest.mark.parametrize(
    "field", [f for f, o in OPTIONS.items() if not isinstance(o, ModelFile)]
)
def test_a_cell_that_means_nothing_is_named_as_a_reader_knows_it(field: str) -> None:
    with pytest.raises(
        SettingsError, match=f"^{re.escape(OPTIONS[field].name)} must be"
    ) as told:
        settings_of_row({"height_m": "1.7", field: "?"})
    assert "--" not in str(told.value)


def test_the_summary_s_own_names_of_columns_are_read_back(tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("clip,height_m,mass_kg\na.mp4,1.61,55\n")
    settings = settings_of_row(read_subjects(table).of("a.mp4"))
    assert (settings.height_m, settings.mass_kg) == (1.61, 55)
    table.write_text("clip,height_m,Height\na.mp4,1.61,1.61\n")
    with pytest.raises(SettingsError, match="says the same in two columns"):
        read_subjects(table)


def test_a_column_that_is_no_setting_is_named(
    clips: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "people.csv"
    table.write_text("clip,height,shoe-size\na.mp4,1.7,43\n")
    assert batch(clips / "a.mp4", "--subjects", table, "--out", tmp_path / "out") == 2
    assert "the column shoe-size is unknown" in capfd.readouterr().err


def test_tables_that_cannot_be_written_are_one_sentence(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def fill_the_disk(outcome: Outcome) -> None:
        out.mkdir(exist_ok=True)
        (out / "summary.parquet").mkdir()
        (out / "summary.parquet" / "a").touch()

    with pytest.raises(OutputError, match=r"summary.parquet"):
        run_batch([job(out, "none.mp4")], where=Where(workers=1), report=fill_the_disk)


def test_a_reason_calls_the_clip_as_the_tables_do(tmp_path: Path) -> None:
    mine = replace(job(tmp_path), label="Squat.mp4")
    (tmp_path / mine.folder).write_text("in the way")
    reason = work(mine).reason
    assert reason.startswith("cannot write Squat.mp4: ")
    assert str(tmp_path) not in reason


@pytest.mark.parametrize("address", ["local"])
def test_on_ray_as_on_this_machine(address: str, tmp_path: Path) -> None:
    jobs = [job(tmp_path), job(tmp_path, tmp_path / "none.mp4")]
    outcomes, _ = run_batch(jobs, where=Where(ray=address, workers=1), report=lambda _: None)
    assert {o.job.folder: o.state for o in outcomes} == {
        "small_person": "done",
        "none": "failed",
    }


def test_without_ray_the_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert batch(CLIP, "--height", 1.7, "--out", tmp_path, "--ray", "auto") == 2
    assert "requirements-ray.txt" in capfd.readouterr().err
