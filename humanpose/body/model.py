"""The body: OpenSim's LaiUhlrich2022 as a tree of rigid segments.

Segment axes are the model's: X forward, Y up, Z to the right, alike in its default pose. A
frame has 29 unknowns: where the middle of the hips is, how six ball joints are turned, how far
eight hinges are bent; the knee's coupled turns follow its bend. A person has nine lengths, the
same on both sides.

Source: Rajagopal et al. 2016, Lai et al. 2017, Uhlrich et al. 2022 (LaiUhlrich2022.osim).
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats

GENERIC_HEIGHT_M = 1.70
"""Of the person whose size the unscaled model has."""

BALLS = ("pelvis", "lumbar", "hip_r", "hip_l", "arm_r", "arm_l")
"""Joints that turn any way; the pelvis turns against the camera."""
HINGES = (
    "knee_r", "knee_l", "ankle_r", "ankle_l",
    "subtalar_r", "subtalar_l", "elbow_r", "elbow_l",
)  # fmt: skip
ROOT = slice(0, 3)
"""Of a frame's unknowns those that say where the middle of the hips is."""
TURNS = slice(3, 3 + 3 * len(BALLS))
BENDS = slice(TURNS.stop, TURNS.stop + len(HINGES))
UNKNOWNS = BENDS.stop
"""Of a frame: root (m), then the turns of the balls about the child's own axes and the bends of
the hinges, rad."""

SCALES = (
    "pelvis", "pelvis_width", "torso", "shoulder_width",
    "femur", "tibia", "foot", "humerus", "forearm",
)  # fmt: skip
"""What may be longer or shorter in a person than in the unscaled model."""
MIRROR = np.array([1.0, 1.0, -1.0])
"""From the right side of the body to the left."""


@dataclass(frozen=True)
class _Joint:
    """How a segment hangs on the one above it, right side."""

    parent: str
    joint: str
    """Empty where the segment is welded on."""
    offset: tuple[float, float, float]
    """The joint's centre in the parent's axes, m, unscaled."""
    along: str
    """The scale of that offset,"""
    across: str
    """and of its Z."""


_TREE = {
    "torso": _Joint("pelvis", "lumbar", (-0.1007, 0.0815, 0.0), "pelvis", "pelvis_width"),
    "femur": _Joint("pelvis", "hip", (-0.056276, -0.07849, 0.07726), "pelvis", "pelvis_width"),
    "tibia": _Joint("femur", "knee", (-0.0045, -0.4096, -0.00175), "femur", "femur"),
    "talus": _Joint("tibia", "ankle", (-0.00191, -0.39647, 0.00148), "tibia", "tibia"),
    "calcn": _Joint("talus", "subtalar", (-0.04877, -0.04195, 0.00792), "foot", "foot"),
    "humerus": _Joint("torso", "arm", (0.003155, 0.3715, 0.17), "torso", "shoulder_width"),
    "ulna": _Joint("humerus", "elbow", (0.013144, -0.286273, -0.009595), "humerus", "humerus"),
    "hand": _Joint("ulna", "", (-0.007, -0.2488, 0.025), "forearm", "forearm"),
}
KNEE_ON_TIBIA = np.array([-0.00809, -0.00353, -0.00148])
"""The knee's centre in the model's tibia, right side, m, unscaled. Here every segment counts
from the joint on which it hangs, which is the model's own origin for all others."""
_OF_A_SIDE = ("femur", "tibia", "talus", "calcn", "humerus", "ulna", "hand")
SEGMENTS = ("pelvis", "torso", *(f"{name}_{side}" for side in "rl" for name in _OF_A_SIDE))
"""Every one after the one that it hangs on."""


@dataclass(frozen=True, eq=False)
class Link:
    """One segment of the tree."""

    parent: int
    ball: int | None
    hinge: int | None
    """Which joint turns it; both are None where it is welded on."""
    offset: Floats
    """(3, 9) where the joint is in the parent's axes, m, for each scale at 1."""


def _link(segment: str) -> Link:
    name, _, side = segment.partition("_")
    joint = _TREE[name]
    parent = joint.parent if joint.parent in SEGMENTS else f"{joint.parent}_{side}"
    turned_by = f"{joint.joint}_{side}" if side and joint.joint else joint.joint
    offset = np.zeros((3, len(SCALES)))
    scaled_by = (joint.along, joint.along, joint.across)
    for axis, (length, scale) in enumerate(zip(joint.offset, scaled_by, strict=True)):
        offset[axis, SCALES.index(scale)] = length
    if side == "l":
        offset *= MIRROR[:, None]
    return Link(
        SEGMENTS.index(parent),
        BALLS.index(turned_by) if turned_by in BALLS else None,
        HINGES.index(turned_by) if turned_by in HINGES else None,
        offset,
    )


