"""BVH: a tree of nodes, and per frame its Euler angles.

Format: Biovision hierarchical data (Meredith and Maddock 2001, "Motion Capture File Formats
Explained"). Three rigs are known, told apart by their node names:

* MotionBuilder's names, CMU clips as converted by B. Hahne (cgspeed.com): inches / 0.45.
* The DAZ Studio figure, CMU dances in the repository papagina/Auto_Conditioned_RNN_motion: cm.
* Xsens in Unity's humanoid names, from the repository JLPM22/MotionMatching: m.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from humanpose.sequence import Floats, PoseSequence
from train.convert.errors import SourceError, reading
from train.convert.kinematics import Tree, euler
from train.convert.skeletons import DAZ, MOTIONBUILDER, XSENS, body_sequence

CMU_UNIT_M = 2.54 / 100 / 0.45
"""0.056444 m: the length unit of CMU's skeletons (mocap.cs.cmu.edu, FAQ)."""

TRUE_HZ = {"salsa": 60.0}
"""Folder -> rate, where "Frame Time" is wrong: the dances' readme.txt says 60 for salsa."""


@dataclass(frozen=True)
class Rig:
    """What the node names of a file tell about it."""

    root: str
    knee: str
    joints: dict[str, str]
    unit_m: float


RIGS = (
    Rig("Hips", "LeftLeg", MOTIONBUILDER, CMU_UNIT_M),
    Rig("hip", "lShin", DAZ, 0.01),
    Rig("Hips", "LeftLowerLeg", XSENS, 1.0),
)


@dataclass(frozen=True, eq=False)
class Motion:
    """A parsed file: N channels over T frames."""

    tree: Tree
    channels: tuple[tuple[str, ...], ...]
    """Per node the names of its channels, in the file's order."""
    table: Floats
    """(T, N)"""
    frame_time_s: float


def read(path: Path) -> Iterator[PoseSequence]:
    """The body in the file, m, Y up. Raises SourceError."""
    with reading(path):
        motion = _without_rest_frame(parse(path.read_text(encoding="utf-8", errors="replace")))
        rig = _rig_of(motion.tree, path)
        paths = node_paths(_with_thorax(motion) if rig.joints is MOTIONBUILDER else motion)
        fps = TRUE_HZ.get(path.parent.name, round(1 / motion.frame_time_s, 2))
        scaled = {name: p * rig.unit_m for name, p in paths.items()}
        body = body_sequence(scaled, rig.joints, fps)
    yield body


def parse(text: str) -> Motion:
    """The tree and the table of a BVH file, as written. Raises SourceError."""
    header, found, body = text.partition("MOTION")
    words = body.split()
    if not found or words[:1] != ["Frames:"] or words[2:4] != ["Frame", "Time:"]:
        raise SourceError("this is not a BVH file; convert a file with HIERARCHY and MOTION")
    tree, channels = _hierarchy(header.split())
    count = sum(map(len, channels))
    numbers = np.array(words[5:], dtype=np.float64)
    if count == 0 or len(numbers) < count or len(numbers) % count:
        raise SourceError("the BVH file is cut off; get it again")
    return Motion(tree, channels, numbers.reshape(-1, count), float(words[4]))


def node_paths(motion: Motion) -> dict[str, Floats]:
    """Node name -> (T, 3), in the file's unit and axes."""
    root = np.broadcast_to(motion.tree.offsets[0], (len(motion.table), 3)).copy()
    turns, column = [], 0
    for node, names in enumerate(motion.channels):
        values = motion.table[:, column : column + len(names)]
        column += len(names)
        spins = [i for i, name in enumerate(names) if name.endswith("rotation")]
        turns.append(euler("".join(names[i][0] for i in spins), values[:, spins]))
        if node == 0:
            for i, name in enumerate(names):
                if name.endswith("position"):
                    root[:, "XYZ".index(name[0])] = values[:, i]
    return motion.tree.paths(root, turns)


def _hierarchy(words: Sequence[str]) -> tuple[Tree, tuple[tuple[str, ...], ...]]:
    names: list[str] = []
    parents: list[int] = []
    offsets: list[list[float]] = []
    channels: list[tuple[str, ...]] = []
    open_nodes: list[int] = []
    for i, word in enumerate(words):
        if word in ("ROOT", "JOINT", "End"):
            names.append(words[i + 1] if word != "End" else f"{names[open_nodes[-1]]}_end")
            parents.append(open_nodes[-1] if open_nodes else -1)
            channels.append(())
        elif word == "{":
            open_nodes.append(len(names) - 1)
        elif word == "}":
            open_nodes.pop()
        elif word == "OFFSET":
            offsets.append([float(number) for number in words[i + 1 : i + 4]])
        elif word == "CHANNELS":
            channels[-1] = tuple(words[i + 2 : i + 2 + int(words[i + 1])])
    return Tree(tuple(names), tuple(parents), np.array(offsets)), tuple(channels)


def _rig_of(tree: Tree, path: Path) -> Rig:
    for rig in RIGS:
        if tree.names[0] == rig.root and rig.knee in tree.names:
            return rig
    raise SourceError(
        f"{path.name} has a rig that is not known; add its names to train/convert/bvh.py"
    )


def _without_rest_frame(motion: Motion) -> Motion:
    """Both CMU conversions put a pose at rest, turned by exactly nothing, before the motion."""
    spins = [i for i, n in enumerate(motion.channels[0]) if n.endswith("rotation")]
    at_rest = not motion.table[0, spins].any() and len(motion.table) > 1
    return replace(motion, table=motion.table[1:]) if at_rest else motion


def _with_thorax(motion: Motion) -> Motion:
    """Cgspeed's trees lack the thorax: neck and collars sit at its lower end, 11 cm too low.

    CMU's own skeletons (ASF) make the thorax as long as the upper back, and upright at rest.
    """
    tree = motion.tree
    chest = tree.names.index("Spine1")
    offsets = tree.offsets.copy()
    for node, parent in enumerate(tree.parents):
        if parent == chest and not offsets[node].any():
            offsets[node, 1] = np.linalg.norm(offsets[chest])
    return replace(motion, tree=replace(tree, offsets=offsets))
