"""What the first visit of a page would wait for is imported as soon as the server runs."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st

_SLOW = (
    "humanpose.ui.compare.pairs",
    "humanpose.ui.quality.view",  # plotly
    "humanpose.ui.report.view",  # matplotlib
)


@asynccontextmanager
async def warm_up(app: st.App) -> AsyncIterator[None]:
    """Import in the background; a page that is faster waits for what it needs as ever."""
    threading.Thread(target=import_slow_modules, daemon=True).start()
    yield


def import_slow_modules() -> None:
    for name in _SLOW:
        import_module(name)
