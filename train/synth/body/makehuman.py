"""MakeHuman's CC0 files: the base mesh, its shape targets, its rig and skinning weights.

The mesh has its own axes: Y up, facing +Z, its left at +X; lengths are turned into metres.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Gender = Literal["female", "male"]


@dataclass(frozen=True)
class Shape:
    """What a body looks like; the shares and weights of MakeHuman's macro targets."""

    gender: Gender = "female"
    muscle: float = 0.5
    """0 little, 1 much."""
    weight: float = 0.5
    """0 thin, 1 heavy."""
    stature: float = 0.0
    """-1 short, 1 tall; the height in metres is ``Body.height_m``."""
    proportions: float = 0.3
    """-1 uncommon, 1 ideal."""
    ethnicity: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
    """Shares of the african, asian and caucasian targets; they add up to 1."""
    age: float = 0.0
    """0 young, 1 old."""

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.muscle, self.weight, self.age)):
            raise ValueError(f"muscle, weight and age must be in [0, 1], got {self}")
        if not (-1 <= self.stature <= 1 and -1 <= self.proportions <= 1):
            raise ValueError(f"stature and proportions must be in [-1, 1], got {self}")

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """A plausible adult."""
        return cls(
            gender="female" if rng.random() < 0.5 else "male",
            muscle=rng.beta(3, 3),
            weight=rng.beta(3, 3),
            stature=float(np.clip(rng.normal(0, 0.17), -0.4, 0.4)),
            proportions=rng.uniform(-0.3, 0.6),
            ethnicity=tuple(rng.dirichlet([0.6, 0.6, 0.6])),
            age=rng.beta(0.7, 1.3),
        )

    def targets(self) -> Iterator[tuple[str, float]]:
        """(name, weight) of the MakeHuman targets that make up this shape."""
        for name, share in zip(("african", "asian", "caucasian"), self.ethnicity, strict=True):
            yield f"{name}-{self.gender}-young", share
        for (muscle, m), (weight, w) in product(_mix(self.muscle), _mix(self.weight)):
            for age, a in (("young", 1 - self.age), ("old", self.age)):
                yield f"universal-{self.gender}-{age}-{muscle}muscle-{weight}weight", a * m * w
        average = f"{self.gender}-young-averagemuscle-averageweight"
        yield f"{average}-{'maxheight' if self.stature > 0 else 'minheight'}", abs(self.stature)
        kind = "ideal" if self.proportions > 0 else "uncommon"
        yield f"{average}-{kind}proportions", abs(self.proportions)


def _mix(value: float) -> tuple[tuple[str, float], ...]:
    """Shares of the min, average and max targets for a value in [0, 1]."""
    return (
        ("min", max(0.0, 1 - 2 * value)),
        ("average", 1 - abs(2 * value - 1)),
        ("max", max(0.0, 2 * value - 1)),
    )


@dataclass(frozen=True, eq=False)
class Assets:
    """MakeHuman's files as they are, in metres."""

    folder: Path
    vertices: Floats
    """(V, 3) the base mesh, helper geometry included."""
    faces: dict[str, list[list[int]]]
    """Polygons of each group as vertex indices."""
    bones: dict[str, dict[str, str]]
    joints: dict[str, list[int]]
    """Vertices whose mean is each joint of the rig."""
    weights: dict[str, list[tuple[int, float]]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the unpacked ``body.tar.xz``: ``base.obj``, rig, weights and ``targets/``."""
        vertices, faces = _read_obj(folder / "base.obj")
        rig = json.loads((folder / "default.mhskel").read_text(encoding="utf-8"))
        weights = json.loads((folder / "default_weights.mhw").read_text(encoding="utf-8"))
        return cls(folder, vertices, faces, rig["bones"], rig["joints"], weights["weights"])

    def shaped(self, shape: Shape) -> Floats:
        """(V, 3) the base mesh with the shape's targets applied, m."""
        vertices = self.vertices.copy()
        for name, weight in shape.targets():
            if weight:
                index, offset = _read_target(self.folder / "targets" / f"{name}.target")
                vertices[index] += weight * offset
        return vertices


def _read_obj(path: Path) -> tuple[Floats, dict[str, list[list[int]]]]:
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    group = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *values = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) / 10 for value in values])  # dm -> m
        elif kind == "g":
            group = values[0]
        elif kind == "f":
            corners = [int(value.split("/")[0]) - 1 for value in values]
            faces.setdefault(group, []).append(corners)
    return np.array(vertices), faces


@lru_cache(maxsize=64)
def _read_target(path: Path) -> tuple[Ints, Floats]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)  # vertex, dx, dy, dz in dm
    return table[:, 0].astype(np.int64), table[:, 1:] / 10
