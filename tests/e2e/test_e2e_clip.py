"""What Explore draws on the clip, marks, measures and saves, in a real browser."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import (
    expect_frame,
    go_to,
    wait_for_viewer,
    watched,
)
from tests.support.entries import finished_entry
from tests.support.explored import clip_with_everything
from tests.support.synthetic import FOCAL_PX, refined_analysis

_NOTE_WORDS = """
  window.written = [];
  const original = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    window.written.push(text);
    return original.call(this, text, ...rest);
  };"""
"""Makes a page keep what its canvases are written on, newest last."""
_SPOT = """([x, y]) => {
  const card = document.querySelector(".hp-video").getBoundingClientRect();
  const scale = Math.min(card.width / 640, card.height / 480);
  return [
    card.left + card.width / 2 + (x - 320) * scale,
    card.top + card.height / 2 + (y - 240) * scale,
  ];
}"""
"""Where on the page a pixel of the clip is."""


def test_an_event_is_marked_at_the_cursor_and_taken_away(viewer: Page) -> None:
    go_to(viewer, 12)
    viewer.keyboard.press("k")
    viewer.get_by_placeholder("its name").fill("kick <b>")
    viewer.keyboard.press("Enter")
    expect(viewer.locator(".hp-curves .hp-mark-word")).to_have_text("kick <b>")
    go_to(viewer, 40)
    viewer.get_by_role("button", name="0.40 s kick <b>").click()
    expect_frame(viewer, 12)
    line, cursor = (
        viewer.locator(f".hp-{name}").bounding_box() for name in ("mark-line", "cursor")
    )
    assert line is not None
    assert cursor is not None
    assert line["x"] == pytest.approx(cursor["x"], abs=2)
    viewer.get_by_role("button", name="Delete kick <b>").click()
    expect(viewer.locator(".hp-mark-word")).to_have_count(0)


def measured(page: Page, *pixels: tuple[float, float]) -> str:
    """What the clip is written on after clicks at these pixels."""
    for pixel in pixels:
        page.mouse.click(*page.evaluate(_SPOT, list(pixel)))
    found = "window.written.filter((words) => / m$| picture$| floor$/.test(words)).at(-1)"
    page.wait_for_function(f"() => {found}")
    word: str = page.evaluate(found)
    page.evaluate("window.written = []")
    return word


def test_what_is_shown_and_what_clicks_measure_stands_on_the_clip(
    viewer: Page, address: str
) -> None:
    """The camera looks level and stands 1 m above the floor."""
    with watched(viewer) as page:
        page.add_init_script(_NOTE_WORDS)
        page.goto(address)
        wait_for_viewer(page)
        chips = page.locator(".hp-curves .hp-chip").all_text_contents()
        letter, value, *_ = next(chip for chip in chips if chip.startswith("R ")).split()
        written = page.evaluate("window.written.splice(0)")
        assert "1.00 s" in written
        assert any(word.startswith(letter) and word.endswith(value) for word in written)
        page.keyboard.press("v")
        page.keyboard.press("ArrowRight")
        expect_frame(page, 31)
        assert "1.03 s" not in page.evaluate("window.written")
        page.keyboard.press("v")
        page.get_by_role("button", name="Angle", exact=True).click()
        corner = measured(page, (100, 100), (100, 300), (300, 300))
        assert corner == "90.0° in the picture"
        at_4_m, at_3_m = 239.5 + FOCAL_PX / 4, 239.5 + FOCAL_PX / 3
        page.get_by_role("button", name="Distance", exact=True).click()
        words = measured(page, (320, at_4_m), (320 + FOCAL_PX / 4, at_4_m))
        metres, half = (float(part) for part in words.removesuffix(" m").split(" ± "))
        assert metres == pytest.approx(1.0, abs=0.02)
        assert 0.02 < half < 0.3
        assert measured(page, (320, at_3_m), (320, 100)) == "not on the floor"
        page.keyboard.press("Escape")


def test_clip_and_skeleton_stay_in_sight_while_curves_scroll(viewer: Page) -> None:
    viewer.locator(".hp-curves .hp-title").last.scroll_into_view_if_needed()
    viewer.locator(".hp-note").evaluate("(note) => note.scrollIntoView({ block: 'end' })")
    for part in (".hp-video", ".hp-scene", ".hp-transport"):
        box = viewer.locator(part).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 900 - box["height"]
    viewer.locator(".hp-picker").scroll_into_view_if_needed()


def test_an_upright_clip_has_an_upright_panel_beside_the_curves(
    viewer: Page, home: Path, url: str
) -> None:
    analysis = refined_analysis(12)
    landmarks = replace(analysis.landmarks, image_size=(480, 640))
    entry = finished_entry(home, replace(analysis, landmarks=landmarks), size=(480, 640))
    with watched(viewer) as page:
        page.goto(f"{url}/explore?a={entry.about.link}")
        wait_for_viewer(page)
        panel, curves = (
            page.locator(f".hp-{part}").bounding_box() for part in ("video", "curves")
        )
        assert panel is not None
        assert curves is not None
        assert panel["width"] == pytest.approx(panel["height"] * 0.75, abs=2)
        assert panel["height"] > 600
        assert curves["x"] > panel["x"] + panel["width"]
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator(".hp-portrait").wait_for(state="detached")
        scene = page.locator(".hp-scene").bounding_box()
        panel = page.locator(".hp-video").bounding_box()
        assert scene is not None
        assert panel is not None
        assert panel["y"] == pytest.approx(scene["y"], abs=3)  # side by side


def test_the_frame_and_a_curve_are_saved(viewer: Page, tmp_path: Path) -> None:
    go_to(viewer, 12)
    with viewer.expect_download() as saved:
        viewer.keyboard.press("p")
    assert saved.value.suggested_filename == "frame_12.png"
    saved.value.save_as(tmp_path / "frame.png")
    with Image.open(tmp_path / "frame.png") as image:
        picture = np.asarray(image.convert("RGB")).astype(int)
    assert picture.shape == (480, 640, 3)
    assert (np.abs(picture - [31, 111, 178]).max(axis=2) < 12).sum() > 500  # the right side
    row = viewer.locator(".hp-head", has_text="Knee flexion")
    with viewer.expect_download() as saved:
        row.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename == "Knee_flexion.png"
    saved.value.save_as(tmp_path / "knee.png")
    with Image.open(tmp_path / "knee.png") as image:
        assert image.size == (2000, 640)
    with viewer.expect_download() as saved:
        row.get_by_role("button", name="CSV").click()
    saved.value.save_as(tmp_path / "knee.csv")
    table = pd.read_csv(tmp_path / "knee.csv")
    knee = clip_with_everything().joint_angles.curve("knee_angle_r")
    np.testing.assert_allclose(table["Knee flexion, right, deg"], knee, atol=1e-3)
    assert table["Knee flexion, left, raw, deg"].isna().sum() == 2
    assert list(table["time_s"][[0, 30]]) == [0, 1]
