"""Decoded frames as pictures of one size: upright, in square pixels."""

from fractions import Fraction
from typing import Any, NamedTuple

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from humanpose.video.header import ClipInfo

_SAME_SHAPE = 0.01
"""Of width over height; rounding to whole px makes no other shape."""


class Decoded(NamedTuple):
    """A frame as the decoder gives it."""

    frame: av.VideoFrame
    pixel_aspect: Fraction
    """Width over height of its pixels."""


class Pictures:
    """Makes pictures of a clip's size, scaled by ``scale`` before all else, so that 4K costs
    little.

    A frame of another shape than the first is fitted in and keeps its shape, black around it.
    """

    def __init__(self, clip: ClipInfo, *, scale: float) -> None:
        self._clip = clip
        self._turned = clip.rotation_deg % 180 != 0
        self._scale, self._scaler = scale, VideoReformatter()
        width, height = round(clip.width * scale) or 1, round(clip.height * scale) or 1
        self._size = (height, width) if self._turned else (width, height)

    def of(self, decoded: Decoded) -> NDArray[np.uint8]:
        """(H, W, 3) RGB; 0 where nothing is shown."""
        width, height = self._inside(decoded)
        rgb = self._scaler.reformat(
            decoded.frame,
            width=width,
            height=height,
            format="rgb24",
            interpolation="AREA" if self._scale < 1 else "BILINEAR",
        )
        image = _upright(_centred(rgb.to_ndarray(), self._size), self._clip)
        return np.ascontiguousarray(image, np.uint8)

    def shown_size(self, decoded: Decoded) -> tuple[int, int]:
        """(width, height) of a frame as a person sees it, px."""
        width, height = round(decoded.frame.width * decoded.pixel_aspect), decoded.frame.height
        return (height, width) if self._turned else (width, height)

    def fits(self, decoded: Decoded) -> bool:
        """Whether a frame has the shape of the clip."""
        width, height = self.shown_size(decoded)
        return abs(width * self._clip.height / height / self._clip.width - 1) < _SAME_SHAPE

    def _inside(self, decoded: Decoded) -> tuple[int, int]:
        """(width, height) that a frame gets in the stored picture, px."""
        if self.fits(decoded):
            return self._size
        wide = float(decoded.frame.width * decoded.pixel_aspect / decoded.frame.height)
        width, height = self._size
        return min(width, round(height * wide) or 1), min(height, round(width / wide) or 1)


def _centred(image: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """The picture in the middle of a black one of (width, height) px."""
    height, width = image.shape[:2]
    if (width, height) == size:
        return image
    whole = np.zeros((size[1], size[0], 3), image.dtype)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    whole[top : top + height, left : left + width] = image
    return whole


def _upright(image: NDArray[Any], clip: ClipInfo) -> NDArray[Any]:
    if not (clip.mirrored or clip.rotation_deg):
        return image
    import cv2  # only where it is needed: it links to libraries that a bare system lacks

    turns = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
    if clip.mirrored:
        image = cv2.flip(image, 1)
    if clip.rotation_deg:
        image = cv2.rotate(image, turns[clip.rotation_deg // 90 - 1])
    return image
