"""What MainRefiner sees of several estimates of one person's joint angles."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

UNKNOWN_DEVIATION_DEG = 12.0
"""The first guess of a deviation where no estimate has one."""
LEAST_CONFIDENCE = 1e-3
"""Of an angle that only some estimate has: inferred, not absent."""
ANCHORS = (1, 2, 0, 3)
"""Estimates by how much they are preferred as the one that others are measured from."""


@dataclass(frozen=True, eq=False)
class AngleEvidence:
    """T frames with any leading axes, C estimates."""

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
    def anchor(self) -> Floats:
        """(..., T, 36) deg, the preferred estimate that is there, angle by angle; or 0."""
        anchor = np.zeros_like(self.deviation)
        for estimate in ANCHORS:
            there = self.there[..., estimate, :] > 0
            anchor = np.where(there, self.degrees[..., estimate, :], anchor)
        return anchor

    @property
    def known(self) -> NDArray[np.bool_]:
        """(..., T, 36) whether any estimate has the angle."""
        return np.asarray(self.there.any(axis=-2))

    def arrays(self) -> tuple[Floats, Floats, Floats, Floats]:
        """(..., T, C, 36) each, the deviation (..., T, 36): in the order of ``AngleInput``."""
        return self.degrees, self.there, self.confidence, self.deviation

    def rows(self, rows: NDArray[np.int64]) -> Self:
        """Of one clip some frames: ``rows`` (B, T) gives windows."""
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        return type(self)(
            mirrored_angles(self.degrees),
            *(values[..., MIRRORED_ANGLES] for values in self.arrays()[1:]),
        )


def mirrored_angles(degrees: Floats) -> Floats:
    """(..., 36) of the person's mirror image: sides exchanged; what counts to one side of the
    body's middle counts to the other."""
    return degrees[..., MIRRORED_ANGLES] * MIRRORED_ANGLE_SIGNS


def _other(name: str) -> str:
    return name[:-1] + {"r": "l", "l": "r"}[name[-1]] if name.endswith(("_r", "_l")) else name


MIRRORED_ANGLES = [ANGLE_NAMES.index(_other(name)) for name in ANGLE_NAMES]
MIRRORED_GROUPS = [list(JOINT_GROUPS).index(_other(group)) for group in JOINT_GROUPS]
_TO_ONE_SIDE = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
MIRRORED_ANGLE_SIGNS = np.array([-1.0 if name in _TO_ONE_SIDE else 1.0 for name in ANGLE_NAMES])
