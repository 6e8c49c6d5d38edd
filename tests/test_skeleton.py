"""Joints by name."""

from humanpose.skeleton import COCO_IN_MEDIAPIPE, MEDIAPIPE33


def test_coco_joints_are_mediapipes_of_the_same_name() -> None:
    assert MEDIAPIPE33.joints[COCO_IN_MEDIAPIPE[13]] == "left_knee"
    assert len(COCO_IN_MEDIAPIPE) == 17
