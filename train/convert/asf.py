"""Acclaim: a skeleton (.asf) and per frame its joint angles (.amc).

Format: Acclaim Advanced Technologies Group; J. Lander 1998, "Working with Motion Capture File
Formats". Both sources here, CMU and HDM05, have inches / 0.45, Y up, 120 Hz.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.sequence import Floats, PoseSequence
from train.convert.errors import SourceError, reading
from train.convert.kinematics import Tree, euler
from train.convert.skeletons import ACCLAIM, body_sequence

RATE_HZ = 120.0
"""The files don't say it. True of all HDM05 and of CMU's subjects 1-16, 35 and 39."""
INCH_M = 0.0254


@dataclass(frozen=True, eq=False)
class AcclaimSkeleton:
    """Bones, each a node at its start; the head has one at its end as well."""

    tree: Tree
    axes: dict[str, Floats]
    """Bone -> (3, 3) the axes that its angles turn about."""
    freedoms: dict[str, str]
    """Bone -> the axes that it turns about, of "xyz", in the file's order."""
    unit_m: float


def read(path: Path) -> Iterator[PoseSequence]:
    """The body in an .amc file, m, Y up; its .asf lies beside it. Raises SourceError."""
    with reading(path):
        skeleton = read_skeleton(skeleton_path(path))
        paths = node_paths(skeleton, read_angles(path))
        body = body_sequence(paths, ACCLAIM, RATE_HZ)
    yield body


def skeleton_path(path: Path) -> Path:
    """The .asf of an .amc: beside it or in a folder beside, named as the clip's name begins."""
    near = sorted(path.parent.glob("*.asf")) + sorted(path.parent.parent.glob("*/*.asf"))
    for candidate in near:
        if re.match(rf"{re.escape(candidate.stem)}_", path.stem):
            return candidate
    raise SourceError(f"{path.name} needs its skeleton; put the .asf file beside it")


def read_skeleton(path: Path) -> AcclaimSkeleton:
    """Parse an .asf file. Raises SourceError."""
    text = path.read_text(encoding="utf-8", errors="replace")
    unit = re.search(r":units.*?length\s+(\S+)", text, re.S)
    bones = re.findall(r"begin(.*?)\bend\b", _section(text, "bonedata"), re.S)
    if unit is None or not bones:
        raise SourceError(f"{path.name} is not an ASF file; give the skeleton of the clip")
    fields = {_field(bone, "name")[0]: bone for bone in bones}
    vectors = {name: _vector(bone) for name, bone in fields.items()}
    return AcclaimSkeleton(
        _tree(_section(text, "hierarchy"), vectors),
        {name: _axes(bone) for name, bone in fields.items()},
        {name: _freedoms(bone) for name, bone in fields.items()},
        INCH_M / float(unit[1]),
    )


def read_angles(path: Path) -> dict[str, Floats]:
    """Bone -> (T, N) its numbers in each frame of an .amc file, as written."""
    text = path.read_text(encoding="utf-8", errors="replace")
    words = re.sub(r"^[#:].*$", "", text, flags=re.M).split()
    count = words.count("root")
    if count == 0 or len(words) % count:
        raise SourceError(f"{path.name} is cut off or not an AMC file; get it again")
    frames = np.array(words, dtype=object).reshape(count, -1)
    starts = [i for i, word in enumerate(frames[0]) if word[0].isalpha()]
    if (frames[:, starts] != frames[0, starts]).any():
        raise SourceError(f"{path.name} has frames of different bones; get it again")
    ends = [*starts[1:], frames.shape[1]]
    return {
        str(frames[0, start]): frames[:, start + 1 : end].astype(np.float64)
        for start, end in zip(starts, ends, strict=True)
    }


def node_paths(skeleton: AcclaimSkeleton, angles: dict[str, Floats]) -> dict[str, Floats]:
    """Where every bone starts: bone -> (T, 3), m."""
    root = angles["root"]
    turns = [euler("xyz", root[:, 3:])]
    for name in skeleton.tree.names[1:]:
        axes = skeleton.axes.get(name, np.eye(3))
        turn = euler(
            skeleton.freedoms.get(name, ""), angles.get(name, np.empty((len(root), 0)))
        )
        turns.append(axes @ turn @ axes.T)
    paths = skeleton.tree.paths(root[:, :3], turns)
    return {name: path * skeleton.unit_m for name, path in paths.items()}


def _tree(hierarchy: str, vectors: dict[str, Floats]) -> Tree:
    """Nodes at the bones' starts; a bone starts where its parent ends."""
    names, parents, offsets = ["root"], [-1], [np.zeros(3)]
    for line in hierarchy.splitlines():
        parent, *children = line.split() or [""]
        if parent in names:
            names += children
            parents += [names.index(parent)] * len(children)
            offsets += [vectors.get(parent, np.zeros(3))] * len(children)
    return Tree(
        (*names, "head_end"),
        (*parents, names.index("head")),
        np.array([*offsets, vectors["head"]]),
    )


def _section(text: str, name: str) -> str:
    found = re.search(rf"^:{name}\b(.*?)(?=^:|\Z)", text, re.S | re.M)
    return found[1] if found else ""


def _field(bone: str, name: str) -> list[str]:
    found = re.search(rf"^\s*{name}\s+(.+)$", bone, re.M)
    return found[1].split() if found else []


def _vector(bone: str) -> Floats:
    """(3,) from the bone's start to its end."""
    direction = np.array(_field(bone, "direction"), dtype=np.float64)
    return direction * float(_field(bone, "length")[0])


def _axes(bone: str) -> Floats:
    *angles, order = _field(bone, "axis")
    turn = Rotation.from_euler(order.lower(), np.array(angles, dtype=np.float64), degrees=True)
    return np.asarray(turn.as_matrix())


def _freedoms(bone: str) -> str:
    return "".join(word[1] for word in _field(bone, "dof") if word in ("rx", "ry", "rz"))
