"""Cameras that stand still and cameras that do not, before backgrounds that are known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from humanpose.sequence import Landmarks, Timeline
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video.steadiness import Steadiness, steadiness
from tests.support.clips import Image, write_clip

WIDTH, HEIGHT, FRAMES = 480, 320, 30


def wall(*, seed: int = 0) -> Image:
    """A large wall full of smooth spots, (2 H, 2 W, 3)."""
    coarse = np.random.default_rng(seed).integers(30, 220, (HEIGHT // 8, WIDTH // 8, 3))
    return np.kron(coarse, np.ones((16, 16, 1))).astype(np.uint8)


def filmed(
    path: Path, offsets: Sequence[int], *, background: Image, visitor: bool = False
) -> Steadiness:
    """What is found when the camera looks ``offsets`` px to the right, picture by picture."""
    pictures = []
    for frame, offset in enumerate(offsets):
        picture = background[:HEIGHT, offset : offset + WIDTH].copy()
        person = 180 + 2 * frame
        picture[60:300, person : person + 60] = 255
        if visitor:
            picture[:120, 4 * frame : 4 * frame + 80] = wall(seed=1)[:120, :80]
        pictures.append(picture)
    clip = write_clip(path, pictures, fps=30)
    return steadiness(clip, somebody(len(offsets)))


def somebody(frames: int) -> Landmarks:
    """Where ``filmed`` paints the person."""
    corners = np.linspace([180, 60], [240, 300], len(MEDIAPIPE33))
    pixels = corners + np.arange(frames)[:, None, None] * [2, 0]
    world = np.zeros((frames, len(MEDIAPIPE33), 3))
    seen = np.ones(pixels.shape[:2])
    return Landmarks(pixels, world, seen, Timeline(frames, 30.0), (WIDTH, HEIGHT))


def test_a_tripod_stands_still_though_the_person_walks(tmp_path: Path) -> None:
    found = filmed(tmp_path / "a.mp4", [0] * FRAMES, background=wall())
    assert found.still


def test_a_pan_is_measured_in_percent_of_the_picture(tmp_path: Path) -> None:
    found = filmed(tmp_path / "a.mp4", range(FRAMES), background=wall())
    assert found.still is False
    assert found.moved_percent == pytest.approx(100 * (FRAMES - 1) / WIDTH, rel=0.05)


def test_a_hand_that_trembles_is_noticed(tmp_path: Path) -> None:
    tremble = [5 + round(4 * np.sin(frame)) for frame in range(FRAMES)]
    assert filmed(tmp_path / "a.mp4", tremble, background=wall()).still is False


def test_a_passer_by_does_not_move_the_camera(tmp_path: Path) -> None:
    assert filmed(tmp_path / "a.mp4", [0] * FRAMES, background=wall(), visitor=True).still


def test_before_a_plain_wall_nothing_is_claimed(tmp_path: Path) -> None:
    grey = np.full((2 * HEIGHT, 2 * WIDTH, 3), 120, np.uint8)
    found = filmed(tmp_path / "a.mp4", range(FRAMES), background=grey)
    assert found.still is None


def test_one_picture_says_nothing(tmp_path: Path) -> None:
    assert filmed(tmp_path / "a.mp4", [0], background=wall()).still is None
