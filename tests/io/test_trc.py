"""TRC files, read back with another's reader."""

import io
from pathlib import Path

import numpy as np
import pytest
import trc as trc_data_reader

from humanpose.io import trc
from humanpose.skeleton import MARKERS22
from tests.support.places import SHARED
from tests.support.synthetic import FILM, synthetic_analysis
from tests.support.text import written

OPENCAP = SHARED / "data/clips/opencap_demo"


def test_another_reader_understands_the_trc(tmp_path: Path) -> None:
    markers = synthetic_analysis(timeline=FILM).markers
    (tmp_path / "pose.trc").write_text(written(lambda s: trc.write_trc(markers, s)))
    data = trc_data_reader.TRCData()
    data.load(tmp_path / "pose.trc")
    assert (data["NumFrames"], data["NumMarkers"], data["Units"]) == (40, 22, "m")
    assert data["DataRate"] == pytest.approx(FILM.fps)
    assert data["Markers"] == list(MARKERS22.joints)
    assert data["Frame#"] == list(range(1, 41))
    np.testing.assert_allclose(data["Time"], FILM.time_s, atol=1e-6)
    for name in MARKERS22.joints:
        np.testing.assert_allclose(data[name], markers.joint(name), atol=1e-6)


def test_a_missing_marker_is_three_empty_cells_and_every_line_ends_in_a_tab() -> None:
    markers = synthetic_analysis(3, missing=[1]).markers
    lines = written(lambda s: trc.write_trc(markers, s)).split("\n")
    assert lines[3].startswith("Frame#\tTime\tNeck\t\t\tRShoulder\t\t\t")
    assert lines[4].startswith("\t\tX1\tY1\tZ1\tX2\tY2\tZ2\t")
    assert lines[5] == ""
    assert lines[7] == "2\t0.033333" + "\t" * 67
    assert [line.count("\t") for line in (*lines[3:5], *lines[6:9])] == [68] * 5


def test_a_trc_comes_back() -> None:
    markers = synthetic_analysis(timeline=FILM, missing=[0, 39]).markers
    back = trc.read_trc(io.StringIO(written(lambda s: trc.write_trc(markers, s))))
    assert back.skeleton.joints == MARKERS22.joints
    np.testing.assert_allclose(back.positions, markers.positions, atol=1e-6)
    np.testing.assert_allclose(back.timeline.time_s, FILM.time_s, atol=1e-6)
    assert back.confidence[:2, 0].tolist() == [0, 1]


@pytest.mark.skipif(not OPENCAP.exists(), reason="needs shared/data/clips")
def test_opencaps_own_trc_is_read() -> None:
    with (OPENCAP / "Squats.trc").open() as stream:
        sequence = trc.read_trc(stream)
    assert (len(sequence), len(sequence.skeleton), sequence.timeline.fps) == (938, 63, 60.0)
    np.testing.assert_allclose(sequence.joint("Neck")[0], [0.37436, 1.4247275, -0.05739])


@pytest.mark.parametrize("text", ["", "hello\nworld\n", "a\nDataRate\n30\nb\nc\n1\t2\n"])
def test_what_is_no_trc_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        trc.read_trc(io.StringIO(text))
