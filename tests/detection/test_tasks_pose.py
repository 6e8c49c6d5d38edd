"""A model of MediaPipe Tasks in the place of MediaPipe Pose.

No ``.task`` file comes with the project. One is made here of the two networks in MediaPipe's
wheel, which are those of MediaPipe Pose; the second gets the note on its input that Tasks ask.
"""

import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import mediapipe
import numpy as np
import pytest
from mediapipe.tasks.python.metadata.metadata_writers.metadata_writer import MetadataWriter

from humanpose.assets import SAMPLE
from humanpose.cli import main
from humanpose.detection.cache import cached_detection
from humanpose.detection.chosen import own_detector
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Region
from humanpose.detection.tasks_pose import TasksPose
from humanpose.errors import DetectorError
from humanpose.nets.places import sha256_of
from humanpose.settings import RAW, Settings
from humanpose.video import probe

SHORT = Settings(height_m=1.767, end_s=0.3, **RAW)
SAME_PX, SAME_M = 1.5, 0.025
"""Medians over all landmarks. Over the whole sample, by frame: 0.5-1.4 px of 260, 8-25 mm."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    modules = Path(mediapipe.__file__).parent / "modules"
    landmarks = (modules / "pose_landmark" / "pose_landmark_full.tflite").read_bytes()
    writer = MetadataWriter.create(bytearray(landmarks))
    described, _ = writer.add_image_input(norm_mean=[0.0], norm_std=[255.0]).populate()
    path = tmp_path_factory.mktemp("models") / "pose.task"
    with zipfile.ZipFile(path, "w") as bundle:  # stored: it is mapped into memory
        people = modules / "pose_detection" / "pose_detection.tflite"
        bundle.write(people, "pose_detector.tflite")
        bundle.writestr("pose_landmarks_detector.tflite", bytes(described))
    return path


def test_it_finds_what_mediapipe_pose_finds(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = probe(SAMPLE)
    today = cached_detection(clip, SHORT)
    monkeypatch.setenv("HUMANPOSE_POSE_MODEL", str(model))
    found = cached_detection(clip, SHORT)
    assert found.provenance["detector"] != today.provenance["detector"]
    assert sha256_of(model) in found.provenance["detector"]
    away = found.landmarks.pixels - today.landmarks.pixels
    assert np.median(np.linalg.norm(away, axis=2)) < SAME_PX
    apart = found.landmarks.world - today.landmarks.world
    assert np.median(np.linalg.norm(apart, axis=2)) < SAME_M
    np.testing.assert_allclose(found.landmarks.visibility, today.landmarks.visibility, atol=0.3)


def test_another_model_is_another_detector(model: Path, tmp_path: Path) -> None:
    other = tmp_path / model.name
    other.write_bytes(model.read_bytes() + b"\0")
    assert TasksPose(other).name != TasksPose(model).name


def test_nobody_is_found_where_nobody_is(model: Path) -> None:
    blank = np.full((120, 160, 3), 90, np.uint8)
    with closing(TasksPose(model)) as detector:
        assert detector.regions(blank) == []
        assert detector.person(blank, Region(80, 60, 100)) is None
        assert detector.person(blank, replace(Region(80, 60, 100), x=-500)) is None


def test_without_the_variable_it_is_mediapipe_pose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUMANPOSE_POSE_MODEL", raising=False)
    assert isinstance(own_detector(), MediaPipePose)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("none.task", "there is no pose model"), ("a.task", "is no pose model")],
)
def test_a_file_that_is_no_model_is_one_sentence_and_exit_code_4(
    name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (tmp_path / "a.task").write_text("no model")
    monkeypatch.setenv("HUMANPOSE_POSE_MODEL", str(tmp_path / name))
    with pytest.raises(SystemExit) as ended:
        main(["analyze", str(SAMPLE), "--raw", "--out", str(tmp_path / "out")])
    said = capfd.readouterr().err.strip()
    assert (ended.value.code, said.count("\n")) == (4, 0)
    assert sentence in said
    assert "HUMANPOSE_POSE_MODEL" in said
    assert not (tmp_path / "out" / "sample").exists()


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(DetectorError):
        TasksPose(tmp_path)
