"""Many clips through ``humanpose batch``: throughput, memory, and what killing workers changes.

$ python -m bench.batch --clips 200 --short 30
$ python -m bench.batch --clips 40 --short 10 --ray      # needs requirements-ray.txt
$ python -m bench.batch --two-over-one [--ray]           # the time of two workers over one's

Every clip is another 16 frames of the sample, small, every second one mirrored. A run is the
command line itself; none sees the detections of another, and all must agree byte for byte in
what is computed. CPU time says what a clip costs also where other programs run; it is not
known of Ray's workers.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bench.processes import command_line, descendants
from humanpose.assets import SAMPLE
from humanpose.video import FrameReader, probe
from tests.support.clips import write_clip

SAME = ("angles.csv", "analysis.npz", "pose.trc", "pose_raw.trc", "markers.trc")
_FRAMES, _SIDE_PX = 16, 320
_LONGER_FRAMES = 120
_WORKER_NAMES = ("multiprocessing.spawn import spawn_main", "ray::work")
_ADDRESS = "127.0.0.1:6399"
_CLUSTER_START_S = 20
_HEADING = (
    "| run | clips | tries | failed | half-written | same bytes | clips/min | CPU s a clip"
    " | worker's peak, MB |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Run:
    """One way through the clips."""

    name: str
    workers: int
    clips: Sequence[Path]
    kill_every_s: float | None = None
    on_ray: bool = False
    """On a cluster of its own instead of processes of the command."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--short", type=int, default=30, help="clips for the single worker")
    parser.add_argument("--kill-every", type=float, default=15.0, metavar="S")
    parser.add_argument("--ray", action="store_true", help="on a Ray cluster of its own")
    parser.add_argument("--pof", action="store_true", help="with the learned stage")
    parser.add_argument("--two-over-one", action="store_true")
    options = parser.parse_args()
    if options.two_over_one:
        print(f"two workers over one: {two_workers_over_one(on_ray=options.ray):.2f}")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = distinct_clips(folder / "clips", options.clips)
        print(_HEADING)
        stages = ["--pof", "--no-joint-refinement"] if options.pof else ["--raw"]
        for run in _runs(clips, options):
            print(_row(run, folder, stages), flush=True)


def two_workers_over_one(clips: int = 20, *, on_ray: bool = False) -> float:
    """Time of a batch on two workers over that on one, clips of four seconds, recommended
    settings, nothing detected before; each worker has a core, for one alone would look at a
    clip with both. Two batches, the second in the other order, so that a machine that gets
    slower or faster meanwhile favours neither."""
    seconds = {1: 0.0, 2: 0.0}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        some = distinct_clips(folder / "clips", 2 * clips, frames=_LONGER_FRAMES)
        for number, workers in enumerate((2, 1, 1, 2)):
            part = some[:clips] if number < 2 else some[clips:]
            run = Run("", workers, part, on_ray=on_ray)
            out, cache = folder / f"out {number}", folder / f"cache {number}"
            with on_cores(workers), ray_cluster(cache) if on_ray else nullcontext():
                start_s = time.monotonic()
                _run_and_kill(_command(run, out), run, cache=cache)
                seconds[workers] += time.monotonic() - start_s
    return seconds[2] / seconds[1]


def _runs(clips: Sequence[Path], options: argparse.Namespace) -> Iterator[Run]:
    yield Run("2 workers", 2, clips)
    where = "Ray, " if options.ray else ""
    if options.ray:
        yield Run("Ray, 2 workers", 2, clips, on_ray=True)
    every_s = options.kill_every
    killed = f"{where}2 workers, one killed every {every_s:g} s"
    yield Run(killed, 2, clips, kill_every_s=every_s, on_ray=options.ray)
    yield Run(f"{where}1 worker", 1, clips[: options.short], on_ray=options.ray)


