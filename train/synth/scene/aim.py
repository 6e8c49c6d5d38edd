"""Cameras that film one person: how large, from where, held how."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from humanpose.geometry import rotation_about
from train.synth.body.makehuman import Floats
from train.synth.scene.camera import Camera

SIZES = ((640, 480), (640, 360), (480, 640), (360, 640), (480, 480))
SMALLEST, LARGEST = 0.15, 0.95
"""The person's height in heights of the frame."""
_NEAREST_M, _LOWEST_EYE_M = 0.6, 0.4
_TRIES = 30
_IN_PICTURE = 0.8
"""Share of the joints that must be in the picture, over the clip."""


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

    @classmethod
    def random(cls, rng: np.random.Generator) -> "View":
        tall = rng.uniform(SMALLEST, LARGEST)
        spare = (1 - tall) / 2
        return cls(
            size=SIZES[rng.integers(len(SIZES))],
            fov_deg=rng.uniform(35, 80),
            tall=tall,
            right=rng.uniform(-0.3, 0.3),
            down=rng.uniform(-spare, spare) + rng.normal(0, 0.04),
            yaw_deg=rng.uniform(-30, 30),
            pitch_deg=float(np.clip(rng.normal(5, 9), -15, 30)),
            roll_deg=float(np.clip(rng.normal(0, 3), -12, 12)),
        )

    def camera(self, middle: Floats, height_m: float) -> Camera:
        """It sees the person's middle (3,) where and as large as drawn."""
        width, height = self.size
        focal = max(self.size) / 2 / np.tan(np.radians(self.fov_deg) / 2)
        rotation = _facing(self.yaw_deg, self.pitch_deg, self.roll_deg)
        depth = focal * height_m / (self.tall * height)
        ray = np.array([self.right * width / focal, self.down * height / focal, 1.0])
        return Camera(middle - rotation.T @ (depth * ray), rotation, float(focal), self.size)


def cameras(rng: np.random.Generator, points: Floats, height_m: float) -> list[Camera]:
    """One camera for each frame of (T, 23, 3) points, m: on a tripod, in a hand, or following.

    A standing camera that would lose the person follows instead.
    """
    middle = _middle(points)
    half = len(points) // 2
    for _ in range(_TRIES):
        view = View.random(rng)
        first = view.camera(middle[half], height_m)
        track = _moved(rng, first, middle, half)
        if _usable(track, points):
            return track
    safe = replace(view, tall=0.5, right=0, down=0, pitch_deg=4)
    return [_following(safe.camera(middle[half], height_m), m, middle[half]) for m in middle]


def _moved(rng: np.random.Generator, first: Camera, middle: Floats, half: int) -> list[Camera]:
    way = rng.choice(["tripod", "hand", "follow"], p=[0.45, 0.3, 0.25])
    track = [first] * len(middle)
    if way == "follow" or _share_inside(track, middle) < _IN_PICTURE:
        slow = gaussian_filter1d(middle, rng.uniform(5, 15), axis=0, mode="nearest")
        track = [_following(first, place, slow[half]) for place in slow]
    if way != "tripod":
        shake = rng.uniform(0.2, 1.5) * _wander(rng, len(middle), 3)
        drift = rng.uniform(0.005, 0.03) * _wander(rng, len(middle), 3)
        track = [_shaken(c, s, d) for c, s, d in zip(track, shake, drift, strict=True)]
    return track


def _following(camera: Camera, place: Floats, reference: Floats) -> Camera:
    """Panned from where the person was to where they are; half of a sideways way is walked."""
    eye = camera.position + 0.5 * (place - reference) * [1, 0, 0]
    was, now = reference - camera.position, place - eye
    pan = np.degrees(np.arctan2(now[0], now[2]) - np.arctan2(was[0], was[2]))
    return replace(
        camera, position=eye, rotation=camera.rotation @ rotation_about("y", float(pan)).T
    )


def _shaken(camera: Camera, degrees: Floats, offset: Floats) -> Camera:
    x, y, z = degrees
    shake = rotation_about("x", x) @ rotation_about("y", y) @ rotation_about("z", 0.5 * z)
    return replace(camera, position=camera.position + offset, rotation=shake @ camera.rotation)


def _wander(rng: np.random.Generator, frames: int, columns: int) -> Floats:
    """(T, columns) smooth, standard deviation about 1."""
    noise = gaussian_filter1d(rng.normal(0, 1, (frames + 120, columns)), 12, axis=0)[60:-60]
    return np.asarray(noise * np.sqrt(2 * np.sqrt(np.pi) * 12))


def _facing(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Floats:
    """(3, 3) world -> camera; without angles it looks against the world's Z."""
    turn = rotation_about("y", yaw_deg) @ rotation_about("x", -pitch_deg)
    return np.asarray(rotation_about("z", roll_deg) @ np.diag([1.0, -1.0, -1.0]) @ turn.T)


def _middle(points: Floats) -> Floats:
    return np.asarray((points.min(axis=1) + points.max(axis=1)) / 2)


def _share_inside(track: list[Camera], points: Floats) -> float:
    """Of points (T, 3) or (T, J, 3)."""
    inside = []
    for camera, at in zip(track, points, strict=True):
        seen = camera.to_camera(at)
        uv = camera.project(seen)
        inside.append(
            (seen[..., 2] > _NEAREST_M)
            & (uv > 0).all(axis=-1)
            & (uv < np.array(camera.size) - 1).all(axis=-1)
        )
    return float(np.mean(inside))


def _usable(track: list[Camera], points: Floats) -> bool:
    """Above the floor, not absurdly high, not inside the person, who is mostly seen."""
    eyes = np.array([camera.position for camera in track])
    away = np.linalg.norm(eyes - _middle(points), axis=1)
    depth = min(c.to_camera(at)[:, 2].min() for c, at in zip(track, points, strict=True))
    return bool(
        eyes[:, 1].min() > _LOWEST_EYE_M
        and (eyes[:, 1] < 2.5 + 0.3 * away).all()
        and depth > _NEAREST_M
        and _share_inside(track, points) > _IN_PICTURE
    )
