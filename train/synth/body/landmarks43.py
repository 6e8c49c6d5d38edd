"""The 43 markers of OpenCap's augmenter on the body: points of its skin, and the hip centres.

Each is a vertex of the mesh at rest, chosen by hand on the average body after the markers of
the LaiUhlrich2022 model, and rides on the bone of its segment: it doesn't follow the skin.

The zero of ``pelvis_tilt`` is the pelvis of the mesh as it stands. There the line from PSIS to
ASIS falls 0-18° forwards, by the body (median 15°, less in women); laboratories' models
have 3-20° at their zero, so tilts of two sources differ by a constant.
"""

import numpy as np

from humanpose.skeleton import MARKERS43
from train.synth.body.body import PosedBody
from train.synth.body.makehuman import Floats

_SEGMENTS = {
    "root": {".ASIS": (4274, 10904), ".PSIS": (4191, 10830)},
    "spine01": {"_shoulder": (1557, 8235)},
    "upperleg02": {
        "_knee": (4627, 11245), "_mknee": (4599, 11217), "_thigh1": (4482, 11100),
        "_thigh2": (4525, 11143), "_thigh3": (4475, 11093),
    },
    "lowerleg02": {
        "_ankle": (4826, 11444), "_mankle": (6342, 12939), "_sh1": (4725, 11343),
        "_sh2": (4762, 11380), "_sh3": (4760, 11378),
    },
    "foot": {"_toe": (6524, 13120), "_5meta": (6157, 12754), "_calc": (5867, 12464)},
    "upperarm02": {"_lelbow": (3389, 10057), "_melbow": (3401, 10069)},
    "lowerarm02": {"_lwrist": (3771, 10438), "_mwrist": (3565, 10233)},
}  # fmt: skip
"""Bone -> marker -> its vertex on the right and the left."""
_MIDLINE_BONES = ("root", "spine01")
_HIPS = {"RHJC_study": "upperleg01.R", "LHJC_study": "upperleg01.L"}


def _table() -> dict[str, tuple[str, int]]:
    table = {"C7_study": ("spine01", 857)}
    for bone, markers in _SEGMENTS.items():
        for name, vertices in markers.items():
            for side, vertex in zip("rL", vertices, strict=True):
                own = bone if bone in _MIDLINE_BONES else f"{bone}.{side.upper()}"
                table[f"{side}{name}_study"] = own, vertex
    return table


VERTICES = _table()
"""Marker -> the bone that it rides on, and a vertex of the base mesh; every body's vertices
begin with those."""


def marker_points(posed: PosedBody) -> Floats:
    """(T, 43, 3) the points of ``MARKERS43``, world, m."""
    rig, rest = posed.body.rig, posed.body.vertices
    points = np.empty((len(posed), len(MARKERS43), 3))
    for name, (bone, vertex) in VERTICES.items():
        points[:, MARKERS43.index(name)] = posed.point(bone, rest[vertex])
    for name, bone in _HIPS.items():
        points[:, MARKERS43.index(name)] = posed.point(bone, rig.head(bone))
    return points