LINKS = {SEGMENTS.index(name): _link(name) for name in SEGMENTS[1:]}
"""Number of a segment -> how it hangs on another; the pelvis is the root."""
MID_HIP = (_link("femur_r").offset + _link("femur_l").offset) / 2
"""(3, 9) the middle of the hips in the pelvis' axes, m, for each scale at 1."""


def _moves() -> Floats:
    """(16, 26) which turns and bends move which segments."""
    moves = np.zeros((len(SEGMENTS), UNKNOWNS - ROOT.stop), dtype=bool)
    moves[0, :3] = True
    for segment, link in LINKS.items():
        moves[segment] = moves[link.parent]
        if link.ball is not None:
            moves[segment, 3 * link.ball : 3 * link.ball + 3] = True
        if link.hinge is not None:
            moves[segment, 3 * len(BALLS) + link.hinge] = True
    return moves


MOVES = _moves()


def _turned(x: float, y: float, z: float) -> Floats:
    return np.asarray(Rotation.from_euler("XYZ", (x, y, z)).as_matrix())


_KNEE = _turned(-1.64157, 1.44618, 1.5708)
_MOST_COUPLED = 2.3
"""Where the knee's coupled turns stop to grow, rad."""
_ADDUCTS = (0.010832094539863, -0.025218325501241, -0.032847810398852, 0.079100011967027, 0.0)
_ROTATES = (0.025165762727423, -0.16948005139054, 0.369499348688249, 0.0)
_ROLLS = np.array(
    [
        [0.000159044787885, -0.001015149915669, 0.001817510974968, 0.000026414266952, 0.0],
        [-0.000579687805234, 0.005079765745626, -0.011442375726364, 0.003936908668844, 0.0],
        [0.001208086889206, -0.004453611224706, 0.000611649407398, 0.006265429606387, 0.0],
    ]
)
"""How the knee's centre moves on the femur, m, along the knee's own axes."""
_AXES = {
    "ankle": _turned(0.175895, -0.105208, 0.0186622)[:, 2],
    "subtalar": _turned(-1.76819, 0.906223, 1.8196)[:, 2],
    "elbow": _turned(-0.0228627, 0.228018, 0.0051689)[:, 2],
}
"""Hinge -> its axis in both segments, right side."""


def hinge_turn(hinge: str, bend: Floats) -> tuple[Floats, Floats]:
    """How a hinge bent by (T,) rad turns its lower segment: (T, 3, 3), and the axis about which
    it turns further, (T, 3) in the lower segment's axes, in radians per radian."""
    kind, side = hinge[:-2], hinge[-1]
    if kind == "knee":
        turn, axis = _knee_turn(bend)
    else:
        turn = Rotation.from_rotvec(bend[:, None] * _AXES[kind]).as_matrix()
        axis = np.broadcast_to(_AXES[kind], (len(bend), 3))
    if side == "l":
        return np.asarray(turn * np.outer(MIRROR, MIRROR)), -axis * MIRROR
    return turn, axis


def knee_slide(bend: Floats, side: str) -> tuple[Floats, Floats]:
    """How far the centre of a knee bent by (T,) rad has moved in the femur's axes, (T, 3) m in
    the unscaled model, and how far it moves further, (T, 3) m per radian."""
    coupled = np.clip(bend, 0, _MOST_COUPLED)
    grows = (bend > 0) & (bend < _MOST_COUPLED)
    turn = _KNEE.T * (MIRROR if side == "l" else 1.0)
    slid = np.stack([np.polyval(p, coupled) for p in _ROLLS], axis=-1)
    onward = np.stack([np.polyval(np.polyder(p), coupled) * grows for p in _ROLLS], axis=-1)
    return np.asarray(slid @ turn), np.asarray(onward @ turn)


def _knee_turn(bend: Floats) -> tuple[Floats, Floats]:
    """Flexion with the model's coupled adduction and rotation."""
    coupled = np.clip(bend, 0, _MOST_COUPLED)
    grows = (bend > 0) & (bend < _MOST_COUPLED)
    adducts, rotates = (np.polyval(p, coupled) for p in (_ADDUCTS, _ROTATES))
    ca, sa, cr, sr = np.cos(adducts), np.sin(adducts), np.cos(rotates), np.sin(rotates)
    first, none = np.stack([ca * cr, -sa, ca * sr], axis=-1), np.zeros_like(bend)
    second, third = np.stack([sa * cr, ca, sa * sr], -1), np.stack([-sr, none, cr], -1)
    cb, sb = np.cos(bend)[:, None], np.sin(bend)[:, None]
    inner = np.stack([first, cb * second - sb * third, sb * second + cb * third], axis=1)
    by_adduction, by_rotation = (
        np.where(grows, np.polyval(np.polyder(p), coupled), 0.0) for p in (_ADDUCTS, _ROTATES)
    )
    axis = first + by_adduction[:, None] * third
    axis[:, 1] += by_rotation
    return np.asarray(_KNEE @ inner @ _KNEE.T), np.asarray(axis @ _KNEE.T)
