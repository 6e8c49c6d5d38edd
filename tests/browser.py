"""A running app, and a Chromium that looks at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from humanpose.system import find_browser

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = find_browser() or "/usr/bin/chromium"
_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--disable-gpu",  # compose pages in plain software, much faster than through SwiftShader
    "--use-angle=swiftshader",  # 3-D without a graphics card
    "--enable-unsafe-swiftshader",
]
_START_LIMIT_S = 60
_STOP_LIMIT_S = 5


@contextmanager
def running_app(home: Path) -> Iterator[str]:
    """The app on a free port, with its data in ``home``; yields its address."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, f"--server.port={port}"],
            cwd=ROOT,
            env=os.environ
            | {"HUMANPOSE_HOME": str(home), "HUMANPOSE_CACHE": str(home / "cache")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_healthy(url, server)
        yield url
    finally:
        _stop(server)


@contextmanager
def browser_page(*, width: int = 1440, height: int = 900, dark: bool = False) -> Iterator[Page]:
    """An empty page of a fresh Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )
        try:
            yield context.new_page()
        finally:
            context.close()
            browser.close()


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Ask it to end; it waits for open connections, so not for ever."""
    server.terminate()
    try:
        server.wait(_STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < limit and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start on {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
