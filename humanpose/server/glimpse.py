"""A first look at the movement while the person is still being looked for.

MediaPipe's own 3-D of the frames that were looked at, unfiltered: it shows whether the right
person is followed and moves as they should. The analysis replaces it.
"""

import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.camera import Camera
from humanpose.errors import AnalysisError
from humanpose.kinematics.angles import joint_angles
from humanpose.lift.baseline import lift
from humanpose.markers.input_markers import markers_of
from humanpose.sequence import Landmarks, PoseSequence, Timeline, coco_of
from humanpose.server.small_files import DAMAGED, read_json, write_json
from humanpose.world.gravity import find_up
from humanpose.world.ground import ground_under, to_world

FILE = "glimpse.json"
SHOWN = ("knee_angle_r", "knee_angle_l", "hip_flexion_r", "hip_flexion_l")
_EVERY_S = 2.0
_MOST = 600
"""Points of a curve; beyond that every second one goes."""


@dataclass
class Glimpse:
    """What was found so far."""

    time_s: list[float] = field(default_factory=list)
    angles: dict[str, list[float | None]] = field(
        default_factory=lambda: {name: [] for name in SHOWN}
    )
    """Each of ``SHOWN``, deg, at these times; None where it is not known."""
    joints: list[list[float]] = field(default_factory=list)
    """(17, 3) the last skeleton in the world, m."""


class Glimpses:
    """A ``Watch`` that writes what it saw into a folder, at first at once, then every 2 s."""

    def __init__(self, folder: Path, camera: Camera, *, height_m: float) -> None:
        self._path, self._camera, self._height_m = folder / FILE, camera, height_m
        self._so_far = Glimpse()
        self._new: list[tuple[float, NDArray[np.float32]]] = []
        self._next_s = -np.inf

    def __call__(self, time_s: float, seen: NDArray[np.float32]) -> None:
        if np.isfinite(seen[0, 0]):
            self._new.append((time_s, seen))
        now = time.monotonic()
        if len(self._new) > 1 and now >= self._next_s:
            self._next_s = now + _EVERY_S
            self._take_in()
            with suppress(OSError):  # on a full disk the analysis itself will say so
                write_json(self._path, asdict(self._so_far))

    def _take_in(self) -> None:
        world = self._in_world()
        degrees = joint_angles(markers_of(world))
        so_far = self._so_far
        so_far.time_s += [time_s for time_s, _ in self._new]
        for name in SHOWN:
            so_far.angles[name] += [_number(value) for value in degrees.curve(name)]
        if len(so_far.time_s) > _MOST:
            so_far.time_s = so_far.time_s[::2]
            so_far.angles = {name: values[::2] for name, values in so_far.angles.items()}
        so_far.joints = coco_of(world).positions[-1].round(3).tolist()
        self._new = []

    def _in_world(self) -> PoseSequence:
        rows = np.stack([seen for _, seen in self._new]).astype(np.float64)
        lasts_s = self._new[-1][0] - self._new[0][0]
        landmarks = Landmarks(
            rows[..., :2],
            rows[..., 2:5],
            rows[..., 5],
            Timeline(len(rows), (len(rows) - 1) / max(lasts_s, 1e-3)),
            self._camera.image_size,
        )
        pose = lift(landmarks, self._camera, height_m=self._height_m)
        up = find_up(pose).direction
        return to_world(pose, ground_under(pose, up=up, height_m=self._height_m))


def when_written(folder: Path) -> float | None:
    """When the last one was, s since the epoch; None where none was."""
    with suppress(OSError):
        return (folder / FILE).stat().st_mtime
    return None


def read_glimpse(folder: Path) -> Glimpse | None:
    """What was written last; None where nothing was."""
    if not (folder / FILE).exists():
        return None
    with suppress(AnalysisError):
        return _glimpse_of(read_json(folder / FILE))
    return None


def _glimpse_of(values: Any) -> Glimpse:
    match values:
        case {"time_s": list(time_s), "angles": dict(angles), "joints": list(joints)}:
            return Glimpse(time_s, angles, joints)
    raise AnalysisError(DAMAGED)


def _number(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None
