"""Joints, limbs and markers by name; everything else is derived from these declarations."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Skeleton:
    """An ordered set of named points and the bones between them."""

    name: str
    joints: tuple[str, ...]
    bones: tuple[tuple[str, str], ...] = ()
    """(parent, child) names."""

    def __len__(self) -> int:
        return len(self.joints)

    def index(self, joint: str) -> int:
        return self._index[joint]

    def indices(self, *joints: str) -> list[int]:
        return [self._index[joint] for joint in joints]

    @cached_property
    def bone_indices(self) -> tuple[tuple[int, int], ...]:
        return tuple((self._index[parent], self._index[child]) for parent, child in self.bones)

    @cached_property
    def mirror(self) -> tuple[int, ...]:
        """For each joint the index of the same joint on the other side of the body."""
        return tuple(
            self._index.get(other_side(joint), i) for i, joint in enumerate(self.joints)
        )

    @cached_property
    def _index(self) -> dict[str, int]:
        return {joint: i for i, joint in enumerate(self.joints)}


def other_side(joint: str) -> str:
    """``left_knee`` → ``right_knee``, ``RKnee`` → ``LKnee``, ``r_knee_study`` →
    ``L_knee_study``; itself on the midline."""
    if "left" in joint:
        return joint.replace("left", "right")
    if "right" in joint:
        return joint.replace("right", "left")
    swap = {"L": "R", "R": "L"}
    if joint[0] in swap and joint[1:2].isupper():
        return swap[joint[0]] + joint[1:]
    swap = {"L": "r", "r": "L"}
    if joint[0] in swap and joint[1:2] in (".", "_"):
        return swap[joint[0]] + joint[1:]
    return joint


def side(joint: str) -> str:
    """``"L"``, ``"R"`` or ``"M"`` (on the midline)."""
    if other_side(joint) == joint:
        return "M"
    return "L" if "left" in joint or joint.startswith("L") else "R"


MEDIAPIPE33 = Skeleton(
    "mediapipe33",
    (
        "nose",
        "left_eye_inner", "left_eye", "left_eye_outer",
        "right_eye_inner", "right_eye", "right_eye_outer",
        "left_ear", "right_ear", "mouth_left", "mouth_right",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
        "left_wrist", "right_wrist", "left_pinky", "right_pinky",
        "left_index", "right_index", "left_thumb", "right_thumb",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
        "left_heel", "right_heel", "left_foot_index", "right_foot_index",
    ),
)  # fmt: skip
"""BlazePose's landmarks, in its order (Bazarevsky et al. 2020)."""

COCO17 = Skeleton(
    "coco17",
    (
        "nose", "left_eye", "right_eye", "left_ear", "right_ear",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
        "left_wrist", "right_wrist", "left_hip", "right_hip",
        "left_knee", "right_knee", "left_ankle", "right_ankle",
    ),
    (
        ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("right_shoulder", "right_elbow"), ("right_elbow", "right_wrist"),
        ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
        ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
        ("left_shoulder", "left_hip"), ("right_shoulder", "right_hip"),
        ("left_shoulder", "right_hip"), ("right_shoulder", "left_hip"),
    ),
)  # fmt: skip
"""COCO's keypoints, in its order; the bones are the POF model's 14 limbs, in its order."""

COCO_IN_MEDIAPIPE = MEDIAPIPE33.indices(*COCO17.joints)
"""Where the COCO-17 joints stand among MediaPipe's 33."""

MARKERS22 = Skeleton(
    "markers22",
    (
        "Neck", "RShoulder", "LShoulder", "RHip", "LHip", "RKnee", "LKnee", "RAnkle", "LAnkle",
        "RHeel", "LHeel", "RSmallToe", "LSmallToe", "RBigToe", "LBigToe",
        "RElbow", "LElbow", "RWrist", "LWrist", "Hip", "Head", "Nose",
    ),
    (
        ("Hip", "Neck"), ("Neck", "Head"), ("Head", "Nose"),
        ("Neck", "RShoulder"), ("RShoulder", "RElbow"), ("RElbow", "RWrist"),
        ("Neck", "LShoulder"), ("LShoulder", "LElbow"), ("LElbow", "LWrist"),
        ("Hip", "RHip"), ("RHip", "RKnee"), ("RKnee", "RAnkle"),
        ("Hip", "LHip"), ("LHip", "LKnee"), ("LKnee", "LAnkle"),
        ("RAnkle", "RHeel"), ("RHeel", "RBigToe"), ("RBigToe", "RSmallToe"),
        ("LAnkle", "LHeel"), ("LHeel", "LBigToe"), ("LBigToe", "LSmallToe"),
    ),
)  # fmt: skip
"""The input markers of Pose2Sim's augmenter, in its names and order."""

MARKERS43 = Skeleton(
    "markers43",
    tuple(
        f"{name}_study"
        for name in (
            "r.ASIS", "L.ASIS", "r.PSIS", "L.PSIS",
            "r_knee", "r_mknee", "r_ankle", "r_mankle", "r_toe", "r_5meta", "r_calc",
            "L_knee", "L_mknee", "L_ankle", "L_mankle", "L_toe", "L_calc", "L_5meta",
            "r_shoulder", "L_shoulder", "C7",
            "r_thigh1", "r_thigh2", "r_thigh3", "L_thigh1", "L_thigh2", "L_thigh3",
            "r_sh1", "r_sh2", "r_sh3", "L_sh1", "L_sh2", "L_sh3", "RHJC", "LHJC",
            "r_lelbow", "r_melbow", "r_lwrist", "r_mwrist",
            "L_lelbow", "L_melbow", "L_lwrist", "L_mwrist",
        )
    ),
)  # fmt: skip
"""The augmented markers, in the order of OpenCap's files (Uhlrich et al. 2023)."""

AUGMENTED65 = Skeleton("augmented65", MARKERS22.joints + MARKERS43.joints, MARKERS22.bones)
"""The input markers and the augmented ones."""

JOINT_GROUPS: dict[str, tuple[str, str, str]] = {
    "pelvis": ("pelvis_tilt", "pelvis_list", "pelvis_rotation"),
    "trunk": ("lumbar_extension", "lumbar_bending", "lumbar_rotation"),
} | {
    f"{group}_{s}": (f"{a}_{s}", f"{b}_{s}", f"{c}_{s}")
    for s in "rl"
    for group, (a, b, c) in {
        "hip": ("hip_flexion", "hip_adduction", "hip_rotation"),
        "knee": ("knee_angle", "knee_adduction", "knee_rotation"),
        "ankle": ("ankle_angle", "subtalar_angle", "ankle_rotation"),
        "shoulder": ("arm_flex", "arm_add", "arm_rot"),
        "elbow": ("elbow_flex", "elbow_add", "pro_sup"),
    }.items()
}
"""The 12 joint groups and their 3 degrees of freedom, in column order (OpenSim's names)."""

ANGLE_NAMES: tuple[str, ...] = tuple(name for group in JOINT_GROUPS.values() for name in group)
"""The 36 angle columns, in order."""
