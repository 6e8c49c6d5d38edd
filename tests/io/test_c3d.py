"""C3D: what our writer writes, two independent readers read."""

import warnings
from dataclasses import replace
from pathlib import Path

import c3d
import ezc3d
import numpy as np
import pytest

from humanpose.analysis import Analysis
from humanpose.errors import OutputError
from humanpose.io.c3d import MAX_FRAMES, write_c3d
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, MARKERS22
from tests.support.augmented import augment
from tests.support.synthetic import FILM, synthetic_analysis

LABELS = [*MARKERS22.joints, *ANGLE_NAMES]


@pytest.fixture
def analysis() -> Analysis:
    """40 frames from 2.5 s on, nobody there in two of them."""
    return synthetic_analysis(timeline=FILM, missing=[0, 7])


def expected_points(analysis: Analysis, *, scale: float = 1.0) -> Floats:
    """(T, 22 + 36, 3); an angle stands in X."""
    angles = np.zeros((analysis.timeline.frames, len(ANGLE_NAMES), 3))
    angles[..., 0] = analysis.joint_angles.degrees
    angles[np.isnan(angles[..., 0])] = np.nan
    return np.concatenate([analysis.markers.positions * scale, angles], axis=1)


@pytest.mark.parametrize(("units", "scale"), [("mm", 1000.0), ("m", 1.0)])
def test_ezc3d_reads_back_what_was_written(
    analysis: Analysis, tmp_path: Path, units: str, scale: float
) -> None:
    write_c3d(analysis, tmp_path / "a.c3d", units=units)  # type: ignore[arg-type]
    file = ezc3d.c3d(str(tmp_path / "a.c3d"))
    point = {
        name: p["value"] for name, p in file["parameters"]["POINT"].items() if name[0] != "_"
    }
    assert point["LABELS"] == LABELS
    assert (point["UNITS"], point["ANGLE_UNITS"]) == ([units], ["deg"])
    assert point["ANGLES"] == list(ANGLE_NAMES)
    assert point["RATE"][0] == pytest.approx(24000 / 1001, rel=1e-6)
    assert file["parameters"]["HUMANPOSE"]["START_S"]["value"] == [2.5]
    points = file["data"]["points"][:3].transpose(2, 1, 0)
    np.testing.assert_allclose(points, expected_points(analysis, scale=scale), rtol=1e-6)


def test_the_other_reader_agrees(analysis: Analysis, tmp_path: Path) -> None:
    write_c3d(analysis, tmp_path / "a.c3d")
    with (tmp_path / "a.c3d").open("rb") as stream, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No analog data")
        reader = c3d.Reader(stream)
        frames = np.array([points for _, points, _ in reader.read_frames()])
    assert [label.strip() for label in reader.point_labels] == LABELS
    assert reader.point_rate == pytest.approx(24000 / 1001, rel=1e-6)
    expected = expected_points(analysis, scale=1000)
    known = np.isfinite(expected[..., 0])
    np.testing.assert_array_equal(frames[..., 3] >= 0, known)  # the residual says so
    np.testing.assert_allclose(frames[..., :3][known], expected[known], rtol=1e-6)


def test_augmented_markers_come_along(analysis: Analysis, tmp_path: Path) -> None:
    augmented = augment(analysis.markers, height_m=1.78)
    write_c3d(
        replace(analysis, refined=replace(analysis.refined, augmented=augmented)),
        tmp_path / "a.c3d",
    )
    labels = ezc3d.c3d(str(tmp_path / "a.c3d"))["parameters"]["POINT"]["LABELS"]["value"]
    assert labels == [*AUGMENTED65.joints, *ANGLE_NAMES]


def test_a_clip_too_long_for_the_format_is_refused(tmp_path: Path) -> None:
    long = synthetic_analysis(MAX_FRAMES + 1)
    with pytest.raises(OutputError, match="holds 65535 frames"):
        write_c3d(long, tmp_path / "a.c3d")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_gets_a_sentence(
    analysis: Analysis, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="no folder can be made there"):
        write_c3d(analysis, tmp_path / "nowhere" / "a.c3d")
