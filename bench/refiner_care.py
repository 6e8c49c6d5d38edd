"""What the refiners do to a spike, and to somebody who moves the sides differently.

$ OMP_NUM_THREADS=1 python -m bench.refiner_care

70° are added to one angle for five frames of the sample, in everything that a refiner is given:
what is left of it, and how much the other joints change. Then one knee is stiff.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from bench.refiners import estimates_of
from bench.speed import SETTINGS
from humanpose.assets import SAMPLE
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.detection.cache import cached_detection
from humanpose.learned.loading import load_networks
from humanpose.pipeline import clean
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import probe

SPIKE_DEG, SPIKE_FRAMES = 70.0, 5
PLACES = (30, 100, 180)
SPIKED = (
    "knee_angle_r", "hip_flexion_l", "elbow_flex_r", "arm_flex_l", "ankle_angle_r",
    "lumbar_bending", "hip_rotation_r", "arm_add_r",
)  # fmt: skip
STIFF, FREE, STIFF_DEG = "knee_angle_l", "knee_angle_r", 5.0
PARTS = {"squat": slice(0, 90), "walk": slice(150, 228)}
"""Frames of the sample."""

Refine = Callable[[Sequence[JointAngles]], JointAngles]
"""Given the angles of MediaPipe's pose and of POF's."""


def main() -> None:
    given, refiners = _refiners()
    for name, refine in refiners.items():
        left, harm = zip(*spikes(given, refine), strict=True)
        print(
            f"{name}: of {len(left)} spikes of {SPIKE_DEG:g}° {np.median(left):.1f}° are left"
            f" in the median and {max(left):.1f}° at most; the joint that changes most changes"
            f" by {np.median(harm):.1f}° in the median case, {max(harm):.1f}° at most"
        )
        for part, (stiff, before, after) in stiff_knee(given, refine).items():
            print(
                f"{name}, {part}: the stiff knee moves by {stiff:.0f}°,"
                f" the other by {before:.0f}° before and {after:.0f}° after"
            )


def spikes(given: Sequence[JointAngles], refine: Refine) -> Iterator[tuple[float, float]]:
    """What is left of each spike and the largest change of another joint, deg."""
    calm = refine(given).degrees
    for name, first, sign in product(SPIKED, PLACES, (1, -1)):
        rows, column = slice(first, first + SPIKE_FRAMES), ANGLE_NAMES.index(name)
        spoilt = [_changed(angles, rows, column, sign * SPIKE_DEG) for angles in given]
        change = np.abs(refine(spoilt).degrees - calm)[rows]
        joint = 3 * (column // 3)
        others = np.delete(change, range(joint, joint + 3), axis=1)
        yield float(np.nanmax(change[:, column])), float(np.nanmax(others))


def stiff_knee(
    given: Sequence[JointAngles], refine: Refine
) -> dict[str, tuple[float, float, float]]:
    """Ranges, deg, in each part: of a knee that was held at ``STIFF_DEG``, after refinement,
    and of the other one before and after."""
    stiff, free = ANGLE_NAMES.index(STIFF), ANGLE_NAMES.index(FREE)
    held = []
    for angles in given:
        degrees = angles.degrees.copy()
        degrees[:, stiff] = STIFF_DEG
        held.append(replace(angles, degrees=degrees))
    before, after = held[-1].degrees, refine(held).degrees
    return {
        part: (
            _range(after, rows, stiff),
            _range(before, rows, free),
            _range(after, rows, free),
        )
        for part, rows in PARTS.items()
    }


def _range(degrees: Floats, rows: slice, column: int) -> float:
    return float(np.ptp(degrees[rows, column]))


def _changed(angles: JointAngles, rows: slice, column: int, by_deg: float) -> JointAngles:
    degrees: Floats = angles.degrees.copy()
    degrees[rows, column] += by_deg
    return replace(angles, degrees=degrees)


def _refiners() -> tuple[list[JointAngles], dict[str, Refine]]:
    settings = replace(SETTINGS, main_refiner=True)
    models = load_networks(settings)
    joint, network = models.joint, models.main
    if joint is None or network is None:
        raise ValueError("expected three models")
    landmarks, _ = clean(cached_detection(probe(SAMPLE), settings).landmarks, settings)
    camera = Camera.from_fov(DEFAULT_FOV_DEG, landmarks.image_size)
    known = estimates_of(landmarks, camera, settings)
    fps = landmarks.timeline.fps

    def fused(given: Sequence[JointAngles]) -> JointAngles:
        raw, pof = given
        return network.fuse_angles((pof, raw, pof, joint.refined(pof)), fps=fps)[0]

    refiners: dict[str, Refine] = {
        "joint refiner without POF": lambda given: joint.refined(given[0]),
        "joint refiner with POF": lambda given: joint.refined(given[1]),
        "MainRefiner": fused,
    }
    return [known.raw.angles, known.best.angles], refiners


if __name__ == "__main__":
    main()
