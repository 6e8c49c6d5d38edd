"""The pipeline with augmented markers: what is written, what comes back, what stays."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis, CheckpointError, Settings, analyze, lstm_augmenter
from humanpose.io.folder import load_analysis
from humanpose.io.trc import read_trc
from humanpose.learned import load_models
from humanpose.skeleton import AUGMENTED65, MARKERS22
from tests.conftest import SAMPLE, SAMPLE_HEIGHT_M


@pytest.fixture(scope="module")
def augmented() -> Analysis:
    return analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, augmentation_cycles=1))


@pytest.fixture(scope="module")
def folder(augmented: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return augmented.save(tmp_path_factory.mktemp("augmented"))


def test_the_22_markers_are_the_same_with_and_without(
    sample: Analysis, augmented: Analysis
) -> None:
    assert sample.markers_augmented is None
    assert augmented.markers_augmented is not None
    np.testing.assert_array_equal(
        augmented.markers_augmented.select(MARKERS22).positions, augmented.markers.positions
    )


def test_raw_has_the_same_marker_set(augmented: Analysis) -> None:
    np.testing.assert_array_equal(augmented.angles_raw, augmented.angles)


def test_the_markers_file_holds_all_65_and_pose_trc_22(folder: Path) -> None:
    with (folder / "markers.trc").open() as stream:
        assert read_trc(stream).skeleton.joints == AUGMENTED65.joints
    with (folder / "pose.trc").open() as stream:
        assert read_trc(stream).skeleton.joints == MARKERS22.joints


def test_augmented_markers_come_back(augmented: Analysis, folder: Path) -> None:
    back, given = load_analysis(folder).markers_augmented, augmented.markers_augmented
    assert back is not None
    assert given is not None
    np.testing.assert_allclose(back.positions, given.positions, atol=1e-5)
    np.testing.assert_allclose(back.confidence, given.confidence, atol=1e-6)


def test_without_augmentation_there_is_no_markers_file(
    augmented: Analysis, folder: Path, tmp_path: Path
) -> None:
    saved = augmented.save(tmp_path)
    dataclasses.replace(augmented, markers_augmented=None).save(tmp_path)
    assert (folder / "markers.trc").is_file()
    assert not (saved / "markers.trc").exists()


def test_a_missing_augmenter_is_said_before_the_clip_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lstm_augmenter, "find_spec", lambda name: None)
    lstm_augmenter._networks.cache_clear()
    with pytest.raises(CheckpointError, match=r"requirements-augment\.txt"):
        load_models(Settings(height_m=1.7, augmentation_cycles=1, augmenter="lstm"))
