"""What a camera does to a picture: exposure, colour cast, softness, noise, compression."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import av
import cv2
import numpy as np

from train.synth.scene.texture import Image

_SAFE_WIDTH = 128
"""x264 gives another file each time where the width is not a multiple of this."""
CODECS = {"h264": ("libx264", "yuv420p"), "jpeg": ("mjpeg", "yuvj420p")}


@dataclass(frozen=True)
class Lens:
    """The faults of one camera."""

    gain: tuple[float, ...] = (1.0, 1.0, 1.0)
    """Exposure and colour cast: factor of red, green, blue."""
    gamma: float = 1.0
    soft_px: float = 0.0
    """Blur of the optics, standard deviation."""
    noise: float = 0.0
    """Standard deviation, of 255."""
    codec: str = "h264"
    quality: int = 23
    """Coarseness: H.264's constant rate factor, or JPEG's quantiser 2-31."""
    exposure: float = 0.0
    """Share of the frame time that the shutter is open; 0 freezes."""

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """Mostly good, sometimes dark, noisy, soft or compressed hard."""
        codec = "h264" if rng.random() < 0.6 else "jpeg"
        quality = rng.integers(18, 35) if codec == "h264" else rng.integers(2, 20)
        cast = rng.normal(1, 0.06, 3) * rng.uniform(0.65, 1.2)
        return cls(
            gain=tuple(cast.tolist()),
            gamma=float(np.exp(rng.normal(0, 0.15))),
            soft_px=float(max(0, rng.normal(0, 0.7))),
            noise=float(rng.exponential(3.0)),
            codec=codec,
            quality=int(quality),
            exposure=float(rng.uniform(0.3, 0.9)) if rng.random() < 0.12 else 0.0,
        )

    def seen(self, pictures: Iterable[Image], rng: np.random.Generator) -> Iterator[Image]:
        """(H, W, 3) pictures as this camera's file shows them, one by one, in order."""
        table = self._table()
        grain: Image | None = None
        faulty = []
        for picture in pictures:
            if grain is None:
                grain = _grain(rng, picture.shape, self.noise)
            faulty.append(self._exposed(picture, table, grain, rng))
        return through_codec(faulty, self.codec, self.quality)

    def _table(self) -> Image:
        """(256, 1, 3) lookup of gain and gamma."""
        level = (np.arange(256) / 255)[:, None, None] ** self.gamma
        return np.clip(255 * level * np.array(self.gain), 0, 255).astype(np.uint8)

    def _exposed(
        self, picture: Image, table: Image, grain: Image, rng: np.random.Generator
    ) -> Image:
        seen = cv2.LUT(picture, table.reshape(1, 256, 3))
        if self.soft_px > 0.3:
            seen = cv2.GaussianBlur(seen, (0, 0), self.soft_px)
        down, right = rng.integers(0, 64, 2)
        height, width = picture.shape[:2]
        noisy = cv2.addWeighted(
            seen, 1, grain[down : down + height, right : right + width], 1, -128
        )
        return np.asarray(noisy, dtype=np.uint8)


def _grain(rng: np.random.Generator, shape: tuple[int, ...], noise: float) -> Image:
    """Noise about 128, larger than the picture, so that each frame gets another part of it."""
    height, width, channels = shape
    values = rng.normal(128, noise, (height + 64, width + 64, channels))
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def through_codec(pictures: list[Image], codec: str, quality: int) -> Iterator[Image]:
    """The pictures after encoding and decoding; ``codec`` is one of ``CODECS``."""
    encoder, pixel_format = CODECS[codec]
    height, width = pictures[0].shape[:2]
    padding = -width % _SAFE_WIDTH
    options = {"crf": str(quality), "preset": "veryfast"}
    if codec == "jpeg":
        options = {"qmin": str(quality), "qmax": str(quality)}
    file: Any = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream: Any = container.add_stream(encoder, rate=30, options=options)
        stream.height, stream.width = height, width + padding
        stream.pix_fmt = pixel_format
        stream.thread_count = 1
        for picture in pictures:
            padded = np.pad(picture, ((0, 0), (0, padding), (0, 0)), mode="edge")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(padded, format="rgb24")))
        container.mux(stream.encode())
    file.seek(0)
    with av.open(file, "r") as written:
        for frame in written.decode(video=0):
            yield np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:, :width])
