"""What the first visit of a page would wait for is imported as soon as the server runs."""

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st

FIRST = ("humanpose.ui.analyse.job_panel",)  # matplotlib
LATER = (
    "humanpose.ui.compare.pairs",
    "humanpose.ui.quality.view",  # plotly
    "humanpose.ui.report.view",
)
_FIRST_PAGE_S = 3.0
"""So long whoever has just started the app has the server's processor for the first page."""


@asynccontextmanager
async def warm_up(app: st.App) -> AsyncIterator[None]:
    """Import in the background; a page that is faster waits for what it needs as ever."""
    threading.Thread(target=import_slow_modules, daemon=True).start()
    yield


def import_slow_modules() -> None:
    for name in FIRST:
        import_module(name)
    time.sleep(_FIRST_PAGE_S)
    for name in LATER:
        import_module(name)
