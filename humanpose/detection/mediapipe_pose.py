"""MediaPipe Pose behind the ``Detector`` protocol.

``mp.solutions.pose`` shows one person and hides where it looks. Its two halves, the person
detector and the landmark model, are run here one by one, so that we decide who is followed.
Bazarevsky et al. 2020, "BlazePose: On-device real-time body pose tracking".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from threading import Lock
from typing import Any

import numpy as np

from humanpose.detection.people import Image, Person, Region
from humanpose.detection.quiet import quiet
from humanpose.runtime.interrupts import interrupt_afterwards

_REGIONS = """
input_stream: "image"
output_stream: "detections"
node {
  calculator: "PoseDetectionCpu"
  input_stream: "IMAGE:image" output_stream: "DETECTIONS:detections"
}
"""

_LANDMARKS = """
input_stream: "image" input_stream: "region"
input_side_packet: "model_complexity" input_side_packet: "enable_segmentation"
output_stream: "landmarks" output_stream: "world" output_stream: "next_region"
node {
  calculator: "PoseLandmarkByRoiCpu"
  input_side_packet: "MODEL_COMPLEXITY:model_complexity"
  input_side_packet: "ENABLE_SEGMENTATION:enable_segmentation"
  input_stream: "IMAGE:image" input_stream: "ROI:region"
  output_stream: "LANDMARKS:landmarks" output_stream: "WORLD_LANDMARKS:world"
  output_stream: "AUXILIARY_LANDMARKS:alignment_points"
}
node {
  calculator: "ImagePropertiesCalculator"
  input_stream: "IMAGE:image" output_stream: "SIZE:image_size"
}
node {
  calculator: "PoseLandmarksToRoi"
  input_stream: "LANDMARKS:alignment_points" input_stream: "IMAGE_SIZE:image_size"
  output_stream: "ROI:next_region"
}
"""

_COMPLEXITY = {"model_complexity": 1, "enable_segmentation": False}
_MARGIN = 1.25
"""MediaPipe's: side of the region over the diameter of the circle around the person."""


class MediaPipePose:
    """MediaPipe Pose, model complexity 1, without its own smoothing.

    That smoothing looks back only and takes every clip for one of 30 frames/s; ours comes
    later. Measured on our clips, limbs and knee angles are at least as good without it.
    """

    def __init__(self) -> None:
        self._free: list[Any] = []
        """Landmark models: as many as there were looks at once."""
        self._loading = Lock()

    @property
    def name(self) -> str:
        return f"mediapipe {version('mediapipe')} pose, complexity 1, unsmoothed"

    def regions(self, image: Image) -> list[Region]:
        detections = self._regions.process({"image": image}).detections or []
        return [_region_of_detection(detection, image) for detection in detections]

    def person(self, image: Image, region: Region) -> Person | None:
        height, width = image.shape[:2]
        with self._landmarks() as model:
            found = model.process({"image": image, "region": _rect(region, width, height)})
        if not found.landmarks:
            return None
        points = np.array([(p.x, p.y, p.visibility) for p in found.landmarks.landmark])
        return Person(
            pixels=points[:, :2] * (width, height) - 0.5,
            world=np.array([(p.x, p.y, p.z) for p in found.world.landmark]),
            visibility=points[:, 2].clip(0, 1),
            region=_region_of_rect(found.next_region, image),
        )

    def close(self) -> None:
        for model in self._free:
            model.close()
        self._free.clear()
        if "_regions" in vars(self):  # it was needed
            self._regions.close()
            del self._regions

    @cached_property
    def _regions(self) -> Any:
        return _loaded(_REGIONS)

    @contextmanager
    def _landmarks(self) -> Iterator[Any]:
        """A landmark model that nobody else uses now."""
        with self._loading:
            model = self._free.pop() if self._free else _loaded(_LANDMARKS, **_COMPLEXITY)
        try:
            yield model
        finally:
            self._free.append(model)


@interrupt_afterwards()
def _loaded(graph: str, **inputs: Any) -> Any:
    """A half of MediaPipe Pose.

    MediaPipe is imported here, at the first picture: it takes long, and an analysis whose
    detection is cached does without it.
    """
    with quiet():
        from google.protobuf import text_format
        from mediapipe.framework.calculator_pb2 import CalculatorGraphConfig
        from mediapipe.python.solution_base import SolutionBase

        config = text_format.Parse(graph, CalculatorGraphConfig())
        model = SolutionBase(graph_config=config, side_inputs=inputs or None)
        asked = {"image": np.zeros((64, 64, 3), np.uint8)}
        if "region" in config.input_stream:
            asked["region"] = _rect(Region(32, 32, 64), 64, 64)
        model.process(asked)  # its first words are here, too
    return model


def _rect(region: Region, width: int, height: int) -> Any:
    """As MediaPipe has it, in fractions of the picture."""
    from mediapipe.framework.formats.rect_pb2 import NormalizedRect

    return NormalizedRect(
        x_center=(region.x + 0.5) / width,
        y_center=(region.y + 0.5) / height,
        width=region.side / width,
        height=region.side / height,
        rotation=region.turn_rad,
    )


def _region_of_detection(detection: Any, image: Image) -> Region:
    """The circle around the mid-hip (point 0) through point 1, which lies above the head."""
    height, width = image.shape[:2]
    hip, top = (
        (point.x * width, point.y * height)
        for point in detection.location_data.relative_keypoints[:2]
    )
    right, down = top[0] - hip[0], top[1] - hip[1]
    return Region(
        x=hip[0] - 0.5,
        y=hip[1] - 0.5,
        side=2 * _MARGIN * float(np.hypot(right, down)),
        turn_rad=float(np.arctan2(right, -down)),
    )


def _region_of_rect(rect: Any, image: Image) -> Region:
    height, width = image.shape[:2]
    return Region(
        x=rect.x_center * width - 0.5,
        y=rect.y_center * height - 0.5,
        side=rect.width * width,
        turn_rad=rect.rotation,
    )
