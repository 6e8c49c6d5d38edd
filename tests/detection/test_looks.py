"""In which frames somebody looks, and where the person is in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, current_thread, main_thread

import numpy as np
import pytest

from humanpose.detection.follow import Follower
from humanpose.detection.looks import Looker, filled
from humanpose.detection.people import Image, Person, Region
from humanpose.skeleton import MEDIAPIPE33
from tests.support.painted import Block, PaintedPeople, painted

FRAMES = 61


def looked_at(
    pictures: Callable[[float], Image],
    *,
    fps: float,
    every_frame: bool = False,
    detector: PaintedPeople | None = None,
    at_once: int = 2,
) -> list[float | None]:
    """For each frame of two seconds or so the person's x where somebody looked, px."""
    detector = detector or PaintedPeople()
    with ThreadPoolExecutor(at_once) as pool:
        looker = Looker(
            Follower(detector), detector, pool=pool, fps=fps, every_frame=every_frame
        )
        for frame in range(FRAMES):
            looker.see(pictures(frame / fps), frame / fps)
        path = looker.path()
    assert looker.looks <= detector.looks
    return [None if person is None else person.region.x for person in path]


def frames(path: list[float | None]) -> list[int]:
    return [frame for frame, x in enumerate(path) if x is not None]


def slowly(time_s: float) -> Image:
    return painted(Block(200 + 60 * time_s))


@pytest.mark.parametrize(
    ("fps", "every"), [(20.0, 1), (24.0, 2), (29.97, 2), (60.0, 2), (240.0, 8)]
)
def test_slow_movement_is_looked_at_12_to_30_times_a_second(fps: float, every: int) -> None:
    expected = sorted({*range(0, FRAMES, every), FRAMES - 1})
    assert frames(looked_at(slowly, fps=fps)) == expected


def test_every_frame_is_looked_at_where_that_is_asked_for() -> None:
    assert frames(looked_at(slowly, fps=60.0, every_frame=True)) == list(range(FRAMES))


def test_two_looks_go_on_at_once() -> None:
    class Waiting(PaintedPeople):
        """Answers the first two questions of others together."""

        together = Barrier(2)
        asked = count()

        def person(self, image: Image, region: Region) -> Person | None:
            if current_thread() is not main_thread() and next(self.asked) < 2:
                self.together.wait(timeout=10)  # breaks where the second never comes
            return super().person(image, region)

    assert frames(looked_at(slowly, fps=60.0, detector=Waiting()))[-1] == FRAMES - 1


@pytest.mark.parametrize("at_once", [1, 4])
def test_how_many_look_at_once_changes_nothing(at_once: int) -> None:
    def running(time_s: float) -> Image:
        return painted(Block(100 + 400 * time_s, 100 + 50 * abs(np.sin(9 * time_s))))

    assert looked_at(running, fps=30.0, at_once=at_once) == looked_at(running, fps=30.0)


def test_who_runs_is_looked_for_where_they_will_be() -> None:
    asked = list[float]()

    class Listening(PaintedPeople):
        def person(self, image: Image, region: Region) -> Person | None:
            if current_thread() is not main_thread():
                asked.append(region.x)
            return super().person(image, region)

    looked_at(lambda time_s: painted(Block(100 + 200 * time_s)), fps=30.0, detector=Listening())
    there = [100 + 200 * frame / 30 for frame in range(0, FRAMES, 2)]
    assert sorted(asked)[2:] == pytest.approx(there[-len(asked) + 2 :], abs=3)


def test_around_a_fast_movement_it_is_looked_more_often() -> None:
    def x(time_s: float) -> float:
        return float(200 + 60 * np.clip(10 * (time_s - 0.5), 0, 1))

    path = looked_at(lambda time_s: painted(Block(x(time_s))), fps=60.0)
    often = [frame for frame in frames(path) if frame % 2]
    assert often == [29, 31, 35, 37]  # it moves from 30 to 36, evenly
    for frame in often:
        assert path[frame] == pytest.approx(x(frame / 60), abs=1)


def test_who_comes_and_goes_between_two_looks_is_seen_to_the_frame() -> None:
    def visit(time_s: float) -> Image:
        return slowly(time_s) if 0.2 < time_s < 1.26 else painted()

    there = [frame for frame in range(FRAMES) if 0.2 < frame / 30 < 1.26]
    seen = frames(looked_at(visit, fps=30.0))
    assert (seen[0], seen[-1]) == (there[0], there[-1])


def test_between_looks_a_cubic_goes_through_places_and_a_line_through_visibilities() -> None:
    times_s = np.arange(9) / 30
    rows = np.full((9, len(MEDIAPIPE33), 6), np.nan, dtype=np.float32)
    rows[..., 5] = 0
    for frame in (0, 2, 4, 6, 8):
        rows[frame] = times_s[frame] ** 3
    found = filled(rows, times_s, interval=2)
    np.testing.assert_allclose(found[:, 7, 3], times_s**3, atol=1e-6)
    middle = (times_s[2] ** 3 + times_s[4] ** 3) / 2
    np.testing.assert_allclose(found[3, :, 5], middle, rtol=1e-5)


def test_nothing_is_put_where_the_person_was_lost() -> None:
    rows = np.full((13, len(MEDIAPIPE33), 6), np.nan, dtype=np.float32)
    rows[..., 5] = 0
    rows[[0, 2, 8, 10, 12]] = 1.0
    found = filled(rows, np.arange(13) / 30, interval=2)
    seen = np.isfinite(found[:, 0, 0])
    assert np.flatnonzero(seen).tolist() == [0, 1, 2, 8, 9, 10, 11, 12]
    assert (found[~seen][..., 5] == 0).all()
