"""Small procedural pictures for floors, walls, things and skies."""

import colorsys
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from train.synth.body.makehuman import Floats

Image = NDArray[np.uint8]
MOST_PX = 512


def any_colour(
    rng: np.random.Generator, *, saturation: float = 0.4, dark: float = 0.2
) -> Floats:
    """(3,) sRGB, 0-255."""
    red, green, blue = colorsys.hsv_to_rgb(
        rng.uniform(), saturation * rng.beta(1, 2), rng.uniform(dark, 0.95)
    )
    return np.array([255 * red, 255 * green, 255 * blue])


def surface(rng: np.random.Generator, width_m: float, height_m: float, kind: str) -> Image:
    """(H, W, 3) a rectangle of ``kind``, one of ``FLOORS``, ``WALLS``, ``LAND``."""
    px_per_m = min(60.0, MOST_PX / max(width_m, height_m))
    rows, columns = (max(8, round(side * px_per_m)) for side in (height_m, width_m))
    y, x = np.mgrid[:rows, :columns] / px_per_m
    return _bytes(_KINDS[kind](rng, x, y))


def sky(rng: np.random.Generator) -> Image:
    """(256, 512, 3) with a skyline of trees or houses at its foot."""
    top, low = np.array([90, 140, 210]), np.array([200, 214, 226])
    light = rng.uniform(0.6, 1.1)
    share = np.linspace(0, 1, 256)[:, None, None] ** 0.7
    picture = (
        light * ((1 - share) * top + share * low) + _clouds(rng, (256, 512), 60)[..., None] * 9
    )
    line = np.repeat(rng.uniform(2, 40, 512 // 8), 8)
    if rng.random() < 0.5:
        line = cv2.GaussianBlur(line[:, None], (1, 9), 0)[:, 0] + rng.normal(0, 2, 512)
    under = np.arange(256)[:, None] > 256 - line
    picture[under] = any_colour(rng, dark=0.15) * 0.7 + rng.normal(0, 8, (under.sum(), 1))
    return _bytes(picture)


def leaves(rng: np.random.Generator) -> Image:
    """(128, 128, 4) dark blobs with clear gaps: a plant, a rail, somebody's back."""
    field = _clouds(rng, (128, 128), rng.uniform(5, 12))
    y = np.linspace(1, -1, 128)[:, None]
    picture = np.empty((128, 128, 4))
    picture[..., :3] = any_colour(rng, saturation=0.7, dark=0.1) + 18 * field[..., None]
    picture[..., 3] = 255 * (field > rng.uniform(-0.3, 0.6) + 0.4 * y)
    return _bytes(picture)


def _bytes(picture: Floats) -> Image:
    return np.clip(picture, 0, 255).astype(np.uint8)


def _clouds(rng: np.random.Generator, shape: tuple[int, ...], blur_px: float) -> Floats:
    """Smooth noise of standard deviation 1, drawn coarse and enlarged."""
    coarse = [max(4, round(2 * side / blur_px)) for side in shape]
    noise = rng.normal(0, 1, coarse).astype(np.float32)
    field = cv2.resize(noise, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(field / max(float(field.std()), 1e-6), dtype=np.float64)


def _plain(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    blotches = _clouds(rng, x.shape, rng.uniform(4, 120))
    return (
        any_colour(rng)
        + rng.uniform(0, 4) * blotches[..., None]
        + rng.normal(0, 2, x.shape)[..., None]
    )


def _planks(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    width = rng.uniform(0.08, 0.25)
    board = (x / width).astype(int)
    tone = rng.normal(0, 8, board.max() + 1)[board] + 5 * _clouds(rng, x.shape, 8)
    tone -= 30 * (x / width % 1 < 0.06)
    return rng.uniform(0.5, 1.3) * np.array([160, 122, 88]) + tone[..., None]


def _tiles(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    side, other = rng.uniform(0.2, 0.8), rng.uniform(0, 60)
    chess = ((x / side).astype(int) + (y / side).astype(int)) % 2
    joint = (x / side % 1 < 0.04) | (y / side % 1 < 0.04)
    picture = any_colour(rng, saturation=0.3) + (other * chess)[..., None]
    picture[joint] *= 0.75
    return picture + 3 * _clouds(rng, x.shape, 5)[..., None]


def _bricks(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    row = (y / 0.1).astype(int)
    column = (x / 0.3 + 0.5 * (row % 2)).astype(int)
    tone = rng.normal(0, 14, 97)[(7 * row + 13 * column) % 97]
    joint = (y / 0.1 % 1 < 0.12) | ((x / 0.3 + 0.5 * (row % 2)) % 1 < 0.05)
    picture = any_colour(rng, saturation=0.6) + tone[..., None]
    picture[joint] = 0.5 * picture[joint] + 90
    return picture


def _stripes(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    along = x if rng.random() < 0.7 else y
    which = (along / rng.uniform(0.1, 0.8)).astype(int) % 2 == 0
    return np.where(which[..., None], any_colour(rng), any_colour(rng))


def _clutter(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    """Shelves, doors, posters, windows: rectangles upon rectangles."""
    picture = _plain(rng, x, y)
    rows, columns = x.shape
    for _ in range(rng.integers(6, 24)):
        h, w = (rng.uniform(0.04, 0.45, 2) * x.shape).astype(int)
        top, left = rng.integers(0, rows), rng.integers(0, columns)
        spot = picture[top : top + h + 1, left : left + w + 1]
        spot[:] = any_colour(rng, saturation=0.9, dark=0.05)
        spot[2:-2, 2:-2] += 12 * rng.normal()
    return picture


def _lawn(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    base = any_colour(rng, saturation=0.15) if rng.random() < 0.4 else np.array([88, 118, 58])
    fine, coarse = rng.normal(0, 1, x.shape), _clouds(rng, x.shape, 30)
    return rng.uniform(0.6, 1.2) * base + (14 * fine + 6 * coarse)[..., None]


_KINDS: dict[str, Callable[[np.random.Generator, Floats, Floats], Floats]] = {
    "plain": _plain, "planks": _planks, "tiles": _tiles, "bricks": _bricks,
    "stripes": _stripes, "clutter": _clutter, "lawn": _lawn,
}  # fmt: skip
FLOORS = ("plain", "planks", "planks", "tiles", "stripes", "lawn")
WALLS = ("plain", "plain", "bricks", "stripes", "clutter", "clutter", "planks")
LAND = ("lawn", "lawn", "plain", "tiles")
