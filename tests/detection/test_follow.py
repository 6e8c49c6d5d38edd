"""Who is followed, and who is not."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from humanpose.detection.follow import LONGEST_ABSENCE_S, Follower
from humanpose.detection.people import Image, Region, find_people, settle, squares
from humanpose.detection.pointing import Point
from tests.support.painted import BLUE, GREEN, HEIGHT, RED, WIDTH, Block, PaintedPeople, painted

FPS = 30


def followed(pictures: Iterable[Image], *, choice: int = 1) -> list[int | None]:
    """For each picture the x of the person who was found, px; None for an empty frame."""
    follower = Follower(PaintedPeople(), choice=choice)
    people = [follower.find(picture, t / FPS) for t, picture in enumerate(pictures)]
    return [round(person.region.x) if person else None for person in people]


def believed(pictures: Iterable[Image], *, at: Point | None = None) -> list[int | None]:
    """As ``followed``, once the clip is over; what is green or blue only passes for people."""
    follower = Follower(PaintedPeople(things=(GREEN, BLUE)), at=at)
    for t, picture in enumerate(pictures):
        follower.find(picture, t / FPS)
    return [round(person.region.x) if person else None for person in follower.path()]


def test_the_largest_at_the_start_is_followed_also_when_another_grows_larger() -> None:
    pictures = [painted(Block(200, 120), Block(450, 80 + t, BLUE)) for t in range(60)]
    assert followed(pictures) == [pytest.approx(200, abs=1)] * 60


def test_another_person_can_be_chosen() -> None:
    pictures = [painted(Block(200, 120), Block(450, 100, BLUE)) for _ in range(5)]
    assert followed(pictures, choice=2) == [pytest.approx(450, abs=1)] * 5


def test_the_second_person_is_awaited() -> None:
    alone, both = painted(Block(200)), painted(Block(200), Block(450, 100, BLUE))
    found = followed([alone] * 20 + [both] * 40, choice=2)
    assert found[:20] == [None] * 20
    assert found[-1] == pytest.approx(450, abs=1)


def test_a_hidden_person_is_missing_and_not_replaced_by_who_hides_them() -> None:
    def picture(t: int) -> Image:
        return painted(Block(100 + 5 * t, 100, BLUE), Block(540 - 5 * t, 130))

    found = followed([picture(t) for t in range(90)], choice=2)
    right = [x is None or abs(x - (100 + 5 * t)) < 12 for t, x in enumerate(found)]
    assert all(right)
    assert None in found
    assert found[-1] is not None


def test_who_comes_back_after_an_occlusion_is_found_again() -> None:
    seen, hidden = painted(Block(200)), painted()
    found = followed([seen] * 30 + [hidden] * 30 + [painted(Block(230))] * 30)
    assert found[30:60] == [None] * 30
    assert found[-1] == pytest.approx(230, abs=1)


def test_somebody_else_who_comes_later_is_not_followed() -> None:
    pictures = (
        [painted(Block(300))] * 30 + [painted()] * 30 + [painted(Block(300, colour=BLUE))] * 60
    )
    assert followed(pictures)[30:] == [None] * 90


def test_who_was_beside_the_person_is_not_taken_for_them_after_they_left() -> None:
    twins = [painted(Block(620 + t, 120), Block(450, 110, RED, y=60)) for t in range(60)]
    assert set(followed(twins)[40:]) <= {None, *range(600, 700)}


def test_who_stays_away_too_long_is_not_looked_for_any_more() -> None:
    away = [painted()] * int((LONGEST_ABSENCE_S + 1) * FPS)
    assert followed([painted(Block(300))] * 30 + away + [painted(Block(300))] * 30)[-1] is None


def test_a_first_find_that_is_lost_at_once_does_not_count() -> None:
    pictures = [painted(Block(100, colour=GREEN))] * 3 + [painted(Block(400))] * 60
    assert followed(pictures)[-1] == pytest.approx(400, abs=1)


def test_a_small_person_is_found_and_followed() -> None:
    found = followed([painted(Block(100 + t, 30)) for t in range(60)])
    assert found == [pytest.approx(100 + t, abs=1) for t in range(60)]


def test_a_person_alone_costs_one_look_a_frame() -> None:
    detector = PaintedPeople()
    follower = Follower(detector)
    follower.find(painted(Block(300)), 0.0)
    before = detector.looks
    for t in range(1, 50):
        follower.find(painted(Block(300 + t)), t / FPS)
    assert detector.looks - before == 49


def test_everybody_who_is_seen_at_once_is_counted() -> None:
    follower = Follower(PaintedPeople())
    follower.find(painted(Block(100), Block(300, 90, BLUE), Block(500, 100, GREEN)), 0.0)
    assert follower.most_people == 3


def test_people_come_in_order_of_size() -> None:
    image = painted(Block(100, 90, BLUE), Block(300, 150), Block(500, 120, GREEN))
    people = find_people(PaintedPeople(), image)
    assert [round(person.region.x) for person in people] == [300, 500, 100]


def test_furniture_on_which_the_landmarks_collapse_is_nobody() -> None:
    detector = PaintedPeople()
    detector.trunk = 0.05
    assert settle(detector, painted(Block(300)), Region(300, HEIGHT / 2, 170)) is None


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_squares_cover_the_picture_and_overlap_by_half(parts: int) -> None:
    boxes = squares(painted(), parts=parts)
    side = HEIGHT // parts
    lefts = sorted({left for left, _, _, _ in boxes})
    assert lefts[0] == 0
    assert lefts[-1] == WIDTH - side
    assert all(b - a <= side / 2 + 1 for a, b in pairwise(lefts))
    assert {box[2:] for box in boxes} == {(side, side)}


def test_a_thing_that_passes_for_a_person_is_nobody_in_the_end() -> None:
    assert believed([painted(Block(300, colour=GREEN))] * 90) == [None] * 90


def test_two_things_are_nobody_either() -> None:
    pictures = [painted(Block(200, 140, GREEN), Block(450, 100, BLUE))] * 90
    assert believed(pictures) == [None] * 90


def test_who_walks_in_takes_the_place_of_a_larger_thing_and_what_was_before_is_empty() -> None:
    thing = Block(200, 160, GREEN)
    pictures = [painted(thing)] * 45
    pictures += [painted(thing, Block(620 - 3 * t, 110)) for t in range(60)]
    found = believed(pictures)
    assert found[:45] == [None] * 45
    assert found[60:] == [pytest.approx(620 - 3 * t, abs=2) for t in range(15, 60)]


def test_a_person_before_a_much_larger_thing_is_somewhere_else() -> None:
    assert Region(320, 180, 150).is_place_of(Region(330, 180, 170))
    assert not Region(320, 180, 150).is_place_of(Region(330, 180, 420))


def test_a_person_beside_a_larger_thing_is_followed_from_the_moment_of_doubt_on() -> None:
    found = believed([painted(Block(150, 160, GREEN), Block(450, 110))] * 60)
    assert found[:15] == [None] * 15
    assert found[17:] == [450] * 43


def test_where_the_look_jumps_from_a_thing_to_a_person_only_the_person_counts() -> None:
    found = believed([painted(Block(150, colour=GREEN))] * 30 + [painted(Block(450))] * 60)
    assert found[:30] == [None] * 30
    assert found[-50:] == [450] * 50


def test_a_thing_that_is_pointed_at_is_not_measured() -> None:
    picture = painted(Block(150, 120, GREEN), Block(450, 120))
    assert believed([picture] * 60, at=(150 / WIDTH, 0.5)) == [None] * 60


def test_a_clip_too_short_to_convince_is_judged_by_what_there_is() -> None:
    assert believed([painted(Block(300))] * 5) == [300] * 5
    assert believed([painted(Block(300, colour=GREEN))] * 5) == [None] * 5


def test_a_thing_is_not_counted_among_the_people() -> None:
    follower = Follower(PaintedPeople(things=(GREEN,)))
    for t in range(90):
        follower.find(painted(Block(200, 160, GREEN), Block(450, 110)), t / FPS)
    assert follower.most_people == 1
