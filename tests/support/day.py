"""What somebody does from a clip on the desktop to the saved PDF."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.browser import expect_chosen


def clip_to_pdf(page: Page, clip: Path) -> int:
    """On the page that the app opens with; how many clicks it took."""
    clicks = 0

    def click(role: str, name: str) -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=re.compile(f"{re.escape(name)}$")).first.click()  # type: ignore[arg-type]

    with page.expect_file_chooser() as chooser:
        click("button", "Upload")
    chooser.value.set_files(clip)
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
    return clicks
