"""The Batch page in Chromium: three clips, one of them bad, from the upload to the ZIP."""

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.browser import wait_for_viewer, watched
from tests.support.clips import numbered, write_clip
from tests.support.places import DATA

CLIP = DATA / "small_person.mp4"
_LIMIT_MS = 150_000


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two clips of somebody and one of nobody."""
    folder = tmp_path_factory.mktemp("clips")
    for name in ("ann walks.mp4", "bo.mp4"):
        (folder / name).write_bytes(CLIP.read_bytes() + name.encode())
    write_clip(folder / "empty.mp4", numbered(30), fps=30)
    return sorted(folder.iterdir())


def filled(page: Page, url: str, clips: list[Path], people: str) -> None:
    """The Batch page with these clips, its table filled from a CSV."""
    page.set_default_timeout(_LIMIT_MS)
    page.goto(f"{url}/batch")
    page.locator(".st-key-batch_clips_0 input[type=file]").set_input_files(clips)
    page.get_by_role("button", name=re.compile(r"Analyse \d clip")).wait_for()
    fill(page, people, 1)


def fill(page: Page, people: str, number: int) -> None:
    """Drop a CSV on the page, which has a new place for one once it is read."""
    csv = FilePayload(name="people.csv", mimeType="text/csv", buffer=people.encode())
    place = ".st-key-batch_csv_{} input[type=file]"
    page.locator(place.format(number)).set_input_files(files=[csv])
    page.locator(place.format(number + 1)).wait_for(state="attached")


def test_from_clips_and_a_table_to_results_and_reasons(
    chromium: Page, url: str, clips: list[Path]
) -> None:
    with watched(chromium) as page:
        people = (
            "Clip,Subject,Height,end,pof,joint-refinement\nann walks.mp4,Ann,1.61,0.4,no,no\n"
        )
        filled(page, url, clips, people)
        page.get_by_role("button", name="Analyse 3 clips").click()
        page.get_by_text("bo.mp4: give the person's height").wait_for()
        people += "bo.mp4,Bo,1.82,0.4,no,no\nempty.mp4,,1.7,0.4,no,no\n"
        fill(page, people, 2)
        page.get_by_role("button", name="Analyse 3 clips").click()
        page.get_by_text(re.compile(r"\d of 3 clips")).first.wait_for()
        page.get_by_text("2 of 3 clips analysed").wait_for()
        page.get_by_role("alert").filter(has_text="empty.mp4: ").wait_for()
        address = page.get_by_role("link", name="Download ZIP").get_attribute("href") or ""
        answer = page.request.get(f"{url}/{address}")
        assert re.search("attachment.*batch.zip", answer.headers["content-disposition"])
        with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
            names = set(archive.namelist())
            assert names >= {"ann_walks/angles.csv", "bo/pose.trc", "summary.parquet"}
            table = pd.read_csv(io.BytesIO(archive.read("summary.csv"))).set_index("clip")
            failures = pd.read_csv(io.BytesIO(archive.read("failures.csv")))
        assert dict(table["height_m"]) == {
            "ann walks.mp4": 1.61, "bo.mp4": 1.82, "empty.mp4": 1.7,
        }  # fmt: skip
        assert list(failures["clip"]) == ["empty.mp4"]
        for _ in range(2):  # the second time it is there already
            page.get_by_role("button", name="Explore").click()
            wait_for_viewer(page)
            page.get_by_text("1.61 m").wait_for()
            page.get_by_role("link", name="Batch").click()
        page.get_by_role("link", name="Analyse").click()
        named = page.locator("strong", has_text="ann walks.mp4")
        expect(named).to_have_count(
            2
        )  # what is open now, and its only row among the recent ones
    stranger = chromium.context.browser
    assert stranger is not None
    with stranger.new_context() as context:
        other = context.new_page()
        other.set_default_timeout(_LIMIT_MS)
        other.goto(f"{url}/batch")
        other.get_by_text("Drop videos here").wait_for()
        expect(other.get_by_text("clips analysed")).to_have_count(0)


def test_cancelled_and_gone_on_with(chromium: Page, url: str) -> None:
    with watched(chromium) as page:
        filled(page, url, [CLIP], "clip,height\nsmall_person.mp4,1.7\n")
        page.get_by_role("button", name="Analyse 1 clip").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text("Cancelled. What is done is kept.").wait_for()
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("1 of 1 clips analysed").wait_for()
