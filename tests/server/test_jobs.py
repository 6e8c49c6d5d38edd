"""Analyses in child processes: done, failed, killed, cancelled, waiting, forgotten."""

import errno
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from bench.processes import descendants
from humanpose.errors import OutputError
from humanpose.report.remarks import AS_RECOGNISED, Remarks, from_json, to_json
from humanpose.server import workspace
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.glimpse import FILE as GLIMPSE
from humanpose.server.jobs import Jobs, close_all
from humanpose.server.jobstate import JobState, read_state, write_state
from humanpose.server.small_files import write_json
from humanpose.server.space import writable_home
from humanpose.server.spare import Spare
from humanpose.server.worker import Reporter, keep_movement
from humanpose.settings import RAW, Settings
from tests.support.mover import jumps
from tests.support.places import DATA

_PATIENCE_S = 60.0
CLIP = DATA / "small_person.mp4"


pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_all()


def entry_of(content: bytes) -> Entry:
    clip = store_upload("my clip.mp4", content)
    return workspace.create(clip, "my clip.mp4", Settings(height_m=1.8, **RAW))


def wait_until(happened: Callable[[], bool]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while not happened():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.05)


def worker_of(jobs: Jobs, entry: Entry) -> int:
    """Process id of the running worker."""
    job = jobs._job_of(entry)
    wait_until(lambda: bool(job and job.process and job.process.pid))
    assert job is not None
    assert job.process is not None
    assert job.process.pid is not None
    return job.process.pid


def test_a_users_mistake_comes_back_as_its_sentence() -> None:
    jobs, entry = Jobs(), entry_of(b"this is no video")
    jobs.submit(entry)
    wait_until(lambda: not jobs.state(entry).active)
    state = jobs.state(entry)
    assert state.state == "failed"
    assert "my clip.mp4" in state.message
    assert "Traceback" not in entry.log.read_text()


def test_a_worker_that_dies_again_and_again_is_reported_in_a_sentence() -> None:
    jobs, entry = Jobs(), entry_of(b"")
    jobs.submit(entry)
    seen = {0}
    for _ in range(3):
        wait_until(lambda: worker_of(jobs, entry) not in seen)
        seen.add(worker_of(jobs, entry))
        os.kill(worker_of(jobs, entry), signal.SIGKILL)
    wait_until(lambda: not jobs.state(entry).active)
    assert "memory" in jobs.state(entry).message


@pytest.mark.parametrize("killed", ["worker", "copy", "what it is a copy of"])
def test_an_analysis_whose_worker_was_killed_once_is_done_all_the_same(killed: str) -> None:
    clip = store_upload("a.mp4", CLIP.read_bytes())
    brief = Settings(height_m=1.8, end_s=0.4, **RAW)
    jobs, entry = Jobs(), workspace.create(clip, "a.mp4", brief)
    if killed != "worker":
        jobs.be_ready()
    jobs.submit(entry)
    process, spare = worker_of(jobs, entry), jobs._spare._process
    os.kill(spare.pid if spare and killed != "copy" else process, signal.SIGKILL)
    wait_until(lambda: not jobs.state(entry).active)
    assert jobs.state(entry).state == "done"


def test_a_worker_that_began_ahead_is_copied_for_each_job() -> None:
    jobs = Jobs()
    jobs.be_ready()
    jobs.be_ready()
    spare = jobs._spare._process
    assert spare is not None
    for entry in (entry_of(CLIP.read_bytes()), entry_of(CLIP.read_bytes())):
        jobs.submit(entry)
        assert worker_of(jobs, entry) in descendants(spare.pid)
        wait_until(lambda: not jobs.busy)
        assert jobs.state(entry).state == "done"
        assert entry.log.is_file()
    assert spare.poll() is None


def test_a_worker_that_was_killed_between_two_jobs_begins_again() -> None:
    jobs = Jobs()
    jobs.be_ready()
    killed = jobs._spare._process
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    jobs.submit(entry := entry_of(CLIP.read_bytes()))
    process, begun = worker_of(jobs, entry), jobs._spare._process
    assert begun is not None
    assert process in descendants(begun.pid)
    wait_until(lambda: not jobs.busy)
    assert jobs.state(entry).state == "done"