def distinct_clips(folder: Path, count: int, *, frames: int = _FRAMES) -> list[Path]:
    """Each another part of the sample, or that part mirrored."""
    pictures = [frame.image for frame in FrameReader(probe(SAMPLE), max_side_px=_SIDE_PX)]
    most = 2 * (len(pictures) - frames)
    if count > most:
        raise SystemExit(f"there are only {most} different clips in the sample")
    folder.mkdir()
    clips = [folder / f"clip{number:04}.mp4" for number in range(count)]
    for number, clip in enumerate(clips):
        part = pictures[number // 2 : number // 2 + frames]
        mirrored = [np.ascontiguousarray(picture[:, ::-1]) for picture in part]
        write_clip(clip, mirrored if number % 2 else part)
    return clips


def _row(run: Run, folder: Path, stages: Sequence[str]) -> str:
    out, first = folder / run.name, folder / "2 workers"
    cache = folder / f"cache of {run.name}"
    with ray_cluster(cache) if run.on_ray else nullcontext() as cluster:
        start_s, cpu_s = time.monotonic(), _children_cpu_s()
        _run_and_kill([*_command(run, out), *stages], run, cache=cache, cluster=cluster)
        per_min = 60 * len(run.clips) / (time.monotonic() - start_s)
    cpu_s = (_children_cpu_s() - cpu_s) / len(run.clips)
    table = pd.read_parquet(out / "summary.parquet")
    if sorted(table["folder"]) != [clip.stem for clip in run.clips]:
        raise SystemExit("not every clip is accounted for")
    same = sum(_files(out / clip.stem) == _files(first / clip.stem) for clip in run.clips)
    counts = (
        len(table), table["attempts"].sum(), (table["state"] == "failed").sum(),
        len(list(out.glob(".*"))), same,
    )  # fmt: skip
    cost = "–" if run.on_ray else f"{cpu_s:.2f}"
    return (
        f"| {run.name} | {' | '.join(map(str, counts))} | {per_min:.1f} | {cost}"
        f" | {table['worker_peak_mb'].max():.0f} |"
    )


def _command(run: Run, out: Path) -> list[str]:
    where = ["--ray", _ADDRESS] if run.on_ray else []
    return [
        sys.executable, "-m", "humanpose", "batch", *map(str, run.clips), "--out", str(out),
        "--height", "1.77", "--workers", str(run.workers), *where,
    ]  # fmt: skip


def _run_and_kill(
    command: Sequence[str], run: Run, *, cache: Path, cluster: int | None = None
) -> None:
    """To the end of the command, by chance killing one of its workers again and again."""
    chance = random.Random(1)
    process = subprocess.Popen(
        command, env=os.environ | {"HUMANPOSE_CACHE": str(cache)}, stdout=subprocess.DEVNULL
    )
    while True:
        try:
            every_s = run.kill_every_s
            code = process.wait(every_s and every_s * chance.uniform(0.5, 1.5))
            break
        except subprocess.TimeoutExpired:
            below = descendants(cluster or process.pid)
            workers = [child for child in below if _is_worker(child)]
            if workers:
                os.kill(chance.choice(workers), signal.SIGKILL)
    if code:
        raise SystemExit(f"the batch ended with code {code}")


def _is_worker(process: int) -> bool:
    return any(name in command_line(process) for name in _WORKER_NAMES)


def _files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SAME if (folder / name).exists()}


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def on_cores(count: int) -> Iterator[None]:
    """What is started meanwhile runs on so many cores (Linux)."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:count])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def ray_cluster(cache: Path) -> Iterator[int]:
    """A cluster of two cores on this machine; yields the process that it lives under."""
    os.environ["RAY_AUTH_MODE"] = "disabled"  # nobody else hears it
    host, port = _ADDRESS.split(":")
    ray = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"]
    here = [f"--node-ip-address={host}", f"--port={port}", "--num-cpus=2"]
    process = subprocess.Popen(
        [*ray, *here, "--include-dashboard=false", "--disable-usage-stats"],
        env=os.environ | {"HUMANPOSE_CACHE": str(cache)},
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(_CLUSTER_START_S)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
