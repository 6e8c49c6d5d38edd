"""Many clips at once: throughput and memory per worker, and what killing workers changes.

$ python -m bench.batch --clips 200 --short 30

Every clip is another stretch of the sample clip. The runs must agree byte for byte in all that
is computed; no run sees the detections of another. CPU time says what a clip costs also where
other programs run; it is not known of Ray's workers.
"""

import argparse
import os
import random
import resource
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bench.speed import SAMPLE
from humanpose.batch.jobs import Job, Outcome
from humanpose.batch.pool import run_local
from humanpose.batch.ray_pool import run_on_ray
from humanpose.settings import Settings

SAME = ("angles.csv", "analysis.npz", "pose.trc", "pose_raw.trc", "markers.trc")
_LENGTH_S, _STEP_S, _LAST_S = 0.25, 0.033, 7.0
_TIMEOUT_S = 600.0

Run = Callable[[Sequence[Job]], Iterator[Outcome]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument(
        "--short", type=int, default=30, help="clips of the runs that only time"
    )
    parser.add_argument("--kill-every", type=float, default=15.0, metavar="S")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips = _clips(Path(folder) / "clips", options.clips)
        first = Path(folder) / "2 workers"
        print(
            "| run | clips | tries | failed | half-written | same bytes | clips/min"
            " | CPU s a clip | worker's peak, MB |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for number, (name, run) in enumerate(_runs(options.kill_every).items()):
            some = clips if number < 2 else clips[: options.short]
            print(_row(some, Path(folder) / name, run, compared_with=first), flush=True)


def _runs(kill_every_s: float) -> dict[str, Run]:
    runs: dict[str, Run] = {
        "2 workers": lambda jobs: run_local(jobs, workers=2, timeout_s=_TIMEOUT_S),
        f"2 workers, one killed every {kill_every_s:g} s": lambda jobs: _with_killer(
            jobs, kill_every_s
        ),
        "1 worker": lambda jobs: run_local(jobs, workers=1, timeout_s=_TIMEOUT_S),
    }
    if find_spec("ray"):
        for workers in (1, 2):
            runs[f"Ray, {workers} at once"] = lambda jobs, n=workers: run_on_ray(  # type: ignore[misc]
                jobs, address="local", workers=n, timeout_s=_TIMEOUT_S
            )
    return runs


def _clips(folder: Path, count: int) -> list[Path]:
    """Copies whose contents differ, so that each is a clip of its own."""
    folder.mkdir()
    clips = [folder / f"clip{i:04}.mp4" for i in range(count)]
    for i, clip in enumerate(clips):
        clip.write_bytes(SAMPLE.read_bytes() + i.to_bytes(4, "big"))
    return clips


def _row(clips: Sequence[Path], out: Path, run: Run, *, compared_with: Path) -> str:
    jobs = [_job(clip, i, out) for i, clip in enumerate(clips)]
    with _own_cache():
        start_s, cpu_s = time.monotonic(), _children_cpu_s()
        outcomes = list(run(jobs))
        per_min = 60 * len(outcomes) / (time.monotonic() - start_s)
    if {o.job.folder for o in outcomes} != {job.folder for job in jobs}:
        raise SystemExit("not every clip is accounted for")
    failed = sum(outcome.state == "failed" for outcome in outcomes)
    tries = sum(outcome.attempts for outcome in outcomes)
    peak = max(outcome.worker_peak_mb for outcome in outcomes)
    same = _count_same(jobs, out, compared_with)
    left = len(list(out.glob(".*")))
    cpu_s = (_children_cpu_s() - cpu_s) / len(jobs)
    return (
        f"| {out.name} | {len(jobs)} | {tries} | {failed} | {left} | {same} | {per_min:.1f}"
        f" | {f'{cpu_s:.2f}' if cpu_s else '–'} | {peak:.0f} |"
    )


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _job(clip: Path, number: int, out: Path) -> Job:
    start_s = number * _STEP_S % _LAST_S
    settings = Settings(height_m=1.77, start_s=start_s, end_s=start_s + _LENGTH_S)
    return Job(clip=str(clip), out=str(out), settings=settings)


def _count_same(jobs: Sequence[Job], out: Path, other: Path) -> int:
    return sum(_files(out / job.folder) == _files(other / job.folder) for job in jobs)


def _files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SAME if (folder / name).exists()}


def _with_killer(jobs: Sequence[Job], every_s: float) -> Iterator[Outcome]:
    """Every so often a worker, chosen by chance, is killed whatever it is doing."""
    alive: list[int] = []
    over = threading.Event()
    chance = random.Random(1)

    def kill() -> None:
        while not over.wait(every_s * chance.uniform(0.5, 1.5)):
            process = chance.choice(alive[-2:])
            if _is_ours(process):
                os.kill(process, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    started = iter([killer.start])

    def on_start(process_id: int) -> None:
        alive.append(process_id)
        for start in started:
            start()

    yield from run_local(jobs, workers=2, timeout_s=_TIMEOUT_S, on_start=on_start)
    over.set()
    killer.join()


def _is_ours(process: int) -> bool:
    """Whether it still is a child of this process: a number may be another's by now."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return int(status.rpartition(")")[2].split()[1]) == os.getpid()


@contextmanager
def _own_cache() -> Iterator[None]:
    before = os.environ.get("HUMANPOSE_CACHE")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["HUMANPOSE_CACHE"] = cache
        yield
    os.environ.pop("HUMANPOSE_CACHE")
    if before is not None:
        os.environ["HUMANPOSE_CACHE"] = before


if __name__ == "__main__":
    main()
