"""The whole app in a real browser, on our own sample clip and on a synthetic analysis."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page, expect

from humanpose.server.entry import Entry
from humanpose.skeleton import ANGLE_NAMES
from tests.support.browser import (
    curve_names,
    differences,
    expect_frame,
    go_to,
    run_sample,
    running_app,
    shows_ghost,
    upload,
    wait_for_viewer,
)
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis

_ANALYSIS_MS = 60_000
_FIRST_NETWORK_MS = 150_000  # torch takes a while to import on a busy machine
_COUNTING = re.compile(r"\d+ of about 228 frames")


def test_from_a_clip_to_its_angles(page: Page, url: str) -> None:
    run_sample(page, url)
    expect(page.get_by_text(_COUNTING)).to_be_visible(timeout=_ANALYSIS_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was cancelled")).to_be_visible()
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.get_by_role("link", name="Explore the movement").click(timeout=_ANALYSIS_MS)
    wait_for_viewer(page)
    expect(page.get_by_text("3-D by part orientation fields (POF)")).to_be_visible()
    assert shows_ghost(page)
    assert {"raw", "band", "measured"} <= curve_names(page)
    size = page.evaluate(
        "(v => [v.videoWidth, v.videoHeight])(document.querySelector('video'))"
    )
    assert size == [640, 480]
    go_to(page, 123)
    page.get_by_role("link", name="Export").click()
    angles_row = page.get_by_role("button", name="Download", exact=True).first
    with page.expect_download() as download:
        angles_row.click()
    result = Entry.newest(limit=1)[0].result
    refined, raw = (
        pd.read_csv(file, comment="#")[["time_s", *ANGLE_NAMES]].to_numpy()
        for file in (download.value.path(), result / "angles_raw.csv")
    )
    with np.load(result / "analysis.npz") as arrays:
        kept = np.column_stack((arrays["time"], arrays["angles"]))
    np.testing.assert_allclose(refined, kept, atol=5e-4)
    assert np.nanmax(np.abs(refined - raw)) > 1
    page.get_by_role("link", name="Explore").click()
    wait_for_viewer(page)
    expect_frame(page, 123)


def test_a_text_file_named_mp4_gets_a_sentence(page: Page, url: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("Dear diary, today I walked.")
    page.goto(url)
    upload(page, notes)
    expect(page.get_by_role("alert")).to_contain_text("notes.mp4")
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_page_opens_alone_on_a_fresh_server(page: Page, home: Path, entry: Entry) -> None:
    with running_app(home) as fresh:
        page.goto(f"{fresh}/export?a={entry.about.link}")
        expect(page.get_by_role("link", name="Analyse")).to_be_visible()
        expect(page.get_by_text("squat.mp4").first).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        page.goto("about:blank")  # before the server goes


def test_compare_shows_what_a_setting_changes_and_a_link_leads_back(
    page: Page, url: str, home: Path
) -> None:
    entry = finished_entry(home, synthetic_analysis(30))
    page.goto(f"{url}/compare?a={entry.about.link}")
    wait_for_viewer(page, timeout_ms=_FIRST_NETWORK_MS)
    assert {"A", "B", "difference"} <= curve_names(page)
    assert max(map(abs, differences(page))) > 0.1  # raw against POF
    page.locator(".st-key-A_pof label").click()
    page.wait_for_url("**A_pof=true**")
    expect(page.locator(".hp-name-a")).to_have_text("A POF", timeout=_FIRST_NETWORK_MS)
    page.wait_for_function("document.querySelector('.hp-viewer').dataset.ready === '1'")
    assert not any(differences(page))
    with running_app(home) as fresh:
        page.goto(page.url.replace(url, fresh))
        wait_for_viewer(page, timeout_ms=_FIRST_NETWORK_MS)
        expect(page.locator(".hp-name-a")).to_have_text("A POF")
        assert not any(differences(page))
        page.goto("about:blank")  # before the server goes


def test_without_video_and_learned_stages_an_analysis_says_so_and_plays(
    page: Page, url: str, home: Path
) -> None:
    entry = finished_entry(home, synthetic_analysis(30))
    entry.playback.unlink()
    page.goto(f"{url}/explore?a={entry.about.link}")
    page.get_by_text("The video was not kept.").wait_for(timeout=_ANALYSIS_MS)
    page.wait_for_selector(".hp-viewer[data-ready='1']", timeout=_ANALYSIS_MS)
    expect(page.get_by_role("button", name="Compare with raw")).to_have_count(0)
    assert {"measured", "inferred"} == curve_names(page)
    page.keyboard.press(" ")
    expect_frame(page, 29)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_clips_are_served_in_parts_and_nothing_else_is(
    page: Page, url: str, entry: Entry
) -> None:
    part = page.request.get(
        f"{url}/clips/{entry.about.link}.mp4", headers={"Range": "bytes=0-99"}
    )
    assert (part.status, len(part.body())) == (206, 100)
    assert part.headers["x-content-type-options"] == "nosniff"
    assert "unsafe-eval" not in part.headers["content-security-policy"]
    for nowhere in ("a" * 32, "..%2f..%2fabout", entry.about.link + "x"):
        assert page.request.get(f"{url}/clips/{nowhere}.mp4").status in (400, 404)
