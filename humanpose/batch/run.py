"""A batch from its jobs to its tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from humanpose.batch.jobs import Job, Outcome, require_own_folders
from humanpose.batch.places import is_local, located
from humanpose.batch.pool import run_local
from humanpose.batch.ray_pool import run_on_ray
from humanpose.errors import SettingsError
from humanpose.runtime.replace import check_writable
from humanpose.runtime.system import cores

LONGEST_MIN = 7 * 24 * 60.0
"""The most time that can be given to a clip."""


class Report(Protocol):
    def __call__(self, outcome: Outcome) -> None:
        """Told of every clip that has ended."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """What a batch runs on. Raises SettingsError out of range."""

    workers: int | None = None
    """So many clips at once; None: one a core."""
    ray: str | None = None
    """Address of a Ray cluster; None: processes on this machine."""
    timeout_min: float = 120.0
    """Stop a clip that takes longer."""

    def __post_init__(self) -> None:
        if self.workers is not None and not 1 <= self.workers <= 10_000:
            raise SettingsError(f"workers must be at least 1, not {self.workers}")
        if not 0 < self.timeout_min <= LONGEST_MIN:
            raise SettingsError(
                f"clip-timeout must be more than 0 min, not {self.timeout_min:g}"
            )


def run_batch(
    jobs: Sequence[Job], *, where: Where, report: Report
) -> tuple[list[Outcome], str]:
    """Analyse every clip once, and write the tables; returns what became of each, and the
    table's place. A clip that is done already, with the same settings, is skipped.

    Raises:
        SettingsError: two clips would share a folder, or the cluster cannot be reached.
        OutputError: nothing can be written to where the results should go.
    """
    require_own_folders(jobs)
    out = jobs[0].out
    if is_local(out):
        check_writable(Path(located(out)[1]))
    running = _run(jobs, where)

    from humanpose.batch.summary import write_summary  # it takes long: while workers get ready

    outcomes = []
    for outcome in running:
        outcomes.append(outcome)
        report(outcome)
    return outcomes, write_summary(outcomes, out)


def _run(jobs: Sequence[Job], where: Where) -> Iterator[Outcome]:
    timeout_s = 60 * where.timeout_min
    if where.ray is not None:
        return run_on_ray(jobs, address=where.ray, workers=where.workers, timeout_s=timeout_s)
    return run_local(jobs, workers=where.workers or cores(), timeout_s=timeout_s)
