"""Detection: one person's landmarks on the even timeline of an analysis."""

from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from humanpose.detection.both_ways import as_asked
from humanpose.detection.chosen import own_detector
from humanpose.detection.people import Detector
from humanpose.detection.sightings import Sightings, sight
from humanpose.runtime.progress import Progress, silent
from humanpose.sequence import Floats, Landmarks
from humanpose.settings import Settings
from humanpose.video import ClipInfo, timeline_of, true_times
from humanpose.video.background import UNWATCHED, Background

_MENTIONED_ABSENCE_S = 1.0
_SAME_TIME_S = 1e-9


@dataclass(frozen=True, eq=False)
class Detection:
    """The landmarks of the person who was followed."""

    landmarks: Landmarks
    people: int
    """Most people seen at once."""
    warnings: tuple[str, ...] = ()
    """Sentences for the user."""
    provenance: dict[str, str] = field(default_factory=dict)
    """What the landmarks were made from and by."""
    background: Background = UNWATCHED
    """What was seen beside the person."""
    looks_percent: float = 100.0
    """As in ``Sightings``."""


def detect(
    clip: ClipInfo,
    settings: Settings,
    *,
    detector: Detector | None = None,
    progress: Progress = silent,
) -> Detection:
    """One person's landmarks, by MediaPipe Pose unless another ``detector`` is given.

    Raises:
        ClipError: the clip cannot be read, nobody is in it, or fewer people at once than
            ``settings.person`` asks for.
    """
    if detector is None:
        with closing(own_detector()) as own:
            return detect(clip, settings, detector=own, progress=progress)
    detector = as_asked(detector, settings)
    sightings = sight(clip, settings, detector, progress=progress)
    return on_timeline(sightings, clip, settings, provenance={"detector": detector.name})


def on_timeline(
    sightings: Sightings, clip: ClipInfo, settings: Settings, *, provenance: dict[str, str]
) -> Detection:
    """Give the frames their place in time; uneven ones are resampled to an even timeline."""
    timeline, uneven = timeline_of(sightings.times_s, clip=clip, capture_fps=settings.fps)
    if uneven:
        times_s = true_times(sightings.times_s, clip=clip, capture_fps=settings.fps)
        sightings = replace(sightings, times_s=times_s)
        sightings = resampled(sightings, timeline.time_s, max_gap_s=settings.max_gap_s)
    landmarks = Landmarks(
        pixels=sightings.pixels.astype(np.float64),
        world=sightings.world.astype(np.float64),
        visibility=sightings.visibility.astype(np.float64),
        timeline=timeline,
        image_size=(clip.width, clip.height),
    )
    warnings = list(sightings.warnings)
    if uneven:
        warnings.append(
            "The frame rate of the clip varies; what was found was resampled to an even"
            f" {timeline.fps:.4g} frames/s."
        )
    warnings += _people_warnings(landmarks, sightings.most_people, settings)
    return Detection(
        landmarks,
        sightings.most_people,
        tuple(warnings),
        provenance,
        sightings.background,
        sightings.looks_percent,
    )


def resampled(sightings: Sightings, times_s: Floats, *, max_gap_s: float) -> Sightings:
    """Linear between neighbouring frames; NaN where one of them is empty or they lie far apart.

    Args:
        sightings: N >= 2 frames.
        times_s: (T,) within the times of ``sightings``.
        max_gap_s: neighbours further apart than this are not interpolated between.
    """
    known_s = sightings.times_s
    after = np.searchsorted(known_s, times_s - _SAME_TIME_S).clip(1, len(known_s) - 1)
    before = after - 1
    gap_s = known_s[after] - known_s[before]
    weight = ((times_s - known_s[before]) / gap_s).clip(0, 1)
    apart = (gap_s > max_gap_s) & (weight > 0) & (weight < 1)

    def between(values: NDArray[np.float32]) -> NDArray[np.float32]:
        share = weight.reshape(-1, *[1] * (values.ndim - 1))
        mixed = (1 - share) * values[before] + share * values[after]
        mixed = np.where(share == 0, values[before], mixed)  # 0 * NaN is NaN
        mixed = np.where(share == 1, values[after], mixed)
        mixed[apart] = np.nan
        return mixed.astype(np.float32)

    pixels = between(sightings.pixels)
    visibility = np.where(np.isnan(pixels[..., 0]), 0, between(sightings.visibility))
    return replace(
        sightings,
        times_s=times_s,
        pixels=pixels,
        world=between(sightings.world),
        visibility=visibility,
    )


def _people_warnings(landmarks: Landmarks, people: int, settings: Settings) -> list[str]:
    warnings = []
    if people > 1:
        warnings.append(
            f"{people} people are seen at once; the {_who(settings)} at the start is followed."
            " To follow someone else, analyse again and use “Choose whom to follow”."
        )
    times_s = landmarks.timeline.time_s
    last_s = times_s[landmarks.detected].max(initial=times_s[0])
    if times_s[-1] - last_s > _MENTIONED_ABSENCE_S:
        warnings.append(
            f"The person is last seen at {last_s:.1f} s and nobody else is followed after that;"
            " to analyse somebody who comes later, start there."
        )
    return warnings


def _who(settings: Settings) -> str:
    if settings.person_at is not None:
        return "one pointed at"
    return "largest" if settings.person == 1 else f"{_ordinal(settings.person)} largest"


def _ordinal(number: int) -> str:
    return {2: "2nd", 3: "3rd"}.get(number, f"{number}th")
