"""What the POF network sees: the person through a camera that looks straight at them.

The same pose looks different at the picture's border than in its middle. So the camera is
turned towards the person in every frame, the network answers in that camera's axes, and
``turn`` leads back. What remains is measured in body sizes: neither the picture's size nor
its shape matters.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.nets.windows import Evidence
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17

_TRUNK = COCO17.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_BODY = list(range(5, 17))
_UNSEEN_WEIGHT = 0.05
"""Of a keypoint of visibility 0 beside those of visibility 1."""
_SMALLEST = 1e-3
"""Of a person, as the tangent of an angle; a limit against division by zero."""


@dataclass(frozen=True, eq=False)
class LimbView(Evidence):
    """Windows of T frames; any leading axes; no NaN."""

    points: Floats
    """(..., T, 17, 4) x, y in body sizes from the person's middle, visibility, 1; or all 0."""
    frame: Floats
    """(..., T, 7) log size, direction (2) and way (2) of the person, share and visibility of
    what is seen."""
    turn: Floats
    """(..., T, 3, 3) the camera's axes → those of the camera that looks at the person."""

    def mirrored(self) -> Self:
        """What the same camera would see of the person's mirror image."""
        points = exchange_joints(self.points) * [-1.0, 1.0, 1.0, 1.0]
        return type(self)(points, self.frame * MIRRORED_FRAME, self.turn * MIRRORED_TURN)


def look_at_person(rays: Floats, visibility: Floats) -> LimbView:
    """Turn the camera to the person and measure in body sizes, one size per window.

    Args:
        rays: (..., T, 17, 3) through the keypoints, z = 1, camera frame; NaN where missing.
        visibility: (..., T, 17) in [0, 1]; no NaN.
    """
    there = np.isfinite(rays).all(axis=-1)
    rays = np.where(there[..., None], rays, 0.0)
    weight = np.where(there, visibility + _UNSEEN_WEIGHT, 0.0)
    middle = _middle(rays[..., :2], weight, there)
    turn = towards(middle)
    seen = np.einsum("...ij,...kj->...ki", turn, rays)
    depth = np.where(there, np.maximum(seen[..., 2], _SMALLEST), 1.0)
    flat = seen[..., :2] / depth[..., None]
    size = _size(flat, weight)
    points = np.concatenate(
        [
            flat / size[..., None, None, None],
            visibility[..., None],
            np.ones_like(flat[..., :1]),
        ],
        axis=-1,
    )
    wide = np.broadcast_to(size[..., None], middle.shape[:-1])
    way = (middle - middle.mean(axis=-2, keepdims=True)) / wide[..., None]
    shown = there.mean(axis=-1), np.where(there, visibility, 0.0).mean(axis=-1)
    frame = np.concatenate(
        [np.log(wide.copy())[..., None], middle, way, np.stack(shown, axis=-1)], axis=-1
    )
    return LimbView(np.where(there[..., None], points, 0.0), frame, turn)


def towards(middle: Floats) -> Floats:
    """(..., 3, 3) the smallest turn that brings (x, y, 1) to (0, 0, 1); (..., 2) x and y."""
    direction = np.concatenate([middle, np.ones_like(middle[..., :1])], axis=-1)
    x, y, z = np.moveaxis(direction / np.linalg.norm(direction, axis=-1, keepdims=True), -1, 0)
    k = 1 / (1 + z)
    rows = [
        np.stack([1 - k * x * x, -k * x * y, -x], axis=-1),
        np.stack([-k * x * y, 1 - k * y * y, -y], axis=-1),
        np.stack([x, y, z], axis=-1),
    ]
    return np.stack(rows, axis=-2)


def _middle(flat: Floats, weight: Floats, there: NDArray[np.bool_]) -> Floats:
    """(..., T, 2) of the trunk, or of whatever is seen; carried over frames without it."""
    trunk = weight[..., _TRUNK]
    has_trunk = (there[..., _TRUNK].sum(axis=-1) >= 2)[..., None]
    chosen = np.where(has_trunk, np.zeros_like(weight), weight)
    chosen[..., _TRUNK] = np.where(has_trunk, trunk, chosen[..., _TRUNK])
    total = chosen.sum(axis=-1)[..., None]
    middle = (flat * chosen[..., None]).sum(axis=-2) / np.where(total > 0, total, 1.0)
    return np.take_along_axis(middle, _nearest_known(total[..., 0] > 0)[..., None], axis=-2)


def _nearest_known(known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(..., T) index of the last frame that is known, or else of the first."""
    frames = np.arange(known.shape[-1])
    last = np.maximum.accumulate(np.where(known, frames, -1), axis=-1)
    return np.where(last >= 0, last, known.argmax(axis=-1)[..., None])


def _size(flat: Floats, weight: Floats) -> Floats:
    """(...) the median over a window of the body's root mean square extent."""
    weight, flat = weight[..., _BODY], flat[..., _BODY, :]
    total = weight.sum(axis=-1)
    square = (flat**2).sum(axis=-1)
    extent = np.sqrt((square * weight).sum(axis=-1) / np.where(total > 0, total, 1.0))
    known = np.where(total > 0, extent, np.nan)
    nobody = ~np.isfinite(known).any(axis=-1, keepdims=True)
    return np.maximum(np.nanmedian(np.where(nobody, 1.0, known), axis=-1), _SMALLEST)


def exchange_joints(values: Floats) -> Floats:
    """(..., 17, N) of COCO17's joints, left for right."""
    return values[..., list(COCO17.mirror), :]


def mirrored_joints(points: Floats) -> Floats:
    """(..., 17, 3) of COCO17's joints in the mirror x = 0: sides exchanged, x reversed."""
    return exchange_joints(points) * _FLIP


def mirrored_vectors(vectors: Floats) -> Floats:
    """(..., 3) in the mirror x = 0."""
    return vectors * _FLIP


def mirrored_limbs(vectors: Floats) -> Floats:
    """(..., 14, 3) of COCO17's limbs in the mirror x = 0: sides exchanged, x reversed, and the
    two width limbs turned round."""
    return vectors[..., MIRRORED_LIMBS, :] * MIRRORED_LIMB_SIGNS[:, None] * _FLIP


def _mirror_of_limbs() -> tuple[list[int], Floats]:
    bones, mirror = COCO17.bone_indices, COCO17.mirror
    columns, signs = [], []
    for parent, child in bones:
        other = (mirror[parent], mirror[child])
        reverses = other not in bones
        columns.append(bones.index(other[::-1] if reverses else other))
        signs.append(-1.0 if reverses else 1.0)
    return columns, np.array(signs)


MIRRORED_LIMBS, MIRRORED_LIMB_SIGNS = _mirror_of_limbs()
"""Of each of COCO17's limbs the one on the other side, and -1 where that turns round."""
_FLIP = np.array([-1.0, 1.0, 1.0])
MIRRORED_FRAME = np.array([1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 1.0])
"""What ``LimbView.frame`` and ``turn`` are multiplied by in the mirror x = 0."""
MIRRORED_TURN = np.outer(_FLIP, _FLIP)
