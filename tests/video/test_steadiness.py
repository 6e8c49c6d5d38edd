"""Cameras that stand still and cameras that do not, before backgrounds that are known."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video import FrameReader, probe
from humanpose.video.background import STEADY_PERCENT
from humanpose.video.watcher import BackgroundWatcher
from tests.support.clips import Image, write_clip

WIDTH, HEIGHT, FRAMES = 480, 320, 30


def wall(*, seed: int = 0) -> Image:
    """A large wall full of smooth spots, (2 H, 2 W, 3)."""
    coarse = np.random.default_rng(seed).integers(30, 220, (HEIGHT // 8, WIDTH // 8, 3))
    return np.kron(coarse, np.ones((16, 16, 1))).astype(np.uint8)


def filmed(
    path: Path, offsets: Sequence[int], *, background: Image, visitor: bool = False
) -> float:
    """How far it moved, %, when it looks ``offsets`` px to the right, picture by picture."""
    pictures = []
    for frame, offset in enumerate(offsets):
        picture = background[:HEIGHT, offset : offset + WIDTH].copy()
        person = 180 + 2 * frame
        picture[60:300, person : person + 60] = 255
        if visitor:
            picture[:120, 4 * frame : 4 * frame + 80] = wall(seed=1)[:120, :80]
        pictures.append(picture)
    clip = probe(write_clip(path, pictures, fps=30))
    watcher = BackgroundWatcher(clip)
    for seen in FrameReader(clip):
        watcher.watch(seen)
    with ThreadPoolExecutor(2) as pool:
        pixels = somebody(len(offsets)).astype(np.float32)
        return watcher.background(pixels, pool=pool).moved_percent


def somebody(frames: int) -> Floats:
    """(T, 33, 2) px where ``filmed`` paints the person."""
    corners = np.linspace([180, 60], [240, 300], len(MEDIAPIPE33))
    return np.asarray(corners + np.arange(frames)[:, None, None] * [2, 0])


def test_a_tripod_stands_still_though_the_person_walks(tmp_path: Path) -> None:
    assert filmed(tmp_path / "a.mp4", [0] * FRAMES, background=wall()) < STEADY_PERCENT


def test_a_pan_is_measured_in_percent_of_the_picture(tmp_path: Path) -> None:
    found = filmed(tmp_path / "a.mp4", range(FRAMES), background=wall())
    assert found == pytest.approx(100 * (FRAMES - 1) / WIDTH, rel=0.05)


def test_a_pan_that_leaves_the_first_picture_is_measured_too(tmp_path: Path) -> None:
    twice = np.hstack([wall(), wall(seed=2)])
    offsets = range(0, 3 * WIDTH // 2, 12)
    found = filmed(tmp_path / "a.mp4", offsets, background=twice)
    assert found == pytest.approx(100 * offsets[-1] / WIDTH, rel=0.05)


def test_a_hand_that_trembles_is_noticed(tmp_path: Path) -> None:
    tremble = [5 + round(4 * np.sin(frame)) for frame in range(FRAMES)]
    assert filmed(tmp_path / "a.mp4", tremble, background=wall()) > STEADY_PERCENT


def test_a_passer_by_does_not_move_the_camera(tmp_path: Path) -> None:
    found = filmed(tmp_path / "a.mp4", [0] * FRAMES, background=wall(), visitor=True)
    assert found < STEADY_PERCENT


def test_before_a_plain_wall_nothing_is_claimed(tmp_path: Path) -> None:
    grey = np.full((2 * HEIGHT, 2 * WIDTH, 3), 120, np.uint8)
    assert np.isnan(filmed(tmp_path / "a.mp4", range(FRAMES), background=grey))


def test_one_picture_says_nothing(tmp_path: Path) -> None:
    assert np.isnan(filmed(tmp_path / "a.mp4", [0], background=wall()))
