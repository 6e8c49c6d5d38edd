"""From the start of the server to its end."""

import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType

import streamlit as st

from humanpose.server.entry import Entry
from humanpose.server.leftovers import kept_tidy
from humanpose.ui import session
from humanpose.ui.warm_up import warm_up


@asynccontextmanager
async def lifetime(app: st.App) -> AsyncIterator[None]:
    """Tidy first and go on with what was interrupted; tidy when all analyses have ended."""
    with kept_tidy(_take_up) as end:
        for number in (signal.SIGTERM, signal.SIGINT):
            call_on(number, end)
        async with warm_up(app):
            yield


def _take_up() -> None:
    session.jobs().take_up(reversed(Entry.newest(limit=sys.maxsize)))


def call_on(number: signal.Signals, action: Callable[[], None]) -> None:
    """Do this beside what is done on a signal anyway: the server hears it, and then waits for
    its visitors for as long as they stay."""
    before = signal.getsignal(number)

    def heard(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=action, daemon=True).start()
        if callable(before):
            before(number, frame)

    signal.signal(number, heard)
