"""A contact sheet: rendered frames with the truth and MediaPipe's detections drawn on them."""

from contextlib import closing
from pathlib import Path

import cv2
import numpy as np

from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Detector
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.synth.body.makehuman import Floats
from train.synth.pairs import landmarks_of
from train.synth.scene.texture import Image
from train.synth.take import Stock, film, plan

COLUMNS, CELL_PX = 6, (256, 230)
TRUE_COLOUR, SEEN_COLOUR = (60, 230, 60), (255, 70, 200)
WARM_UP = 8
"""Frames that are filmed before the one that is shown, so that the codec has begun."""
_FEET = ((15, 17), (17, 19), (16, 18), (18, 20))


def contact_sheet(stock: Stock, indices: list[int], *, seed: int) -> Image:
    """(H, W, 3): the middle frame of each sequence; truth green, detections pink."""
    with closing(MediaPipePose()) as detector:
        cells = [_cell(stock, seed, index, detector) for index in indices]
    rows = [np.hstack(cells[i : i + COLUMNS]) for i in range(0, len(cells), COLUMNS)]
    return np.vstack(rows)


def write_png(path: Path, picture: Image, *, colours: int) -> None:
    """Few colours make a small file."""
    from PIL import Image as Pillow

    Pillow.fromarray(picture).quantize(colours).save(path, optimize=True)


def _cell(stock: Stock, seed: int, index: int, detector: Detector) -> Image:
    take = plan(stock, seed, index, seconds=4)
    frame = len(take.person) // 2
    pictures = list(film(take, range(max(0, frame - WARM_UP), frame + 1)))
    seen = landmarks_of(pictures, take.person.fps, detector)
    camera = take.cameras[frame]
    truth = camera.project(camera.to_camera(take.person.points[frame]))
    picture = pictures[-1].copy()
    _draw(picture, truth, (*COCO17.bone_indices[:10], *_FEET), TRUE_COLOUR)
    coco = seen.pixels[-1][MEDIAPIPE33.indices(*COCO17.joints)]
    if np.isfinite(coco).all():
        _draw(picture, coco, COCO17.bone_indices[:10], SEEN_COLOUR)
    return _fitted(picture)


def _draw(
    picture: Image, points: Floats, bones: tuple[tuple[int, int], ...], colour: tuple[int, ...]
) -> None:
    thick = max(1, round(max(picture.shape) / 320))
    at = [tuple(int(v) for v in np.clip(p, -4000, 4000).round()) for p in points]
    for a, b in bones:
        cv2.line(picture, at[a], at[b], colour, thick, cv2.LINE_AA)


def _fitted(picture: Image) -> Image:
    """Scaled into a cell, black around."""
    width, height = CELL_PX
    scale = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cell = np.zeros((height, width, 3), dtype=np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    cell[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cell
