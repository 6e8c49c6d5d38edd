"""What the viewer draws of two estimates, A and B."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from humanpose.analysis import Analysis
from humanpose.labels import shown_angles
from humanpose.measures.comparison import without_turns
from humanpose.measures.takes import Take
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import MARKERS22
from humanpose.ui.viewer.frames import Payload, sendable
from humanpose.ui.viewer.payload import (
    estimate_arrays,
    other_name,
    scene_header,
    video_arrays,
    video_header,
)

_LETTERS = {"LWrist": "L", "RWrist": "R"}


@dataclass(frozen=True, eq=False)
class Shown:
    """One of the two: a name of a word or two, and the movement."""

    name: str
    take: Take
    half_band_deg: Floats | None = None
    """(T, 36) half the band to draw about each angle, deg; None: no bands."""


@dataclass(frozen=True, eq=False)
class Clip:
    """The one clip that both were made from."""

    analysis: Analysis
    url: str


def pair_payload(
    pair: tuple[Shown, Shown],
    *,
    tolerance_deg: float,
    plotly_url: str,
    clip: Clip | None = None,
    cycle_s: float | None = None,
    clinical: bool = True,
) -> Payload:
    """Everything the viewer needs to show A and B, which share a timeline.

    Args:
        pair: A and B.
        clinical: whether angles get clinical words and signs, or the contract's.
        clip: shown beside the skeletons; None where there are two.
        cycle_s: given where a frame is a percent of a cycle: how long it lasts.
    """
    a, b = pair
    both = a.take.angles, without_turns(b.take.angles, beside=a.take.angles)
    angles = [shown_angles(one, clinical=clinical) for one in both]
    header: dict[str, Any] = scene_header(
        (a.take.markers, b.take.markers), angles, plotly_url=plotly_url, clinical=clinical
    )
    header |= {
        "names": [a.name, b.name],
        "spans": {"A": _span(angles[0]), "B": _span(angles[1])},
        "toleranceDeg": tolerance_deg,
        "letters": [
            {"marker": MARKERS22.index(name), "text": text} for name, text in _LETTERS.items()
        ],
        "inPercent": cycle_s is not None,
        "playFps": a.take.angles.timeline.fps if cycle_s is None else 100 / cycle_s,
        "memory": "time" if cycle_s is None else "cycle",
    }
    arrays = estimate_arrays(a.take.markers, angles[0])
    other = estimate_arrays(b.take.markers, angles[1])
    for shown, named in ((a, arrays), (b, other)):
        if shown.half_band_deg is not None:
            named["band"] = shown.half_band_deg
    if clip is not None:
        header |= video_header(clip.analysis, clip.url)
        arrays |= video_arrays(clip.analysis)
    return sendable(header, arrays | {other_name(name): array for name, array in other.items()})


def _span(angles: JointAngles) -> tuple[int, int]:
    """First and last frame in which an angle is known; all of them where none ever is."""
    known = np.flatnonzero(np.isfinite(angles.degrees).any(axis=1))
    return (int(known[0]), int(known[-1])) if known.size else (0, angles.timeline.frames - 1)
