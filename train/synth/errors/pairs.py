"""Pairs as the error model's fit and its test see them: errors, swaps, losses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from humanpose.errors import HumanPoseError
from humanpose.geometry import runs
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import Side, split_of
from train.synth.errors.model import SWAPS, exchanged, swap_columns
from train.synth.errors.noise import Bools, Episodes
from train.synth.errors.view import CIRCUMSTANCES, VIEWS, View, view_index, view_of

_COLUMNS = MEDIAPIPE33.indices(*COCO17.joints)
_MIRROR = np.array(COCO17.mirror)
_HIPS = COCO17.indices("left_hip", "right_hip")
_FACING = CIRCUMSTANCES.index("facing")
_CLEARLY_SWAPPED = 0.5
"""Swapped when the other side's joints fit with less than this share of the error ..."""
_APART_TORSOS = 0.15
"""... while the two sides are this far apart in the image."""
_DURATION_QUANTILES = np.linspace(0, 1, 11)
_ASTRAY_TORSOS = 0.5
"""A detector whose median joint is this far off follows something else: the person is lost."""


@dataclass(frozen=True, eq=False)
class Observed:
    """One pair: T frames; errors are NaN where the person was lost."""

    view: View
    """Of B = 1 clip."""
    fps: float
    pixel_error: Floats
    """(T, 17, 2) torso lengths, with swapped sides put right."""
    world_error: Floats
    """(T, 17, 3) torso lengths, camera axes, of points from the mid-hip; likewise."""
    visibility: Floats
    """(T, 17)."""
    lost: Bools
    """(T,) whether the detector saw nobody, or something else."""
    swapped: dict[str, Bools]
    """(T,) for each of ``SWAPS``."""


def pairs_of(folder: Path, sides: Collection[Side]) -> list[Pair]:
    """The pairs of a folder whose subjects are on these sides. Raises HumanPoseError."""
    found = [
        pair
        for path in sorted(folder.glob("*.npz"))
        for pair in read_pairs(path)
        if split_of(f"{pair.source}|{pair.subject}") in sides
    ]
    if not found:
        raise HumanPoseError(f"{folder} has no pairs of {', '.join(sorted(sides))} subjects")
    return found


def projection(pair: Pair) -> tuple[Floats, Floats]:
    """The true joints in the image, (1, T, 17, 2) px, and in front of the camera, (…, 3) m."""
    joints = pair.joints[None, :, : len(COCO17)]
    centre = (np.array(pair.landmarks.image_size) - 1) / 2
    return pair.focal_px * joints[..., :2] / joints[..., 2:] + centre, joints


def detected(pair: Pair) -> tuple[Floats, Floats, Floats]:
    """COCO-17 as detected: pixels (T, 17, 2), world (T, 17, 3) and visibility (T, 17)."""
    seen = pair.landmarks
    return seen.pixels[:, _COLUMNS], seen.world[:, _COLUMNS], seen.visibility[:, _COLUMNS]


def observed(pair: Pair) -> Observed:
    """Set the detections of a pair against its truth."""
    projected, joints = projection(pair)
    fps = pair.landmarks.timeline.fps
    view = view_of(projected, joints, fps)
    pixels, world, visibility = detected(pair)
    torso_px = view.torso_px[0][:, None]
    swapped = {}
    for name in SWAPS:
        columns = swap_columns(name)
        mask = _swapped(columns, pixels, projected[0], torso_px)
        swapped[name] = mask
        points = np.zeros(visibility.shape, dtype=bool)
        points[:, columns] = mask[:, None]
        pixels, world, visibility = (exchanged(v, points) for v in (pixels, world, visibility))
    pixel_error = (pixels - projected[0]) / torso_px[..., None]
    lost = ~(np.median(np.linalg.norm(pixel_error, axis=-1), axis=1) < _ASTRAY_TORSOS)
    pixel_error[lost] = np.nan
    world[lost] = np.nan
    return Observed(
        view,
        fps,
        pixel_error,
        world / view.torso_m[0] - view.from_hips[0],
        visibility,
        lost,
        swapped,
    )


def episodes(clips: Sequence[Observed], masks: Sequence[Bools]) -> Episodes:
    """How often and how long masks (T,) hold; a rate per view."""
    begun, watched_s = np.zeros((2, len(VIEWS)))
    seconds, first = [], []
    for clip, mask in zip(clips, masks, strict=True):
        seen_from = view_index(clip.view.circumstances[0, :, _HIPS[0], _FACING])
        watched_s += np.bincount(seen_from[~mask], minlength=len(VIEWS)) / clip.fps
        first.append(mask[0])
        for run in runs(mask):
            seconds.append((run.stop - run.start) / clip.fps)
            if run.start:
                begun[seen_from[run.start]] += 1
    return Episodes(
        begun / np.maximum(watched_s, 1.0),
        np.asarray(np.mean(first)),
        np.quantile(seconds or [0.0], _DURATION_QUANTILES),
    )


def _swapped(columns: list[int], pixels: Floats, projected: Floats, torso_px: Floats) -> Bools:
    """(T,) whether left and right of these joints are the wrong way round."""
    other = _MIRROR[columns]
    own = np.linalg.norm(pixels[:, columns] - projected[:, columns], axis=-1)
    crossed = np.linalg.norm(pixels[:, columns] - projected[:, other], axis=-1)
    apart = np.linalg.norm(projected[:, columns] - projected[:, other], axis=-1)
    clear = apart.max(axis=1) > _APART_TORSOS * torso_px[:, 0]
    return clear & (crossed.sum(axis=1) < _CLEARLY_SWAPPED * own.sum(axis=1))
