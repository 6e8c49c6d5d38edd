"""The pipeline with augmented markers: what is written, what comes back, what stays."""

from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis, CheckpointError, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.io.folder import load_analysis
from humanpose.io.trc import read_trc
from humanpose.learned.loading import load_networks
from humanpose.markers import lstm_augmenter
from humanpose.settings import RAW
from humanpose.skeleton import AUGMENTED65, MARKERS22
from tests.conftest import SAMPLE_HEIGHT_M


@pytest.fixture(scope="module")
def plain() -> Analysis:
    return analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, augmentation_cycles=0, **RAW))


@pytest.fixture(scope="module")
def folder(sample: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.save(tmp_path_factory.mktemp("augmented"))


def test_the_22_markers_are_the_same_with_and_without(
    sample: Analysis, plain: Analysis
) -> None:
    assert plain.markers_augmented is None
    assert sample.markers_augmented is not None
    again = sample.markers_augmented.select(MARKERS22).positions
    for markers in (sample.markers.positions, plain.markers.positions):
        np.testing.assert_array_equal(again, markers)


def test_raw_has_the_same_marker_set(sample: Analysis) -> None:
    np.testing.assert_array_equal(sample.angles_raw, sample.angles)


def test_the_markers_file_holds_all_65_and_pose_trc_22(folder: Path) -> None:
    with (folder / "markers.trc").open() as stream:
        assert read_trc(stream).skeleton.joints == AUGMENTED65.joints
    with (folder / "pose.trc").open() as stream:
        assert read_trc(stream).skeleton.joints == MARKERS22.joints


def test_augmented_markers_come_back(sample: Analysis, folder: Path) -> None:
    back, given = load_analysis(folder).markers_augmented, sample.markers_augmented
    assert back is not None
    assert given is not None
    np.testing.assert_allclose(back.positions, given.positions, atol=1e-5)
    np.testing.assert_allclose(back.confidence, given.confidence, atol=1e-6)


def test_without_augmentation_there_is_no_markers_file(
    sample: Analysis, plain: Analysis, folder: Path, tmp_path: Path
) -> None:
    saved = sample.save(tmp_path)
    plain.save(tmp_path)
    assert (folder / "markers.trc").is_file()
    assert not (saved / "markers.trc").exists()


def test_a_missing_augmenter_is_said_before_the_clip_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lstm_augmenter, "find_spec", lambda name: None)
    lstm_augmenter._networks.cache_clear()
    with pytest.raises(CheckpointError, match=r"requirements-augment\.txt"):
        load_networks(Settings(height_m=1.7, augmentation_cycles=1, augmenter="lstm", **RAW))
