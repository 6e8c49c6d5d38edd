"""Pictures of the clip at the moments that count, with the skeleton over them."""

import base64
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from humanpose.analysis import Analysis
from humanpose.measures.events import Event
from humanpose.measures.movement import Items
from humanpose.measures.repetitions import Repetition
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.report.remarks import Mark
from humanpose.sequence import Floats, Timeline
from humanpose.skeleton import COCO17, side
from humanpose.video import FrameReader, probe
from humanpose.words import own_point, say, to_say

_MOST = 5
_HEIGHT_PX = 300
_CROSS_BODY = 2
_MARGIN = 0.12
"""About the person, in picture heights."""
_SURE = 0.5
_COLOURS = {"R": RIGHT, "L": LEFT, "M": MIDLINE}
_LANDS = {"r": to_say("right foot lands"), "l": to_say("left foot lands")}


@dataclass(frozen=True)
class Moment:
    """A frame worth a look."""

    frame: int
    caption: str


@dataclass(frozen=True)
class KeyFrame:
    """A picture with its caption."""

    caption: str
    jpeg: bytes

    @property
    def data_url(self) -> str:
        """The picture, inside the page."""
        return "data:image/jpeg;base64," + base64.b64encode(self.jpeg).decode("ascii")


def moments(
    items: Items, timeline: Timeline, *, turn: str, marks: Sequence[Mark] = ()
) -> list[Moment]:
    """At most five: what somebody marked, or the first repetition's start and the turns, or
    landings of the feet, or else moments spread evenly over the clip.

    Args:
        turn: what the turn of a repetition is called.
    """
    counted = [item for item in items if not item.excluded]
    chosen: list[tuple[float, str]] = []
    repetitions = [item for item in counted if isinstance(item, Repetition)]
    strikes = [i for i in counted if isinstance(i, Event) and i.kind == "heel_strike"]
    if marks:
        chosen = [(mark.time_s, mark.name) for mark in marks]
    elif repetitions:
        chosen = [(repetitions[0].start_s, say("start"))]
        chosen += [
            (r.turn_s, f"{say(turn).lower()} {n}") for n, r in enumerate(repetitions, start=1)
        ]
        chosen += [(repetitions[0].end_s, say("end"))] if len(repetitions) == 1 else []
    elif strikes:
        chosen = [(e.time_s, say(_LANDS[e.side])) for e in strikes]
    else:
        first, last = float(timeline.time_s[0]), float(timeline.time_s[-1])
        chosen = [(float(t), "") for t in np.linspace(first, last, _MOST)]
    return [_moment(time_s, words, timeline) for time_s, words in chosen[:_MOST]]


def key_frames(
    clip: Path | None, analysis: Analysis, chosen: Sequence[Moment], *, clip_start_s: float = 0
) -> list[KeyFrame]:
    """The pictures, cropped to where the person is in all of them.

    Args:
        clip: None for the skeleton alone.
        clip_start_s: where in the clip the analysis begins; 0 of the playback clip, whose
            picture i is frame i of the analysis.

    Raises:
        ClipError: the clip cannot be read.
    """
    box = _box(analysis, [moment.frame for moment in chosen])
    return [
        KeyFrame(
            moment.caption, _jpeg(_picture(clip, analysis, moment.frame, clip_start_s), box)
        )
        for moment in chosen
    ]


def _moment(time_s: float, words: str, timeline: Timeline) -> Moment:
    frame = round((time_s - timeline.start_s) * timeline.fps)
    frame = min(max(frame, 0), timeline.frames - 1)
    at = own_point(f"{timeline.time_s[frame]:.2f} s")
    return Moment(frame, f"{at}, {words}" if words else at)


def _box(analysis: Analysis, frames: Sequence[int]) -> Floats:
    """(4,) left, top, right, bottom as fractions of the picture."""
    size = np.array(analysis.landmarks.image_size)
    points = analysis.landmarks.pixels[list(frames)].reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)] / size
    if len(points) == 0:
        return np.array([0.0, 0.0, 1.0, 1.0])
    margin = _MARGIN * np.array([size[1] / size[0], 1.0])
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    return np.concatenate([low, high]).clip(0, 1)


def _picture(
    clip: Path | None, analysis: Analysis, frame: int, clip_start_s: float
) -> Image.Image:
    """A picture of the clip, or white, with the skeleton drawn over it."""
    if clip is None:
        image = Image.new("RGB", analysis.landmarks.image_size, "white")
    else:
        start_s = max(0.0, clip_start_s + (frame - 0.5) / analysis.timeline.fps)
        shown = next(iter(FrameReader(probe(clip), start_s=start_s, max_minutes=math.inf)))
        image = Image.fromarray(shown.image)
    scale = image.width / analysis.landmarks.image_size[0]
    _draw_skeleton(image, analysis.keypoints[frame] * scale, analysis.visibility[frame])
    return image


def _draw_skeleton(image: Image.Image, points: Floats, sure: Floats) -> None:
    draw = ImageDraw.Draw(image)
    width = max(2, image.height // 160)
    bones = zip(COCO17.bones, COCO17.bone_indices, strict=True)
    for (parent, child), (start, end) in list(bones)[:-_CROSS_BODY]:
        ends = points[[start, end]]
        if np.isfinite(ends).all():
            sides = {side(parent), side(child)}
            colour = _COLOURS[sides.pop() if len(sides) == 1 else "M"]
            unsure = min(sure[start], sure[end]) < _SURE
            draw.line([tuple(p) for p in ends], fill=colour, width=1 if unsure else width)


def _jpeg(image: Image.Image, box: NDArray[np.float64]) -> bytes:
    corners = (box * np.tile(image.size, 2)).round().astype(int).tolist()
    part = image.crop(tuple(corners))
    scale = _HEIGHT_PX / part.height
    buffer = io.BytesIO()
    size = max(1, round(part.width * scale)), _HEIGHT_PX
    part.resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
