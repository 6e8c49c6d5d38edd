"""A human body at rest and in motion: rig, skinned mesh and surface landmarks.

At rest it stands as the mesh does: Y up, facing +Z, its left at +X; metres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from train.synth.body.makehuman import Assets, Floats, Ints, Shape

VISIBLE_GROUPS = ("body", "helper-l-eye", "helper-r-eye")
SKIN_VERTICES = 13380
"""The first vertices of the base mesh, and of every body, are the skin."""
FACE_BONES = ("head", "oris", "levator", "oculi", "special", "temporalis", "jaw", "risorius")
TWIST_BONES = ("upperleg", "lowerleg", "upperarm", "lowerarm")
"""Limbs with a second bone half-way; see ``Rig``."""


@dataclass(frozen=True, eq=False)
class Rig:
    """Bones in an order in which parents come first.

    A twist bone (``upperarm02`` …) hangs on its limb's own joint instead of on the first half
    of the limb, so the far half can carry the limb's whole axial rotation, the near half a
    part of it, and the joint centres still move as those of one rigid segment.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    """-1 for the root."""
    heads: Floats
    """(B, 3) proximal end at rest, m."""
    tails: Floats
    pivots: Floats
    """(B, 3) the point at rest about which the bone turns, m."""

    @classmethod
    def build(cls, assets: Assets, vertices: Floats) -> Self:
        names = _parents_first({name: bone["parent"] for name, bone in assets.bones.items()})
        ends = {
            end: np.array(
                [vertices[assets.joints[assets.bones[name][end]]].mean(0) for name in names]
            )
            for end in ("head", "tail")
        }
        parents = [assets.bones[name]["parent"] for name in names]
        parent_index = [names.index(parent) if parent else -1 for parent in parents]
        pivots = ends["head"].copy()
        for limb, side in product(TWIST_BONES, "LR"):
            near, far = names.index(f"{limb}01.{side}"), names.index(f"{limb}02.{side}")
            parent_index[far], pivots[far] = parent_index[near], pivots[near]
        return cls(tuple(names), tuple(parent_index), ends["head"], ends["tail"], pivots)

    def index(self, bone: str) -> int:
        return self._index[bone]

    def head(self, bone: str) -> Floats:
        """(3,) at rest, m."""
        return np.asarray(self.heads[self._index[bone]])

    def tail(self, bone: str) -> Floats:
        return np.asarray(self.tails[self._index[bone]])

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}


def _parents_first(parents: Mapping[str, str | None]) -> list[str]:
    def depth(name: str) -> int:
        parent = parents[name]
        return 0 if parent is None else 1 + depth(parent)

    return sorted(parents, key=depth)


@dataclass(frozen=True, eq=False)
class Body:
    """One person: the visible mesh at rest, with its rig, weights and surface landmarks."""

    rig: Rig
    vertices: Floats
    """(V, 3) visible mesh at rest, m."""
    triangles: Ints
    """(F, 3) vertex indices."""
    weights: csr_array
    """(V, B) skinning weights; each row adds up to 1."""
    landmarks: dict[str, int]
    """Surface points as vertex indices: nose, left_ear, right_ear, left_heel, right_heel."""
    worn: dict[str, Ints] = field(default_factory=dict)
    """Vertices of each helper mesh that is on it."""

    @classmethod
    def build(cls, assets: Assets, shape: Shape, wearing: Sequence[str] = ()) -> Self:
        """A body of the given shape, at rest, with helper meshes on it (``"helper-skirt"``)."""
        shaped = assets.shaped(shape)
        rig = Rig.build(assets, shaped)
        groups = (*VISIBLE_GROUPS, *wearing)
        polygons = [face for group in groups for face in assets.faces[group]]
        corners = np.array(
            [f[i] for f in polygons for k in range(2, len(f)) for i in (0, k - 1, k)]
        )
        visible, triangles = np.unique(corners, return_inverse=True)
        weights = _weights(assets, rig, len(shaped))[visible]
        vertices = shaped[visible]
        skin = _dominant_bones(rig, weights[:SKIN_VERTICES])
        landmarks = _landmarks(vertices[:SKIN_VERTICES], skin, rig)
        worn = {name: _worn(assets, name, visible) for name in wearing}
        return cls(rig, vertices, triangles.reshape(-1, 3), weights, landmarks, worn)

    @property
    def height_m(self) -> float:
        """Sole to crown at rest."""
        return float(np.ptp(self.vertices[:SKIN_VERTICES, 1]))

    @cached_property
    def dominant_bones(self) -> NDArray[np.str_]:
        """(V,) the bone that moves each vertex most."""
        return _dominant_bones(self.rig, self.weights)

    def pose(self, rotations: Mapping[str, Floats], root: Floats) -> "PosedBody":
        """The body in T poses.

        Args:
            rotations: (T, 3, 3) turn of a bone from rest, in the world frame; a bone that is
                not named turns with its parent. ``"root"`` must be there.
            root: (T, 3) where the root bone's head goes, m.
        """
        rig = self.rig
        turns = np.empty((len(root), len(rig.names), 3, 3))
        shifts = np.empty((len(root), len(rig.names), 3))
        for i, (name, parent) in enumerate(zip(rig.names, rig.parents, strict=True)):
            turns[:, i] = rotations[name] if name in rotations else turns[:, parent]
            pivot = rig.pivots[i]
            at = root if parent < 0 else turns[:, parent] @ pivot + shifts[:, parent]
            shifts[:, i] = at - turns[:, i] @ pivot
        return PosedBody(self, turns, shifts)


