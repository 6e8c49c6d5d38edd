"""The command line, run as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from humanpose import Analysis
from humanpose.assets import SAMPLE
from humanpose.cli import main
from humanpose.io import mot
from humanpose.io.names import ARRAYS
from humanpose.nets.places import sha256_of
from humanpose.settings import OPTIONS
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.places import DATA

Refused = Callable[..., str]

HEIGHT = ("--height", str(SAMPLE_HEIGHT_M))
RAW = (*HEIGHT, "--raw")
CONTRACT_ARRAYS = {
    "fps", "time", "keypoints_2d", "visibility", "joints_camera_raw", "joints_camera",
    "joints_world", "limb_directions", "limb_confidence", "up_camera", "angles_raw", "angles",
    "angle_confidence", "group_confidence", "angle_names",
}  # fmt: skip
OUR_ARRAYS = {
    "angle_sd",
    "joint_confidence",
    "marker_confidence",
    "augmented_confidence",
    "marker_estimated",
    "background_edges",
    "schema",
}


def humanpose(
    *arguments: str | Path, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "humanpose", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(SAMPLE.parents[2]), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


@pytest.fixture
def refused(capfd: pytest.CaptureFixture[str]) -> Refused:
    """Calls that must end with a code; gives the one sentence on stderr."""

    def call(code: int, *arguments: str | Path) -> str:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        stdout, stderr = capfd.readouterr()
        assert ended.value.code == code, stderr
        assert stdout == ""
        sentence = stderr.strip()
        assert sentence.startswith("humanpose: ")
        assert "\n" not in sentence
        return sentence

    return call


@pytest.fixture(scope="module")
def folder(sample: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's analysis, written by the command line."""
    out = tmp_path_factory.mktemp("with space and ünïcode")
    done = humanpose("analyze", SAMPLE, *RAW, "--out", out, "--plot-all-joint-angles")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(out / "sample")
    return out / "sample"


def test_every_file_of_the_contract_is_there(folder: Path) -> None:
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    groups = {f"joint_angles/{group}.csv" for group in JOINT_GROUPS}
    assert names == groups | {
        "landmarks.csv", "pose.trc", "pose_raw.trc", "angles.csv", "angles_raw.csv",
        "markers.trc", "angles.mot", "angles.png", "analysis.npz", "analysis.json",
    }  # fmt: skip


def test_the_arrays_are_the_contract_s(folder: Path) -> None:
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        assert set(arrays.files) == CONTRACT_ARRAYS | OUR_ARRAYS
        frames = len(arrays["time"])
        assert arrays["angles"].shape == (frames, 36)
        assert arrays["joints_world"].shape == (frames, 17, 3)
        assert tuple(arrays["angle_names"]) == ANGLE_NAMES
        np.testing.assert_allclose(np.linalg.norm(arrays["up_camera"]), 1, atol=1e-6)


def test_csv_npz_and_python_agree(folder: Path, sample: Analysis) -> None:
    table = pd.read_csv(folder / "angles.csv", comment="#")
    assert list(table.columns) == ["time_s", "frame", *ANGLE_NAMES]
    with np.load(folder / ARRAYS) as arrays:
        np.testing.assert_allclose(table[list(ANGLE_NAMES)], arrays["angles"], atol=1e-3)
    np.testing.assert_allclose(table[list(ANGLE_NAMES)], sample.angles, atol=1e-3)


def test_the_motion_file_has_the_model_s_coordinates_and_no_gap(folder: Path) -> None:
    lines = (folder / "angles.mot").read_text().splitlines()
    end = lines.index("endheader")
    assert lines[end + 1].split() == ["time", *mot.COORDINATES]
    assert "nan" not in " ".join(lines[end:]).lower()


def test_the_record_says_what_was_done(folder: Path) -> None:
    record = json.loads((folder / "analysis.json").read_text())
    assert set(record["settings"]) == set(OPTIONS)
    assert record["settings"]["height_m"] == SAMPLE_HEIGHT_M
    assert len(record["versions"]["clip_sha256"]) == 64
    assert record["quality"]["detected_share"] == 1
    assert {"detect", "clean", "raw motion", "quality"} <= set(record["seconds"])


