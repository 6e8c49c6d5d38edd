"""How wide each angle's 90 % band is: what the fit says, corrected by the signs of error.

The fit's own standard deviation holds if all evidence errs as its model says. It does not:
errors grow where a limb points at the camera, where the body misses its landmarks, where two
estimates disagree. ``python -m train.bands`` measures by how much, on people whom no network
learned from: log(s) is linear in the signs, with a Student t for the error (Lange, Little and
Taylor 1989), and each angle's constant makes its band hold 90 %. An angle that is NaN has none.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import numpy as np

from humanpose.assets import ASSETS
from humanpose.camera import Camera
from humanpose.confidence import of_deviation
from humanpose.geometry import unit
from humanpose.kinematics.branches import inferred_at_gimbal
from humanpose.motion import Estimates, Motion
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, MEDIAPIPE33

BANDS_FILE = ASSETS / "bands.json"

SIGNS = (
    "fit_deviation", "refiner_deviation", "refined", "correction", "pof", "disagreement",
    "hidden", "residual", "towards_camera", "from_side", "speed", "size",
)  # fmt: skip
"""What goes with an error, each about 0 where nothing is unusual; see ``each_sign``."""

_LIMB = {
    "hip": ("hip", "knee"),
    "knee": ("knee", "ankle"),
    "ankle": ("heel", "foot_index"),
    "subtalar": ("heel", "foot_index"),
    "arm": ("shoulder", "elbow"),
    "elbow": ("elbow", "wrist"),
    "pro": ("elbow", "wrist"),
}
"""First word of an angle -> the ends of the limb that it moves."""
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_USUAL_DEG, _QUICK_DEG_S, _LARGE_DEG, _NEAR = 5.0, 50.0, 20.0, 0.02
"""Where a deviation or disagreement, a speed, an angle begins to count; and a residual, in
heights of the person."""
_LEAST_DEG = 0.5


def stem_of(name: str) -> str:
    """``knee_angle_r`` -> ``knee_angle``: bands know no sides."""
    return name.removesuffix("_r").removesuffix("_l")


STEMS = tuple(dict.fromkeys(map(stem_of, ANGLE_NAMES)))


@dataclass(frozen=True)
class Bands:
    """A standard deviation is ``angles[stem]`` deg · exp(Σ ``weights[sign]`` · sign)."""

    weights: Mapping[str, float]
    """Of each of ``SIGNS``."""
    angles: Mapping[str, float]
    """Of those of ``STEMS`` that were measured, deg."""

    @classmethod
    def read(cls) -> Self:
        """Those that ship."""
        file = json.loads(BANDS_FILE.read_text(encoding="utf-8"))
        return cls(file["weights"], file["angles"])

    def deviation(self, signs: Floats) -> Floats:
        """(T, 36) deg from (T, 36, 12) ``SIGNS``; NaN for an angle that was not measured."""
        return self._of_each(zip(SIGNS, np.moveaxis(signs, -1, 0), strict=True))

    def of(self, known: Estimates, motion: Motion) -> Floats:
        """(T, 36) deg of one of the motions in ``known``, its signs summed one by one: those of
        a long clip are large."""
        return self._of_each(each_sign(known, motion))

    def _of_each(self, signs: Iterable[tuple[str, Floats]]) -> Floats:
        scale = np.array([self.angles.get(stem_of(name), np.nan) for name in ANGLE_NAMES])
        return np.asarray(scale * np.exp(sum(self.weights[sign] * of for sign, of in signs)))


def banded(known: Estimates) -> tuple[Motion, Motion]:
    """The raw motion and the best one with calibrated deviations on their angles.

    An angle is measured where the fit measured it, and its deviation is below 15°. What only a
    refiner tells keeps the deviation that the refiner states.
    """
    raw = _banded(known, known.raw)
    return raw, raw if known.best is known.raw else _banded(known, known.best)


def _banded(known: Estimates, motion: Motion) -> Motion:
    angles, fitted = motion.angles, fit_of(known, motion).angles
    measured = _bands().of(known, motion)
    own = np.full_like(measured, np.nan) if angles.deviation is None else angles.deviation
    fits = np.isfinite(fitted.degrees)
    deviation = np.where(fits & np.isfinite(measured), measured, own)
    sure = np.where(fits, fitted.confidence, angles.confidence)
    angles = of_deviation(replace(angles, confidence=sure), deviation)
    return replace(motion, angles=inferred_at_gimbal(angles))


def fit_of(known: Estimates, motion: Motion) -> Motion:
    """The fit that ``motion`` goes back to: POF's, or the raw one."""
    refined_from = known.raw if known.pof is None else known.pof.motion
    return known.raw if motion is known.raw else refined_from


def signs_of(known: Estimates, motion: Motion) -> Floats:
    """(T, 36, 12) the ``SIGNS`` of one of the motions in ``known``; finite."""
    return np.stack([of for _, of in each_sign(known, motion)], axis=-1)


