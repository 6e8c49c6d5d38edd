"""The pipeline with markers that the detector lost: estimated where that is asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis, Settings
from humanpose.assets import SAMPLE
from humanpose.detection.cache import cached_detection
from humanpose.io.folder import load_analysis
from humanpose.pipeline import compute
from humanpose.settings import RAW
from humanpose.skeleton import MARKERS22, MEDIAPIPE33
from humanpose.video import probe
from tests.conftest import SAMPLE_HEIGHT_M

HIDDEN = slice(60, 90)
ARM = MARKERS22.indices("RElbow", "RWrist")


def analysed_without_an_arm(**chosen: bool) -> Analysis:
    """The sample clip with the right elbow and hand unseen for a while."""
    settings = Settings(height_m=SAMPLE_HEIGHT_M, **chosen, **RAW)  # type: ignore[arg-type]
    info = probe(SAMPLE)
    detection = cached_detection(info, settings)
    seen = detection.landmarks
    lost = [i for i, n in enumerate(MEDIAPIPE33.joints) if n.startswith("right_")][3:8]
    pixels, world, sure = seen.pixels.copy(), seen.world.copy(), seen.visibility.copy()
    pixels[HIDDEN, lost], world[HIDDEN, lost], sure[HIDDEN, lost] = np.nan, np.nan, 0.0
    landmarks = seen.replace(pixels=pixels, world=world, visibility=sure)
    detection = replace(detection, landmarks=landmarks)
    return compute(info, detection, settings)


@pytest.fixture(scope="module")
def estimated() -> Analysis:
    return analysed_without_an_arm(estimate_missing=True, force_complete=True)


def test_without_estimation_what_was_lost_is_absent() -> None:
    plain = analysed_without_an_arm()
    assert np.isnan(plain.markers.positions[HIDDEN][5:-5, ARM]).all()
    assert np.isnan(plain.joint_angles.curve("elbow_flex_r")[HIDDEN][5:-5]).all()
    assert plain.markers_estimated is None


def test_with_it_there_is_an_unsure_arm_that_says_so(estimated: Analysis) -> None:
    assert np.isfinite(estimated.markers.positions[HIDDEN][:, ARM]).all()
    assert estimated.markers_estimated is not None
    assert estimated.markers_estimated[HIDDEN][:, ARM].all()
    assert not estimated.markers_estimated[: HIDDEN.start].any()
    assert estimated.markers.confidence[estimated.markers_estimated].max() < 0.5
    assert np.isfinite(estimated.joint_angles.curve("elbow_flex_r")[HIDDEN]).all()
    sure = estimated.joint_angles.confidence[HIDDEN]
    assert (sure[:, list(estimated.angles.columns).index("elbow_flex_r")] < 0.5).all()


def test_the_augmented_markers_are_complete(estimated: Analysis) -> None:
    assert estimated.markers_augmented is not None
    assert np.isfinite(estimated.markers_augmented.positions).all()


def test_what_was_estimated_is_known_after_loading(estimated: Analysis, tmp_path: Path) -> None:
    back = load_analysis(estimated.save(tmp_path))
    assert back.markers_estimated is not None
    assert estimated.markers_estimated is not None
    np.testing.assert_array_equal(back.markers_estimated, estimated.markers_estimated)
    np.testing.assert_allclose(back.markers.positions, estimated.markers.positions, atol=1e-5)
