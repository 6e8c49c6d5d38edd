"""The joint refinement stage: the angles corrected, each from all the others over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from humanpose.body.clip import Clues
from humanpose.body.evidence import Told
from humanpose.motion import Estimates, MotionOptions
from humanpose.sequence import JointAngles

if TYPE_CHECKING:
    from humanpose.joint_refinement.refiner import JointRefiner


@dataclass(frozen=True)
class JointStage:
    """Corrects the angles of the best motion, and fits the body to these, too.

    The refiner knows how people move but sees no picture; so its word is one more piece of
    evidence beside the landmarks and the limbs.
    """

    UNREAD = ("joints", "joints_world", "markers", "estimated", "body")
    """Fields of the motion before that it has no use for, nor anybody after it."""

    refiner: JointRefiner
    options: MotionOptions
    name: str = "joint refiner"

    def __call__(self, known: Estimates) -> Estimates:
        """The body once more. Raises ClipError if none fits."""
        refined = self.refiner.refined(known.best.angles)
        field = None if known.pof is None else known.pof.field
        clues = Clues(field, told=Told.of(refined), near=known.best.found)
        motion = known.fitted(self.options, clues)
        angles = _completed(motion.angles, refined)
        return replace(known, best=replace(motion, angles=angles, found=None))


def _completed(fitted: JointAngles, refined: JointAngles) -> JointAngles:
    """The fitted angles with the deviations of the ``refined`` ones, which also are what the
    model lacks."""
    lacks = ~np.isfinite(fitted.degrees)
    return replace(refined, degrees=np.where(lacks, refined.degrees, fitted.degrees))
