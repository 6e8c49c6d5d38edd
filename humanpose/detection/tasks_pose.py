"""A pose model of MediaPipe Tasks, a ``.task`` file, behind the ``Detector`` protocol.

Only the public API is used, which later versions of MediaPipe have, too. It looks for people
in every picture anew and takes no region: we show it the part of the picture around one.
"""

import hashlib
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from humanpose.detection.people import Image, Person, Region
from humanpose.detection.quiet import quiet
from humanpose.errors import DetectorError
from humanpose.runtime.interrupts import interrupt_afterwards
from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33

_MOST_PEOPLE = 5
"""Looked for at once."""
_SIDE = 1.72
"""Of a region, over the lengths of trunk, thigh and shank together: 1.4 body heights."""
_TRUNK_AND_LEG = ("shoulder", "hip", "knee", "ankle")


class TasksPose:
    """The model in ``path``. Raises DetectorError where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with path.open("rb") as file:
                self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise DetectorError(
                f"there is no pose model at {path}; let HUMANPOSE_POSE_MODEL name a .task file"
                " of MediaPipe, or leave it out"
            ) from error

    @property
    def name(self) -> str:
        made = f"mediapipe {version('mediapipe')} tasks"
        return f"{made}, {self._path.name}, sha256 {self._digest}"

    def regions(self, image: Image) -> list[Region]:
        return [person.region for person in self._people(image)]

    def person(self, image: Image, region: Region) -> Person | None:
        height, width = image.shape[:2]
        half = region.side / 2
        left, right = np.clip([region.x - half, region.x + half], 0, width).astype(int)
        top, bottom = np.clip([region.y - half, region.y + half], 0, height).astype(int)
        part = np.ascontiguousarray(image[top:bottom, left:right])
        seen = self._people(part, left=int(left), top=int(top)) if part.size else []
        there = [person for person in seen if person.region.is_place_of(region)]
        return min(there, key=lambda one: one.region.distance(region), default=None)

    def close(self) -> None:
        if "_model" in vars(self):  # it was needed
            self._model.close()
            del self._model

    def _people(self, image: Image, *, left: int = 0, top: int = 0) -> list[Person]:
        """Everybody in a part of a picture whose first pixel is at ``left``, ``top``."""
        import mediapipe

        found = self._model.detect(
            mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=image)
        )
        size, corner = np.array(image.shape[1::-1]), np.array([left, top])
        people = []
        for here, there in zip(found.pose_landmarks, found.pose_world_landmarks, strict=True):
            pixels = np.array([(p.x, p.y) for p in here]) * size - 0.5 + corner
            world = np.array([(p.x, p.y, p.z) for p in there])
            visibility = np.array([p.visibility for p in here]).clip(0, 1)
            people.append(Person(pixels, world, visibility, _region(pixels, world)))
        return people

    @cached_property
    def _model(self) -> Any:
        with quiet():
            return self._loaded()

    @interrupt_afterwards()
    def _loaded(self) -> Any:
        from mediapipe.tasks.python import BaseOptions, vision

        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(self._path)), num_poses=_MOST_PEOPLE
        )
        try:
            return vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise DetectorError(
                f"{self._path} is no pose model of MediaPipe Tasks that this MediaPipe can"
                " read; let HUMANPOSE_POSE_MODEL name another .task file, or leave it out"
            ) from error


def _region(pixels: Floats, world: Floats) -> Region:
    """The square around the mid-hip, from (33, 2) px and (33, 3) m: as large in any pose."""
    shoulder, hip, knee, ankle = (
        MEDIAPIPE33.indices(f"left_{name}", f"right_{name}") for name in _TRUNK_AND_LEG
    )
    middle = {"shoulder": pixels[shoulder].mean(axis=0), "hip": pixels[hip].mean(axis=0)}
    trunk = world[shoulder].mean(axis=0) - world[hip].mean(axis=0)
    legs = np.linalg.norm(world[hip] - world[knee], axis=1)
    legs = legs + np.linalg.norm(world[knee] - world[ankle], axis=1)
    spread = np.linalg.norm(world[:, :2] - world[:, :2].mean(axis=0))
    px_per_m = np.linalg.norm(pixels - pixels.mean(axis=0)) / spread
    right, down = middle["shoulder"] - middle["hip"]
    return Region(
        x=float(middle["hip"][0]),
        y=float(middle["hip"][1]),
        side=float(_SIDE * px_per_m * (np.linalg.norm(trunk) + legs.mean())),
        turn_rad=float(np.arctan2(right, -down)),
    )
