"""How long the app lets people wait, in a real Chromium; wall times, for a machine at rest.

$ python -m bench.app_speed

From page to page in a fresh app and again, with a synthetic analysis of 10 s; a toggle in
Compare; from a clip to the saved PDF with nobody thinking; and what the server holds after
twenty analyses were looked at.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bench.processes import command_line, descendants, resident_mb
from humanpose.assets import SAMPLE
from humanpose.server.database import catch_up, change
from humanpose.server.entry import Entry
from humanpose.server.folders import new_folder
from tests.support.browser import (
    browser_page,
    expect_chosen,
    running_app,
    upload,
    wait_for_viewer,
)
from tests.support.day import clip_to_pdf
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis

FRAMES, ANALYSES = 300, 20
SWITCH_S, TOGGLE_S, FIRST_PAGE_S, FIRST_LOOK_S = 1.0, 1.5, 2.0, 3.0
CLICKS = 6
PAGES = (
    "Explore", "Compare", "Report", "Quality", "Models", "Export", "People", "Batch", "Analyse",
)  # fmt: skip
_DRAWN = {
    "Explore": ".hp-viewer:not(.hp-pair)[data-ready='1']",
    "Compare": ".hp-pair[data-ready='1']",
    "Analyse": "h1:has-text('Joint angles from one video')",
}
_RESTS = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_LIMIT_MS = 120_000
_READS_MS = 5_000
"""Somebody looks at the first page before they go on."""
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
    for what, value, _, limit in waits():
        print(f"{what:48s} {value:6.2f}  <= {limit:5.2f}{'  MISSED' * (value > limit)}")
    print(f"server: MB before and after {ANALYSES} analyses: {_server_mb()}")


def waits() -> Iterator[tuple[str, float, str, float]]:
    """What, how long in seconds or how many clicks, and its limit."""
    yield from _from_nothing()
    with _visit() as (url, home, page):
        entry = finished_entry(home, refined_analysis(FRAMES))
        page.goto(f"{url}/?a={entry.about.link}")
        page.wait_for_selector(_RESTS)
        page.wait_for_timeout(_READS_MS)
        for name in PAGES:
            yield f"first switch to {name}, s", _switch_s(page, name), "<=", SWITCH_S
        again_s = max(_switch_s(page, name) for name in PAGES)
        yield "slowest switch of a second round, s", again_s, "<=", SWITCH_S
        _switch_s(page, "Compare")
        page.wait_for_timeout(_READS_MS)
        for stage in ("Joint refinement", "MainRefiner", "MainRefiner", "POF"):
            seconds = page.evaluate(_TOGGLE, stage) / 1000
            yield f"toggle {stage} in Compare, s", seconds, "<=", TOGGLE_S
        yield "first skeleton after Analyse, s", _first_look_s(page, url), "<=", FIRST_LOOK_S
        page.goto(url)
        page.wait_for_selector(_RESTS)
        began = time.perf_counter()
        clicks = clip_to_pdf(page, SAMPLE)
        print(f"from the sample to its PDF: {time.perf_counter() - began:.1f} s")
        yield "from a clip to its PDF, clicks", clicks, "<=", CLICKS


def _from_nothing() -> Iterator[tuple[str, float, str, float]]:
    """The first page of an app that has just begun, and its first skeleton for somebody who
    never waits."""
    with _visit() as (url, _, page):
        began = time.perf_counter()
        page.goto(url)
        sample = page.get_by_role("button", name="No clip at hand? Try the sample")
        sample.wait_for()
        yield "first page of a fresh app, s", time.perf_counter() - began, "<=", FIRST_PAGE_S
        sample.click()
        expect_chosen(page)
        yield "first skeleton there, s", _clicked_s(page), "<=", FIRST_LOOK_S


@contextmanager
def _visit() -> Iterator[tuple[str, Path, Page]]:
    """A fresh app, its data, and an empty page."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", folder)
        with running_app(Path(folder)) as url, browser_page() as page:
            page.set_default_timeout(_LIMIT_MS)
            yield url, Path(folder), page
            page.goto("about:blank")  # before the server goes


def _first_look_s(page: Page, url: str) -> float:
    """From the click on *Analyse* to a skeleton, of a worker that had the time to get ready."""
    page.goto(url)
    upload(page, SAMPLE)
    expect_chosen(page)
    page.get_by_role("spinbutton", name="Height (m)").fill("1.77")
    page.keyboard.press("Enter")
    page.wait_for_timeout(_READS_MS)
    seconds = _clicked_s(page)
    page.get_by_role("link", name="Explore the movement").wait_for()
    return seconds


def _clicked_s(page: Page) -> float:
    """From the click on *Analyse* to the first skeleton."""
    began = time.perf_counter()
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.wait_for_selector(".st-key-glimpse img")
    return time.perf_counter() - began


def _switch_s(page: Page, name: str) -> float:
    """Until all of the page is there."""
    began = time.perf_counter()
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_selector(_DRAWN.get(name, f"h1:has-text('{name}')"))
    page.wait_for_selector(_RESTS)
    return time.perf_counter() - began


def _server_mb() -> tuple[int, int]:
    """Before and after many analyses were looked at."""
    with _visit() as (url, home, page):
        entry = finished_entry(home, refined_analysis(FRAMES))
        held_mb = []
        for one in (entry, *_copies(entry)):
            page.goto(f"{url}/explore?a={one.about.link}")
            wait_for_viewer(page)
            servers = [
                p for p in descendants(os.getpid()) if "streamlit run" in command_line(p)
            ]
            held_mb.append(round(sum(map(resident_mb, servers))))
    return held_mb[0], held_mb[-1]


def _copies(entry: Entry) -> list[Entry]:
    """The same analysis under twenty names."""
    copies = [new_folder("analyses") for _ in range(ANALYSES)]
    for folder in copies:
        shutil.copytree(entry.folder, folder, dirs_exist_ok=True)
    change(catch_up)
    return [Entry(folder) for folder in copies]


if __name__ == "__main__":
    main()
