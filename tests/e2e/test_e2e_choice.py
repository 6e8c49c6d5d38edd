"""Which analysis a page shows, and what it takes along from the page before."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.report.remarks import Mark, Remarks, to_json
from humanpose.server.entry import Entry
from humanpose.server.small_files import write_json
from tests.support.browser import (
    expect_frame,
    go_to,
    own_home,
    running_app,
    visitor,
    wait_for_viewer,
    watched,
)
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis, synthetic_analysis

_SCROLLED_MS = 500
_SHORT_FRAMES = 60
_PICTURES = """[...document.querySelectorAll(".hp-takes video")]
  .map((video) => Math.floor(30 * video.currentTime))"""


@pytest.fixture(scope="module")
def own_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Entry]]]:
    """An app of its own with two analyses, the newest one first."""
    with own_home(tmp_path_factory.mktemp("choice")) as home:
        finished_entry(home, refined_analysis(300))
        finished_entry(home, synthetic_analysis(_SHORT_FRAMES, clip_name="short.mp4"))
        with running_app(home) as address:
            yield address, Entry.newest()


@pytest.mark.parametrize("page_name", ["explore", "report", "quality", "export", "compare"])
def test_a_page_opened_afresh_shows_the_newest_analysis_and_offers_the_others(
    page: Page, own_url: tuple[str, list[Entry]], page_name: str
) -> None:
    url, (newest, other) = own_url
    page.goto(f"{url}/{page_name}")
    expect(page).to_have_url(re.compile(newest.about.link))
    page.get_by_label("Analysis", exact=True).click()
    page.get_by_role("option", name=re.compile(other.about.label)).click()
    expect(page).to_have_url(re.compile(other.about.link))
    expect(page.get_by_text("Nothing here yet")).to_have_count(0)


def test_a_dead_link_says_so_and_shows_the_newest(
    page: Page, own_url: tuple[str, list[Entry]]
) -> None:
    url, (newest, _) = own_url
    page.goto(f"{url}/explore?a={'0' * 32}")
    expect(page.get_by_text("no analysis under this link any more")).to_be_visible()
    wait_for_viewer(page)
    expect(page).to_have_url(re.compile(newest.about.link))


def test_loop_and_zoom_of_explore_stay_with_their_clip(
    page: Page, own_url: tuple[str, list[Entry]]
) -> None:
    url, entries = own_url
    long = next(entry for entry in entries if entry.about.label == "squat.mp4")
    page.goto(f"{url}/explore?a={long.about.link}")
    wait_for_viewer(page)
    for frame, key in ((200, "<"), (280, ">"), (250, "+")):
        go_to(page, frame)
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("l=200-280&z="))
    page.get_by_role("link", name="Compare", exact=True).click()
    page.wait_for_url("**/compare*")
    wait_for_viewer(page)
    expect_frame(page, 250)  # the same clip
    page.get_by_text("Two analyses", exact=True).click()
    page.wait_for_selector(".hp-takes[data-ready='1']")
    expect(page.locator(".hp-takes")).to_have_attribute("data-frame", "0")
    expect(page.locator(".hp-takes .hp-loop")).to_be_hidden()
    chips = page.locator(".hp-chip")
    expect(chips.filter(has_text="–")).to_have_count(0)
    page.locator(".hp-takes input[type=range]").fill("250")
    expect(chips.filter(has_text="B ends at 1.97 s")).not_to_have_count(0)


def wait_for_pictures(page: Page, are: Callable[[int, int], bool]) -> None:
    """Until the videos of A and B show the pictures of these numbers."""
    end = time.monotonic() + 20
    while not are(*(shown := page.evaluate(_PICTURES))):
        assert time.monotonic() < end, shown
        page.wait_for_timeout(50)


def test_two_takes_show_both_videos_from_an_event_on(
    page: Page, own_url: tuple[str, list[Entry]]
) -> None:
    url, entries = own_url
    a, b = sorted(entries, key=lambda entry: entry.about.label != "squat.mp4")
    for entry, time_s in ((a, 1.0), (b, 0.5)):
        write_json(entry.remarks, to_json(Remarks(marks=(Mark(time_s, "kick"),))))
    over = "over=Time,+from+an+event+in+both&event=kick"
    page.goto(f"{url}/compare?a={a.about.link}&b={b.about.link}&of=Two+analyses&{over}")
    wait_for_viewer(page)
    go_to(page, 45)
    wait_for_pictures(page, lambda of_a, of_b: (of_a, of_b) == (45, 30))
    page.keyboard.press(" ")
    wait_for_pictures(page, lambda _, of_b: of_b > 35)
    page.keyboard.press(" ")
    wait_for_pictures(page, lambda of_a, of_b: of_a - of_b == 15 or of_b == 59)
    go_to(page, 100)
    expect(page.locator(".hp-video-b")).to_have_class(re.compile("hp-elsewhere"))
    expect(page.locator(".hp-video-a")).not_to_have_class(re.compile("hp-elsewhere"))


def test_two_clicks_at_one_place_delete_one_analysis(
    page: Page, own_url: tuple[str, list[Entry]]
) -> None:
    url, entries = own_url
    page.goto(url)
    delete = page.get_by_role("button", name="Delete", exact=True)
    bins = page.get_by_test_id("stPopoverButton").filter(has_text="delete", visible=True)
    expect(bins).to_have_count(len(entries))
    bins.first.click()
    place = delete.bounding_box()
    assert place is not None
    for _ in range(2):
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        expect(page.get_by_role("button", name="Undo")).to_have_count(1)
        expect(delete).to_have_count(0)
    expect(bins).to_have_count(len(entries) - 1)
    assert len(Entry.newest()) == len(entries) - 1
    page.get_by_role("button", name="Undo").click()
    expect(bins).to_have_count(len(entries))
    assert Entry.newest() == entries


def test_a_comma_is_a_decimal_point(page: Page, own_url: tuple[str, list[Entry]]) -> None:
    url, _ = own_url
    page.goto(url)
    height = page.get_by_role("spinbutton", name="Height (m)")
    height.click()
    page.keyboard.type("1,75")
    page.keyboard.press("Tab")
    expect(height).to_have_value("1.75")


def test_analyse_and_its_outcome_are_in_sight(
    page: Page, own_url: tuple[str, list[Entry]]
) -> None:
    url, (newest, _) = own_url
    page.goto(f"{url}/?a={newest.about.link}")
    page.get_by_role("button", name="Try the sample").click()
    expect(page.get_by_text("640 × 480 px")).to_be_visible()
    for part in (
        page.get_by_role("button", name="Analyse", exact=True),
        page.get_by_text("is analysed."),
    ):
        expect(part).to_be_in_viewport(ratio=1)


def test_the_app_speaks_as_the_browser_asks_and_remembers_what_is_chosen(
    browser: Browser, own_url: tuple[str, list[Entry]]
) -> None:
    url, _ = own_url
    with visitor(browser, language="de-DE") as german, watched(german) as page:
        page.goto(f"{url}/explore")
        wait_for_viewer(page)
        expect(page.get_by_role("button", name="Als neutral")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        page.get_by_label("Sprache").scroll_into_view_if_needed()  # which closes what is open
        page.wait_for_timeout(_SCROLLED_MS)
        page.get_by_label("Sprache").click()
        page.get_by_role("option", name="Français").click()
        expect(page.get_by_role("button", name="Prendre comme neutre")).to_be_visible()
        page.goto(f"{url}/quality")
        expect(page.get_by_role("heading", name="Qualité", exact=True)).to_be_visible()
