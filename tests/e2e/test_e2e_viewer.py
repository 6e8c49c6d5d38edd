"""Frames, curves and keys of the viewer in a real browser."""

import time

from playwright.sync_api import Page, expect

from tests.support.browser import expect_frame, expect_raw, go_to

_SHOWN_NUMBER = """() => {
  const video = document.querySelector(".hp-viewer video");
  const canvas = Object.assign(document.createElement("canvas"), { width: 4, height: 3 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 4, 3);
  const pixels = context.getImageData(0, 0, 4, 3).data;
  return Array.from({ length: 12 }, (_, bit) => (pixels[4 * bit] > 127 ? 1 << bit : 0))
    .reduce((a, b) => a + b);
}"""  # tests.support.clips: one block of 4 x 3 a bit


def test_the_keyboard_steps_through_the_frames(viewer: Page) -> None:
    go_to(viewer, 30)
    for key, frame in {"ArrowRight": 31, "Shift+ArrowLeft": 21, "End": 59, "Home": 0}.items():
        viewer.keyboard.press(key)
        expect_frame(viewer, frame)


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
    expect(viewer.locator(".hp-chip").first).to_have_text("–")


def test_joints_are_chosen_by_name(viewer: Page) -> None:
    elbow, more = (
        viewer.get_by_role("button", name=name) for name in ("Elbow", "All directions")
    )
    elbow.click()
    expect(viewer.locator(".hp-title", has_text="Elbow flexion").first).to_be_visible()
    more.click()
    expect(viewer.locator(".hp-note")).to_contain_text("Elbow pronation")
    for pressed in (elbow, more):
        pressed.click()


def test_raw_comes_and_goes_by_key_and_by_button(viewer: Page) -> None:
    button = viewer.get_by_role("button", name="Compare with raw")
    expect_raw(viewer, shown=True)
    viewer.keyboard.press("r")
    expect_raw(viewer, shown=False)
    button.click()
    expect_raw(viewer, shown=True)
    button.press("Enter")
    expect_raw(viewer, shown=False)
    button.click()
