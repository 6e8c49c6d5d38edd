"""What a file says, on the pages of a running app, as a browser makes them of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.io.received import file_name
from humanpose.server.batches import Item, create_batch
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.people import keep, move
from humanpose.server.person import Person
from humanpose.settings import Settings
from tests.support.browser import own_home, running_app, visitor
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis

EVIL = "evil.example"
WARNING = f"see https://{EVIL}/a www.{EVIL} [here](https://{EVIL}) me@{EVIL} <b>now</b> \0"
NAME = f"www.{EVIL} [x](https:{EVIL}) \0\x1b[31m\u202e me@{EVIL}.mp4"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="module")
def entry(home: Path) -> Entry:
    """Of a person, and a batch beside it, with names and words that want to be more."""
    foreign = replace(synthetic_analysis(), clip_name=file_name(NAME), warnings=(WARNING,))
    entry = finished_entry(home, foreign, label=NAME)
    person = keep(Person(owner="", name=NAME, code=NAME, notes=WARNING))
    item = Item(entry.playback, NAME, WARNING, Settings(height_m=1.7))
    batch = create_batch([item], owner="")
    write_state(batch, JobState("failed", WARNING))
    return move(entry, person, "2026-01-01")


@pytest.fixture(scope="module")
def page(home: Path, entry: Entry, browser: Browser) -> Iterator[Page]:
    with running_app(home) as url, visitor(browser) as page:
        page.goto(f"{url}/explore?a={entry.about.link}")
        yield page


@pytest.mark.parametrize(
    "name", ["explore", "quality", "export", "report", "compare", "people", "batch", ""]
)
def test_no_word_of_a_file_is_a_link_on_any_page(page: Page, entry: Entry, name: str) -> None:
    page.goto(f"{page.url.rpartition('/')[0]}/{name}?a={entry.about.link}")
    page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    expect(page.get_by_text(EVIL).first).to_be_attached(timeout=60_000)
    assert page.get_by_test_id("stException").count() == 0
    for frame in page.frames:
        assert frame.locator(f'a[href*="{EVIL}"]').count() == 0
        assert not set("\0\x1b\u202e") & set(frame.locator("body").inner_text())
    if name in ("explore", "quality"):
        expect(page.get_by_text("me@").first).to_be_visible()
