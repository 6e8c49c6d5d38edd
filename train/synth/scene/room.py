"""A plain room as textured rectangles: floor boards, walls, a skirting board, a few things."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from train.synth.body.makehuman import Floats

Image = NDArray[np.uint8]
PX_PER_M = 100


@dataclass(frozen=True, eq=False)
class Panel:
    """A rectangle in the world with a picture on it."""

    corner: tuple[float, float, float]
    """World, m."""
    along: tuple[float, float, float]
    """From the corner along the picture's rows, m."""
    up: tuple[float, float, float]
    """From the corner along the picture's columns, upwards, m."""
    picture: Image
    """(H, W, 3)."""


def room(
    rng: np.random.Generator,
    *,
    width_m: float = 9.0,
    height_m: float = 4.0,
    back_m: float = 3.2,
    front_m: float = 6.0,
) -> list[Panel]:
    """Floor, back wall and side walls around the origin, open towards the camera."""
    half, depth = width_m / 2, back_m + front_m
    paint = np.array([206, 208, 206]) + rng.uniform(-10, 10) + rng.uniform(-5, 5, 3)
    back = _wall(rng, height_m, width_m, paint)
    side = _wall(rng, height_m, depth, paint * 0.9)
    up = (0.0, height_m, 0.0)
    return [
        Panel(
            (-half, 0, front_m), (width_m, 0, 0), (0, 0, -depth), _boards(rng, depth, width_m)
        ),
        Panel((-half, 0, -back_m), (width_m, 0, 0), up, back),
        Panel((-half, 0, front_m), (0, 0, -depth), up, side),
        Panel((half, 0, -back_m), (0, 0, depth), up, side),
    ]


def _boards(rng: np.random.Generator, depth: float, width: float) -> Image:
    """Wooden boards that run away from the camera."""
    rows, columns = int(depth * PX_PER_M), int(width * PX_PER_M)
    board = np.arange(columns) // 14
    tone = rng.normal(0, 6, board.max() + 1)[board]
    grain = gaussian_filter(rng.normal(0, 1, (rows, columns)), (40, 0.8)) * 60
    wood = np.array([168, 128, 92]) + (tone + grain)[..., None]
    wood[:, np.arange(columns) % 14 == 0] *= 0.8
    return np.clip(wood, 0, 255).astype(np.uint8)


def _wall(rng: np.random.Generator, height: float, width: float, colour: Floats) -> Image:
    """Paint, a white skirting board and two framed pictures."""
    rows, columns = int(height * PX_PER_M), int(width * PX_PER_M)
    wall = colour + gaussian_filter(rng.normal(0, 14, (rows, columns)), 3)[..., None]
    wall[-9:] = 240
    wall[-10] = 150
    for left in (0.2, 0.85):
        x, y, w, h = (
            int(left * columns),
            rows - 230,
            int(rng.uniform(50, 90)),
            int(rng.uniform(50, 75)),
        )
        wall[y : y + h, x : x + w] = 60
        wall[y + 4 : y + h - 4, x + 4 : x + w - 4] = 236
        wall[y + 10 : y + h - 10, x + 10 : x + w - 10] = _blobs(rng, h - 20, w - 20)
    return np.clip(wall, 0, 255).astype(np.uint8)


def _blobs(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """An abstract painting."""
    fields = gaussian_filter(rng.normal(0, 1, (rows, columns, 3)), (9, 9, 0))
    return 140 + 60 * fields / np.abs(fields).max() * 1.6
