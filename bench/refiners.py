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
from humanpose.learned.loading import load_models
from humanpose.lift.baseline import lift
from humanpose.main_refiner.stage import Estimates, pose_pair
from humanpose.motion import motion_of
from humanpose.pof.stage import lift_with_pof
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Landmarks, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import COCO_IN_MEDIAPIPE


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
    models = load_models(settings)
    pof, joint, network = models.pof, models.joint, models.main
    if pof is None or joint is None or network is None:
        raise ValueError("expected three models")
    camera = Camera.from_fov(DEFAULT_FOV_DEG, landmarks.image_size)
    known = estimates_of(landmarks, camera, settings)
    pair = pose_pair(known, landmarks, camera, height_m=settings.effective_height_m)
    fps, angles = landmarks.timeline.fps, known.pof.angles
    refined = joint.refined(angles)
    runs: tuple[Callable[[], object], ...] = (
        lambda: pof.limb_field(
            landmarks.pixels[:, COCO_IN_MEDIAPIPE],
            landmarks.visibility[:, COCO_IN_MEDIAPIPE],
            image_size=camera.image_size,
            fps=fps,
        ),
        lambda: joint.refined(angles),
        lambda: (
            network.fuse_limbs(pair, known.lifted.field, fps=fps),
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
    models, clock = load_models(replace(settings, main_refiner=False)), Stopwatch()
    if models.pof is None:
        raise ValueError("expected POF")
    body = lift(landmarks, camera, height_m=settings.effective_height_m)
    lifted = lift_with_pof(models.pof, landmarks, camera, settings=settings, clock=clock)
    raw, pof = (
        motion_of(pose, settings, clock, field=field)
        for pose, field in ((body, None), (lifted.body, lifted.field))
    )
    return Estimates(body, raw, lifted, pof)


def _median_ms(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(1 + RUNS):
        started = time.process_time()
        run()
        seconds.append(time.process_time() - started)
    return 1000 * statistics.median(seconds[1:])


if __name__ == "__main__":
    main()
