"""A running app, a Chromium that looks at it, and what its viewer shows."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright import async_api
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from humanpose.assets import SAMPLE
from humanpose.runtime.system import find_browser
from tests.support.places import ROOT

CHROMIUM = find_browser() or "/usr/bin/chromium"
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-gpu",  # compose pages in plain software, much faster than through SwiftShader
    "--use-angle=swiftshader",  # 3-D without a graphics card
    "--enable-unsafe-swiftshader",
]
_START = (sys.executable, "-m", "streamlit", "run", ROOT / "app.py")
_ASKED_BY_DEEP_LINKS = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
_START_LIMIT_S = 180
_STOP_LIMIT_S = 5


@contextmanager
def running_app(
    home: Path,
    *,
    cwd: Path = ROOT,
    port: int | None = None,
    command: Sequence[str | Path] = _START,
    options: Sequence[str] = (),
    base: str = "",
) -> Iterator[str]:
    """The app, started in ``cwd``, its data in ``home``; yields its address.

    Args:
        port: None: one that is free.
        command: what starts it; takes Streamlit's options.
        options: more of them for Streamlit.
        base: the address under which it lies on the server, such as ``/clinic``.
    """
    port = port or free_port()
    url = f"http://127.0.0.1:{port}{base}"
    options = [*options, f"--server.baseUrlPath={base}"]
    home.mkdir(parents=True, exist_ok=True)
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--server.headless=true", f"--server.port={port}", *options],
            cwd=cwd,
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


def require_chromium() -> None:
    """Skip the test where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip("needs Debian's chromium: apt install chromium")


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A fresh Chromium; only one can run in a process at a time."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def own_home(folder: Path) -> Iterator[Path]:
    """``folder`` as the app's own, for more than one test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", str(folder))
        yield folder


@contextmanager
def visitor(
    browser: Browser, *, width: int = 1440, height: int = 900, language: str = "en-US"
) -> Iterator[Page]:
    """An empty page of somebody who was never here."""
    size: ViewportSize = {"width": width, "height": height}
    with browser.new_context(viewport=size, locale=language) as context:
        context.on("page", _hear_file_choosers)
        yield context.new_page()


def _hear_file_choosers(page: Page) -> None:
    """Before it loads: Playwright begins to listen late on a busy machine, and misses one."""
    page.on("filechooser", lambda _: None)


@contextmanager
def browser_page(*, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """An empty page of a fresh Chromium."""
    with running_browser() as browser, visitor(browser, width=width, height=height) as page:
        yield page


@contextmanager
def watched(chromium: Page) -> Iterator[Page]:
    """A new page that must not have caused any trouble by its end."""
    page = chromium.context.new_page()
    witness = Witness(page)
    yield page
    page.close()
    assert witness.troubles == [], witness.troubles


class Witness:
    """Notes what a page must never do: fail, complain, or ask another computer."""

    def __init__(self, page: Page | async_api.Page) -> None:
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self._note_console(line.type, line.text))
        page.on("request", lambda request: self._note_request(request.url))
        page.on("response", lambda response: self._note_status(response.status, response.url))

    def _note_console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.troubles.append(text)

    def _note_request(self, url: str) -> None:
        if not re.match(r"http://127\.0\.0\.1:|blob:|data:", url):
            self.troubles.append(f"asked {url}")

    def _note_status(self, status: int, url: str) -> None:
        if status >= 400 and not _ASKED_BY_DEEP_LINKS.search(url):
            self.troubles.append(f"{status} {url}")


_VIDEO_READY = """() => new Promise((ready) => {
  const video = document.querySelector(".hp-viewer video");
  video.readyState >= 2 ? ready() : video.addEventListener("loadeddata", ready);
})"""
_CURVE_NAMES = "document.querySelector('.hp-plot').data.map(t => t.name)"
_DIFFERENCE = """document.querySelector('.hp-plot').data
  .find((trace) => trace.name === "difference").y.filter((value) => value !== null)"""
_TRACES_3D = "document.querySelector('.hp-scene').data.map(t => [t.name, t.visible])"


def upload(page: Page, clip: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(clip)


def expect_chosen(page: Page) -> None:
    """Until the page says what the header of the clip does."""
    page.get_by_text(re.compile(r"\d+ × \d+ px")).wait_for()


def run_sample(page: Page, url: str, *, learned: bool = True, keeps_clip: bool = True) -> None:
    """Analyse the sample as the app proposes, or without learned stages or its video kept."""
    page.goto(url)
    upload(page, SAMPLE)
    expect_chosen(page)
    height = page.get_by_role("spinbutton", name="Height (m)")
    height.fill("1.77")
    height.press("Enter")
    if not learned:
        without_learned_stages(page)
    if not keeps_clip:
        page.get_by_text("Don't keep the video").click()
        page.locator('[data-test-script-state="notRunning"]').wait_for()
    page.get_by_role("button", name="Analyse", exact=True).click()


def without_learned_stages(page: Page) -> None:
    """Switch off what the app proposes."""
    for stage in ("Joint refinement", "Learned 3-D (POF)"):
        page.get_by_text(stage).click()
        page.locator('[data-test-script-state="notRunning"]').wait_for()


def wait_for_viewer(page: Page, *, timeout_ms: float = 240_000) -> None:
    page.wait_for_selector(".hp-viewer[data-ready='1']", timeout=timeout_ms)
    page.evaluate(_VIDEO_READY)


def shows_ghost(page: Page) -> bool:
    return ["raw", True] in page.evaluate(_TRACES_3D)


def curve_names(page: Page) -> set[str]:
    return set(page.evaluate(_CURVE_NAMES))


def differences(page: Page) -> list[float]:
    """Compare's B - A, deg, of the first angle shown, where it is known."""
    values: list[float] = page.evaluate(_DIFFERENCE)
    return values


def expect_raw(page: Page, *, shown: bool) -> None:
    """Button, legend, ghost and thin curves all say the same."""
    button = page.get_by_role("button", name="Compare with raw")
    expect(button).to_have_attribute("aria-pressed", "true" if shown else "false")
    expect(page.locator(".hp-raw")).to_be_visible(visible=shown)
    page.wait_for_function(
        f"({_CURVE_NAMES}).includes('raw') === {'true' if shown else 'false'}"
    )
    assert shows_ghost(page) is shown


def expect_frame(page: Page, frame: int) -> None:
    expect(page.locator(".hp-viewer")).to_have_attribute("data-frame", str(frame))


def go_to(page: Page, frame: int) -> None:
    page.locator(".hp-viewer input[type=range]").fill(str(frame))
    expect_frame(page, frame)


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


def free_port() -> int:
    """One that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
