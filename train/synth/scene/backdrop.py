"""Where people are filmed: rooms, open land, things that stand about and things in the way."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from train.convert.errors import SourceError
from train.synth.body.makehuman import Floats
from train.synth.scene.room import Panel
from train.synth.scene.texture import (
    FLOORS,
    LAND,
    WALLS,
    Image,
    any_colour,
    leaves,
    sky,
    surface,
)

PHOTOGRAPHS = ("*.jpg", "*.jpeg", "*.png")
SKY_HEIGHT_M, LAND_HALF_M = 24.0, 40.0
_PHOTO_PX = 1024
_CEILING = np.full((8, 8, 3), 205, dtype=np.uint8)


@dataclass(frozen=True, eq=False)
class Ground:
    """The part of the world that people and cameras need, m."""

    low: Floats
    """(2,) smallest x and z."""
    high: Floats
    top: float
    """Height of the highest place."""

    @classmethod
    def around(cls, places: Floats) -> "Ground":
        """Of (N, 3) places in the world."""
        low, high = places.min(axis=0), places.max(axis=0)
        return cls(low[[0, 2]], high[[0, 2]], float(high[1]))


def backdrop(rng: np.random.Generator, ground: Ground, photographs: list[Path]) -> list[Panel]:
    """Floor, walls or sky on all four sides, and things outside the part that is needed.

    Raises SourceError: a photograph can't be read.
    """
    outdoors = bool(rng.random() < 0.3)
    if outdoors:
        picture = sky(rng)
        floor = surface(rng, 2 * LAND_HALF_M, 2 * LAND_HALF_M, str(rng.choice(LAND)))
        low, high = np.full(2, -LAND_HALF_M), np.full(2, LAND_HALF_M)
        walls = [picture] * 4
        height = SKY_HEIGHT_M
    else:
        low = ground.low - rng.uniform([0.8, 0.6], [4, 6])
        high = ground.high + rng.uniform([0.8, 0.6], [4, 1])
        wide, deep = high - low
        floor = surface(rng, wide, deep, str(rng.choice(FLOORS)))
        height = max(ground.top + 0.4, rng.uniform(2.6, 5) + 0.05 * deep)
        walls = _walls(rng, (wide, deep), height, photographs)
    ceiling = walls[0][:1, :1] if outdoors else _CEILING
    return [
        *_box_of((low, high), height, floor, ceiling, walls),
        *_things(rng, ground, low, high),
    ]


def in_the_way(rng: np.random.Generator, eye: Floats, person: Floats, height_m: float) -> Panel:
    """Something upright between the camera and a person (3,), who is ``height_m`` tall."""
    share = rng.uniform(0.45, 0.8)
    place = eye + share * (person - eye)
    across = np.cross([0.0, 1.0, 0.0], eye - person)
    across /= np.linalg.norm(across)
    overlooked = eye[1] > 0.6 * height_m  # a box would hide all from a low camera
    kind = rng.choice(["pillar", "leaves", "box"][: 3 if overlooked else 2])
    width = {"pillar": rng.uniform(0.1, 0.3), "box": rng.uniform(0.4, 1.2)}.get(
        str(kind), rng.uniform(0.5, 1.3)
    )
    low = 0.0 if kind != "leaves" else rng.uniform(0, 0.5) * height_m
    high = {"pillar": 4.0, "box": rng.uniform(0.2, 0.6) * height_m}.get(
        str(kind), rng.uniform(0.7, 1.2) * height_m
    )
    picture = (
        leaves(rng) if kind == "leaves" else surface(rng, width, high, str(rng.choice(WALLS)))
    )
    corner = np.array([place[0], low, place[2]]) + across * (rng.normal(0, 0.25) - width / 2)
    return _panel(corner, across * width, (0, high - low, 0), picture)


def photographs_in(folder: Path | None) -> list[Path]:
    """The photographs in a folder, in order; none without one."""
    if folder is None:
        return []
    return sorted(path for pattern in PHOTOGRAPHS for path in folder.rglob(pattern))


def _walls(
    rng: np.random.Generator, size: tuple[float, float], height: float, photographs: list[Path]
) -> list[Image]:
    if photographs and rng.random() < 0.6:
        return [_photograph(photographs[rng.integers(len(photographs))])] * 4
    wide, deep = size
    kind, side_kind = (str(rng.choice(WALLS)) for _ in range(2))
    back, side = surface(rng, wide, height, kind), surface(rng, deep, height, side_kind)
    if rng.random() < 0.4:  # out of focus
        back = cv2.GaussianBlur(back, (0, 0), rng.uniform(2, 9)).astype(np.uint8)
    return [back, side, back, side]


def _photograph(path: Path) -> Image:
    picture = cv2.imread(str(path))
    if picture is None:
        raise SourceError(f"{path} is no picture that can be read; take it out of the folder")
    scale = min(1.0, _PHOTO_PX / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(small[..., ::-1]).astype(np.uint8)


def _box_of(
    corners: tuple[Floats, Floats],
    height: float,
    floor: Image,
    ceiling: Image,
    walls: list[Image],
) -> list[Panel]:
    """Floor, ceiling and four walls, seen from inside."""
    (x0, z0), (x1, z1) = corners
    up, dx, dz = (0.0, height, 0.0), x1 - x0, z1 - z0
    back, right, front, left = walls
    return [
        _panel((x0, 0, z1), (dx, 0, 0), (0, 0, -dz), floor),
        _panel((x0, height, z0), (dx, 0, 0), (0, 0, dz), ceiling),
        _panel((x0, 0, z0), (dx, 0, 0), up, back),
        _panel((x1, 0, z0), (0, 0, dz), up, right),
        _panel((x1, 0, z1), (-dx, 0, 0), up, front),
        _panel((x0, 0, z1), (0, 0, -dz), up, left),
    ]


def _things(rng: np.random.Generator, ground: Ground, low: Floats, high: Floats) -> list[Panel]:
    """Boxes like furniture, beside and behind the people, not before the camera."""
    panels: list[Panel] = []
    for _ in range(rng.integers(0, 5)):
        size = rng.uniform([0.3, 0.3, 0.3], [1.8, 2.0, 0.8])
        x = rng.uniform(ground.low[0] - 2.5, ground.high[0] + 2.5)
        z = ground.low[1] - 0.6 - size[2] - rng.uniform(0, 3)
        inside = low[0] < x < high[0] - size[0] and z > low[1]
        if inside:
            panels += _thing(np.array([x, 0, z]), size, any_colour(rng, saturation=0.8))
    return panels


def _thing(corner: Floats, size: Floats, colour: Floats) -> list[Panel]:
    """A box's front, top and sides, shaded."""
    w, h, d = size

    def face(at: Floats, along: Floats, up: Floats, shade: float) -> Panel:
        paint = np.clip(np.tile(shade * colour, (8, 8, 1)), 0, 255).astype(np.uint8)
        return _panel(at, along, up, paint)

    x, y, z = np.diag([w, h, d])
    return [
        face(corner + z, x, y, 0.85),
        face(corner + z + y, x, -z, 1.1),
        face(corner, z, y, 0.6),
        face(corner + x + z, -z, y, 0.7),
    ]


def _panel(corner: object, along: object, up: object, picture: Image) -> Panel:
    a, b, c = (tuple(np.asarray(v, dtype=float).tolist()) for v in (corner, along, up))
    return Panel(a, b, c, picture)
