"""Which detector looks at the pictures, unless another is given."""

import os
from pathlib import Path

from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Detector
from humanpose.detection.tasks_pose import TasksPose


def own_detector() -> Detector:
    """MediaPipe Pose, or the model of MediaPipe Tasks that ``$HUMANPOSE_POSE_MODEL`` names.

    Raises:
        DetectorError: there is none at that place.
    """
    named = os.environ.get("HUMANPOSE_POSE_MODEL")
    return TasksPose(Path(named)) if named else MediaPipePose()
