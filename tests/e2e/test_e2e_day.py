"""From a clip on the desktop to the saved PDF: how many clicks, and with the keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import expect_chosen, watched
from tests.support.day import clip_to_pdf
from tests.support.places import DATA

CLIP = DATA / "small_person.mp4"
_MOST_CLICKS = 6
_MOST_TABS = 60
_LIMIT_MS = 300_000
_SOON_MS = 20_000
_FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused.getAttribute("aria-label") || focused.textContent;
}"""


@pytest.fixture
def newcomer(chromium: Page, url: str) -> Iterator[Page]:
    with watched(chromium) as page:
        page.set_default_timeout(_LIMIT_MS)
        page.goto(url, wait_until="networkidle")  # what comes late takes the focus away
        page.get_by_text("Drop a video of one person").wait_for()
        page.locator('[data-test-script-state="notRunning"]').wait_for()
        yield page


def test_from_clip_to_pdf_in_at_most_six_clicks(newcomer: Page) -> None:
    assert clip_to_pdf(newcomer, CLIP) <= _MOST_CLICKS


def tab_to(page: Page, name: str, *, backwards: bool = False) -> None:
    """Press Tab until what is called so has the focus."""
    seen = []
    for _ in range(_MOST_TABS):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        seen.append(page.evaluate(_FOCUSED))
        if re.fullmatch(f"[a-z_]*{re.escape(name)}", seen[-1].strip()):  # after an icon
            return
    raise AssertionError(f"{name} is not among {[words[:40] for words in seen]}")


def test_from_clip_to_pdf_by_keyboard_alone(newcomer: Page) -> None:
    page = newcomer
    tab_to(page, "Upload")
    with page.expect_file_chooser(timeout=_SOON_MS) as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(CLIP)
    expect_chosen(page)
    tab_to(page, "Height (m)")
    page.keyboard.type("1.7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()
    tab_to(page, "Analyse", backwards=True)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Explore the movement").wait_for()
    tab_to(page, "Report")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save as PDF").wait_for()
    tab_to(page, "Save as PDF")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF")
