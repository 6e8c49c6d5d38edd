"""Time of the POF network, of a fit, and of all fits and networks of the recommended settings a
frame, on a clip of ten seconds.

$ python -m bench.pof [CHECKPOINT]
"""

import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speed import SETTINGS
from humanpose.assets import SAMPLE
from humanpose.bands import banded
from humanpose.body.clip import Clues
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.detection.cache import cached_detection
from humanpose.learned.loading import load_networks
from humanpose.lift.baseline import lift
from humanpose.motion import motion_of
from humanpose.nets.places import find_checkpoint
from humanpose.pipeline import clean, learned_stages, motion_options, raw_estimates
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field
from humanpose.runtime.remembered import forget_everything
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Landmarks, Timeline
from humanpose.video import probe
from humanpose.video.background import UNWATCHED

CLIP_S = 10.0
RUNS = 5


@dataclass(frozen=True)
class Cost:
    """Median over some runs, ms a frame."""

    network: float
    fit: float
    everything: float
    """Three fits, two networks, bands; one after the other, as on one core."""


def main() -> None:
    checkpoint = find_checkpoint(sys.argv[1] if len(sys.argv) > 1 else SETTINGS.pof_model_path)
    for fps in (30.0, 60.0):
        cost = cost_of(checkpoint, fps=fps)
        print(
            f"{CLIP_S:g} s at {fps:g} frames/s: network {cost.network:.2f} ms a frame,"
            f" a fit {cost.fit:.2f}, all of an analysis {cost.everything:.2f}"
        )


def cost_of(checkpoint: Path, *, fps: float) -> Cost:
    """After one run to warm up; the fit's share is with joints, markers and angles."""
    landmarks = ten_seconds(fps)
    camera = Camera.from_fov(DEFAULT_FOV_DEG, landmarks.image_size)
    network = CameraPOFInference(checkpoint)
    lifted = lift(landmarks, camera, height_m=SETTINGS.effective_height_m)
    options, networks = motion_options(SETTINGS), load_networks(SETTINGS)
    seconds = []
    for _ in range(1 + RUNS):
        forget_everything()
        clock = Stopwatch()
        with clock.stage("pof"):
            field = limb_field(network, landmarks, camera)
        with clock.stage("fit"):
            motion_of(landmarks, lifted, camera, options, Clues(field))
        forget_everything()
        with clock.stage("everything"):
            known = raw_estimates(landmarks, camera, SETTINGS, UNWATCHED)
            for stage in learned_stages(networks, SETTINGS):
                known = stage(known)
            banded(known)
        seconds.append(clock.seconds)
    frames = landmarks.timeline.frames
    return Cost(
        *(
            1000 * statistics.median(s[part] for s in seconds[1:]) / frames
            for part in ("pof", "fit", "everything")
        )
    )


def ten_seconds(fps: float) -> Landmarks:
    """The sample clip, to and fro until the time is over, relabelled to this frame rate."""
    seen = cached_detection(probe(SAMPLE), SETTINGS).landmarks
    landmarks, _ = clean(seen, SETTINGS)
    count = round(CLIP_S * fps)
    last = landmarks.timeline.frames - 1
    rows = last - np.abs(last - np.arange(count) % (2 * last))
    return Landmarks(
        landmarks.pixels[rows],
        landmarks.world[rows],
        landmarks.visibility[rows],
        Timeline(count, fps),
        landmarks.image_size,
    )


if __name__ == "__main__":
    main()
