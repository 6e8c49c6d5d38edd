"""Several estimates of one person's joint angles as a network sees them, and their mirror."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.nets.windows import Evidence
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

UNKNOWN_DEVIATION_DEG = 12.0
"""The first guess of a deviation where no estimate has one."""
LEAST_CONFIDENCE = 1e-3
"""Of an angle that only some estimate has: inferred, not absent."""


@dataclass(frozen=True, eq=False)
class AngleEvidence(Evidence):
    """T frames with any leading axes, C estimates; no NaN.

    The fields are in the order of ``humanpose.main_refiner.network.AngleInput``.
    """

    degrees: Floats
    """(..., T, C, 36); 0 where there is none."""
    there: Floats
    """(..., T, C, 36) 1 where there is one, else 0."""
    confidence: Floats
    """(..., T, C, 36) in [0, 1]."""
    deviation: Floats
    """(..., T, 36) deg, that of the last estimate that states one."""

    @classmethod
    def of(cls, estimates: Sequence[JointAngles]) -> Self:
        """Of one clip."""
        degrees = np.stack([angles.degrees for angles in estimates], axis=1)
        deviation = np.full(degrees[:, 0].shape, UNKNOWN_DEVIATION_DEG)
        for angles in estimates:
            if angles.deviation is not None:
                stated = np.isfinite(angles.deviation)
                deviation = np.where(stated, angles.deviation, deviation)
        there = np.isfinite(degrees)
        return cls(
            np.where(there, degrees, 0.0),
            there.astype(float),
            np.stack([angles.confidence for angles in estimates], axis=1),
            deviation,
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """(..., T, 36) whether any estimate has the angle."""
        return np.asarray(self.there.any(axis=-2))

    def anchor(self, order: Sequence[int]) -> Floats:
        """(..., T, 36) deg: the last estimate in this order that has the angle, or 0."""
        found = np.zeros_like(self.deviation)
        for estimate in order:
            there = self.there[..., estimate, :] > 0
            found = np.where(there, self.degrees[..., estimate, :], found)
        return found

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        return type(self)(
            mirrored_angles(self.degrees),
            exchange_sides(self.there),
            exchange_sides(self.confidence),
            exchange_sides(self.deviation),
        )


def mirrored_angles(degrees: Floats) -> Floats:
    """(..., 36) deg of the person's mirror image; NaN stays NaN.

    Sides are exchanged, and what counts to one side of the body's middle counts to the other.
    """
    return exchange_sides(degrees) * MIRRORED_ANGLE_SIGNS


def exchange_sides(values: Floats) -> Floats:
    """(..., 36) what goes with angles, such as their confidence: left for right."""
    return values[..., MIRRORED_ANGLES]


def _other(name: str) -> str:
    return name[:-1] + {"r": "l", "l": "r"}[name[-1]] if name.endswith(("_r", "_l")) else name


MIRRORED_ANGLES = [ANGLE_NAMES.index(_other(name)) for name in ANGLE_NAMES]
MIRRORED_GROUPS = [list(JOINT_GROUPS).index(_other(group)) for group in JOINT_GROUPS]
_TO_ONE_SIDE = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
MIRRORED_ANGLE_SIGNS = np.array([-1.0 if name in _TO_ONE_SIDE else 1.0 for name in ANGLE_NAMES])
