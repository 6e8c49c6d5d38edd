"""What the tests in a browser share: one app, whose visitors don't know of each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.server.entry import Entry
from tests.support.browser import (
    own_home,
    require_chromium,
    running_app,
    running_browser,
    visitor,
    wait_for_viewer,
    watched,
)
from tests.support.entries import finished_entry
from tests.support.explored import explore_address
from tests.support.synthetic import refined_analysis

expect.set_options(timeout=20_000)  # a redraw takes more than the usual 5 s on a busy machine


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The app's own folder."""
    with own_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="package")
def url(home: Path) -> Iterator[str]:
    with running_app(home) as address:
        yield address


@pytest.fixture(scope="package")
def entry(home: Path) -> Entry:
    """60 synthetic frames with a learned stage."""
    return finished_entry(home, refined_analysis(60))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    require_chromium()
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Iterator[Page]:
    """An empty page of this module's visitor."""
    with visitor(browser) as page:
        yield page


@pytest.fixture
def page(chromium: Page) -> Iterator[Page]:
    """A new page of this module's visitor, which must not cause any trouble."""
    with watched(chromium) as page:
        yield page


@pytest.fixture(scope="package")
def address(url: str, home: Path) -> str:
    """Explore, with everything that it can show."""
    return explore_address(url, home)


@pytest.fixture(scope="package")
def viewer(browser: Browser, address: str) -> Iterator[Page]:
    """The viewer at ``address``, which tests leave as it opens but for the frame."""
    with visitor(browser) as chromium, watched(chromium) as page:
        page.goto(address)
        wait_for_viewer(page)
        yield page
