"""The clip with the skeleton drawn over it, as a video that plays everywhere."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from humanpose.analysis import Analysis
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.runtime.progress import Progress, silent
from humanpose.runtime.replace import replaced_file
from humanpose.sequence import Floats
from humanpose.server.playback import encode
from humanpose.server.values import ValueDrawer
from humanpose.skeleton import COCO17, side
from humanpose.video import Frame, FrameReader, probe

_SURE = 0.5
"""Below, a limb is drawn thin: the contract's measure of what is inferred."""
_LIMB_SHARE, _THIN_SHARE, _HALO_SHARE = 1 / 110, 1 / 250, 1 / 70
"""Widths of a limb, as a share of the picture's longer side."""
_COLOURS = {"L": LEFT, "R": RIGHT, "M": MIDLINE}
_DRAWN = tuple(
    (parent, child)
    for parent, child in COCO17.bones
    if not ("shoulder" in parent and "hip" in child and side(parent) != side(child))
)
"""The bones without the two diagonals across the trunk."""


def write_overlay(
    analysis: Analysis,
    playback: Path,
    out: Path,
    *,
    columns: Sequence[str] = (),
    clinical: bool = True,
    progress: Progress = silent,
) -> None:
    """Write ``playback``, one picture per frame of the analysis, with the keypoints' skeleton.

    Right and left have the app's colours; a limb with an end below 0.5 is thin, one with an
    unknown end is not drawn.

    Args:
        columns: angles whose values stand beside their joints, with the time in the corner.
        clinical: whether these have the clinic's words and signs, or the contract's.

    Raises:
        ClipError: the playback clip cannot be read.
        OutputError: ``out`` cannot be written.
    """
    clip = probe(playback)
    pictures = FrameReader(clip, max_minutes=math.inf, max_side_px=None)
    size = clip.width, clip.height
    scale = np.array(size) / analysis.landmarks.image_size
    points = (analysis.keypoints + 0.5) * scale - 0.5  # pixel centres are at whole numbers
    values = ValueDrawer(analysis, points, columns, clinical=clinical)

    def drawn() -> Iterator[Frame]:
        for i, frame in zip(range(len(points)), pictures, strict=False):  # what both have
            progress("Drawing the skeleton", i, len(points))
            picture = draw_skeleton(frame.image, points[i], analysis.visibility[i])
            yield Frame(frame.time_s, values.draw(picture, i) if columns else picture)

    with replaced_file(out) as draft:
        encode(drawn(), draft, size=size, fps=analysis.timeline.fps)


def draw_skeleton(
    picture: NDArray[np.uint8], points: Floats, sure: Floats
) -> NDArray[np.uint8]:
    """``picture`` (H, W, 3) RGB with the COCO-17 ``points`` (17, 2), px, and how sure (17,)."""
    image = Image.fromarray(picture)
    canvas, longest = ImageDraw.Draw(image), max(image.size)
    limbs = [_limb(points, sure, *bone, longest) for bone in _DRAWN]
    halo = round(max(2, longest * _HALO_SHARE))
    for line, _, width in limbs:
        if width > 0:
            canvas.line(line, fill="white", width=width + halo - round(longest * _LIMB_SHARE))
    for line, colour, width in limbs:
        if width > 0:
            canvas.line(line, fill=colour, width=width)
    return np.asarray(image)


def _limb(
    points: Floats, sure: Floats, parent: str, child: str, longest: int
) -> tuple[list[tuple[float, float]], str, int]:
    """Its ends, colour, and width in px: 0 where an end is not known."""
    ends = COCO17.indices(parent, child)
    sides = {side(parent), side(child)}
    colour = _COLOURS[sides.pop() if len(sides) == 1 else "M"]
    if not np.isfinite(points[ends]).all():
        return [], colour, 0
    share = _LIMB_SHARE if sure[ends].min() >= _SURE else _THIN_SHARE
    line = [(float(x), float(y)) for x, y in points[ends]]
    return line, colour, max(1, round(longest * share))
