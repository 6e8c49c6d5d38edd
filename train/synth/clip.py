"""A clip of people in a room: the pictures, the H.264 file and the exact truth beside it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from humanpose.skeleton import ANGLE_NAMES
from train.synth.body.wardrobe import Outfit, dress
from train.synth.motion.perform import Performance
from train.synth.scene.camera import Camera
from train.synth.scene.render import Image, Studio
from train.synth.scene.room import Panel


@dataclass(frozen=True, eq=False)
class Scene:
    """Who is seen, where, by which camera."""

    cast: Sequence[tuple[Performance, Outfit]]
    camera: Camera
    panels: Sequence[Panel]


def film(scene: Scene) -> Iterator[Image]:
    """The pictures (H, W, 3), one by one."""
    studio = Studio(scene.camera, scene.panels)
    posed = []
    for performance, outfit in scene.cast:
        dressed, colours = dress(performance.posed.body, outfit)
        studio.add(dressed, colours)
        posed.append(replace(performance.posed, body=dressed))
    for frame in range(min(len(person) for person in posed)):
        yield studio.draw([person.vertices(frame) for person in posed])


def write_mp4(
    path: Path, pictures: Iterable[Image], *, size: tuple[int, int], fps: int, crf: int = 23
) -> None:
    """Encode as H.264; a higher ``crf`` makes a smaller file. Width and height must be even."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": str(crf)})
        stream.pix_fmt = "yuv420p"
        stream.width, stream.height = size
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def truth(performance: Performance, camera: Camera) -> dict[str, NDArray[np.generic]]:
    """What is exactly true of one person in a clip, under the names of ``shared/pairs``.

    ``joints_camera`` and ``joints_world`` are (T, 23, 3) m, ``angles`` (T, 36) deg; the world
    has its origin on the floor under the first mid-hip and X level to the image's right.
    """
    points = performance.points
    return {
        "fps": np.float64(performance.fps),
        "size": np.array(camera.size),
        "focal": np.float64(camera.focal_px),
        "height": np.float64(performance.posed.body.height_m),
        "up_camera": camera.rotation @ [0.0, 1.0, 0.0],
        "joints_camera": camera.to_camera(points).astype(np.float32),
        "joints_world": (points - points[0, 11:13].mean(axis=0) * [1, 0, 1]).astype(np.float32),
        "angles": performance.angles.astype(np.float32),
        "angle_names": np.array(ANGLE_NAMES),
    }


def pixels(performances: Sequence[Performance], camera: Camera) -> NDArray[np.float32]:
    """(P, T, 23, 2) where the points of each person are in the picture, px."""
    seen = [camera.project(camera.to_camera(person.points)) for person in performances]
    return np.stack(seen).astype(np.float32)
