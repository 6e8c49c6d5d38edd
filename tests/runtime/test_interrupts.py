"""Ctrl-C while something is imported that would swallow it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from humanpose.assets import SAMPLE
from humanpose.runtime.interrupts import interrupt_afterwards


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.01)  # it is noticed between two steps of Python


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_in_the_block_is_raised_at_its_end() -> None:
    reached = []

    @interrupt_afterwards()
    def careless_import() -> None:
        with suppress(BaseException):
            press()
        reached.append("end")

    with pytest.raises(KeyboardInterrupt):
        careless_import()
    assert reached == ["end"]
    with pytest.raises(KeyboardInterrupt):
        press()


def test_a_process_that_ignores_ctrl_c_goes_on_doing_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupt_afterwards():
            press()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def wait_until(happened: Callable[[], bool], *, limit_s: float = 60) -> None:
    until = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("later_s", [0.0, 0.5])
def test_ctrl_c_while_mediapipe_is_imported_is_exit_code_130(
    later_s: float, tmp_path: Path
) -> None:
    options = ["analyze", str(SAMPLE), "--height", "1.77", "--out", str(tmp_path / "out")]
    running = subprocess.Popen(
        [sys.executable, "-m", "humanpose", *options],
        env=os.environ | {"HUMANPOSE_CACHE": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    maps = Path(f"/proc/{running.pid}/maps")
    wait_until(lambda: "_framework_bindings" in maps.read_text())  # its first library
    time.sleep(later_s)
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=60)
    assert running.returncode == 130
    assert stderr.endswith("humanpose: interrupted; nothing was written\n")
    assert not (tmp_path / "out").exists()


_SWALLOWS = """
def analyze(*_, **__):
    print(flush=True)
    while True:
        try:
            time.sleep(100)
        except KeyboardInterrupt:
            pass
"""
_WAITS_AT_THE_END = """
def analyze(*_, **__):
    atexit.register(time.sleep, 100)
    print(flush=True)
    time.sleep(100)
"""


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize(
    "analyze", [_SWALLOWS, _WAITS_AT_THE_END], ids=["swallowed", "at exit"]
)
def test_ctrl_c_ends_an_analysis_that_does_not_want_to(analyze: str, tmp_path: Path) -> None:
    code = (
        "import atexit, sys, time, humanpose.pipeline, humanpose.cli\n"
        "from humanpose.runtime import interrupts\n"
        f"{analyze}\n"
        "humanpose.pipeline.analyze, interrupts.PATIENCE_S = analyze, 0.5\n"
        "humanpose.cli.main(sys.argv[1:])"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code, "analyze", str(SAMPLE), "--raw", "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    running.stdout.readline()
    running.send_signal(signal.SIGINT)
    try:
        _, stderr = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 130
    assert stderr == "humanpose: interrupted; nothing was written\n"
