"""The child process of one analysis: ``python -m humanpose.server.worker FOLDER``."""

import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from humanpose.errors import HumanPoseError
from humanpose.pipeline import analyze
from humanpose.runtime.children import end_of_input, end_with_parent
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.limits import limit_this_process
from humanpose.server.playback import write_playback
from humanpose.server.serving import Serving, serving
from humanpose.server.small_files import write_json
from humanpose.video import probe

_REPORT_EVERY_S = 0.2


class Reporter:
    """A ``Progress`` that keeps the entry's progress file up to date."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._stages: list[str] = []
        self._stage_start = self._last_report = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        new_stage = not self._stages or self._stages[-1] != stage
        if new_stage:
            self._stages.append(stage)
            self._stage_start = now
        elif now - self._last_report < _REPORT_EVERY_S:
            return
        self._last_report = now
        elapsed = now - self._stage_start
        rate = done / elapsed if elapsed > 1 else None  # the first second says little
        write_state(
            self._entry,
            JobState(
                "running",
                stage=stage,
                finished=tuple(self._stages[:-1]),
                done=done,
                total=total,
                frames_per_s=rate,
            ),
        )


def run(entry: Entry) -> None:
    """Analyse, save, and write the playback clip; how far it is goes to the progress file."""
    settings = entry.settings()
    report = Reporter(entry)
    analysis = analyze(entry.source, settings, progress=report)
    report("Saving", 0, None)
    replace(analysis, clip_name=entry.clip_name).save(entry.results)
    clip = probe(entry.source)
    if not entry.keeps_clip:
        write_json(entry.header, asdict(clip) | {"path": clip.path.name})
        write_state(entry, JobState("done"))
        return
    write_playback(clip, analysis.timeline, entry.playback, settings=settings, progress=report)
    write_state(entry, JobState("done"))


def main() -> None:
    end_with_parent(end_of_input)
    entry = Entry(Path(sys.argv[1]))
    limit_this_process(serving())
    try:
        run(entry)
    except HumanPoseError as error:
        message = str(error).replace(entry.source.name, entry.label)
        write_state(entry, JobState("failed", message))
        sys.exit(error.exit_code)
    except MemoryError:
        write_state(entry, JobState("failed", too_much_memory(serving())))
        sys.exit(1)


def too_much_memory(rules: Serving) -> str:
    return (
        f"The analysis needs more than the {rules.memory_gb:g} GB of memory that it may use;"
        " analyse a shorter part of the clip."
    )


if __name__ == "__main__":
    main()
