"""Words of a received file on the pages of a running app, as a browser makes them."""

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.support.browser import running_app
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis

EVIL = "evil.example"
WARNING = f"see https://{EVIL}/a www.{EVIL} [here](https://{EVIL}) me@{EVIL} <b>now</b> \0"
NAME = f"www.{EVIL} [x](https:{EVIL}).mp4"


def test_no_word_of_a_file_is_a_link_on_any_page(home: Path, browser: Browser) -> None:
    foreign = replace(synthetic_analysis(), clip_name=NAME, warnings=(WARNING,))
    entry = finished_entry(home, foreign)
    with running_app(home) as url:
        page = browser.new_page()
        for name in ("explore", "quality", "export", ""):
            page.goto(f"{url}/{name}?a={entry.token}")
            expect(page.get_by_text(EVIL).first).to_be_visible(timeout=60_000)
            page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=60_000)
            assert page.get_by_test_id("stException").count() == 0, name
            assert page.locator(f'a[href*="{EVIL}"]').count() == 0, name
            if name in ("explore", "quality"):
                expect(page.get_by_text("me@").first).to_be_visible()
