"""How a camera frames one person: level or tilted, the whole person or a part of them.

Half of the sequences are framed as people film with care: nearly level, the whole person in the
picture. The others are tilted (pitch ±40°, roll ±20°), or the picture's edge cuts the person
off at any height or at one side, or both. Steep cameras need eyes near the floor or overhead.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from humanpose.geometry import rotation_about
from train.synth.body.makehuman import Floats
from train.synth.scene.camera import Camera

SIZES = ((640, 480), (640, 360), (480, 640), (360, 640), (480, 480))
SMALLEST, LARGEST, LARGEST_CUT = 0.15, 0.95, 2.2
"""The person's height in heights of the frame: of whole people, and of those who are cut."""
EDGES = ("below", "above", "side")
"""Where the picture's edge crosses those who are cut."""
STEEPEST_DEG, MOST_ROLL_DEG = 40.0, 20.0
_ATTITUDES, _TRIES = 6, 150


@dataclass(frozen=True)
class View:
    """One draw of everything that a camera has."""

    size: tuple[int, int]
    fov_deg: float
    tall: float
    """Of the person at the middle of the clip, in frame heights."""
    right: float
    """Where the person's middle is, from the frame's, in frame widths and heights."""
    down: float
    yaw_deg: float
    pitch_deg: float
    """Downwards."""
    roll_deg: float

    def camera(self, middle: Floats, height_m: float) -> Camera:
        """It sees the person's middle (3,) where and as large as drawn."""
        width, height = self.size
        focal = max(self.size) / 2 / np.tan(np.radians(self.fov_deg) / 2)
        rotation = _facing(self.yaw_deg, self.pitch_deg, self.roll_deg)
        depth = focal * height_m / (self.tall * height)
        ray = np.array([self.right * width / focal, self.down * height / focal, 1.0])
        return Camera(middle - rotation.T @ (depth * ray), rotation, float(focal), self.size)


@dataclass(frozen=True)
class Framing:
    """A way to film somebody, and what it allows."""

    share: float
    """Of the sequences."""
    tilted: bool
    cut: bool

    @property
    def inside(self) -> tuple[float, float]:
        """Least and largest share of the joints in the picture, over the clip."""
        return (0.2, 0.92) if self.cut else (0.8, 1.0)

    @property
    def lowest_eye_m(self) -> float:
        return 0.05 if self.tilted else 0.2 if self.cut else 0.4

    def highest_eye_m(self, away_m: Floats) -> Floats:
        """For eyes (T,) so far from the person."""
        return np.asarray(3.5 + 0.4 * away_m if self.tilted else 2.5 + 0.3 * away_m)

    @property
    def nearest_m(self) -> float:
        """Every joint is at least so far before the camera."""
        return 0.4 if self.cut else 0.6

    def views(self, rng: np.random.Generator) -> Iterator[View]:
        """Some hundreds to try, few attitudes with many views each.

        So attitudes and cuts that leave the camera few places are as frequent as others.
        """
        for _ in range(_ATTITUDES):
            pitch, roll = self._attitude(rng)
            edge = str(rng.choice(EDGES))
            for _ in range(_TRIES):
                tall, right, down = _cut(rng, edge, pitch) if self.cut else _whole(rng)
                yield View(
                    size=SIZES[rng.integers(len(SIZES))],
                    fov_deg=rng.uniform(35, 80),
                    tall=tall,
                    right=right,
                    down=down,
                    yaw_deg=rng.uniform(-30, 30),
                    pitch_deg=pitch,
                    roll_deg=roll,
                )

    def _attitude(self, rng: np.random.Generator) -> tuple[float, float]:
        """Pitch and roll, deg."""
        if self.tilted:
            pitch = rng.uniform(-STEEPEST_DEG, STEEPEST_DEG)
            return pitch, rng.uniform(-MOST_ROLL_DEG, MOST_ROLL_DEG)
        pitch, roll = np.clip(rng.normal([5, 0], [9, 3]), [-15, -12], [30, 12])
        return float(pitch), float(roll)


FRAMINGS = (
    Framing(0.5, tilted=False, cut=False),
    Framing(0.15, tilted=True, cut=False),
    Framing(0.1, tilted=False, cut=True),
    Framing(0.25, tilted=True, cut=True),
)


def any_framing(rng: np.random.Generator) -> Framing:
    return FRAMINGS[rng.choice(len(FRAMINGS), p=[framing.share for framing in FRAMINGS])]


def _whole(rng: np.random.Generator) -> tuple[float, float, float]:
    """``View.tall``, ``right`` and ``down`` of a whole person."""
    tall = rng.uniform(SMALLEST, LARGEST)
    spare = (1 - tall) / 2
    down = rng.uniform(-spare, spare) + rng.normal(0, 0.04)
    return tall, rng.uniform(-0.3, 0.3), down


def _cut(rng: np.random.Generator, edge: str, pitch_deg: float) -> tuple[float, float, float]:
    """The same where one of ``EDGES`` crosses the person."""
    tall = np.exp(rng.uniform(np.log(0.35), np.log(LARGEST_CUT)))
    seen = tall * np.cos(np.radians(pitch_deg))
    right = rng.uniform(-0.3, 0.3)
    if edge == "below":  # the lower edge at this height of the person, 0 the soles
        down = 0.5 - (0.5 - rng.uniform(0.04, 0.85)) * seen
    elif edge == "above":
        down = -0.5 - (0.5 - rng.uniform(0.35, 0.95)) * seen
    else:
        right, down = rng.choice([-1, 1]) * rng.uniform(0.35, 0.6), rng.uniform(-0.4, 0.4)
    return float(tall), right, down


def _facing(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Floats:
    """(3, 3) world -> camera; without angles it looks against the world's Z."""
    turn = rotation_about("y", yaw_deg) @ rotation_about("x", -pitch_deg)
    return np.asarray(rotation_about("z", roll_deg) @ np.diag([1.0, -1.0, -1.0]) @ turn.T)
