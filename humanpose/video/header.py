"""What the header of a clip claims."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import av
import numpy as np

from humanpose.errors import ClipError
from humanpose.video.length import length_of
from humanpose.video.opening import decoded, opened
from humanpose.video.quicktime import focal_length_35mm

_RATE_WITHOUT_HEADER = 25.0  # frames/s, libav's own assumption
_APPLE_DAY = "com.apple.quicktime.creationdate"
_FIRST_YEAR = 1990
_DIAGONAL_35MM = math.hypot(36, 24)


@dataclass(frozen=True)
class ClipInfo:
    """What the header of a clip claims; what decodes may differ."""

    path: Path
    width: int
    """px, as a person sees the clip: rotation and pixel aspect ratio applied."""
    height: int
    fps: float
    duration_s: float | None
    """Of the picture; None where nothing tells it."""
    rotation_deg: int
    """Clockwise turn that makes the stored picture upright: 0, 90, 180 or 270."""
    codec: str
    focal_px: float | None
    """Focal length where the camera recorded it, px of the upright picture."""
    mirrored: bool = False
    """Whether the stored picture is flipped left to right before that turn."""
    first_tick: int | None = None
    """Time stamp of the first frame presented, in the stream's ticks: clip time 0."""
    runs_through: bool = True
    """Whether time stamps never start anew, so that a time can be sought."""
    filmed_on: str = ""
    """The day that the camera wrote, as ``date.isoformat``; empty where it wrote none."""


def probe(path: str | Path) -> ClipInfo:
    """Read the header of a clip and decode its first frame.

    Raises:
        ClipError: there is no such file, or no video in it that can be decoded.
    """
    path = Path(path)
    with opened(path) as (container, stream):
        frame = next((frame for frame in decoded(container, stream) if frame), None)
        if frame is None:
            raise ClipError(
                f"no frame of {path.name} can be decoded; record or export the clip again"
            )
        rotation_deg, mirrored = _orientation(frame)
        width = round(frame.width * (stream.sample_aspect_ratio or 1))
        size = (width, frame.height) if rotation_deg % 180 == 0 else (frame.height, width)
        focal_mm = focal_length_35mm(path)
        fps = _rate(stream, stamped=frame.pts is not None)
        duration_s, runs_through = length_of(path, fps=fps)
        return ClipInfo(
            path,
            *size,
            fps=fps,
            duration_s=duration_s,
            rotation_deg=rotation_deg,
            codec=stream.codec_context.codec.canonical_name,
            focal_px=focal_mm and focal_mm * math.hypot(*size) / _DIAGONAL_35MM,
            mirrored=mirrored,
            first_tick=frame.pts,
            runs_through=runs_through,
            filmed_on=_day(container.metadata),
        )


def _rate(stream: av.VideoStream, *, stamped: bool) -> float:
    """Frames/s: the average, or the nominal rate when that is the same but for rounding."""
    average, nominal = stream.average_rate, stream.guessed_rate
    if average and nominal and stamped and abs(average / nominal - 1) > 0.01:
        return float(average)
    return float(nominal or average or _RATE_WITHOUT_HEADER)


def _day(metadata: Mapping[str, str]) -> str:
    """By the phone's own clock, else of the header's UTC where this computer is. A camera whose
    clock was never set writes the first day of its calendar, which is no date."""
    written = metadata.get(_APPLE_DAY) or metadata.get("creation_time") or ""
    with suppress(ValueError, OverflowError, OSError):
        time = datetime.fromisoformat(written)
        if _APPLE_DAY not in metadata:
            time = time.astimezone()
        if time.year >= _FIRST_YEAR:
            return time.date().isoformat()
    return ""


def _orientation(frame: av.VideoFrame) -> tuple[int, bool]:
    """Clockwise turn in deg, and whether a flip left to right comes before it.

    From the display matrix (ISO/IEC 14496-12): x' = a·x + c·y, y' = b·x + d·y.
    """
    side_data: Any = frame.side_data  # PyAV's stub knows one key only
    if "DISPLAYMATRIX" not in side_data:
        return 0, False
    a, b, _, c, d = np.frombuffer(side_data["DISPLAYMATRIX"], np.int32)[:5].tolist()
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    return round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360, mirrored
