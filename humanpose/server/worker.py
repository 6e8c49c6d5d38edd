"""The child process of one analysis: ``python -m humanpose.server.worker FOLDER``.

Without a folder it imports what it needs, and copies of it do what comes, see ``Spare``.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from humanpose.errors import HumanPoseError
from humanpose.io.record import movement_of
from humanpose.pipeline import analyze, camera_of
from humanpose.report.remarks import AS_RECOGNISED, from_json, to_json
from humanpose.runtime.children import end_of_input, end_with_parent
from humanpose.server.entry import Entry
from humanpose.server.glimpse import FILE, Glimpses
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.limits import limit_this_process
from humanpose.server.playback import write_playback
from humanpose.server.serving import serving
from humanpose.server.small_files import write_json
from humanpose.server.space import writable_home
from humanpose.server.spare import serve_copies
from humanpose.video import probe

E = TypeVar("E", bound=Entry)

_REPORT_EVERY_S = 0.2
_SLOW = (
    "torch", "mediapipe", "humanpose.detection.mediapipe_pose", "humanpose.pof.stage",
    "humanpose.joint_refinement.stage", "humanpose.main_refiner.stage",
)  # fmt: skip


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
    info = probe(entry.source)
    camera, height_m = camera_of(info, settings), settings.effective_height_m
    glimpses = Glimpses(entry.folder, camera, height_m=height_m)
    try:
        analysis = analyze(entry.source, settings, progress=report, watch=glimpses)
    finally:
        (entry.folder / FILE).unlink(missing_ok=True)
    report("Saving", 0, None)
    replace(analysis, clip_name=entry.clip_name).save(entry.results)
    keep_movement(entry)
    if not entry.about.keeps_clip:
        write_json(entry.header, asdict(info) | {"path": info.path.name})
        write_state(entry, JobState("done"))
        return
    write_playback(info, analysis.timeline, entry.playback, settings=settings, progress=report)
    write_state(entry, JobState("done"))


def keep_movement(entry: Entry) -> None:
    """Note what the person does where nobody said it."""
    if entry.remarks.is_file():
        remarks = from_json(entry.remarks.read_text(encoding="utf-8"))
        if remarks.preset == AS_RECOGNISED:
            recognised = replace(remarks, preset=movement_of(entry.result))
            write_json(entry.remarks, to_json(recognised))


def do(entry: E, job: Callable[[E], None]) -> None:
    """Do an entry's job in this process, under the limits of an analysis; its state says
    how that ended."""
    rules = serving()
    limit_this_process(rules)
    try:
        with writable_home():
            job(entry)
    except HumanPoseError as error:
        message = str(error).replace(entry.source.name, entry.about.label)
        write_state(entry, JobState("failed", message))
        sys.exit(error.exit_code)
    except MemoryError:
        sentence = (
            f"The analysis needs more than the {rules.memory_gb:g} GB of memory that it may"
            " use; analyse a shorter part of the clip."
        )
        write_state(entry, JobState("failed", sentence))
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:]:
        end_with_parent(end_of_input)
        do(Entry(Path(sys.argv[1])), run)
    else:
        end_with_parent()
        for slow in _SLOW:
            import_module(slow)
        serve_copies(partial(do, job=run))
