"""Two people at one server, each in a browser of their own, and what a reload and Back do."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.assets import SAMPLE
from humanpose.video import FrameReader, probe
from tests.support.browser import (
    Witness,
    expect_chosen,
    expect_frame,
    without_learned_stages,
)
from tests.support.browser import wait_for_viewer as wait
from tests.support.clips import write_clip

FRAMES = 24
_ANALYSIS_MS = 180_000
_NAMES = ("ann", "bo")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two parts of the sample, one for each."""
    folder = tmp_path_factory.mktemp("clips")
    shown = (frame.image for frame in FrameReader(probe(SAMPLE), max_minutes=1))
    parts = {name: list(itertools.islice(shown, FRAMES)) for name in _NAMES}
    return {name: write_clip(folder / f"{name}.mp4", part) for name, part in parts.items()}


@pytest.fixture(scope="module")
def people(browser: Browser) -> Iterator[dict[str, Page]]:
    """A page each, in contexts that share no cookie."""
    pages = {name: browser.new_context().new_page() for name in _NAMES}
    for page in pages.values():
        page.set_default_timeout(_ANALYSIS_MS)
    witnesses = [Witness(page) for page in pages.values()]
    yield pages
    for page in pages.values():
        page.context.close()
    assert [witness.troubles for witness in witnesses] == [[], []]


def start(page: Page, url: str, clip: Path) -> None:
    """Upload a clip and have it analysed without learned stages."""
    page.goto(url)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(clip)
    expect_chosen(page)
    height = page.get_by_role("spinbutton", name="Height (m)")
    height.fill("1.77")
    height.press("Enter")
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    without_learned_stages(page)
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.get_by_role("button", name="Cancel").wait_for()


@pytest.fixture(scope="module")
def analysed(people: dict[str, Page], clips: dict[str, Path], url: str) -> dict[str, Page]:
    """Both at once, each reloading the page in the middle."""
    for name, page in people.items():
        start(page, url, clips[name])
    for page in people.values():
        page.reload()
    for page in people.values():
        link = page.get_by_role("link", name="Explore the movement")
        link.wait_for()
    return people


def test_a_reload_in_the_middle_keeps_the_run(analysed: dict[str, Page]) -> None:
    for name, page in analysed.items():
        expect(page.get_by_text(f"{name}.mp4 is analysed.")).to_be_visible()


def test_nobody_sees_the_other_s_analyses(analysed: dict[str, Page], url: str) -> None:
    for name, page in analysed.items():
        page.goto(url)
        expect(page.get_by_text("Recent analyses")).to_be_visible(timeout=_ANALYSIS_MS)
        other = next(iter(set(_NAMES) - {name}))
        expect(page.get_by_text(f"{name}.mp4").first).to_be_visible()
        expect(page.get_by_text(f"{other}.mp4")).to_have_count(0)


def test_a_guessed_link_is_refused(analysed: dict[str, Page], url: str) -> None:
    page = analysed["bo"]
    page.goto(f"{url}/explore?a={'0' * 32}")
    gone = page.get_by_text("There is no analysis under this link any more")
    expect(gone).to_be_visible(timeout=_ANALYSIS_MS)


def test_back_leads_to_the_page_before(analysed: dict[str, Page], url: str) -> None:
    page = analysed["ann"]
    page.goto(url)
    page.get_by_role("link", name="Open", exact=True).first.click()
    wait(page, timeout_ms=_ANALYSIS_MS)
    page.locator(".hp-viewer input[type=range]").fill("7")
    expect_frame(page, 7)
    page.wait_for_url("**f=7*")  # noted once it rests there
    page.get_by_role("link", name="Models").click()
    page.get_by_text("Part orientation fields (POF)").wait_for()
    page.wait_for_url("**/models?a=*")
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    page.go_back()
    wait(page, timeout_ms=_ANALYSIS_MS)
    expect_frame(page, 7)
