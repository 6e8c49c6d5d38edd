"""The whole app in a real browser, on our own sample clip and on a synthetic analysis."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from humanpose.server import workspace
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from tests.support.browser import (
    curve_names,
    differences,
    expect_frame,
    expect_raw,
    go_to,
    own_home,
    run_sample,
    running_app,
    shows_ghost,
    upload,
    wait_for_viewer,
    watched,
)
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis, synthetic_analysis

_ANALYSIS_MS = 60_000
_FIRST_NETWORK_MS = 150_000  # torch takes a while to import on a busy machine
_COUNTING = re.compile(r"\d+ of about 228 frames")


_SHOWN_NUMBER = """() => {
  const video = document.querySelector(".hp-viewer video");
  const canvas = Object.assign(document.createElement("canvas"), { width: 4, height: 3 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 4, 3);
  const pixels = context.getImageData(0, 0, 4, 3).data;
  return Array.from({ length: 12 }, (_, bit) => (pixels[4 * bit] > 127 ? 1 << bit : 0))
    .reduce((a, b) => a + b);
}"""  # tests.support.clips: one block of 4 x 3 a bit


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The app's own folder, which holds a model as well."""
    with own_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="module")
def url(home: Path, pof_checkpoint: Path) -> Iterator[str]:
    """The app, started in a folder of its own that has a model of its own."""
    model = home / Settings.pof_model_path
    model.parent.mkdir()
    shutil.copyfile(pof_checkpoint, model)
    with running_app(home, cwd=home) as address:
        yield address


@pytest.fixture(scope="module")
def viewer(chromium: Page, url: str, home: Path) -> Iterator[Page]:
    """Explore with a synthetic analysis of 60 frames, nobody there in frame 40."""
    with watched(chromium) as page:
        entry = finished_entry(home, synthetic_analysis(60, missing=[40]))
        page.goto(f"{url}/explore?a={entry.link}&f=12")
        wait_for_viewer(page)
        yield page


def test_cancel_stops_the_analysis(page: Page, url: str) -> None:
    run_sample(page, url)
    expect(page.get_by_text(_COUNTING)).to_be_visible(timeout=_ANALYSIS_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("was cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Analyse", exact=True)).to_be_enabled()


def test_from_a_clip_to_its_angles(page: Page, url: str, home: Path) -> None:
    run_sample(page, url, learned=False)
    expect(page.get_by_text(re.compile(r"\d+ of about 228 frames"))).to_be_visible(
        timeout=_ANALYSIS_MS
    )
    page.get_by_role("link", name="Explore the movement").click(timeout=_ANALYSIS_MS)
    wait_for_viewer(page)
    size = page.evaluate(
        "(v => [v.videoWidth, v.videoHeight])(document.querySelector('video'))"
    )
    assert size == [640, 480]
    page.locator(".hp-viewer input[type=range]").fill("123")
    expect_frame(page, 123)
    page.get_by_role("link", name="Export").click()
    angles_row = page.get_by_role("button", name="Download", exact=True).first
    with page.expect_download() as download:
        angles_row.click()
    table = pd.read_csv(download.value.path(), comment="#")
    result = workspace.recent(1)[0].result
    with np.load(result / "analysis.npz") as arrays:
        np.testing.assert_allclose(table[list(ANGLE_NAMES)], arrays["angles"], atol=5e-4)
        np.testing.assert_allclose(table["time_s"], arrays["time"], atol=5e-4)
    page.get_by_role("link", name="Explore").click()
    wait_for_viewer(page)
    expect_frame(page, 123)


def test_pof_is_shown_and_saved_beside_raw(page: Page, url: str) -> None:
    run_sample(page, url)
    page.get_by_role("link", name="Explore the movement").click(timeout=_ANALYSIS_MS)
    wait_for_viewer(page)
    expect(page.get_by_text("3-D by part orientation fields (POF)")).to_be_visible()
    assert shows_ghost(page)
    assert {"raw", "band", "measured"} <= curve_names(page)
    result = workspace.recent(1)[0].result
    refined, raw = (
        pd.read_csv(result / name, comment="#")[list(ANGLE_NAMES)].to_numpy()
        for name in ("angles.csv", "angles_raw.csv")
    )
    assert np.nanmax(np.abs(refined - raw)) > 1


def test_a_text_file_named_mp4_gets_a_sentence(page: Page, url: str, tmp_path: Path) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("Dear diary, today I walked.")
    page.goto(url)
    upload(page, notes)
    expect(page.get_by_role("alert")).to_contain_text("notes.mp4")
    expect(page.get_by_text("Traceback")).to_have_count(0)


@pytest.mark.parametrize("name", ["explore", "compare", "export"])
def test_a_page_opens_alone_on_a_fresh_server(page: Page, home: Path, name: str) -> None:
    entry = finished_entry(home)
    with running_app(home) as fresh:
        page.goto(f"{fresh}/{name}?a={entry.link}")
        expect(page.get_by_role("link", name="Analyse")).to_be_visible()
        expect(page.get_by_text("squat.mp4").first).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_count(0)
        page.goto("about:blank")  # before the server goes


