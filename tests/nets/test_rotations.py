"""Angles as rotations in torch, against the library's own geometry in numpy."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor

from humanpose.geometry import rotation_about, rotation_zxy
from humanpose.nets.rotations import (
    near,
    quaternions,
    rotation_vectors,
    times,
    turned,
    wrapped,
)
from humanpose.sequence import Floats
from humanpose.skeleton import JOINT_GROUPS

GROUPS = list(JOINT_GROUPS)


@pytest.fixture
def degrees() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    drawn = 160 * torch.rand(50, 36, dtype=torch.float64, generator=generator) - 80
    return drawn.requires_grad_()


def matrices(rotations: Tensor) -> Floats:
    flat = rotations.detach().numpy().reshape(-1, 4)
    matrix = Rotation.from_quat(flat[:, [1, 2, 3, 0]]).as_matrix()
    return np.asarray(matrix.reshape(*rotations.shape[:-1], 3, 3))


@pytest.mark.parametrize("group", GROUPS)
def test_quaternions_are_the_contract_s_rotations(group: str, degrees: Tensor) -> None:
    found = matrices(quaternions(degrees))[:, GROUPS.index(group)]
    a, b, c = degrees.detach().numpy().reshape(-1, 12, 3)[:, GROUPS.index(group)].T
    if group == "pelvis":
        expected = rotation_about("y", c) @ rotation_about("x", b) @ rotation_about("z", a)
    else:
        k, s = (-1 if group.startswith("knee") else 1), (-1 if group.endswith("_l") else 1)
        expected = rotation_zxy(np.stack([k * a, s * b, s * c], axis=-1))
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_angles_come_back_on_the_branch_that_is_asked_for(degrees: Tensor) -> None:
    rotations = quaternions(degrees)
    for wanted in (degrees + 3, degrees + 360):
        back = near(wanted, rotations)
        torch.testing.assert_close(
            wrapped(back - degrees), torch.zeros_like(back), atol=1e-6, rtol=0
        )
        assert (back - wanted).abs().max() < 4
    other = (degrees.view(-1, 12, 3) * torch.tensor([1, -1, 1]) + 180).flatten(1)
    torch.testing.assert_close(near(other, rotations), other, atol=1e-6, rtol=0)


def test_gradients_are_finite_also_where_angles_lock() -> None:
    locked = torch.full((1, 36), 90.0, requires_grad=True)
    torch.autograd.backward(near(locked.detach(), quaternions(locked)).sum())
    assert locked.grad is not None
    assert locked.grad.isfinite().all()


def test_a_small_turn_is_its_rotation_vector(degrees: Tensor) -> None:
    rotations = quaternions(degrees)
    by = torch.full((50, 12, 3), 0.01, dtype=torch.float64)
    back = times(rotations * torch.tensor([1, -1, -1, -1]), turned(rotations, by))
    torch.testing.assert_close(rotation_vectors(back), 2 * by, rtol=1e-3, atol=0)
    torch.testing.assert_close(rotation_vectors(-back), 2 * by, rtol=1e-3, atol=0)
