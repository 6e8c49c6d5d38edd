"""Where the augmented markers sit on OpenSim's LaiUhlrich model: what ties our axes to its own.

This alone says what zero is for segments from anatomical markers. It is the model's, fitted to
nobody: the axes that a person's landmarks give are turned as it takes to turn the axes that
the model's landmarks give, built in the same way, into the model's own.

Source: OpenCap's placement of its augmented set on the bodies of LaiUhlrich2022
(``Markers_LSTM.xml``, as Pose2Sim ships it, BSD-3), and that model's joints in its default pose
(Rajagopal et al. 2016, Lai et al. 2017, Uhlrich et al. 2022). Metres, right side.
"""

import numpy as np

from humanpose.sequence import Floats
from humanpose.skeleton import other_side

Points = dict[str, Floats]

_ORIGINS = {
    "pelvis": ("", (0.0, 0.0, 0.0)),
    "torso": ("pelvis", (-0.1007, 0.0815, 0.0)),
    "femur": ("pelvis", (-0.056276, -0.07849, 0.07726)),
    "tibia": ("femur", (0.00359, -0.40607, -0.00027)),
    "talus": ("tibia", (-0.01, -0.4, 0.0)),
    "calcn": ("talus", (-0.04877, -0.04195, 0.00792)),
    "humerus": ("torso", (0.003155, 0.3715, 0.17)),
    "ulna": ("humerus", (0.013144, -0.286273, -0.009595)),
    "radius": ("ulna", (-0.006727, -0.013007, 0.026083)),
    "hand": ("radius", (-0.008797, -0.235841, 0.01361)),
}
"""Body -> the body above, and where in that one its origin lies in the default pose."""

ON_BODIES = {
    "pelvis": {
        "r.ASIS_study": (0.028, 0.010, 0.128),
        "r.PSIS_study": (-0.154, 0.025, 0.050),
        "RHJC_study": (-0.056276, -0.07849, 0.07726),
    },
    "torso": {
        "lumbar": (0.0, 0.0, 0.0),
        "C7_study": (-0.080, 0.420, 0.0),
        "r_shoulder_study": (0.0, 0.418, 0.142),
    },
    "femur": {"r_knee_study": (0.008, -0.404, 0.055), "r_mknee_study": (0.011, -0.401, -0.055)},
    "tibia": {
        "r_ankle_study": (-0.020, -0.385, 0.053),
        "r_mankle_study": (0.006, -0.380, -0.038),
    },
    "calcn": {
        "r_calc_study": (-0.0321615, 0.0325693, -0.0111695),
        "r_toe_study": (0.186844, 0.00836653, 0.00526621),
        "r_5meta_study": (0.140, 0.005, 0.065),
    },
    "humerus": {
        "right_shoulder": (0.0, 0.0, 0.0),
        "r_lelbow_study": (0.015, -0.280, 0.040),
        "r_melbow_study": (0.00225, -0.286, -0.050),
    },
    "radius": {
        "r_lwrist_study": (0.0005, -0.225, 0.050),
        "r_mwrist_study": (-0.022, -0.225, -0.022),
    },
}
"""Body -> marker, or joint centre, -> where it lies in the body's axes. C7, which OpenCap has
3 mm to the right, is on the midline here."""


def _origin(body: str) -> Floats:
    above, place = _ORIGINS[body]
    return np.array(place) + (_origin(above) if above else 0.0)


def _both_sides(right: Points) -> Points:
    """With the mirror image of everything across the sagittal plane."""
    left = {other_side(name): point * [1, 1, -1] for name, point in right.items()}
    return left | right


def _body_name(body: str, side: str) -> str:
    return body if body in ("pelvis", "torso") else f"{body}_{side}"


BODY_ORIGINS: Points = {
    name: _origin(body) * [1, 1, side]
    for body in _ORIGINS
    for name, side in ((_body_name(body, "r"), 1), (_body_name(body, "l"), -1))
}
"""Where the bodies of the unscaled LaiUhlrich2022 model have their origins in its default pose,
m, from the pelvis' origin."""


MODEL_POINTS: Points = _both_sides(
    {
        name: _origin(body) + place
        for body, markers in ON_BODIES.items()
        for name, place in markers.items()
    }
)
"""Markers and joint centres of the unscaled model in its default pose, where all segments' axes
are alike: X forward, Y up, Z to the right; m, from the pelvis' origin."""

MESH_POINTS: Points = _both_sides(
    {
        name: np.array(place)
        for name, place in {
            "r.ASIS_study": (0.086, 0.084, 0.135),
            "r.PSIS_study": (-0.061, 0.113, 0.058),
            "RHJC_study": (0.000, 0.000, 0.107),
            "lumbar": (-0.050, 0.160, 0.000),
            "C7_study": (-0.030, 0.591, 0.000),
            "r_shoulder_study": (-0.001, 0.530, 0.183),
            "right_shoulder": (0.015, 0.475, 0.182),
            "r_knee_study": (-0.021, -0.410, 0.157),
            "r_mknee_study": (-0.015, -0.387, 0.043),
            "r_ankle_study": (-0.011, -0.846, 0.142),
            "r_mankle_study": (0.010, -0.843, 0.083),
            "r_calc_study": (-0.053, -0.877, 0.109),
            "r_toe_study": (0.137, -0.890, 0.107),
            "r_5meta_study": (0.118, -0.906, 0.163),
            "r_lelbow_study": (0.036, 0.215, 0.218),
            "r_melbow_study": (0.032, 0.210, 0.140),
            "r_lwrist_study": (0.015, -0.034, 0.208),
            "r_mwrist_study": (0.013, -0.038, 0.155),
        }.items()
    }
)
"""The same for markers that the built-in augmenter placed, from the mid-hip: where it learnt
them, on MakeHuman's CC0 bodies, 100 of them with all angles zero
(``train/synth/body/default_pose.py``)."""

MESH_JOINTS: Points = _both_sides(
    {
        name: np.array(place)
        for name, place in {
            "RHip": (0.000, 0.000, 0.107),
            "RKnee": (0.000, -0.417, 0.107),
            "RAnkle": (0.000, -0.849, 0.107),
            "RHeel": (-0.054, -0.883, 0.115),
            "RBigToe": (0.165, -0.899, 0.086),
            "RSmallToe": (0.133, -0.900, 0.155),
            "RShoulder": (0.015, 0.475, 0.182),
            "RElbow": (0.015, 0.218, 0.182),
            "RWrist": (0.015, -0.032, 0.182),
        }.items()
    }
)
"""Of the 22 markers those that lie on one side, in the same pose on the same bodies."""
