"""Motion capture of our own making, a few frames each, in the formats of others."""

from pathlib import Path

import numpy as np

from train.convert.expmap import _NODES, NUMBERS
from train.convert.skeletons import ACCLAIM

_FRAMES = 4


def write_bvh(path: Path) -> Path:
    """A body of MotionBuilder's names that raises its arms."""
    children: dict[str, list[str]] = {}
    offsets = {}
    for name, parent, offset in _NODES:
        children.setdefault(parent, []).append(name)
        offsets[name] = offset
    count = 3 + 3 * sum(not name.endswith("_end") for name, _, _ in _NODES)
    rows = [" ".join([str(3.0 * frame)] * count) for frame in range(1, _FRAMES + 1)]
    lines = ["HIERARCHY", *_node("Hips", children, offsets, "ROOT")]
    lines += ["MOTION", f"Frames: {_FRAMES}", "Frame Time: 0.02", *rows]
    path.write_text("\n".join(lines) + "\n")
    return path


def _node(
    name: str,
    children: dict[str, list[str]],
    offsets: dict[str, tuple[float, float, float]],
    word: str = "JOINT",
) -> list[str]:
    place = "OFFSET {} {} {}".format(*offsets[name])
    if name.endswith("_end"):
        return ["End Site", "{", place, "}"]
    turns = "Zrotation Yrotation Xrotation"
    moves = "6 Xposition Yposition Zposition" if word == "ROOT" else "3"
    lines = [f"{word} {name}", "{", place, f"CHANNELS {moves} {turns}"]
    for child in children.get(name, []):
        lines += _node(child, children, offsets)
    return [*lines, "}"]


def write_amc(path: Path) -> Path:
    """Acclaim's pair: the skeleton ``01.asf`` beside it has each bone at the root's end."""
    path.parent.mkdir(exist_ok=True)
    bones = sorted({*ACCLAIM.values(), "head"} - {"head_end"})
    skeleton = [":version 1.10", ":units", "  mass 1.0", "  length 0.45", "  angle deg"]
    skeleton += [":root", "  order TX TY TZ RX RY RZ", ":bonedata"]
    for number, bone in enumerate(bones, start=1):
        skeleton += ["begin", f"  id {number}", f"  name {bone}", "  direction 0 1 0"]
        skeleton += [f"  length {number}", "  axis 0 0 20 XYZ", "  dof rx ry rz", "end"]
    skeleton += [":hierarchy", "begin", f"  root {' '.join(bones)}", "end", ""]
    path.with_name("01.asf").write_text("\n".join(skeleton))
    frames = [":FULLY-SPECIFIED", ":DEGREES"]
    for frame in range(1, _FRAMES + 1):
        frames += [str(frame), f"root 1 {frame} 2 0 0 0", *(f"{b} 1 2 {frame}" for b in bones)]
    path.write_text("\n".join(frames) + "\n")
    return path


def write_expmap(path: Path) -> Path:
    """Exponential maps of CMU's skeleton."""
    rows = np.linspace(0.1, 0.5, _FRAMES)[:, None] * np.ones(NUMBERS)
    path.write_text("".join(",".join(f"{v:.6f}" for v in row) + "\n" for row in rows))
    return path
