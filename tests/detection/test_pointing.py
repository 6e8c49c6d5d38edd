"""Following whoever somebody pointed at."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from humanpose import ClipError, Settings
from humanpose.detection.detect import detect
from humanpose.detection.follow import Follower
from humanpose.detection.people import Image
from humanpose.detection.pointing import people_at_start
from humanpose.server.receiver import find_at_start
from humanpose.settings import RAW
from humanpose.video import Frame, probe
from tests.support.clips import write_clip
from tests.support.painted import BLUE, GREEN, HEIGHT, WIDTH, Block, PaintedPeople, painted

BOTH = painted(Block(200, 150), Block(450, 100, BLUE))
FPS = 30


def followed(pictures: Iterable[Image], at: tuple[float, float]) -> list[int | None]:
    """For each picture the x of the person who was found, px; None for an empty frame."""
    follower = Follower(PaintedPeople(), at=at)
    people = [follower.find(picture, t / FPS) for t, picture in enumerate(pictures)]
    return [round(person.region.x) if person else None for person in people]


def fractions(x: float, y: float = HEIGHT / 2) -> tuple[float, float]:
    return x / WIDTH, y / HEIGHT


@pytest.mark.parametrize("x", [200, 450])
def test_who_is_there_is_followed_whatever_their_size(x: int) -> None:
    assert followed([BOTH] * 5, fractions(x)) == [pytest.approx(x, abs=1)] * 5


def test_somebody_who_is_not_seen_at_once_is_awaited_for_a_second() -> None:
    late = [painted(Block(200, 150))] * 20 + [BOTH] * 20
    assert followed(late, fractions(450))[-1] == pytest.approx(450, abs=1)
    later = [painted(Block(200, 150))] * 40 + [BOTH] * 20
    assert followed(later, fractions(450)) == [None] * 60


def test_a_small_person_beside_a_large_one_can_be_pointed_at() -> None:
    picture = painted(Block(200, 200), Block(500, 40, GREEN, y=250))
    assert followed([picture] * 3, fractions(500, 250)) == [pytest.approx(500, abs=1)] * 3


def test_who_was_pointed_at_is_no_mistake_though_lost_at_once() -> None:
    alone = painted(Block(200, 150))
    assert followed([BOTH] * 3 + [alone] * 30, fractions(450))[3:] == [None] * 30


def test_pointing_at_nobody_says_where_people_are(tmp_path: Path) -> None:
    clip = probe(write_clip(tmp_path / "a.mp4", [BOTH] * 10))
    nowhere = Settings(height_m=1.7, person_at=(0.05, 0.9), **RAW)
    with pytest.raises(
        ClipError, match=r"nobody is at 0\.05,0\.90 .* 0\.31,0\.50 and 0\.70,0\.50"
    ):
        detect(clip, nowhere, detector=PaintedPeople())


def test_the_people_at_the_start_are_where_they_are_drawn() -> None:
    frames = [Frame(t / FPS, painted() if t < 10 else BOTH) for t in range(30)]
    time_s, people = people_at_start(frames, PaintedPeople())
    assert 10 / FPS <= time_s < 20 / FPS
    np.testing.assert_allclose(people[1].at, fractions(450), atol=0.01)
    for person in people:
        assert (np.array(person.left_top) < person.at).all()
        assert (np.array(person.right_bottom) > person.at).all()


def test_nobody_at_the_start_is_nobody() -> None:
    frames = [Frame(t / FPS, painted() if t < 40 else BOTH) for t in range(60)]
    assert people_at_start(frames, PaintedPeople()) == (0.0, [])


def test_a_file_that_is_no_video_is_said_by_the_search_in_its_own_process(
    tmp_path: Path,
) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("Dear diary, today I walked.")
    with pytest.raises(ClipError, match=r"notes\.mp4"):
        find_at_start(notes, start_s=0.0)
