"""From a clip on the desktop to the saved PDF: how many clicks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import expect_chosen, watched
from tests.support.places import DATA

CLIP = DATA / "small_person.mp4"
_MOST_CLICKS = 6
_LIMIT_MS = 150_000


@pytest.fixture
def newcomer(chromium: Page, url: str) -> Iterator[Page]:
    with watched(chromium) as page:
        page.set_default_timeout(_LIMIT_MS)
        page.goto(url)
        page.get_by_text("Drop a video of one person").wait_for()
        yield page


def test_from_clip_to_pdf_in_at_most_six_clicks(newcomer: Page) -> None:
    page, clicks = newcomer, 0

    def click(role: str, name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=re.compile(f"{re.escape(name)}$")).first.click()  # type: ignore[arg-type]

    with page.expect_file_chooser() as chooser:
        click("button", "Upload")
    chooser.value.set_files(CLIP)
    expect_chosen(page)
    click("spinbutton", "Height (m)")
    page.keyboard.type("1.7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()
    click("button", "Analyse")
    page.get_by_role("link", name="Explore the movement").wait_for()
    click("link", "Report")
    page.get_by_role("button", name="Save as PDF").wait_for()
    with page.expect_download() as download:
        click("button", "Save as PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert clicks <= _MOST_CLICKS
