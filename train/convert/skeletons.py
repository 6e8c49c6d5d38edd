"""The one skeleton that all body mocap is brought to, and each rig's names for its joints."""

from collections.abc import Mapping

import numpy as np

from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import COCO17, Skeleton

BODY = Skeleton(
    "body18",
    (
        "pelvis", "spine", "neck", "head",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
        "left_wrist", "right_wrist", "left_hip", "right_hip",
        "left_knee", "right_knee", "left_ankle", "right_ankle", "left_toe", "right_toe",
    ),
    (
        ("pelvis", "spine"), ("spine", "neck"), ("neck", "head"),
        ("neck", "left_shoulder"), ("left_shoulder", "left_elbow"),
        ("left_elbow", "left_wrist"),
        ("neck", "right_shoulder"), ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
        ("pelvis", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("left_ankle", "left_toe"),
        ("pelvis", "right_hip"), ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
        ("right_ankle", "right_toe"),
    ),
)  # fmt: skip
"""Joint centres, in COCO's names where COCO has them; ``pelvis`` is between the hips, ``spine``
at the lower end of the thorax, ``neck`` at its upper end, ``head`` as high as the rig reaches,
``toe`` at the ball of the foot."""


def _both_sides(left: Mapping[str, str], mirror: tuple[str, str]) -> dict[str, str]:
    """``left``'s joints and the right side's, in the rig's spelling of left and right."""
    return {f"left_{joint}": node for joint, node in left.items()} | {
        f"right_{joint}": mirror[1] + node.removeprefix(mirror[0])
        for joint, node in left.items()
    }


ACCLAIM = {"spine": "thorax", "neck": "lowerneck", "head": "head_end"} | _both_sides(
    {
        "shoulder": "lhumerus", "elbow": "lradius", "wrist": "lwrist",
        "hip": "lfemur", "knee": "ltibia", "ankle": "lfoot", "toe": "ltoes",
    },
    ("l", "r"),
)  # fmt: skip
"""Body joint -> bone of a CMU or HDM05 skeleton that starts there."""

MOTIONBUILDER = {"spine": "Spine1", "neck": "Neck", "head": "Head_end"} | _both_sides(
    {
        "shoulder": "LeftArm", "elbow": "LeftForeArm", "wrist": "LeftHand",
        "hip": "LeftUpLeg", "knee": "LeftLeg", "ankle": "LeftFoot", "toe": "LeftToeBase",
    },
    ("Left", "Right"),
)  # fmt: skip
"""Body joint -> node of the CMU skeleton in MotionBuilder's names."""

DAZ = {"spine": "chest", "neck": "neck", "head": "head"} | _both_sides(
    {
        "shoulder": "lShldr", "elbow": "lForeArm", "wrist": "lHand",
        "hip": "lThigh", "knee": "lShin", "ankle": "lFoot", "toe": "lFoot_end",
    },
    ("l", "r"),
)  # fmt: skip
"""Body joint -> node of the DAZ Studio figure."""

XSENS = {"spine": "UpperChest", "neck": "Neck", "head": "Head_end"} | _both_sides(
    {
        "shoulder": "LeftUpperArm", "elbow": "LeftLowerArm", "wrist": "LeftHand",
        "hip": "LeftUpperLeg", "knee": "LeftLowerLeg", "ankle": "LeftFoot", "toe": "LeftToes",
    },
    ("Left", "Right"),
)  # fmt: skip
"""Body joint -> node of the Xsens rig in Unity's humanoid names."""


def body_sequence(
    nodes: Mapping[str, Floats], rig: Mapping[str, str], fps: float
) -> PoseSequence:
    """The body's joints out of a rig's nodes.

    Args:
        nodes: node name -> (T, 3) path, m, Y up.
        rig: body joint -> node name.
    """
    paths = {joint: nodes[node] for joint, node in rig.items()}
    paths["pelvis"] = (paths["left_hip"] + paths["right_hip"]) / 2
    positions = np.stack([paths[joint] for joint in BODY.joints], axis=1)
    return sequence_of(positions, BODY, Timeline(len(positions), fps))


def sequence_of(positions: Floats, skeleton: Skeleton, timeline: Timeline) -> PoseSequence:
    """Positions (T, J, 3) that are certain where they are known."""
    known = np.isfinite(positions).all(axis=2).astype(np.float64)
    return PoseSequence(positions, known, timeline, skeleton)


def coco17(pose: PoseSequence) -> Floats:
    """(T, 17, 3) COCO's joints; NaN where the skeleton doesn't have one."""
    joints = np.full((len(pose), len(COCO17), 3), np.nan)
    for i, name in enumerate(COCO17.joints):
        if name in pose.skeleton.joints:
            joints[:, i] = pose.joint(name)
    return joints