def each_sign(known: Estimates, motion: Motion) -> Iterator[tuple[str, Floats]]:
    """``SIGNS`` in their order, each with what one of the motions in ``known`` has of it:
    (T, 36), finite.

    Deviations are logarithms of 5°; corrections, disagreements, speeds and sizes log(1 + x /
    usual), what is hidden and foreshortened in [0, 1].
    """
    fitted, body = fit_of(known, motion), motion.body
    if body is None:
        raise ValueError("expected a motion that was computed, not read from disk")
    own = _log_deviation(fitted.angles)
    of: Mapping[str, Callable[[], Floats]] = {
        "fit_deviation": lambda: own,
        "refiner_deviation": lambda: _log_deviation(motion.angles) - own,
        "refined": lambda: np.full_like(own, motion.angles is not fitted.angles),
        "correction": lambda: _apart(motion.angles, fitted.angles),
        "pof": lambda: np.full_like(own, fitted is not known.raw),
        "disagreement": lambda: _apart(fitted.angles, known.raw.angles),
        "hidden": lambda: _worst_of_carriers(1 - known.landmarks.visibility),
        "residual": lambda: np.log1p(
            _worst_of_carriers(_residual(known.landmarks, body, known.camera))
        ),
        "towards_camera": lambda: _towards_camera(body),
        "from_side": lambda: _from_side(body)[:, None] + np.zeros_like(own),
        "speed": lambda: np.log1p(_speed(motion.angles) / _QUICK_DEG_S),
        "size": lambda: np.log1p(np.abs(_wrapped(motion.angles.degrees)) / _LARGE_DEG),
    }
    return ((sign, np.nan_to_num(of[sign]())) for sign in SIGNS)


def _log_deviation(angles: JointAngles) -> Floats:
    deviation = angles.deviation
    if deviation is None:
        return np.zeros_like(angles.degrees)
    return np.nan_to_num(np.log(np.maximum(deviation, _LEAST_DEG) / _USUAL_DEG))


def _apart(one: JointAngles, other: JointAngles) -> Floats:
    return np.log1p(np.abs(_wrapped(one.degrees - other.degrees)) / _USUAL_DEG)


def _wrapped(degrees: Floats) -> Floats:
    return (degrees + 180) % 360 - 180


def _speed(angles: JointAngles) -> Floats:
    if len(angles.degrees) < 2:
        return np.zeros_like(angles.degrees)
    return np.abs(np.gradient(angles.degrees, axis=0)) * angles.timeline.fps


def _residual(seen: Landmarks, body: PoseSequence, camera: Camera) -> Floats:
    """(T, 33) how far off its landmarks the body is seen, in ``_NEAR`` of the person's height;
    0 where nothing is seen."""
    pixels = seen.pixels
    somebody = pixels[np.isfinite(pixels[..., 1]).any(axis=1), :, 1]
    if not len(somebody):
        return np.zeros(pixels.shape[:2])
    height_px = np.median(np.nanmax(somebody, axis=1) - np.nanmin(somebody, axis=1))
    off = np.linalg.norm(camera.project(body.positions) - pixels, axis=-1)
    return np.nan_to_num(off / (_NEAR * max(1.0, float(height_px))))


def _towards_camera(body: PoseSequence) -> Floats:
    """(T, 36) |cosine| between the limb that an angle moves and the line of sight; else 0."""
    found = np.zeros((len(body), len(ANGLE_NAMES)))
    for column, name in enumerate(ANGLE_NAMES):
        if ends := _LIMB.get(name.partition("_")[0]):
            found[:, column] = _along_sight(*(body.joint(f"{_side(name)}_{e}") for e in ends))
    return found


def _from_side(body: PoseSequence) -> Floats:
    """(T,) 0 where the hips are seen from the front or behind, 1 from the side."""
    return _along_sight(body.joint("right_hip"), body.joint("left_hip"))


def _along_sight(start: Floats, end: Floats) -> Floats:
    return np.abs((unit(end - start) * unit(start + end)).sum(axis=-1))


def _side(name: str) -> str:
    return "left" if name.endswith("_l") else "right"


def _worst_of_carriers(values: Floats) -> Floats:
    """(T, 36) the largest of (T, 33) finite values among the landmarks that carry an angle."""
    return np.stack([values[:, rows].max(axis=1) for rows in _CARRIERS], axis=1)


def _carriers(name: str) -> list[int]:
    first = name.partition("_")[0]
    parts = {
        "hip": ("hip", "knee"),
        "knee": ("hip", "knee", "ankle"),
        "ankle": ("knee", "ankle", "heel", "foot_index"),
        "subtalar": ("knee", "ankle", "heel", "foot_index"),
        "arm": ("shoulder", "elbow"),
        "elbow": ("shoulder", "elbow", "wrist"),
        "pro": ("shoulder", "elbow", "wrist"),
    }.get(first, ())
    trunk = _TRUNK if first in ("pelvis", "lumbar", "hip", "arm") else ()
    return MEDIAPIPE33.indices(*trunk, *(f"{_side(name)}_{part}" for part in parts))


_CARRIERS = [_carriers(name) for name in ANGLE_NAMES]


@cache
def _bands() -> Bands:
    return Bands.read()
