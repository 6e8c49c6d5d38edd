"""What the tests in a browser share: one app, whose visitors don't know of each other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.server.entry import Entry
from tests.support.browser import own_home, running_app, visitor, wait_for_viewer, watched
from tests.support.entries import finished_entry
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


@pytest.fixture(scope="module")
def viewer(chromium: Page, address: str) -> Iterator[Page]:
    """The viewer of the analysis at the module's ``address``."""
    with watched(chromium) as page:
        page.goto(address)
        wait_for_viewer(page)
        yield page
