"""A server that is stopped or killed in the middle of an analysis, and the one after it."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.processes import command_line, descendants
from humanpose.assets import SAMPLE
from tests.support.attacker import server_process
from tests.support.browser import running_app
from tests.support.visit import CLIP_UPLOADER, visit

_WORKER = "humanpose.server.worker"


def wait_until(happened: Callable[[], object], *, limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def are_gone(processes: list[int]) -> bool:
    """Whether they have ended; one that nobody has asked after is gone, too."""
    return not any(map(command_line, processes))


def videos(home: Path) -> list[Path]:
    return sorted(home.rglob("*.mp4"))


def test_a_server_that_ends_takes_its_worker_along_and_the_next_deletes_the_video(
    home: Path,
) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        with running_app(home) as url, visit(url) as idle, visit(url) as page:
            assert videos(home) == []  # also of the server before
            idle.upload(CLIP_UPLOADER, "idle.mp4", SAMPLE.read_bytes())  # never analysed
            page.analyse("a.mp4", SAMPLE.read_bytes(), height_m=1.77, keeps_clip=False)
            server = server_process(url)
            wait_until(partial(worker_and_copy, server), limit_s=30)
            workers = worker_and_copy(server)
            assert len(videos(home)) == 2
            os.kill(server, how)
            wait_until(partial(are_gone, workers), limit_s=10)
            if how == signal.SIGTERM:  # also while visitors keep the server waiting
                wait_until(lambda: not videos(home), limit_s=10)
    with running_app(home):
        assert videos(home) == []


def worker_and_copy(server: int) -> list[int]:
    """Both, or nothing."""
    workers = [pid for pid in descendants(server) if _WORKER in command_line(pid)]
    return workers if len(workers) > 1 else []
