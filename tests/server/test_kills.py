"""Whoever saves may be killed at any time; ``bench.kills`` does it more often."""

from pathlib import Path

from bench.kills import kill_savers

KILLS = 16


def test_kills_at_random_times_leave_nothing_half_written(home: Path) -> None:
    assert kill_savers(home, kills=KILLS, seed=1)
