"""A stick body whose joint angles are known: angles in, 22 markers out.

Forward kinematics with SciPy's rotations alone, so that it shares nothing with what it tests.
World frame: X right, Y up, Z towards the camera; m.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import MARKERS22

# Where the next joint lies in each segment's frame, right side, default pose of LaiUhlrich2022.
HIP = np.array([0.0, 0.0, 0.077])
SHOULDER = np.array([-0.0413, 0.5315, 0.170])
KNEE = np.array([-0.0045, -0.3960, 0.0])
ANKLE = np.array([-0.0019, -0.4012, 0.0])
ELBOW = np.array([0.0131, -0.2863, -0.0096])
WRIST = np.array([-0.0155, -0.2488, 0.0])
HEEL = np.array([-0.055, -0.040, 0.0])
TOE = Rotation.from_euler("z", -6.4, degrees=True).apply([0.23, 0.0, 0.0])

GROUND = Rotation.from_matrix(np.array([[0.0, 0, -1], [0, 1, 0], [1, 0, 0]]))


def body(angles: Mapping[str, float | Floats], *, frames: int = 1) -> PoseSequence:
    """Markers of a person with these ``angles`` (deg, contract names); the others are 0."""
    value = {k: np.broadcast_to(np.asarray(v, float), frames) for k, v in angles.items()}

    def get(name: str) -> Floats:
        return value.get(name, np.zeros(frames))

    def turn(order: str, *columns: Floats) -> Rotation:
        return Rotation.from_euler(order, np.stack(columns, axis=-1), degrees=True)

    pelvis = GROUND * turn("YXZ", *(get(f"pelvis_{n}") for n in ("rotation", "list", "tilt")))
    trunk = pelvis * turn(
        "ZXY", *(get(f"lumbar_{n}") for n in ("extension", "bending", "rotation"))
    )
    origin = np.tile([0.3, 0.9, -0.2], (frames, 1))
    points = {"Hip": origin, "Neck": origin + trunk.apply(SHOULDER * [1, 1, 0])}
    points["Head"] = points["Neck"] + trunk.apply([0.0, 0.2, 0.0])
    points["Nose"] = points["Head"] + trunk.apply([0.1, 0.0, 0.0])
    for s, sign in (("r", 1), ("l", -1)):
        side = np.array([1, 1, sign])

        def joint(*names: str, s: str = s, sign: int = sign) -> Rotation:
            z, x, y = (get(f"{name}_{s}") for name in names)
            return turn("ZXY", z, sign * x, sign * y)

        thigh = pelvis * joint("hip_flexion", "hip_adduction", "hip_rotation")
        shank = thigh * turn("Z", -get(f"knee_angle_{s}"))
        foot = shank * joint("ankle_angle", "subtalar_angle", "ankle_rotation")
        arm = trunk * joint("arm_flex", "arm_add", "arm_rot")
        forearm = arm * turn("Z", get(f"elbow_flex_{s}"))
        p = s.upper()
        points[p + "Hip"] = origin + pelvis.apply(HIP * side)
        points[p + "Knee"] = points[p + "Hip"] + thigh.apply(KNEE * side)
        points[p + "Ankle"] = points[p + "Knee"] + shank.apply(ANKLE * side)
        points[p + "Heel"] = points[p + "Ankle"] + foot.apply(HEEL * side)
        points[p + "BigToe"] = points[p + "Heel"] + foot.apply(TOE * side)
        points[p + "SmallToe"] = points[p + "BigToe"] + foot.apply([-0.03, 0.0, 0.06 * sign])
        points[p + "Shoulder"] = origin + trunk.apply(SHOULDER * side)
        points[p + "Elbow"] = points[p + "Shoulder"] + arm.apply(ELBOW * side)
        points[p + "Wrist"] = points[p + "Elbow"] + forearm.apply(WRIST * side)
    positions = np.stack([points[name] for name in MARKERS22.joints], axis=1)
    confidence = np.ones(positions.shape[:2])
    return PoseSequence(positions, confidence, Timeline(frames, 30.0), MARKERS22)


def without(
    markers: PoseSequence, names: Sequence[str], frames: slice = slice(None)
) -> PoseSequence:
    """The same without some of its points in some frames."""
    positions, confidence = markers.positions.copy(), markers.confidence.copy()
    for column in markers.skeleton.indices(*names):
        positions[frames, column], confidence[frames, column] = np.nan, 0.0
    return replace(markers, positions=positions, confidence=confidence)
