"""How far people's joints turn: what tells which of two equal Cardan triples is meant."""

from collections.abc import Sequence

import numpy as np

from humanpose.sequence import Floats

_FREE = (-180.0, 180.0)
_LIMITS_DEG = {
    "pelvis_tilt": (-90.0, 90.0), "pelvis_list": (-90.0, 90.0), "pelvis_rotation": _FREE,
    "lumbar_extension": (-90.0, 90.0), "lumbar_bending": (-90.0, 90.0),
    "lumbar_rotation": (-90.0, 90.0),
    "hip_flexion": (-30.0, 120.0), "hip_adduction": (-50.0, 30.0),
    "hip_rotation": (-40.0, 40.0),
    "knee_angle": (0.0, 140.0), "knee_adduction": (-20.0, 20.0),
    "knee_rotation": (-40.0, 40.0),
    "ankle_angle": (-50.0, 50.0), "subtalar_angle": (-35.0, 35.0),
    "ankle_rotation": (-40.0, 40.0),
    "arm_flex": (-60.0, 180.0), "arm_add": (-120.0, 90.0), "arm_rot": (-90.0, 180.0),
    "elbow_flex": (0.0, 150.0), "elbow_add": (-20.0, 20.0), "pro_sup": (0.0, 120.0),
}  # fmt: skip
"""The ranges of LaiUhlrich2022's coordinates (Uhlrich et al. 2022). It leaves the arm free: its
adduction is Rajagopal's (2016), flexion, extension and external rotation are those of the
American Academy of Orthopaedic Surgeons (1965), and internal rotation goes as far as an arm
that was raised sideways to overhead counts it. What the model locks may move a little."""


def limits_deg(names: Sequence[str]) -> Floats:
    """(N, 2) least and most of the columns ``names``, deg, finite."""
    stems = (name.removesuffix("_r").removesuffix("_l") for name in names)
    return np.array([_LIMITS_DEG[stem] for stem in stems])
