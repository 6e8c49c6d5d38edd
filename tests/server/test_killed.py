"""A server that is stopped or killed in the middle of an analysis, and the one after it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.processes import command_line, descendants
from humanpose.assets import SAMPLE
from tests.support.browser import (
    expect_chosen,
    free_port,
    run_sample,
    running_app,
    upload,
    visitor,
)

_WORKER = "humanpose.server.worker"
_PATIENCE_MS = 90_000


def wait_until(happened: Callable[[], object], *, limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def is_gone(process: int) -> bool:
    """Whether it has ended; one that nobody has asked after is gone, too."""
    return not command_line(process)


def videos(home: Path) -> list[Path]:
    return sorted(home.rglob("*.mp4"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_ends_takes_its_worker_along_and_the_next_deletes_the_video(
    how: signal.Signals, browser: Browser, tmp_path: Path
) -> None:
    port, home = free_port(), tmp_path / "home"
    with (
        running_app(home, port=port) as url,
        visitor(browser) as page,
        visitor(browser) as idle,
    ):
        for one in (page, idle):
            one.set_default_timeout(_PATIENCE_MS)
        idle.goto(url)
        upload(idle, SAMPLE)  # chosen, but never analysed
        expect_chosen(idle)
        run_sample(page, url, learned=False, keeps_clip=False)
        mine = {pid: command_line(pid) for pid in descendants(os.getpid())}
        [server] = [pid for pid, line in mine.items() if f"server.port={port}" in line]
        wait_until(lambda: workers_of(server), limit_s=30)
        [worker] = workers_of(server)
        wait_until(lambda: list(home.glob("analyses/*/progress.json")), limit_s=30)
        assert len(videos(home)) == 2
        os.kill(server, how)
        wait_until(lambda: is_gone(worker), limit_s=10)
        if how == signal.SIGTERM:  # also while visitors keep the server waiting
            wait_until(lambda: not videos(home), limit_s=10)
    with running_app(home):
        assert videos(home) == []


def workers_of(server: int) -> list[int]:
    return [pid for pid in descendants(server) if _WORKER in command_line(pid)]
