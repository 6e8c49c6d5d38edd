"""What has the bones of a person, and for long enough."""

from dataclasses import replace

import numpy as np

from humanpose.detection.judging import (
    BELIEVED_BELOW,
    JUDGED_AFTER_S,
    Evidence,
    bones,
    looks_like_one,
    oddness,
)
from humanpose.detection.people import Person, Region
from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33
from tests.support.painted import STANDING

LEGS = MEDIAPIPE33.indices("left_knee", "right_knee", "left_ankle", "right_ankle")


def person(world: Floats = STANDING) -> Person:
    return Person(np.zeros((33, 2)), world, np.ones(33), Region(0, 0, 1))


def looks(*worlds: Floats) -> Floats:
    return np.array([bones(person(world)) for world in worlds])


def test_who_stands_still_is_a_person() -> None:
    assert oddness(looks(*[STANDING] * 30)) < BELIEVED_BELOW


def test_a_photo_of_a_thing_with_short_bones_is_none_though_it_holds_still() -> None:
    assert oddness(looks(*[0.75 * STANDING] * 30)) > BELIEVED_BELOW


def test_short_forearms_alone_give_a_thing_away() -> None:
    world = STANDING.copy()
    for side in ("left", "right"):
        elbow, wrist = MEDIAPIPE33.indices(f"{side}_elbow", f"{side}_wrist")
        world[wrist] = world[elbow] + 0.45 * (world[wrist] - world[elbow])
    assert not looks_like_one(person(world))


def test_bones_that_change_all_the_time_are_nobodys() -> None:
    rng = np.random.default_rng(0)
    shaken = [STANDING + rng.normal(0, 0.1, STANDING.shape) for _ in range(30)]
    assert oddness(looks(*shaken)) > BELIEVED_BELOW


def test_attitude_and_movement_do_not_matter() -> None:
    lying = STANDING[:, [1, 0, 2]]
    assert (
        oddness(looks(*[lying + np.array([0.1 * t, 0, 0]) for t in range(30)])) < BELIEVED_BELOW
    )


def test_legs_under_a_desk_are_not_asked() -> None:
    world = STANDING.copy()
    world[list(LEGS)] *= 0.3
    assert not looks_like_one(person(world))
    visibility = np.ones(33)
    visibility[list(LEGS)] = 0.1
    assert looks_like_one(replace(person(world), visibility=visibility))


def test_it_takes_half_a_second_to_convince() -> None:
    evidence, times_s = Evidence(), np.arange(0, 1, 0.05)
    convincing = []
    for time_s in times_s:
        evidence = evidence.after(person(), time_s)
        convincing.append(evidence.convincing)
    assert convincing == (times_s >= JUDGED_AFTER_S - 1e-9).tolist()


def test_who_convinced_once_is_believed_for_good() -> None:
    evidence = Evidence()
    for time_s in np.arange(0, 1, 0.05):
        evidence = evidence.after(person(), time_s)
    for time_s in np.arange(1, 4, 0.05):
        evidence = evidence.after(person(0.7 * STANDING), time_s)
    assert evidence.convincing


def test_a_bad_start_is_forgotten_after_a_second() -> None:
    evidence = Evidence()
    for time_s in np.arange(0, 4, 0.05):
        evidence = evidence.after(person(STANDING * (0.7 if time_s < 1 else 1)), time_s)
    assert evidence.convincing
