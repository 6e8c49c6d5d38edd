"""Choosing whom to follow in a real browser, on a clip of two people."""

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from humanpose.server.entry import Entry
from humanpose.skeleton import COCO17
from tests.support.browser import upload, watched
from tests.support.places import DATA

CLIP = DATA / "two_people.mp4"
_SEARCH_MS = 120_000
_REDRAW_MS = 30_000


@pytest.fixture(scope="module")
def analyse(chromium: Page, url: str) -> Iterator[Page]:
    """The Analyse page with the people of the clip found."""
    with watched(chromium) as page:
        page.goto(url)
        upload(page, CLIP)
        page.get_by_role("button", name="Choose whom to follow").click()
        page.get_by_role("button", name="Follow person 2").wait_for(timeout=_SEARCH_MS)
        yield page


def test_a_click_and_the_choice_below_say_the_same(analyse: Page) -> None:
    first, second = (
        analyse.get_by_role("button", name=f"Follow person {number}") for number in (1, 2)
    )
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true", timeout=_REDRAW_MS)
    expect(analyse.get_by_role("radio", name="2,")).to_be_checked(timeout=_REDRAW_MS)
    analyse.get_by_text("1, left", exact=True).click()
    expect(first).to_have_attribute("aria-pressed", "true", timeout=_REDRAW_MS)
    first.click()
    expect(analyse.get_by_role("radio", name="The largest")).to_be_checked(timeout=_REDRAW_MS)


def test_the_one_who_is_clicked_on_is_analysed(analyse: Page) -> None:
    second = analyse.get_by_role("button", name="Follow person 2")
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true", timeout=_REDRAW_MS)
    height = analyse.get_by_role("spinbutton", name="Height (m)")
    height.fill("1.75")
    height.press("Enter")
    analyse.get_by_role("button", name="Analyse", exact=True).click()
    analyse.get_by_role("button", name="Cancel").click()
    [entry] = [one for one in Entry.newest(limit=99) if one.clip_name == CLIP.name]
    settings = entry.settings()
    with np.load(CLIP.with_suffix(".npz")) as truth:
        hips = truth["uv"][:, 0, COCO17.indices("left_hip", "right_hip")].mean(axis=1)
    assert settings.person_at is not None
    away = np.linalg.norm(hips - np.array(settings.person_at) * (640, 480), axis=1)
    assert away.argmin() == 1
    assert away[1] < 20
