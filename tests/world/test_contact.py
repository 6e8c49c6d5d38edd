"""Feet on the floor, and the path of the body that keeps them there."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.kinematics.angles import joint_angles
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22
from humanpose.world.contact import FOOT_POINTS, foot_contacts, root_shift
from tests.support.walker import Walker


@pytest.fixture
def walk() -> PoseSequence:
    """Towards the camera; feet stand still where they land."""
    return Walker(steps=8).markers(fps=30.0, heading_deg=0.0)


@pytest.fixture
def wandering(walk: PoseSequence) -> PoseSequence:
    """The same, its distance from the camera wandering by 10 cm every two seconds."""
    wander = 0.1 * np.sin(np.pi * walk.timeline.time_s)
    return walk.with_positions(walk.positions + wander[:, None, None] * [0, 0, 1])


def moved(markers: PoseSequence) -> PoseSequence:
    return markers.with_positions(markers.positions + root_shift(markers)[:, None])


def slide_mm_s(markers: PoseSequence, true: PoseSequence) -> float:
    """Mean speed over the floor of foot points that truly rest."""
    columns = MARKERS22.indices(*FOOT_POINTS)
    speed, of_true = (
        np.linalg.norm(np.diff(m.positions[:, columns][..., [0, 2]], axis=0), axis=2)
        * m.timeline.fps
        for m in (markers, true)
    )
    return float(1000 * speed[of_true < 0.05].mean())


def depth_error_mm(markers: PoseSequence, true: PoseSequence) -> Floats:
    off = (markers.joint("Hip") - true.joint("Hip"))[:, 2]
    return 1000 * np.sqrt(np.mean((off - off.mean()) ** 2))


def test_a_foot_rests_where_it_stands_and_not_where_it_swings() -> None:
    walker = Walker(steps=8)
    contact = foot_contacts(walker.markers(fps=60.0))[:, FOOT_POINTS.index("RHeel")]
    swing = walker.swing * walker.step_s
    for land in walker.strikes("r")[1:-1]:
        assert contact[round((land + 0.3) * 60)] > 0.9
        assert contact[round((land - swing / 2) * 60)] < 0.1


def test_a_wandering_path_is_drawn_back(walk: PoseSequence, wandering: PoseSequence) -> None:
    found = moved(wandering)
    assert slide_mm_s(found, walk) < 0.4 * slide_mm_s(wandering, walk)
    assert depth_error_mm(found, walk) < 0.6 * depth_error_mm(wandering, walk)


def test_a_true_path_stays(walk: PoseSequence) -> None:
    assert np.abs(root_shift(walk)).max() < 0.04


def test_no_angle_changes(wandering: PoseSequence) -> None:
    before, after = joint_angles(wandering), joint_angles(moved(wandering))
    np.testing.assert_allclose(after.degrees, before.degrees, atol=0.01)


def test_the_height_and_the_origin_stay(wandering: PoseSequence) -> None:
    shift = root_shift(wandering)
    assert (shift[:, 1] == 0).all()
    assert (shift[0] == 0).all()


def test_nobody_is_drawn_along_by_a_treadmill() -> None:
    belt = Walker(steps=8).markers(fps=30.0, heading_deg=0.0, belt=True)
    assert (root_shift(belt) == 0).all()


@pytest.mark.parametrize("frames", [1, 2, 90])
def test_unseen_feet_move_nobody(walk: PoseSequence, frames: int) -> None:
    positions = walk.positions[:frames].copy()
    positions[:, MARKERS22.indices(*FOOT_POINTS)] = np.nan
    sure = walk.confidence[:frames]
    hidden = PoseSequence(positions, sure, replace(walk.timeline, frames=frames), MARKERS22)
    assert (root_shift(hidden) == 0).all()