@dataclass(frozen=True, eq=False)
class PosedBody:
    """A body in T poses: x at rest is ``rotations @ x + translations`` in the world."""

    body: Body
    rotations: Floats
    """(T, B, 3, 3)."""
    translations: Floats
    """(T, B, 3) m."""

    def __len__(self) -> int:
        return len(self.rotations)

    def moved(self, offset: Floats) -> "PosedBody":
        """The same poses, each carried by offset (T, 3) or (3,), m."""
        carried = self.translations + np.broadcast_to(offset, (len(self), 3))[:, None]
        return PosedBody(self.body, self.rotations, carried)

    def point(self, bone: str, at_rest: Floats) -> Floats:
        """(T, 3) path of a point that is rigid with a bone, m."""
        i = self.body.rig.index(bone)
        return np.asarray(self.rotations[:, i] @ at_rest + self.translations[:, i])

    def vertices(self, frame: int) -> Floats:
        """(V, 3) the skinned mesh (linear blend skinning), m."""
        return self._skinned(self.body.weights, self.body.vertices, frame)

    def surface(self, index: Sequence[int]) -> Floats:
        """(T, len(index), 3) paths of single vertices, m."""
        weights, rest = self.body.weights[index], self.body.vertices[index]
        return np.stack([self._skinned(weights, rest, frame) for frame in range(len(self))])

    def _skinned(self, weights: csr_array, rest: Floats, frame: int) -> Floats:
        affine = np.concatenate(
            [self.rotations[frame], self.translations[frame][..., None]], axis=2
        )
        blended = (weights @ affine.reshape(-1, 12)).reshape(-1, 3, 4)
        return np.einsum("vij,vj->vi", blended[..., :3], rest) + blended[..., 3]


def _worn(assets: Assets, group: str, visible: Ints) -> Ints:
    corners = sorted({corner for face in assets.faces[group] for corner in face})
    return np.searchsorted(visible, corners)


def _weights(assets: Assets, rig: Rig, count: int) -> csr_array:
    rows, columns, values = [], [], []
    for bone, entries in assets.weights.items():
        for vertex, value in entries:
            rows.append(vertex)
            columns.append(rig.index(bone))
            values.append(value)
    weights = csr_array((values, (rows, columns)), shape=(count, len(rig.names)))
    total = np.maximum(weights.sum(axis=1), 1e-9)
    return csr_array(weights.multiply(1 / total[:, None]))


def _dominant_bones(rig: Rig, weights: csr_array) -> NDArray[np.str_]:
    return np.array(rig.names)[np.asarray(weights.argmax(axis=1)).ravel()]


def _landmarks(vertices: Floats, bones: NDArray[np.str_], rig: Rig) -> dict[str, int]:
    """Nose: foremost of the face; ears: widest at ear height; heels: rearmost of the foot."""
    face = np.flatnonzero([any(part in bone for part in FACE_BONES) for bone in bones])
    found = {"nose": int(face[vertices[face, 2].argmax()])}
    for side, sign in (("left", 1), ("right", -1)):
        initial = side[0].upper()
        ear_height = rig.head(f"eye.{initial}")[1] - 0.015
        band = face[np.abs(vertices[face, 1] - ear_height) < 0.03]
        foot = np.flatnonzero(np.char.startswith(bones, f"foot.{initial}"))
        found[f"{side}_ear"] = int(band[(sign * vertices[band, 0]).argmax()])
        found[f"{side}_heel"] = int(foot[vertices[foot, 2].argmin()])
    return found