def test_an_analysis_that_the_system_does_not_start_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_more(*_: object, **__: object) -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("humanpose.server.jobs.start", no_more)
    jobs, entry = Jobs(), entry_of(CLIP.read_bytes())
    jobs.submit(entry)
    wait_until(lambda: not jobs.busy)
    assert "could not be started (Resource temporarily unavailable)" in (
        jobs.state(entry).message
    )


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, OutputError), (errno.EAGAIN, OSError)]
)
def test_only_what_the_data_folder_is_to_blame_for_is_laid_to_it(
    number: int, said: type[Exception]
) -> None:
    with pytest.raises(said), writable_home():
        raise OSError(number, os.strerror(number))


def test_a_worker_that_no_job_comes_for_goes() -> None:
    closed, spare = Jobs(), Spare("humanpose.server.worker", idle_s=0.1)
    spare.begin()
    closed.be_ready()
    processes = [spare._process, closed._spare._process]
    closed.close()
    wait_until(lambda: all(one is not None and one.poll() is not None for one in processes))
    assert spare.take(entry_of(b"")) is None


def test_what_a_killed_server_left_is_taken_up_once() -> None:
    running, waiting, done = (entry_of(b"no video") for _ in range(3))
    write_state(running, JobState("running", stage="Finding the person"))
    write_state(done, JobState("done"))
    jobs = Jobs()
    jobs.take_up([running, waiting, done])
    assert jobs.busy == {running.folder, waiting.folder}
    wait_until(lambda: not jobs.busy)
    write_state(running, JobState("running"))
    jobs.take_up([running])
    assert not jobs.busy


@pytest.mark.parametrize("ahead", [False, True])
def test_cancel_stops_the_running_and_the_waiting(ahead: bool) -> None:
    jobs, running, waiting = Jobs(), entry_of(CLIP.read_bytes()), entry_of(b"")
    if ahead:
        jobs.be_ready()
    jobs.submit(running)
    pid = worker_of(jobs, running)
    (running.folder / GLIMPSE).touch()
    jobs.submit(waiting)
    assert jobs.state(waiting).state == "queued"
    jobs.cancel(waiting)
    jobs.cancel(running)
    assert [jobs.state(entry).state for entry in (running, waiting)] == ["cancelled"] * 2
    assert not (running.folder / GLIMPSE).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_they_run_in_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANPOSE_WAITING", "100")
    begun: list[str] = []

    def start(entry: Entry, _module: str) -> subprocess.Popen[bytes]:
        begun.append(entry.token)
        return subprocess.Popen(["sleep", "0.01"], stdin=subprocess.PIPE)

    monkeypatch.setattr("humanpose.server.jobs._start_worker", start)
    jobs, entries = Jobs(), [entry_of(b"") for _ in range(30)]
    for entry in entries:
        jobs.submit(entry)
    jobs.cancel(entries[-2])
    assert jobs.state(entries[-2]).state == "cancelled"
    assert entries[-2].folder not in jobs.busy
    wait_until(lambda: not jobs.busy)
    assert begun == [entry.token for entry in entries if entry != entries[-2]]


def test_what_is_recognised_is_noted_where_nobody_said_what_it_is() -> None:
    for said, noted in ((AS_RECOGNISED, "jump"), ("gait", "gait")):
        entry = entry_of(b"")
        write_json(entry.remarks, to_json(Remarks(preset=said, notes="kept")))
        jumps().analysis().save(entry.results)
        keep_movement(entry)
        remarks = from_json(entry.remarks.read_text())
        assert (remarks.preset, remarks.notes) == (noted, "kept")


def test_cancelling_what_has_ended_changes_nothing() -> None:
    jobs, entry = Jobs(), entry_of(b"")
    write_state(entry, JobState("done"))
    jobs.cancel(entry)
    assert jobs.state(entry).state == "done"


def test_a_job_of_a_server_that_was_closed_has_failed() -> None:
    entry = entry_of(b"")
    write_state(entry, JobState("running", stage="Finding the person"))
    state = Jobs().state(entry)
    assert state.state == "failed"
    assert "Run it again" in state.message


def test_progress_names_the_stages_behind_it() -> None:
    entry = entry_of(b"")
    report = Reporter(entry)
    report("Finding the person", 0, 100)
    report("Computing", 0, None)
    state = read_state(entry)
    assert (state.stage, state.finished) == ("Computing", ("Finding the person",))


def test_time_left_follows_from_the_rate() -> None:
    state = JobState("running", done=50, total=200, frames_per_s=30.0)
    assert (state.fraction, state.eta_s) == (0.25, 5.0)
    assert JobState("running", done=5, total=None).eta_s is None
