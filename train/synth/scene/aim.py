"""Cameras that film one person through a clip: on a tripod, in a hand, or following."""

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from humanpose.geometry import rotation_about
from train.synth.body.makehuman import Floats
from train.synth.scene.camera import Camera
from train.synth.scene.framing import Framing

_WANDER_S = 0.4
"""How slowly a hand shakes: standard deviation of the smoothing."""


def cameras(
    rng: np.random.Generator, framing: Framing, points: Floats, height_m: float, *, fps: float
) -> list[Camera]:
    """One camera for each frame of (T, 23, 3) points, m.

    A standing camera that would lose the person follows instead. Who can't be filmed as drawn
    is filmed whole and nearly level.
    """
    middle = _middle(points)
    half = len(points) // 2
    for view in framing.views(rng):
        first = view.camera(middle[half], height_m)
        if _usable([first], points[half : half + 1], framing):
            track = _moved(rng, first, points, framing, fps)
            if _usable(track, points, framing):
                return track
    safe = replace(view, tall=0.5, right=0, down=0, pitch_deg=4, roll_deg=0)
    return [_following(safe.camera(middle[half], height_m), m, middle[half]) for m in middle]


def _moved(
    rng: np.random.Generator, first: Camera, points: Floats, framing: Framing, fps: float
) -> list[Camera]:
    """The camera of the middle frame (T times), moved as its holder does."""
    way = rng.choice(["tripod", "hand", "follow"], p=[0.45, 0.3, 0.25])
    track = [first] * len(points)
    if way == "follow" or not _frames(track, points, framing):
        sigma = rng.uniform(0.17, 0.5) * fps
        slow = gaussian_filter1d(_middle(points), sigma, axis=0, mode="nearest")
        track = [_following(first, place, slow[len(slow) // 2]) for place in slow]
    if way != "tripod":
        shake = rng.uniform(0.2, 1.5) * _wander(rng, len(points), fps)
        drift = rng.uniform(0.005, 0.03) * _wander(rng, len(points), fps)
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


def _wander(rng: np.random.Generator, frames: int, fps: float) -> Floats:
    """(T, 3) smooth, standard deviation about 1."""
    sigma = _WANDER_S * fps
    margin = round(5 * sigma)
    noise = gaussian_filter1d(rng.normal(0, 1, (frames + 2 * margin, 3)), sigma, axis=0)
    return np.asarray(noise[margin:-margin] * np.sqrt(2 * np.sqrt(np.pi) * sigma))


def _middle(points: Floats) -> Floats:
    return np.asarray((points.min(axis=1) + points.max(axis=1)) / 2)


def _frames(track: list[Camera], points: Floats, framing: Framing) -> bool:
    """Whether as much of the person is in the picture as the framing wants."""
    inside = []
    for camera, at in zip(track, points, strict=True):
        seen = camera.to_camera(at)
        uv = camera.project(seen)
        visible = (uv > 0).all(axis=-1) & (uv < np.array(camera.size) - 1).all(axis=-1)
        inside.append((seen[..., 2] > framing.nearest_m) & visible)
    least, largest = framing.inside
    return bool(least <= np.mean(inside) <= largest)


def _usable(track: list[Camera], points: Floats, framing: Framing) -> bool:
    """Above the floor, not absurdly high, not inside the person, who is seen as wanted."""
    eyes = np.array([camera.position for camera in track])
    away = np.linalg.norm(eyes - _middle(points), axis=1)
    depth = min(c.to_camera(at)[:, 2].min() for c, at in zip(track, points, strict=True))
    return bool(
        eyes[:, 1].min() > framing.lowest_eye_m
        and (eyes[:, 1] < framing.highest_eye_m(away)).all()
        and depth > framing.nearest_m
        and _frames(track, points, framing)
    )
