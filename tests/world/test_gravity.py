"""Which way is up, and how surely."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotation_about, unit
from humanpose.sequence import Floats, LimbField
from humanpose.skeleton import COCO17
from humanpose.world.gravity import find_up, roll_pitch_deg, votes_of_edges
from tests.support.filmed import as_pose, person

SIZE = (640, 480)
CAMERA = Camera.from_fov(60, SIZE)


def field_saying(up: Floats, concentration: float) -> LimbField:
    """A network that knows nothing of limbs."""
    limbs = np.full((len(person()), len(COCO17.bones), 3), np.nan)
    return LimbField(limbs, np.zeros(limbs.shape[:2]), up, concentration)


def held(*, roll_deg: float = 0.0, down_deg: float = 0.0) -> Floats:
    """(3, 3) world (x right, y down, z ahead) → a camera held like that."""
    return np.asarray(rotation_about("z", roll_deg) @ rotation_about("x", down_deg))


def edges_of(lines: Floats, turn: Floats) -> Floats:
    """Lines (N, 2, 3) of a room as that camera sees them, those in front of it."""
    seen = lines @ turn.T
    return np.asarray(seen[(seen[..., 2] > 0.5).all(axis=1)])


def room(*, upright: int = 14, level: int = 20, seed: int = 0) -> Floats:
    """(N, 2, 3) edges of doors and cupboards, and others that lie in the floor and on shelves,
    m; half a metre long."""
    rng = np.random.default_rng(seed)
    starts = rng.uniform([-3, -1.5, 3], [3, 1.5, 6], (upright + level, 3))
    ahead = np.array([[0.0, 0.5, 0.0]] * upright + [[0.5, 0.0, 0.0], [0.0, 0.0, 0.5]] * level)
    return np.stack([starts, starts + ahead[: upright + level]], axis=1)


@pytest.mark.parametrize("down_deg", [0.0, 8.0, -6.0])
def test_up_is_found_from_a_standing_person(down_deg: float) -> None:
    truth = unit(held(down_deg=down_deg) @ [0.0, -1.0, 0.0])
    found = find_up(as_pose(person(pitch_deg=down_deg)))
    assert bend_deg(found.direction, truth) < 2 * found.sd_deg


def test_roll_and_pitch_are_those_of_the_camera() -> None:
    up = held(roll_deg=12.0, down_deg=20.0) @ [0.0, -1.0, 0.0]
    assert roll_pitch_deg(up) == pytest.approx((12.0, 20.0), abs=1.0)


def test_a_network_is_believed_as_it_is_sure() -> None:
    pose, said = as_pose(person()), unit(np.array([0.3, -1.0, -0.3]))
    alone = find_up(pose)
    weak, strong = (find_up(pose, field=field_saying(said, kappa)) for kappa in (5.0, 2000.0))
    away = [bend_deg(found.direction, alone.direction) for found in (weak, strong)]
    assert away[0] < away[1]


def test_who_agrees_makes_up_surer() -> None:
    pose = as_pose(person())
    alone = find_up(pose)
    assert find_up(pose, field=field_saying(alone.direction, 500.0)).sd_deg < alone.sd_deg


def test_a_belief_that_is_none_says_nothing() -> None:
    pose = as_pose(person())
    nothing = find_up(pose, field=field_saying(np.full(3, np.nan), 9.0))
    np.testing.assert_array_equal(nothing.direction, find_up(pose).direction)


@pytest.mark.parametrize(("roll_deg", "down_deg"), [(0.0, 4.0), (15.0, 4.0), (-12.0, 25.0)])
def test_upright_edges_of_a_room_tell_how_the_camera_is_held(
    roll_deg: float, down_deg: float
) -> None:
    """Half of what people see in the picture is level, and must not win."""
    turn = held(roll_deg=roll_deg, down_deg=down_deg)
    pose = as_pose(person() @ turn.T)
    truth = turn @ [0.0, -1.0, 0.0]
    blind, seeing = (
        find_up(pose),
        find_up(pose, edges=votes_of_edges(edges_of(room(upright=40), turn))),
    )
    assert bend_deg(seeing.direction, truth) < 3
    assert seeing.sd_deg < blind.sd_deg


def test_planks_that_run_away_are_not_upright() -> None:
    """A floor alone must not turn a level camera."""
    floor = room(upright=0, level=60)
    floor[..., 1] = 1.2
    pose = as_pose(person())
    found = find_up(pose, edges=votes_of_edges(edges_of(floor, np.eye(3))))
    assert bend_deg(found.direction, find_up(pose).direction) < 4


def test_what_is_seen_of_the_edges_does_not_depend_on_which_end_comes_first() -> None:
    pose, edges = as_pose(person()), edges_of(room(), np.eye(3))
    one, other = (
        find_up(pose, edges=votes_of_edges(e)).direction for e in (edges, edges[:, ::-1])
    )
    np.testing.assert_allclose(one, other, atol=1e-9)


def test_without_edges_nothing_is_said() -> None:
    assert votes_of_edges(np.empty((0, 2, 3))) is None
