"""CMU motions as exponential maps in text: 117 numbers a frame, separated by commas.

Source: the repository chaneyddtt/Convolutional-Sequence-to-Sequence-Model-for-Human-Dynamics
(Li et al. 2018). Root position, then a rotation vector for each node of cgspeed's tree (see
``train.convert.bvh``) and for its ends, transposed, as in ``src/forward_kinematics_cmu.py``
there. The files hold no bone lengths: those of CMU's subject 02, which that script uses too,
stand for every subject. So a limb's direction is the subject's own, but the collars, hips and
spine have the rest directions of subject 02, some degrees off.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats, PoseSequence
from train.convert.bvh import CMU_UNIT_M
from train.convert.errors import SourceError, reading
from train.convert.kinematics import Tree
from train.convert.skeletons import MOTIONBUILDER, body_sequence

RATE_HZ = 120.0

_NODES: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("Hips", "", (0, 0, 0)),
    ("LHipJoint", "Hips", (0, 0, 0)),
    ("LeftUpLeg", "LHipJoint", (1.65674, -1.80282, 0.62477)),
    ("LeftLeg", "LeftUpLeg", (2.5972, -7.13576, 0)),
    ("LeftFoot", "LeftLeg", (2.49236, -6.8477, 0)),
    ("LeftToeBase", "LeftFoot", (0.19704, -0.54136, 2.14581)),
    ("LeftToeBase_end", "LeftToeBase", (0, 0, 1.11249)),
    ("RHipJoint", "Hips", (0, 0, 0)),
    ("RightUpLeg", "RHipJoint", (-1.6107, -1.80282, 0.62476)),
    ("RightLeg", "RightUpLeg", (-2.59502, -7.12977, 0)),
    ("RightFoot", "RightLeg", (-2.4678, -6.78024, 0)),
    ("RightToeBase", "RightFoot", (-0.23024, -0.63258, 2.13368)),
    ("RightToeBase_end", "RightToeBase", (0, 0, 1.11569)),
    ("LowerBack", "Hips", (0, 0, 0)),
    ("Spine", "LowerBack", (0.01961, 2.0545, -0.14112)),
    ("Spine1", "Spine", (0.01021, 2.06436, -0.05921)),
    ("Neck", "Spine1", (0.00151, 2.06805, 0.00804)),
    ("Neck1", "Neck", (0.00713, 1.56711, 0.14968)),
    ("Head", "Neck1", (0.03429, 1.56041, -0.10006)),
    ("Head_end", "Head", (0.01305, 1.6256, -0.05265)),
    ("LeftShoulder", "Spine1", (0.00151, 2.06805, 0.00804)),
    ("LeftArm", "LeftShoulder", (3.54205, 0.90436, -0.17364)),
    ("LeftForeArm", "LeftArm", (4.86513, 0, 0)),
    ("LeftHand", "LeftForeArm", (3.35554, 0, 0)),
    ("LeftFingerBase", "LeftHand", (0, 0, 0)),
    ("LeftHandIndex1", "LeftFingerBase", (0.66117, 0, 0)),
    ("LeftHandIndex1_end", "LeftHandIndex1", (0.53306, 0, 0)),
    ("LThumb", "LeftHand", (0, 0, 0)),
    ("LThumb_end", "LThumb", (0.5412, 0, 0.5412)),
    ("RightShoulder", "Spine1", (0.00151, 2.06805, 0.00804)),
    ("RightArm", "RightShoulder", (-3.49802, 0.75994, -0.32616)),
    ("RightForeArm", "RightArm", (-5.02649, 0, 0)),
    ("RightHand", "RightForeArm", (-3.36431, 0, 0)),
    ("RightFingerBase", "RightHand", (0, 0, 0)),
    ("RightHandIndex1", "RightFingerBase", (-0.73041, 0, 0)),
    ("RightHandIndex1_end", "RightHandIndex1", (-0.58887, 0, 0)),
    ("RThumb", "RightHand", (0, 0, 0)),
    ("RThumb_end", "RThumb", (-0.59786, 0, 0.59786)),
)  # fmt: skip
"""Name, parent, and place in the parent: CMU's 02.asf, with the thorax that cgspeed dropped."""

NUMBERS = 3 * (1 + len(_NODES))


def read(path: Path) -> Iterator[PoseSequence]:
    """The body in the file, m, Y up. Raises SourceError."""
    with reading(path):
        paths = _paths(path)
        scaled = {name: path * CMU_UNIT_M for name, path in paths.items()}
        body = body_sequence(scaled, MOTIONBUILDER, RATE_HZ)
    yield body


def _paths(path: Path) -> dict[str, Floats]:
    """Node -> (T, 3), in CMU's unit."""
    lines = path.read_text(encoding="ascii", errors="replace").split()
    table = np.array([_numbers(line, path) for line in lines])
    if len(table) > 1 and not table[0, 3:6].any():
        table = table[1:]  # a pose at rest that cgspeed put before the motion
    vectors = table[:, 3:].reshape(len(table), -1, 3)
    turns = [Rotation.from_rotvec(-vectors[:, i]) for i in range(len(_NODES))]
    turns[0] = _root_turn(turns[0])
    return _tree().paths(table[:, :3], [turn.as_matrix() for turn in turns])


def _root_turn(turn: Rotation) -> Rotation:
    """Undo a slip of the source: it put the root's three angles together as Z-X-Y, not Z-Y-X.

    Read back as Z-X-Y they are CMU's own to the last digit (02_01 and 39_03).
    """
    z, x, y = turn.as_euler("ZXY").T
    return Rotation.from_euler("ZYX", np.stack([z, y, x], axis=1))


def _numbers(line: str, path: Path) -> list[float]:
    words = line.split(",")
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != NUMBERS:
        raise SourceError(
            f"{path.name} is not CMU in exponential maps: give lines of {NUMBERS} numbers"
        )
    return numbers


def _tree() -> Tree:
    names, parents, offsets = zip(*_NODES, strict=True)
    indices = tuple(names.index(parent) if parent else -1 for parent in parents)
    return Tree(names, indices, np.array(offsets, dtype=np.float64))