def test_the_page_to_hand_over_is_made_of_a_result(folder: Path, tmp_path: Path) -> None:
    for name in ("a.pdf", "a.html"):
        done = humanpose("report", folder, "--clip", SAMPLE, "--movement", "squat", "--person",
                         "Ärnä", "--before", folder, "--out", tmp_path / name)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == str(tmp_path / name)
    first = PdfReader(tmp_path / "a.pdf").pages[0]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert len(first.images) == page.count("<figure>") == 3
    for text in (" ".join(first.extract_text().split()), page):
        assert "Ärnä" in text
        assert "What matters" in text
        assert "within error" in text


def test_a_report_that_cannot_be_made_says_why(
    folder: Path, tmp_path: Path, refused: Refused
) -> None:
    assert "end in .pdf or .html, or in .csv" in refused(
        2, "report", folder, "--out", tmp_path / "a.doc"
    )
    assert "there is no analysis in" in refused(3, "report", tmp_path)
    (tmp_path / "a.pdf").mkdir()
    assert "cannot write" in refused(5, "report", folder, "--out", tmp_path / "a.pdf")


def test_aliases_of_the_founding_document_are_accepted(folder: Path, tmp_path: Path) -> None:
    done = humanpose("analyze", "--video", SAMPLE, *HEIGHT, "--weight", "70", "--no-pof",
                     "--no-joint-refinement", "--no-main-refiner", "--augmentation-cycles", "0",
                     "--out", tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "sample" / "analysis.json").read_text())
    assert record["settings"]["mass_kg"] == 70


def test_accurate_detection_is_said_in_the_record(tmp_path: Path) -> None:
    done = humanpose("analyze", DATA / "small_person.mp4", *RAW, "--end", "0.2", "--accurate",
                     "--out", tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "small_person" / "analysis.json").read_text())
    assert record["settings"]["accurate"] is True
    assert "mirror image" in record["versions"]["detector"]


@pytest.mark.parametrize("height", ["0", "-1", "17.8", "abc", "nan"])
def test_an_impossible_height_is_refused_first(refused: Refused, height: str) -> None:
    assert "height" in refused(2, "analyze", "no-such-clip.mp4", "--height", height)


@pytest.mark.parametrize(
    "wrong",
    [
        "--mass 3",
        "--height 1.7 --bogus",
        "--height 1.7 --main-refiner --no-pof",
        "--height 1.7 --main-refiner --no-joint-refinement",
        "--height 1.7 --raw --pof",
        "--height 1.7 --main-refiner --raw",
        "--height 1.7 --start 5 --end 2",
        "--height 1.7 --augmentation-cycles -1",
        "--height 1.7 --filter kalman",
    ],
)
def test_wrong_arguments_are_exit_code_2(refused: Refused, wrong: str) -> None:
    refused(2, "analyze", "no-such-clip.mp4", *wrong.split())


def test_the_height_may_be_left_out(refused: Refused) -> None:
    assert "no-such-clip.mp4" in refused(3, "analyze", "no-such-clip.mp4", "--raw")


def test_no_clip_named_is_exit_code_2(refused: Refused) -> None:
    refused(2, "analyze", "--height", "1.7")


def test_a_clip_that_does_not_exist_is_exit_code_3(refused: Refused, tmp_path: Path) -> None:
    sentence = refused(3, "analyze", tmp_path / "none.mp4", *RAW, "--out", tmp_path)
    assert "none.mp4" in sentence


def test_a_text_file_named_mp4_is_exit_code_3_and_leaves_nothing(
    refused: Refused, tmp_path: Path
) -> None:
    clip = tmp_path / "notes.mp4"
    clip.write_text("not a video\n" * 100)
    refused(3, "analyze", clip, *RAW, "--out", tmp_path / "out")
    assert not list(tmp_path.glob("out/**/*"))


