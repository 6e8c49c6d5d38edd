"""What the viewer draws of two estimates, A and B."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from humanpose.analysis import Analysis
from humanpose.labels import shown_angles
from humanpose.measures.comparison import without_turns
from humanpose.measures.takes import Take
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import COCO17, MARKERS22
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
    """A clip, and where in it the frames of the pair are."""

    analysis: Analysis
    url: str
    from_s: float = 0.0
    """After the first frame of the clip, at the first of the pair."""
    per_frame_s: float | None = None
    """None: the clip's own."""
    mirrored: bool = False

    @property
    def seconds_a_frame(self) -> float:
        return self.per_frame_s or 1 / self.analysis.timeline.fps


def pair_payload(
    pair: tuple[Shown, Shown],
    *,
    tolerance_deg: float,
    plotly_url: str,
    clips: tuple[Clip] | tuple[Clip, Clip],
    cycle_s: float | None = None,
    clinical: bool = True,
) -> Payload:
    """Everything the viewer needs to show A and B, which share a timeline.

    Args:
        pair: A and B.
        clinical: whether angles get clinical words and signs, or the contract's.
        clips: shown beside the skeletons; the one that both were made from, or A's and B's.
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
    header |= _header_of(clips)
    for clip, named in zip(clips, (arrays, other), strict=False):
        named |= _keypoints(clip, header["frames"])
    return sendable(header, arrays | {other_name(name): array for name, array in other.items()})


def _header_of(clips: tuple[Clip] | tuple[Clip, Clip]) -> dict[str, Any]:
    if len(clips) == 1:
        return video_header(clips[0].analysis, clips[0].url)
    headers = [video_header(clip.analysis, clip.url) for clip in clips]
    takes = [
        {
            "video": header["video"],
            "fps": clip.analysis.timeline.fps,
            "pictures": clip.analysis.timeline.frames,
            "fromS": clip.from_s,
            "perFrameS": clip.seconds_a_frame,
            "mirrored": clip.mirrored,
        }
        for clip, header in zip(clips, headers, strict=True)
    ]
    shared = {name: headers[0][name] for name in ("keypointBones", "keypointSides")}
    return {"takes": takes, **shared}


def _keypoints(clip: Clip, frames: int) -> dict[str, Floats]:
    """Of each frame of the pair the nearest picture's; NaN where there is none."""
    arrays, timeline = video_arrays(clip.analysis), clip.analysis.timeline
    if clip.mirrored:
        order = list(COCO17.mirror)
        arrays = {name: array[:, order] for name, array in arrays.items()}
        arrays["keypoints"] = arrays["keypoints"] * [-1.0, 1.0] + [1.0, 0.0]
    seconds = clip.from_s + clip.seconds_a_frame * np.arange(frames)
    at = np.round(seconds * timeline.fps).astype(int)
    there = (at >= 0) & (at < timeline.frames)
    shown = {name: array[at.clip(0, timeline.frames - 1)] for name, array in arrays.items()}
    shown["keypoints"][~there] = np.nan
    return shown


def _span(angles: JointAngles) -> tuple[int, int]:
    """First and last frame in which an angle is known; all of them where none ever is."""
    known = np.flatnonzero(np.isfinite(angles.degrees).any(axis=1))
    return (int(known[0]), int(known[-1])) if known.size else (0, angles.timeline.frames - 1)