def test_compare_shows_what_a_setting_changes_and_a_link_leads_back(
    page: Page, url: str, home: Path
) -> None:
    entry = finished_entry(home, synthetic_analysis(30))
    page.goto(f"{url}/compare?a={entry.link}")
    wait_for_viewer(page, timeout_ms=_FIRST_NETWORK_MS)
    assert {"A", "B", "difference"} <= curve_names(page)
    assert max(map(abs, differences(page))) > 0.1  # raw against POF
    page.locator(".st-key-A_pof label").click()
    page.wait_for_url("**A_pof=true**")
    expect(page.locator(".hp-name-a")).to_have_text("A POF", timeout=_FIRST_NETWORK_MS)
    page.wait_for_function("document.querySelector('.hp-viewer').dataset.ready === '1'")
    assert not any(differences(page))
    with running_app(home, cwd=home) as fresh:
        page.goto(page.url.replace(url, fresh))
        wait_for_viewer(page, timeout_ms=_FIRST_NETWORK_MS)
        expect(page.locator(".hp-name-a")).to_have_text("A POF")
        assert not any(differences(page))
        page.goto("about:blank")  # before the server goes


def test_a_link_leads_to_its_frame(viewer: Page) -> None:
    expect_frame(viewer, 12)


def test_the_keyboard_steps_through_the_frames(viewer: Page) -> None:
    go_to(viewer, 30)
    for key, frame in {"ArrowRight": 31, "Shift+ArrowLeft": 21, "End": 59, "Home": 0}.items():
        viewer.keyboard.press(key)
        expect_frame(viewer, frame)


def test_the_keyboard_works_after_turning_the_skeleton(viewer: Page) -> None:
    go_to(viewer, 30)
    viewer.locator(".hp-scene").drag_to(viewer.locator(".hp-legend"), force=True)
    viewer.keyboard.press("ArrowRight")
    expect_frame(viewer, 31)


def test_a_click_on_a_curve_goes_there(viewer: Page) -> None:
    box = viewer.locator(".hp-curves").bounding_box()
    assert box is not None
    left, right = box["x"] + 48, box["x"] + box["width"] - 16  # where time begins and ends
    viewer.mouse.click(left + (right - left) * 45 / 59, box["y"] + 60)
    expect_frame(viewer, 45)


def test_the_picture_is_that_of_the_frame(viewer: Page) -> None:
    for frame in (7, 44, 45):
        go_to(viewer, frame)
        limit = time.monotonic() + 5
        while viewer.evaluate(_SHOWN_NUMBER) != frame and time.monotonic() < limit:
            viewer.wait_for_timeout(50)
        assert viewer.evaluate(_SHOWN_NUMBER) == frame


def test_play_runs_to_the_end_and_stops(viewer: Page) -> None:
    go_to(viewer, 50)
    viewer.keyboard.press(" ")
    expect_frame(viewer, 59)
    expect(viewer.get_by_role("button", name="Play")).to_be_visible()


def test_a_frame_without_a_person_shows_a_dash(viewer: Page) -> None:
    go_to(viewer, 40)
    expect(viewer.locator(".hp-chip").first).to_have_text("L –")


def test_joints_are_chosen_by_name(viewer: Page) -> None:
    viewer.get_by_role("button", name="Elbow").click()
    expect(viewer.locator(".hp-title", has_text="Elbow flexion").first).to_be_visible()
    viewer.get_by_role("button", name="All directions").click()
    expect(viewer.locator(".hp-note")).to_contain_text("Elbow pronation")


def test_raw_comes_and_goes_by_key_and_by_button(page: Page, url: str, home: Path) -> None:
    entry = finished_entry(home, refined_analysis(30))
    page.goto(f"{url}/explore?a={entry.link}")
    wait_for_viewer(page)
    button = page.get_by_role("button", name="Compare with raw")
    expect_raw(page, shown=True)
    page.keyboard.press("r")
    expect_raw(page, shown=False)
    button.click()
    expect_raw(page, shown=True)
    button.press("Enter")
    expect_raw(page, shown=False)


def test_an_analysis_without_a_learned_stage_has_nothing_to_compare(viewer: Page) -> None:
    expect(viewer.get_by_role("button", name="Compare with raw")).to_have_count(0)
    assert {"measured", "inferred"} == curve_names(viewer)


def test_the_viewer_follows_a_change_to_dark(viewer: Page) -> None:
    go_to(viewer, 33)
    viewer.emulate_media(color_scheme="dark")
    expect(viewer.locator(".hp-left")).to_have_css("color", "rgb(255, 138, 61)")
    expect_frame(viewer, 33)


def test_a_reload_comes_back_to_the_frame(viewer: Page) -> None:
    go_to(viewer, 31)
    viewer.wait_for_url("**f=31*")
    viewer.reload()
    wait_for_viewer(viewer)
    expect_frame(viewer, 31)


def test_without_its_video_an_analysis_says_so_and_plays(
    page: Page, url: str, home: Path
) -> None:
    entry = finished_entry(home, synthetic_analysis(30))
    entry.playback.unlink()
    page.goto(f"{url}/explore?a={entry.link}")
    page.get_by_text("The video was not kept.").wait_for(timeout=_ANALYSIS_MS)
    page.wait_for_selector(".hp-viewer[data-ready='1']", timeout=_ANALYSIS_MS)
    page.keyboard.press(" ")
    expect_frame(page, 29)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_clips_are_served_in_parts_and_nothing_else_is(
    page: Page, url: str, home: Path
) -> None:
    entry = finished_entry(home)
    part = page.request.get(f"{url}/clips/{entry.link}.mp4", headers={"Range": "bytes=0-99"})
    assert (part.status, len(part.body())) == (206, 100)
    assert part.headers["x-content-type-options"] == "nosniff"
    assert "unsafe-eval" not in part.headers["content-security-policy"]
    for nowhere in ("a" * 32, "..%2f..%2fabout", entry.link + "x"):
        assert page.request.get(f"{url}/clips/{nowhere}.mp4").status in (400, 404)
