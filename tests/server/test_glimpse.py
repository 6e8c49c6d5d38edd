"""What somebody sees who waits."""

from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.camera import Camera
from humanpose.sequence import Landmarks
from humanpose.server import glimpse
from humanpose.server.glimpse import FILE, SHOWN, Glimpses, read_glimpse
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.synthetic import synthetic_analysis

ANALYSIS = synthetic_analysis(40)
CAMERA = Camera.from_fov(60.0, ANALYSIS.landmarks.image_size)


def look_at(frames: range, watch: Glimpses, seen: Landmarks = ANALYSIS.landmarks) -> None:
    """All in one look, but for the last."""
    watch._next_s = np.inf
    rows = np.concatenate([seen.pixels, seen.world, seen.visibility[..., None]], axis=2)
    for frame in frames:
        if frame == frames[-1]:
            watch._next_s = -np.inf
        watch(float(seen.timeline.time_s[frame]), rows[frame].astype(np.float32))


def test_the_first_look_comes_at_once_and_the_next_after_a_while(tmp_path: Path) -> None:
    watch = Glimpses(tmp_path, CAMERA, height_m=1.8)
    look_at(range(2), watch)
    first = read_glimpse(tmp_path)
    assert first is not None
    assert first.time_s == ANALYSIS.timeline.time_s[:2].tolist()
    for frame in (2, 3):
        watch(frame / 30, np.full((33, 6), 1.0, np.float32))
    assert read_glimpse(tmp_path) == first


def test_it_shows_a_person_on_the_floor_and_angles_near_the_final_ones(
    tmp_path: Path, sample: Analysis
) -> None:
    size = sample.landmarks.image_size
    watch = Glimpses(tmp_path, Camera.from_fov(60.0, size), height_m=SAMPLE_HEIGHT_M)
    look_at(range(120), watch, sample.landmarks)
    seen = read_glimpse(tmp_path)
    assert seen is not None
    heights = np.array(seen.joints)[:, 1]
    assert heights.min() == pytest.approx(0.08, abs=0.15)  # an ankle
    assert 1.0 < heights.max() < 1.9
    for name in SHOWN:
        final = sample.joint_angles.curve(name)[: len(seen.time_s)]
        assert np.abs(np.array(seen.angles[name]) - final).mean() < 15


def test_nobody_and_a_damaged_file_show_nothing(tmp_path: Path) -> None:
    watch = Glimpses(tmp_path, CAMERA, height_m=1.8)
    for frame in range(10):
        watch(frame / 30, np.full((33, 6), np.nan, np.float32))
    assert read_glimpse(tmp_path) is None
    (tmp_path / FILE).write_text("[", encoding="utf-8")
    assert read_glimpse(tmp_path) is None


def test_a_long_clip_is_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glimpse, "_MOST", 30)
    watch = Glimpses(tmp_path, CAMERA, height_m=1.8)
    look_at(range(40), watch)
    seen = read_glimpse(tmp_path)
    assert seen is not None
    assert len(seen.time_s) == 20
    assert {len(values) for values in seen.angles.values()} == {20}
