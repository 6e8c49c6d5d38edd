"""The learned stages, one after the other: POF, the joint refiner, MainRefiner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from humanpose.analysis import Gates
from humanpose.camera import Camera
from humanpose.learned.loading import Models
from humanpose.main_refiner.stage import Estimates, fused_motion
from humanpose.motion import Motion, motion_of
from humanpose.pof.stage import PofLift, lift_with_pof
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Landmarks, PoseSequence
from humanpose.settings import Settings

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference  # torch only where it is wanted


@dataclass(frozen=True, eq=False)
class Refined:
    """What the stages that are on make of a clip; the raw motion itself when none is."""

    motion: Motion
    figures: dict[str, float]
    """Figures of merit, the unit in the name."""
    gates: Gates | None = None
    """Of MainRefiner."""


def refined_motion(
    models: Models,
    body: PoseSequence,
    raw: Motion,
    seen: tuple[Landmarks, Camera],
    *,
    settings: Settings,
    clock: Stopwatch,
) -> Refined:
    """Go through the stages that have a model.

    Args:
        body: MediaPipe's 33 landmarks, lifted, camera frame, m.
        raw: what follows from them.
        seen: the cleaned landmarks, and the camera before which they were seen.

    Raises:
        ClipError: a stage finds nothing in the clip that it could work with.
    """
    motion, figures = raw, {}
    pof = models.pof
    if pof is not None:
        alone = replace(settings, main_refiner=False, joint_refinement=False, neutral_at_s=None)
        by_pof: tuple[PofLift, Motion] = models.remember(
            "pof", alone, lambda: _by_pof(pof, seen, settings=alone, clock=clock)
        )
        lifted, motion = by_pof
        figures = lifted.figures
        if models.main is not None and models.joint is not None:
            known = Estimates(body, raw, lifted, motion)
            refine = models.joint.refined
            fused = fused_motion(
                models.main, refine, known, seen, settings=settings, clock=clock
            )
            return Refined(fused.motion, fused.figures, fused.gates)
    if models.joint is not None:
        with clock.stage("joint refiner"):
            motion = replace(motion, angles=models.joint.refined(motion.angles))
    return Refined(motion, figures)


def _by_pof(
    pof: CameraPOFInference,
    seen: tuple[Landmarks, Camera],
    *,
    settings: Settings,
    clock: Stopwatch,
) -> tuple[PofLift, Motion]:
    lifted = lift_with_pof(pof, *seen, settings=settings, clock=clock)
    return lifted, motion_of(lifted.body, settings, clock, field=lifted.field)
