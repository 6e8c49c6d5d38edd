"""Two people and their days in a browser: progress, and no byte of whom is deleted."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.server.entry import Entry
from humanpose.server.people import entries_of, keep, move, people
from humanpose.server.person import Person
from tests.support.browser import running_app, visitor, watched
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis

DAYS = ("2026-01-15", "2026-02-15", "2026-03-15")
WORDS = (b"Ada Lovelace", b"P-07", b"left knee hurts")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("clinic")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", str(folder))
        patch.setenv("HUMANPOSE_CACHE", str(folder / "cache"))
        yield folder


@pytest.fixture(scope="module")
def page(home: Path, browser: Browser) -> Iterator[Page]:
    with running_app(home) as url, visitor(browser) as page, watched(page):
        page.goto(f"{url}/people")
        yield page


def filmed(home: Path, person: Person) -> list[Entry]:
    """Three sessions, in a list that everybody sees."""
    return [move(finished_entry(home, synthetic_analysis(60)), person, day) for day in DAYS]


def files_with(home: Path, *words: bytes) -> list[Path]:
    contents = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    return [path for path, content in contents.items() if any(w in content for w in words)]


def test_a_person_is_added_and_known_again(page: Page, home: Path) -> None:
    page.get_by_role("button", name="New person").click()
    page.get_by_role("textbox", name="Name").first.fill("Ada Lovelace")
    page.get_by_role("textbox", name="Code").first.fill("P-07")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Ada Lovelace (P-07)")).to_be_visible()
    [ada] = people(None)
    filmed(home, keep(Person("", name="Ada Lovelace", code="P-07", notes="left knee hurts",
                             token=ada.token)))  # fmt: skip
    filmed(home, keep(Person("", name="Bo Diddley")))
    page.reload()
    expect(page.get_by_text("2026-03-15").first).to_be_visible()


def test_progress_leads_to_before_and_after(page: Page) -> None:
    expect(page.get_by_text("within MDC")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as CSV").click()
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["session", *DAYS]
    page.get_by_role("link", name="Compare", exact=True).last.click()
    expect(page.get_by_text("How far B is from A")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Compare over")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("within MDC")).to_be_visible()


def test_no_byte_of_whom_is_deleted_stays(page: Page, home: Path) -> None:
    assert files_with(home, *WORDS)
    page.get_by_role("button", name="Delete …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 analyses of 3 days (2026-01-15, 2026-02-15, 2026-03-15)")
    dialog.get_by_role("button", name="Delete everything of").click()
    expect(page.get_by_role("heading", name="Bo Diddley")).to_be_visible()
    limit = time.monotonic() + 10
    while files_with(home, *WORDS) and time.monotonic() < limit:
        time.sleep(0.2)
    assert files_with(home, *WORDS) == []
    assert files_with(home, b"Bo Diddley")
    [bo] = people(None)
    assert [entry.about.session for entry in entries_of(bo)] == list(reversed(DAYS))