@pytest.mark.parametrize(
    ("flag", "option"),
    [
        ("--pof", "--pof-model-path"),
        ("--camera-pof", "--pof-model-path"),
        ("--joint-refinement", "--joint-model-path"),
        ("--main-refiner", "--main-refiner-path"),
    ],
)
def test_a_model_that_is_not_there_is_exit_code_4(
    refused: Refused, tmp_path: Path, flag: str, option: str
) -> None:
    model = (option, tmp_path / "none.pth", "--out", tmp_path / "out")
    assert "none.pth" in refused(4, "analyze", "no-such-clip.mp4", *HEIGHT, flag, *model)
    assert not (tmp_path / "out").exists()


def test_a_missing_model_that_nobody_asked_for_is_no_dead_end(
    refused: Refused, tmp_path: Path
) -> None:
    model = ("--pof-model-path", tmp_path / "none.pth", "--out", tmp_path / "out")
    sentence = refused(4, "analyze", "no-such-clip.mp4", *HEIGHT, *model)
    assert "none.pth" in sentence
    assert sentence.endswith("--raw")
    assert "--raw" not in refused(4, "analyze", "no-such-clip.mp4", *HEIGHT, *model, "--pof")


def test_pof_writes_raw_beside_refined_and_names_its_model(
    pof_checkpoint: Path, tmp_path: Path
) -> None:
    model = ("--pof-model-path", pof_checkpoint)
    done = humanpose(
        "analyze", SAMPLE, *HEIGHT, "--no-joint-refinement", *model, "--out", tmp_path
    )
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "sample" / "analysis.json").read_text())
    assert record["checkpoint_sha256"] == {pof_checkpoint.name: sha256_of(pof_checkpoint)}
    refined, raw = (
        pd.read_csv(tmp_path / "sample" / name, comment="#")[list(ANGLE_NAMES)].to_numpy()
        for name in ("angles.csv", "angles_raw.csv")
    )
    assert np.nanmax(np.abs(refined - raw)) > 1


@pytest.mark.parametrize("out", ["/proc/humanpose", "/dev/null"])
def test_an_output_folder_that_cannot_be_written_is_exit_code_5(
    refused: Refused, out: str
) -> None:
    assert out in refused(5, "analyze", SAMPLE, *RAW, "--out", out)


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_is_exit_code_130_and_leaves_nothing(tmp_path: Path) -> None:
    started = (
        "import sys, mediapipe, humanpose.io.folder; from humanpose.cli import main;"
        "print(flush=True); main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", started, "analyze", str(SAMPLE), *RAW]
    environment = os.environ | {"HUMANPOSE_CACHE": str(tmp_path / "cache")}
    running = subprocess.Popen(
        [*command, "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(1)  # the detection has begun: an import may make another error of it
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in stderr
    assert not (tmp_path / "sample").exists()


def test_app_hands_all_options_to_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(
        "humanpose.ui.command.main", lambda arguments, **_: given.extend(arguments)
    )
    with pytest.raises(SystemExit):
        main(["app", "--server.port", "8600", "--server.headless=true", "--help"])
    script, *options = given[1:]
    assert Path(script).samefile(SAMPLE.parents[2] / "app.py")
    assert options == ["--server.port", "8600", "--server.headless=true", "--help"]


@pytest.mark.parametrize("command", ["analyze", "batch"])
def test_help_names_and_explains_every_setting(command: str) -> None:
    text = " ".join(humanpose(command, "--help").stdout.split())
    for option in OPTIONS.values():
        assert all(f"{flag} " in text or f"{flag}," in text for flag in option.flags)
        assert option.help in text


def test_help_names_what_is_no_setting() -> None:
    text = humanpose("analyze", "--help").stdout
    for flag in ("--video", "--out", "--plot-all-joint-angles", "--opensim", "--opensim-model"):
        assert flag in text


def test_an_unknown_command_points_to_a_help_that_there_is(refused: Refused) -> None:
    assert refused(2, "analyse").endswith("see humanpose --help")
    assert refused(2, "batch").endswith("see humanpose batch --help")


def test_help_needs_neither_numpy_nor_torch() -> None:
    """So that it comes at once: numbers are imported when there is something to compute."""
    code = (
        "import sys; from humanpose.cli import main\n"
        "try: main(['analyze', '--help'])\n"
        "except SystemExit: print(sorted({'numpy', 'scipy', 'torch'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "[]", said.stderr
