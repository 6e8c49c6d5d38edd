"""Processes that answer questions: their errors, limits, cancelling, and their end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.processes import command_line, descendants
from humanpose.errors import BusyError, ClipError, HumanPoseError
from humanpose.runtime.children import import_path
from humanpose.server.helpers import Asked, CancelledError, Helpers, wait_for

MODULE = "tests.support.parrot"
STOPPED = ClipError("beyond the limits")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def parrot() -> Helpers:
    return Helpers(MODULE)


def ask(helpers: Helpers, *, limit_s: float = 60.0, **words: Any) -> Asked:
    return helpers.ask(words, limit_s=limit_s, stopped=STOPPED)


def outcome(asked: Asked) -> Any:
    wait_for([asked])
    return asked.result().words


def wait_until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def test_what_is_asked_is_answered_with_its_bytes(parrot: Helpers) -> None:
    asked = ask(parrot, do="say", words=["a", 1], bytes=100_000)
    assert outcome(asked) == ["a", 1]
    assert asked.result().data == bytes(100_000)


def test_a_sentence_comes_back_as_the_error_it_was(parrot: Helpers) -> None:
    before = outcome(ask(parrot, do="who"))
    with pytest.raises(ClipError, match="not this clip"):
        outcome(ask(parrot, do="refuse"))
    assert outcome(ask(parrot, do="who")) == before


@pytest.mark.parametrize(
    ("words", "limit_s", "memory_gb"),
    [
        ({"do": "sleep"}, 3.0, "8"),
        ({"do": "compute"}, 60.0, "8"),
        ({"do": "eat"}, 60.0, "1"),
        ({"do": "say", "words": "", "bytes": 2_000_000}, 60.0, "8"),
    ],
    ids=["time", "computing", "memory", "a long answer"],
)
def test_beyond_a_limit_there_is_a_sentence_and_the_next_is_answered(
    words: dict[str, Any], limit_s: float, memory_gb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_MEMORY_GB", memory_gb)
    helpers = Helpers(MODULE)
    with pytest.raises(ClipError, match="beyond the limits"):
        outcome(ask(helpers, limit_s=limit_s, **words))
    assert outcome(ask(helpers, do="say", words="still here")) == "still here"


def test_cancel_ends_it_and_the_next_is_answered(parrot: Helpers) -> None:
    running, waiting = ask(parrot, do="sleep"), ask(parrot, do="sleep")
    wait_until(lambda: running.doing == "sleeping")
    for one in (waiting, running):
        one.cancel()
        with pytest.raises(CancelledError):
            outcome(one)
    assert outcome(ask(parrot, do="say", words="still here")) == "still here"


def test_what_nobody_waits_for_any_more_is_not_done(
    parrot: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("humanpose.server.helpers._FORGOTTEN_AFTER_S", 0.5)
    running, left = ask(parrot, do="sleep"), ask(parrot, do="sleep")
    time.sleep(1)
    running.cancel()
    with pytest.raises(CancelledError):
        left.result()


def test_no_more_wait_than_the_server_lets(
    parrot: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_WAITING", "1")
    asked = [ask(parrot, do="sleep")]
    wait_until(lambda: asked[0].doing)
    asked += [ask(parrot, do="sleep") for _ in range(2)]
    with pytest.raises(BusyError, match="try again"):
        ask(parrot, do="who")
    for one in reversed(asked):
        one.cancel()


def lone_parrots() -> list[int]:
    return [p for p in descendants(os.getpid()) if "lone_parrot" in command_line(p)]


def test_a_process_for_one_question_never_meets_another() -> None:
    helpers = Helpers("tests.support.lone_parrot")
    first, second = (outcome(ask(helpers, do="who")) for _ in range(2))
    assert first != second
    assert not command_line(first)
    wait_until(lambda: len(lone_parrots()) == 1)
    [started] = lone_parrots()
    assert started not in (first, second)
    for words in ("eat", "compute"):
        with pytest.raises(ClipError, match="beyond the limits"):
            outcome(ask(helpers, do=words))
    running = ask(helpers, do="sleep")
    wait_until(lambda: running.doing)
    below = lone_parrots()
    running.cancel()
    wait_until(lambda: not any(map(command_line, below)))


def test_an_idle_process_is_let_go() -> None:
    helpers = Helpers(MODULE, idle_s=0.2)
    process = outcome(ask(helpers, do="who"))
    wait_until(lambda: not command_line(process))
    assert outcome(ask(helpers, do="who")) != process


@pytest.mark.parametrize("words", ["who", "sleep"])
def test_it_ends_with_a_server_that_is_killed(words: str) -> None:
    code = (
        "import time; from humanpose.server.helpers import *\n"
        f"asked = Helpers('{MODULE}').ask({{'do': '{words}'}}, limit_s=60,"
        " stopped=HumanPoseError())\n"
        "while True: asked.want(); time.sleep(0.1)"
    )
    server = subprocess.Popen([sys.executable, "-c", code], env=os.environ | import_path())
    wait_until(lambda: descendants(server.pid))
    [process] = descendants(server.pid)
    time.sleep(2)
    server.send_signal(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not command_line(process))


def test_it_has_none_of_the_server_s_files(parrot: Helpers, tmp_path: Path) -> None:
    with (tmp_path / "of_the_server").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        helpers = Helpers(MODULE)
        process = outcome(ask(helpers, do="who"))
        files = [link.resolve() for link in Path(f"/proc/{process}/fd").iterdir()]
    assert tmp_path / "of_the_server" not in files


def test_an_answer_that_names_no_error_of_ours_is_none(parrot: Helpers) -> None:
    from humanpose.server.helpers import _error_called

    assert _error_called("ClipError") is ClipError
    for name in ("ClassVar", "nothing", "CancelledError"):
        with pytest.raises((ValueError, TypeError)):
            _error_called(name)
    assert issubclass(CancelledError, HumanPoseError)
