"""The POF stage: limb directions from the network, and the body fitted to them, too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from humanpose.body.clip import Clues
from humanpose.camera import Camera
from humanpose.motion import Estimates, MotionOptions, Solved
from humanpose.sequence import Landmarks, LimbField, without
from humanpose.skeleton import COCO_IN_MEDIAPIPE

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference


@dataclass(frozen=True)
class PofStage:
    """Takes depth from the network instead of MediaPipe. Raises ClipError if no body fits."""

    network: CameraPOFInference
    options: MotionOptions
    unread: Collection[str] = ()
    """Fields of its motion that the stage after it doesn't read, where there is one."""
    name: str = "pof"

    def __call__(self, known: Estimates) -> Estimates:
        """Add the limbs and the motion fitted to them, which is the best one from here on."""
        field = limb_field(self.network, known.landmarks, known.camera)
        options = replace(self.options, augmentation_cycles=0) if self.unread else self.options
        motion = without(known.fitted(options, Clues(field)), *self.unread)
        figures = {**known.figures, "reprojection_px": motion.reprojection_px}
        raw = without(
            known.raw,
            "limb_directions",
            "limb_confidence",
            "joints_world",
            "estimated",
            "found",
        )
        return replace(known, raw=raw, pof=Solved(field, motion), best=motion, figures=figures)


@contextmanager
def asked_meanwhile(
    network: CameraPOFInference | None, landmarks: Landmarks, camera: Camera
) -> Iterator[None]:
    """Ask the network in a thread of its own while the block runs: the stage finds the answer
    remembered."""
    with ThreadPoolExecutor(1) as aside:
        if network is not None:
            aside.submit(limb_field, network, landmarks, camera)
        yield


def limb_field(network: CameraPOFInference, landmarks: Landmarks, camera: Camera) -> LimbField:
    """Where the network says that limbs point, in the camera frame."""
    return network.limb_field(
        landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        image_size=camera.image_size,
        fps=landmarks.timeline.fps,
        focal_px=camera.focal_px,
    )
