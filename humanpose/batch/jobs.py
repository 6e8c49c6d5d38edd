"""What is to be done with each clip, and what came of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from humanpose.errors import SettingsError
from humanpose.io.names import analysis_folder
from humanpose.runtime.progress import Progress, silent
from humanpose.settings import Settings

State = Literal["done", "skipped", "failed"]
Figures = Mapping[str, float | str]

ATTEMPTS = 4
"""How often a clip is tried whose worker dies, which by chance happens once or twice."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One clip to analyse. All of it can be sent to another process or machine."""

    clip: str
    """Path, or any URL that fsspec opens."""
    out: str
    """The folder of the whole batch, path or URL; the clip's goes below it."""
    settings: Settings
    subject: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    """Name of each model file that the settings ask for → its SHA-256."""
    plot: bool = False
    """Whether to draw the figure as well."""
    label: str = ""
    """What the tables call the clip; empty: its place."""
    progress: Progress = silent
    """Told in the worker's process how far the clip is, so it must be fit to be sent there."""

    @property
    def folder(self) -> str:
        """Name of the clip's folder in ``out``."""
        return analysis_folder(Path(), file_name(self.clip)).name


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one clip."""

    job: Job
    state: State
    """*skipped*: an equal analysis was there already."""
    reason: str = ""
    """For a failed clip: one sentence."""
    exit_code: int = 0
    """Of ``analyze``, had it been run on this clip alone."""
    attempts: int = 1
    seconds: float = 0.0
    worker_peak_mb: float = 0.0
    """Most memory that the process has held so far, this clip or an earlier one."""
    figures: Figures = field(default_factory=dict)
    """Quality, and range, extremes and peak speed of every angle."""


def file_name(clip: str) -> str:
    """The last part of a path or URL."""
    return clip.replace("\\", "/").rstrip("/").rpartition("/")[2] or clip


def require_own_folders(jobs: Sequence[Job]) -> None:
    """No two clips may write into the same folder.

    Raises:
        SettingsError: two of them would.
    """
    folder, times = Counter(job.folder for job in jobs).most_common(1)[0]
    if times > 1:
        first, second, *_ = (job.clip for job in jobs if job.folder == folder)
        raise SettingsError(
            f"{first} and {second} would both be written to the folder {folder}; rename one, or"
            " give them to two batches"
        )


@dataclass(frozen=True)
class Try:
    """A clip at a worker, for the first time or again."""

    job: Job
    number: int = 1

    @property
    def may_be_repeated(self) -> bool:
        return self.number < ATTEMPTS

    def again(self) -> "Try":
        return replace(self, number=self.number + 1)

    def ended(self, outcome: Outcome) -> Outcome:
        return replace(outcome, attempts=self.number)

    def died(self) -> Outcome:
        """Of a clip that took every worker down."""
        return self._failed(
            f"the analysis stopped unexpectedly {self.number} times, most likely because memory"
            " ran out; analyse a shorter part with start and end, or use fewer workers"
        )

    def overdue(self, timeout_s: float) -> Outcome:
        return self._failed(
            f"the analysis took longer than {timeout_s / 60:g} min and was stopped; analyse a"
            " shorter part with start and end, or raise the limit"
        )

    def _failed(self, reason: str) -> Outcome:
        return Outcome(
            job=self.job, state="failed", reason=reason, exit_code=3, attempts=self.number
        )
