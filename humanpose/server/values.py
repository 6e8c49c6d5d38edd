"""Values of angles on a picture of the clip, beside their joints, as Explore shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from humanpose.analysis import Analysis
from humanpose.confidence import MEASURED
from humanpose.labels import keypoints_at, positive_direction, shown_angles
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, COCO17

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_LETTER_SHARE = 1 / 42
"""Height of the letters, as a share of the picture's longer side."""
_PLATE = (255, 255, 255, 217)
_COLOURS = {"L": LEFT, "R": RIGHT, "M": MIDLINE}
_FAINT = 153
"""Opacity of what is inferred; 255 is solid."""


@dataclass(frozen=True)
class _Label:
    words: str
    colour: str
    x: float
    y: float
    opacity: int = 255


class ValueDrawer:
    """Draws the ``columns`` of an analysis, with the clinic's signs or the contract's."""

    def __init__(
        self, analysis: Analysis, points: Floats, columns: Sequence[str], *, clinical: bool
    ) -> None:
        """``points`` are the COCO-17 keypoints (T, 17, 2) in the pictures to draw on, px."""
        self._angles = shown_angles(analysis.joint_angles, clinical=clinical)
        self._points, self._clinical = points, clinical
        self._time_s = analysis.timeline.time_s
        self._joints: dict[tuple[str, ...], list[str]] = {}
        for name in columns:
            self._joints.setdefault(keypoints_at(name), []).append(name)

    def draw(self, picture: NDArray[np.uint8], frame: int) -> NDArray[np.uint8]:
        """``picture`` (H, W, 3) RGB with each value and its side, and the clip time in the
        corner."""
        image = Image.fromarray(picture)
        size = round(max(image.size) * _LETTER_SHARE)
        font, canvas = ImageFont.load_default(size), ImageDraw.Draw(image, "RGBA")
        middle = np.nanmean(self._points[frame, :, 0]) if self._is_seen(frame) else 0.0
        labels = sorted(self._labels(frame), key=lambda label: label.y)
        for right in (True, False):
            lowest = -np.inf
            for label in (one for one in labels if (one.x >= middle) == right):
                lowest = max(label.y, lowest + 1.4 * size)
                across = font.getlength(label.words)
                x = label.x + size if right else label.x - size - across
                _write(canvas, label, min(max(x, 4), image.width - across - 4), lowest, font)
        time = _Label(f"{self._time_s[frame]:.2f} s", MIDLINE, 0, 0)
        _write(canvas, time, size / 2, size, font)
        return np.asarray(image)

    def _is_seen(self, frame: int) -> bool:
        return bool(np.isfinite(self._points[frame]).any())

    def _labels(self, frame: int) -> Iterator[_Label]:
        for keypoints, columns in self._joints.items():
            x, y = self._points[frame, COCO17.indices(*keypoints)].mean(axis=0)
            for name in columns:
                column = ANGLE_NAMES.index(name)
                value = float(self._angles.degrees[frame, column])
                if not np.isfinite([x, y, value]).all():
                    continue
                letter = {"_r": "R", "_l": "L"}.get(name[-2:], "M")
                word = positive_direction(name, clinical=self._clinical)
                words = (
                    letter if letter != "M" else "",
                    word if len(columns) > 1 else "",
                    f"{round(value, 1) + 0:.1f}°".replace("-", "−"),
                )
                sure = self._angles.confidence[frame, column] >= MEASURED
                yield _Label(
                    " ".join(filter(None, words)),
                    _COLOURS[letter],
                    float(x),
                    float(y),
                    255 if sure else _FAINT,
                )


def _write(canvas: ImageDraw.ImageDraw, label: _Label, x: float, y: float, font: _Font) -> None:
    """The words with their middle at the height ``y``, on a plate."""
    left, top, right, bottom = canvas.textbbox((x, y), label.words, font=font, anchor="lm")
    canvas.rectangle((left - 3, top - 2, right + 3, bottom + 2), fill=_PLATE)
    red, green, blue = (int(label.colour[i : i + 2], 16) for i in (1, 3, 5))
    colour = (red, green, blue, label.opacity)
    canvas.text((x, y), label.words, fill=colour, font=font, anchor="lm")
