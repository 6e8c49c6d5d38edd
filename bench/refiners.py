"""Time of the three networks a frame, on ten seconds and on a single frame.

$ OMP_NUM_THREADS=1 python -m bench.refiners

Processor time, so that it means something on a machine that is busy with other work.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.pof import RUNS, ten_seconds
from bench.speed import SETTINGS
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.learned.loading import load_networks
from humanpose.main_refiner.stage import pose_pair, require_pof
from humanpose.motion import Estimates
from humanpose.pipeline import learned_stages, raw_estimates
from humanpose.pof.stage import limb_field
from humanpose.runtime.remembered import forget_everything
from humanpose.sequence import Landmarks, Timeline
from humanpose.settings import Settings


@dataclass(frozen=True)
class NetworkCost:
    """Median over some runs, ms of processor time a frame, of the networks alone."""

    pof: float
    joint_refiner: float
    main_refiner: float

    @property
    def total(self) -> float:
        return self.pof + self.joint_refiner + self.main_refiner


def main() -> None:
    for what, landmarks in (
        ("10 s at 30 frames/s", ten_seconds(30.0)),
        ("10 s at 60 frames/s", ten_seconds(60.0)),
        ("a single frame", first_frame(ten_seconds(30.0))),
    ):
        cost = network_cost(landmarks)
        print(
            f"{what}: {cost.total:.2f} ms a frame, POF {cost.pof:.2f}, joint refiner"
            f" {cost.joint_refiner:.2f}, MainRefiner {cost.main_refiner:.2f}"
        )


def network_cost(landmarks: Landmarks) -> NetworkCost:
    """After one run to warm up."""
    settings = replace(SETTINGS, main_refiner=True)
    models = load_networks(settings)
    pof, joint, network = models.pof, models.joint, models.main
    if pof is None or joint is None or network is None:
        raise ValueError("expected three models")
    camera = Camera.from_fov(DEFAULT_FOV_DEG, landmarks.image_size)
    known = estimates_of(landmarks, camera, settings)
    pair = pose_pair(known, height_m=settings.effective_height_m)
    solved = require_pof(known)
    fps, angles = landmarks.timeline.fps, solved.motion.angles
    refined = joint.refined(angles)
    runs: tuple[Callable[[], object], ...] = (
        lambda: limb_field(pof, landmarks, camera),
        lambda: joint.refined(angles),
        lambda: (
            network.fuse_limbs(pair, solved.field, fps=fps),
            network.fuse_angles((angles, known.raw.angles, angles, refined), fps=fps),
        ),
    )
    return NetworkCost(*(_median_ms(run) / landmarks.timeline.frames for run in runs))


def first_frame(landmarks: Landmarks) -> Landmarks:
    """A clip of one frame."""
    return Landmarks(
        landmarks.pixels[:1],
        landmarks.world[:1],
        landmarks.visibility[:1],
        Timeline(1, landmarks.timeline.fps),
        landmarks.image_size,
    )


def estimates_of(landmarks: Landmarks, camera: Camera, settings: Settings) -> Estimates:
    """What MediaPipe and POF make of a clip."""
    alone = replace(settings, main_refiner=False, joint_refinement=False)
    [pof] = learned_stages(load_networks(alone), alone)
    return pof(raw_estimates(landmarks, camera, settings))


def _median_ms(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(1 + RUNS):
        forget_everything()
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return 1000 * statistics.median(seconds[1:])


if __name__ == "__main__":
    main()
