"""On how many threads a worker computes."""

import os
import sys

from humanpose.runtime.system import CORES

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A worker's environment while it imports: the same sums with any number of workers."""
ONE_CORE = {CORES: "1"}
"""A worker's environment while it works: one clip a core."""


def own_cores(workers: int) -> list[int] | list[None]:
    """A core for each where they take all there are, since wandering costs them 5 %; where
    others are free or it is not known, they stay free to move."""
    if sys.platform == "linux":
        here = sorted(os.sched_getaffinity(0))
        if len(here) == workers:
            return here
    return [None] * workers
