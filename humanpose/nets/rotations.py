"""The 36 angles as 12 rotations and back, in torch; quaternions are (w, x, y, z).

By hand, since roma 1.8.0 takes 1.1 to 3 times as long for the networks' windows, 1.7 to 6 times
for a single frame, and its gradient is not finite where angles lock.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from humanpose.skeleton import JOINT_GROUPS

GROUPS = len(JOINT_GROUPS)
_AXES = {"z": (0.0, 0.0, 1.0), "x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0)}
_ALMOST_ONE = 1 - 1e-5


def _signs() -> Tensor:
    """(12, 3) of the columns as multiples of the Cardan angles (z, x, y)."""
    signs = torch.ones(GROUPS, 3)
    for i, group in enumerate(JOINT_GROUPS):
        if group.startswith("knee"):
            signs[i, 0] = -1
        if group.endswith("_l"):
            signs[i, 1:] = -1
    return signs


_SIGNS = _signs()
_PELVIS = list(JOINT_GROUPS).index("pelvis")


def quaternions(degrees: Tensor) -> Tensor:
    """(..., 36) deg -> (..., 12, 4): intrinsic Z-X-Y, of the pelvis Y-X-Z."""
    half = torch.deg2rad(_by_group(degrees) * _SIGNS.to(degrees)) / 2
    z, x, y = (
        torch.cat(
            [half[..., i : i + 1].cos(), half[..., i : i + 1].sin() * _axis(name, half)], -1
        )
        for i, name in enumerate("zxy")
    )
    pelvis = _is_pelvis(degrees)
    first, last = torch.where(pelvis, y, z), torch.where(pelvis, z, y)
    return times(times(first, x), last)


def near(degrees: Tensor, rotations: Tensor) -> Tensor:
    """(..., 36) deg of ``rotations`` (..., 12, 4), as near to ``degrees`` as can be.

    Adding turns of 360° changes nothing, nor does (a ± 180, 180 - b, c ± 180).
    """
    wanted = _by_group(degrees)
    triple = torch.rad2deg(_cardan(rotations)) * _SIGNS.to(degrees)
    other = triple * triple.new_tensor([1, -1, 1]) + 180
    off, other_off = (wrapped(option - wanted) for option in (triple, other))
    nearer = other_off.abs().sum(-1, keepdim=True) < off.abs().sum(-1, keepdim=True)
    return (wanted + torch.where(nearer, other_off, off)).flatten(-2)


def wrapped(degrees: Tensor) -> Tensor:
    """Degrees of any shape, in [-180, 180)."""
    return (degrees + 180) % 360 - 180


def times(a: Tensor, b: Tensor) -> Tensor:
    """The product of quaternions (..., 4): first ``b`` turns, then ``a``."""
    aw, av, bw, bv = a[..., :1], a[..., 1:], b[..., :1], b[..., 1:]
    scalar = aw * bw - (av * bv).sum(dim=-1, keepdim=True)
    return torch.cat([scalar, aw * bv + bw * av + torch.linalg.cross(av, bv)], dim=-1)


def turned(rotations: Tensor, by: Tensor) -> Tensor:
    """Quaternions (..., 4), turned further about their own axes by small vectors (..., 3): half
    of the angle's tangent along the axis."""
    step = F.normalize(torch.cat([torch.ones_like(by[..., :1]), by], dim=-1), dim=-1)
    return times(rotations, step)


def rotation_vectors(rotations: Tensor) -> Tensor:
    """(..., 3) axis times twice the sine of half the angle, of quaternions (..., 4)."""
    return 2 * torch.where(rotations[..., :1] < 0, -1.0, 1.0) * rotations[..., 1:]


def _cardan(rotations: Tensor) -> Tensor:
    """(..., 12, 3) rad (z, x, y)."""
    w, x, y, z = rotations.unbind(dim=-1)
    pelvis = _is_pelvis(rotations[..., 0, 0, None])[..., 0]
    # of Z-X-Y these are elements of R; of Y-X-Z, with x's sign turned, those of its transpose
    s = torch.where(pelvis, -1.0, 1.0)
    sine = 2 * (y * z + s * w * x)
    zs, zc = -2 * (x * y - s * w * z), 1 - 2 * (x * x + z * z)
    ys, yc = -2 * (x * z - s * w * y), 1 - 2 * (x * x + y * y)
    sine = sine.clamp(-_ALMOST_ONE, _ALMOST_ONE)
    middle = torch.atan2(sine, (1 - sine * sine).sqrt())
    first, last = _atan2(zs, zc), _atan2(ys, yc)
    return torch.stack([s * first, s * middle, s * last], dim=-1)


def _atan2(sine: Tensor, cosine: Tensor) -> Tensor:
    """With a gradient everywhere."""
    nothing = sine.abs() + cosine.abs() < 1e-6
    return torch.atan2(sine, torch.where(nothing, torch.ones_like(cosine), cosine))


def _axis(name: str, like: Tensor) -> Tensor:
    return torch.tensor(_AXES[name]).to(like)


def _is_pelvis(like: Tensor) -> Tensor:
    """(12, 1)."""
    return (torch.arange(GROUPS, device=like.device) == _PELVIS)[:, None]


def _by_group(degrees: Tensor) -> Tensor:
    """(..., 12, 3)."""
    return degrees.reshape(*degrees.shape[:-1], GROUPS, 3)
