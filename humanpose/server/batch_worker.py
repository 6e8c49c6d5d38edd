"""The child process of one batch: ``python -m humanpose.server.batch_worker FOLDER``."""

import signal
import sys
import time
from pathlib import Path

from humanpose.batch import Job, Outcome, run_batch
from humanpose.batch.command import models_of
from humanpose.batch.run import LONGEST_MIN, Where
from humanpose.errors import HumanPoseError
from humanpose.runtime.children import end_of_input, end_with_parent
from humanpose.server.batches import Batch, pack
from humanpose.server.helpers import wait_for
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.serving import serving
from humanpose.server.single import single
from humanpose.server.worker import Reporter, do

_TERMINATED = 143


class _Report:
    """A ``Report`` that keeps the states of the batch and of its clips up to date."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._parts = {part.name: part for part in batch.parts}
        self._ended = self._analysed = 0
        self._start_s = time.monotonic()
        for part in self._parts.values():
            write_state(part.place, JobState("queued"))
        self._tell()

    def __call__(self, outcome: Outcome) -> None:
        self._ended += 1
        self._analysed += outcome.state != "skipped"
        state = (
            JobState("failed", outcome.reason)
            if outcome.state == "failed"
            else JobState("done")
        )
        part = self._parts[outcome.job.folder]
        if part.person and state.state == "done":
            try:
                single(part, self._batch, wait=lambda asked: wait_for([asked]))
            except HumanPoseError as error:
                state = JobState("failed", str(error))
        write_state(part.place, state)
        self._tell()

    def _tell(self) -> None:
        rate = self._analysed / (time.monotonic() - self._start_s) if self._analysed else None
        total = len(self._parts)
        write_state(
            self._batch,
            JobState(
                "running", stage="Analysing", done=self._ended, total=total, frames_per_s=rate
            ),
        )


def run(batch: Batch) -> None:
    """Analyse what is not done yet, write the tables, and pack all of it."""
    rules = serving()
    jobs = [
        Job(
            clip=str(part.clip),
            out=str(batch.results),
            settings=part.settings,
            subject=part.subject,
            models=models_of(part.settings),
            label=part.label,
            progress=Reporter(part.place),
        )
        for part in batch.parts
    ]
    where = Where(workers=rules.batch_workers, timeout_min=min(60 * rules.hours, LONGEST_MIN))
    run_batch(jobs, where=where, report=_Report(batch))
    pack(batch)
    write_state(batch, JobState("done"))


if __name__ == "__main__":
    # ended in order, it stops its own workers
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    end_with_parent(end_of_input)
    do(Batch(Path(sys.argv[1])), run)
