"""How the app is to be served: read from the environment, for whoever runs it for others."""

import math
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Serving:
    """Limits and rules; where no variable is set, those for a person on their own computer."""

    memory_gb: float
    """One analysis may hold this much."""
    cpu_hours: float
    """One analysis may compute for this long, over all its threads."""
    hours: float
    """One analysis may take this long by the clock."""
    batch_workers: int
    """So many clips of a batch at once, beside the one analysis."""
    waiting: int
    """So many analyses may wait for their turn."""
    disk_gb: float
    """All uploads and analyses together."""
    keep_days: float
    """Analyses and their clips are deleted after this."""
    password: str
    """Asked of every visitor; empty: nobody is asked."""


def serving() -> Serving:
    """The rules of this server, as they stand now."""
    return Serving(
        memory_gb=_number("HUMANPOSE_MEMORY_GB", 8),
        cpu_hours=_number("HUMANPOSE_CPU_HOURS", 24),
        hours=_number("HUMANPOSE_HOURS", 24),
        batch_workers=max(1, int(_number("HUMANPOSE_BATCH_WORKERS", 1))),
        waiting=int(_number("HUMANPOSE_WAITING", 20)),
        disk_gb=_number("HUMANPOSE_DISK_GB", math.inf),
        keep_days=_number("HUMANPOSE_KEEP_DAYS", math.inf),
        password=os.environ.get("HUMANPOSE_PASSWORD", ""),
    )


def _number(name: str, default: float) -> float:
    """A number above 0 out of the environment; a slip must not lift a limit unnoticed."""
    given = os.environ.get(name)
    if not given:
        return default
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not value > 0:
        raise ValueError(f"{name} must be a number above 0, not {given!r}")
    return value
