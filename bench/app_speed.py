"""How long the app lets people wait, in a real Chromium, with the sample of 7.6 s, and, for the
toggles of Compare, with a clip of 10 s.

$ python -m bench.app_speed

From *Analyse* to the first curves, from page to page, a toggle in Compare, and what the server
holds after twenty analyses were looked at. Wall times: only a machine at rest says anything.
"""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bench.memory import FPS, repeated_sample, write_clip
from bench.processes import command_line, descendants, resident_mb
from humanpose.server import worker, workspace
from humanpose.server.database import catch_up, change
from humanpose.server.entry import Entry
from humanpose.server.folders import new_folder
from humanpose.settings import Settings
from humanpose.ui.analyse.clip_choice import SAMPLE_HEIGHT_M
from tests.support.browser import browser_page, run_sample, running_app, wait_for_viewer
from tests.support.entries import analysed_sample

RUNS, ANALYSES = 3, 20
TEN_S, TOGGLE_S = 10, 1.5
PAGES = ("Compare", "Report", "Quality", "Models", "Export", "Explore")
_RESTS = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_LIMIT_MS = 120_000
_TOGGLE = """(stage) => new Promise((done) => {
  const app = document.querySelector("[data-testid='stApp']");
  const labels = [...document.querySelectorAll("label")];
  const began = performance.now();
  let hasRun = false;
  new MutationObserver(() => { hasRun = true; }).observe(app, { attributes: true });
  const look = () => {
    const rests = hasRun && app.dataset.testScriptState === "notRunning";
    if (rests && document.querySelector(".hp-viewer[data-ready='1']"))
      requestAnimationFrame(() => done(performance.now() - began));
    else setTimeout(look, 10);
  };
  labels.filter((l) => l.innerText.trim() === stage)[1].querySelector("input").click();
  look();
})"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", folder)
        with running_app(Path(folder)) as url, browser_page() as page:
            page.set_default_timeout(_LIMIT_MS)
            waits_s = [_seconds(_curves, page, url) for _ in range(RUNS)]
            print(f"from a clip to its curves: {_as_text(waits_s)}")
            entry = analysed_sample()
            page.goto(f"{url}/explore?a={entry.link}")
            wait_for_viewer(page)
            for name in (*PAGES, *PAGES):
                print(f"to {name}: {_seconds(_go, page, name):.1f} s")
            for stage, seconds in _toggles(page, url, Path(folder)):
                missed = "  MISSED" * (seconds > TOGGLE_S)
                print(f"toggle {stage} in Compare: {seconds:.1f} <= {TOGGLE_S} s{missed}")
            before_mb = _server_mb()
            for other in _copies(entry):
                page.goto(f"{url}/explore?a={other.link}")
                wait_for_viewer(page)
            print(f"server: {before_mb:.0f} MB, {_server_mb():.0f} after {ANALYSES} analyses")
            page.goto("about:blank")


def _curves(page: Page, url: str) -> None:
    """As in the test: upload, height, Analyse; then Explore as soon as it is offered."""
    run_sample(page, url)
    page.get_by_role("link", name="Explore the movement").click()
    wait_for_viewer(page)


def _go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"**/{name.lower()}*")
    if name in ("Compare", "Explore"):
        wait_for_viewer(page)
    page.wait_for_selector(_RESTS)


def _toggles(page: Page, url: str, folder: Path) -> Iterator[tuple[str, float]]:
    """Each stage, of B, as a browser counts from the click to the new picture. The process that
    computes has its networks: another clip was compared before."""
    clip = folder / "ten.mp4"
    write_clip(clip, repeated_sample(TEN_S * FPS), size=(640, 360))
    for is_warm in (False, True):
        entry = workspace.create(clip, clip.name, Settings(height_m=SAMPLE_HEIGHT_M))
        worker.run(entry)
        page.goto(f"{url}/compare?a={entry.link}")
        wait_for_viewer(page)
        page.wait_for_selector(_RESTS)
        for stage in ("Joint refinement", "MainRefiner", "Joint refinement", "POF"):
            seconds = page.evaluate(_TOGGLE, stage) / 1000
            if is_warm:
                yield stage, seconds


def _copies(entry: Entry) -> list[Entry]:
    """The same analysis under twenty names."""
    copies = [new_folder("analyses") for _ in range(ANALYSES)]
    for folder in copies:
        shutil.copytree(entry.folder, folder, dirs_exist_ok=True)
    change(catch_up)
    return [Entry(folder) for folder in copies]


def _server_mb() -> float:
    servers = [p for p in descendants(os.getpid()) if "streamlit run" in command_line(p)]
    return sum(map(resident_mb, servers))


def _seconds(action: Callable[..., None], *arguments: object) -> float:
    started = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - started


def _as_text(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s, the first time {seconds[0]:.1f} s"


if __name__ == "__main__":
    main()
