"""A clip is searched once; what is kept of it can be trusted and stays small."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from humanpose import Settings
from humanpose.detection.cache import (
    cache_folder,
    cached_detection,
    drop_oldest,
    load,
    store,
)
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Image, Region
from humanpose.detection.sightings import Sightings
from humanpose.video import probe
from humanpose.video.background import UNWATCHED
from tests.support.clips import write_clip
from tests.support.painted import Block, PaintedPeople, painted

SETTINGS = Settings(height_m=1.7)


class Unneeded(PaintedPeople):
    """Fails when it is asked to look."""

    def regions(self, image: Image) -> list[Region]:
        raise AssertionError("the clip was searched again")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUMANPOSE_CACHE", str(tmp_path / "cache"))
    return cache_folder()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    pictures = [painted(Block(200 + 3 * t)) for t in range(10)]
    return write_clip(tmp_path / "clip.mp4", pictures)


def test_a_second_analysis_finds_the_same_without_looking(clip: Path) -> None:
    first = cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    second = cached_detection(probe(clip), SETTINGS, detector=Unneeded())
    np.testing.assert_array_equal(first.landmarks.pixels, second.landmarks.pixels)
    np.testing.assert_array_equal(first.landmarks.world, second.landmarks.world)
    assert (first.people, first.warnings) == (second.people, second.warnings)
    assert first.provenance == second.provenance


@pytest.mark.parametrize("change", [{"height_m": 1.9}, {"fps": 240.0}, {"cutoff_hz": 4.0}])
def test_settings_of_later_stages_do_not_matter(clip: Path, change: dict[str, float]) -> None:
    cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    changed = replace(SETTINGS, **change)  # type: ignore[arg-type]
    detection = cached_detection(probe(clip), changed, detector=Unneeded())
    assert detection.landmarks.timeline.fps == (changed.fps or 30)


def test_a_copy_under_another_name_is_the_same_clip(clip: Path, tmp_path: Path) -> None:
    cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    copy = shutil.copy(clip, tmp_path / "copy.mp4")
    cached_detection(probe(copy), SETTINGS, detector=Unneeded())


@pytest.mark.parametrize(
    "change",
    [
        *({"start_s": 0.1}, {"end_s": 0.2}, {"person": 2}, {"person_at": (0.3, 0.5)}),
        {"accurate": True},
        {"every_frame": True},
    ],
)
def test_another_part_or_person_or_way_is_searched_for(
    clip: Path, change: dict[str, Any]
) -> None:
    cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    changed = replace(SETTINGS, **change)
    with pytest.raises(AssertionError, match="searched again"):
        cached_detection(probe(clip), changed, detector=Unneeded())


def test_what_was_found_accurately_is_kept_beside_the_rest(clip: Path, cache: Path) -> None:
    accurate = replace(SETTINGS, accurate=True)
    for settings in (SETTINGS, accurate):
        cached_detection(probe(clip), settings, detector=PaintedPeople())
    assert len(list(cache.iterdir())) == 2
    detection = cached_detection(probe(clip), accurate, detector=Unneeded())
    assert "mirror" in detection.provenance["detector"]


def test_another_detector_searches_itself(clip: Path) -> None:
    cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    newer = Unneeded()
    newer.name = "painted people 2"
    with pytest.raises(AssertionError, match="searched again"):
        cached_detection(probe(clip), SETTINGS, detector=newer)


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "flipped"])
def test_a_damaged_file_is_ignored_and_written_anew(
    clip: Path, cache: Path, damage: str
) -> None:
    first = cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    (file,) = cache.iterdir()
    content = file.read_bytes()
    middle = len(content) // 2
    file.write_bytes(
        {
            "cut": content[:middle],
            "empty": b"",
            "text": b"not an archive",
            "flipped": content[:middle]
            + bytes([content[middle] ^ 255])
            + content[middle + 1 :],
        }[damage]
    )
    again = cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    np.testing.assert_array_equal(first.landmarks.pixels, again.landmarks.pixels)
    cached_detection(probe(clip), SETTINGS, detector=Unneeded())


@pytest.mark.parametrize(
    "wrong",
    [
        {"pixels": np.zeros((2, 5))},
        {"pixels": np.full((2, 33, 2), "x")},
        {"visibility": np.ones((2, 33), dtype=bool)},
        {"times_s": np.array([0.0, np.nan])},
        {"times_s": np.zeros((1, 2))},
        {"edges": np.zeros((3, 5))},
        {"most_people": np.array(np.inf)},
    ],
)
def test_an_entry_with_other_arrays_is_none(tmp_path: Path, wrong: dict[str, Any]) -> None:
    file, archive = tmp_path / "entry", BytesIO()
    sightings = Sightings(
        times_s=np.arange(2.0),
        pixels=np.zeros((2, 33, 2), np.float32),
        world=np.zeros((2, 33, 3), np.float32),
        visibility=np.zeros((2, 33), np.float32),
        most_people=1,
        background=UNWATCHED,
    )
    store(file, sightings)
    assert load(file) is not None
    with np.load(BytesIO(file.read_bytes()[32:])) as arrays:
        np.savez_compressed(archive, **(dict(arrays) | wrong))
    file.write_bytes(hashlib.sha256(archive.getvalue()).digest() + archive.getvalue())
    assert load(file) is None


def test_a_cache_that_cannot_be_written_does_no_harm(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    occupied = tmp_path / "a file"
    occupied.touch()
    monkeypatch.setenv("HUMANPOSE_CACHE", str(occupied))
    detection = cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    assert detection.landmarks.detected.all()


def test_a_full_disk_leaves_no_half_file(
    clip: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    cached_detection(probe(clip), SETTINGS, detector=PaintedPeople())
    assert list(cache.iterdir()) == []


def test_the_files_unused_for_longest_are_dropped_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        file = tmp_path / f"{name}.sightings"
        file.write_bytes(bytes(100))
        os.utime(file, (1000 - age, 1000 - age))
    drop_oldest(tmp_path, keep_bytes=250)
    assert sorted(file.stem for file in tmp_path.iterdir()) == ["middle", "new"]


def test_mediapipe_is_not_loaded_for_a_known_clip(clip: Path) -> None:
    stand_in = PaintedPeople()
    stand_in.name = MediaPipePose().name
    cached_detection(probe(clip), SETTINGS, detector=stand_in)
    code = (
        "import sys; from humanpose import Settings; from humanpose.video import probe;"
        "from humanpose.detection.cache import cached_detection, load, store;"
        f"cached_detection(probe({str(clip)!r}), Settings(height_m=1.7));"
        "assert 'mediapipe' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
