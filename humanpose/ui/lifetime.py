"""From the start of the server to its end."""

import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

import streamlit as st

from humanpose.server.leftovers import kept_tidy
from humanpose.ui.warm_up import warm_up


@asynccontextmanager
async def lifetime(app: st.App) -> AsyncIterator[None]:
    """Tidy first, and once more when all analyses have been ended."""
    with kept_tidy() as end:
        for number in (signal.SIGTERM, signal.SIGINT):
            call_on(number, end)
        async with warm_up(app):
            yield


def call_on(number: signal.Signals, action: Callable[[], None]) -> None:
    """Do this beside what is done on a signal anyway: the server hears it, and then waits for
    its visitors for as long as they stay."""
    before = signal.getsignal(number)

    def heard(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=action, daemon=True).start()
        if callable(before):
            before(number, frame)

    signal.signal(number, heard)
