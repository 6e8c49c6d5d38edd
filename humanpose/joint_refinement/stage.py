"""The joint refinement stage: the angles corrected, each from all the others over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from humanpose.motion import Estimates

if TYPE_CHECKING:
    from humanpose.joint_refinement.refiner import JointRefiner


@dataclass(frozen=True)
class JointStage:
    """Corrects the angles of the best motion; its pose stays."""

    refiner: JointRefiner
    name: str = "joint refiner"

    def __call__(self, known: Estimates) -> Estimates:
        """Correct the angles of the best motion."""
        angles = self.refiner.refined(known.best.angles)
        return replace(known, best=replace(known.best, angles=angles))
