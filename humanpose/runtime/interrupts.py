"""Ctrl-C at the wrong moment."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

PATIENCE_S = 10.0
"""After Ctrl-C; 1 to 7 s were needed on a machine with six times more work than cores."""
INTERRUPTED = 130
"""Exit code of who was interrupted."""


@contextmanager
def interrupt_afterwards() -> Iterator[None]:
    """Keep Ctrl-C until the end of the block, for imports of packages that catch all there is.

    Raises:
        KeyboardInterrupt: at the end, if it was pressed meanwhile.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # not ours to change
        return
    pressed: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def interruptible(last_words: str) -> Iterator[None]:
    """In this block Ctrl-C ends the process after ``PATIENCE_S`` at the latest, also where the
    main thread hangs in C++, or a callback or ``__del__`` swallowed the KeyboardInterrupt.

    Python writes the number of every signal into a pipe at once, whatever the main thread does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not ours
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_end_after_ctrl_c, args=(heard, last_words), daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(told)


def end_now(last_words: str) -> NoReturn:
    """Say it and go, without what else is run at the end of a process and may wait for ever."""
    sys.stderr.write(f"{last_words}\n")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def _end_after_ctrl_c(heard: int, last_words: str) -> None:
    with os.fdopen(heard, "rb", buffering=0) as signals:
        while number := signals.read(1):
            if number[0] == signal.SIGINT:
                time.sleep(PATIENCE_S)
                end_now(last_words)
