"""Explore's controls in a real browser, on a synthetic person who faces the camera."""

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from humanpose.measures.ranges import angular_velocity
from humanpose.skeleton import ANGLE_NAMES
from humanpose.ui.viewer.payload import WORLD_TO_PLOTLY
from tests.support.browser import (
    expect_frame,
    go_to,
    visitor,
    wait_for_viewer,
    watched,
)
from tests.support.explored import clip_with_everything

_EYE = "(({x, y, z}) => [x, y, z])(document.querySelector('.hp-scene').layout.scene.camera.eye)"
_TIMES = "document.querySelector('.hp-plot').layout.xaxis.range"
_AUGMENTED = "document.querySelector('.hp-scene').data[3].visible"
_NO_WEBGL = """
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.startsWith("webgl") ? null : original.call(this, kind, ...rest);
  };"""
_PICTURE = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  return document.querySelector(".hp-flat").toDataURL();
}"""
_PLAYED = """() => new Promise((done) => {
  const root = document.querySelector(".hp-viewer");
  const frames = [];
  const watch = new MutationObserver(() => {
    frames.push(Number(root.dataset.frame));
    if (frames.at(-1) < frames.at(-2)) stop();
  });
  const stop = () => done(frames) || watch.disconnect();
  watch.observe(root, { attributes: true, attributeFilter: ["data-frame"] });
  setTimeout(stop, 20_000);
})"""
"""Frames that are shown until one comes after a later one."""
_VALUES = "document.querySelector('.hp-plot').layout.yaxis.range"
_DASHES = """[...new Set(document.querySelector(".hp-plot").data
  .filter(({ name }) => name === "raw").map(({ line }) => line.dash))]"""
_BODY = """(() => {
  const { data } = document.querySelector(".hp-scene");
  const { x, y, z, visible } = data.find(({ type }) => type === "mesh3d");
  return [visible, data[1].visible, x, y, z];
})()"""
_MODE = "document.querySelector('.hp-scene').data[1].mode"


def eye(page: Page) -> list[float]:
    """Where the camera stands: to the right, away from the filming camera, up."""
    place: list[float] = page.evaluate(_EYE)
    return place


def pressed(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_preset_shows_its_angles_at_first(viewer: Page, address: str) -> None:
    pressed(viewer, "Gait angles")
    titles = viewer.locator(".hp-curves .hp-title")
    assert "Hip adduction" in titles.all_text_contents()
    assert "Elbow flexion" not in titles.all_text_contents()
    viewer.get_by_role("button", name="Gait angles").click()
    expect(titles.filter(has_text="Hip adduction")).to_have_count(0)
    expect(titles.filter(has_text="Hip flexion")).to_have_count(1)
    viewer.get_by_role("button", name="Gait angles").click()


def test_the_camera_goes_to_the_persons_front_side_and_top(viewer: Page) -> None:
    viewer.get_by_role("button", name="Front", exact=True).click()
    x, y, z = eye(viewer)
    assert y < -1
    assert [x, z] == pytest.approx([0, 0], abs=0.01)
    viewer.keyboard.press("2")
    x, y, z = eye(viewer)
    assert x < -1
    assert [y, z] == pytest.approx([0, 0], abs=0.01)
    viewer.keyboard.press("3")
    assert eye(viewer)[2] > 1


def test_the_view_stays_through_a_redraw_and_a_reload(viewer: Page) -> None:
    go_to(viewer, 31)
    viewer.keyboard.press("2")
    side = eye(viewer)
    viewer.emulate_media(color_scheme="dark")
    expect(viewer.locator(".hp-left")).to_have_css("color", "rgb(255, 138, 61)")
    expect_frame(viewer, 31)
    assert eye(viewer) == side
    viewer.wait_for_url("**f=31*")
    viewer.reload()
    wait_for_viewer(viewer)
    expect_frame(viewer, 31)
    pressed(viewer, "Side")
    assert eye(viewer) == pytest.approx(side, abs=0.05)
    viewer.emulate_media(color_scheme="light")
    expect(viewer.locator(".hp-left")).not_to_have_css("color", "rgb(255, 138, 61)")


def test_turning_by_hand_leaves_the_preset_and_the_keys_work(viewer: Page) -> None:
    go_to(viewer, 30)
    viewer.keyboard.press("1")
    viewer.locator(".hp-scene").drag_to(viewer.locator(".hp-legend"), force=True)
    pressed(viewer, "Free")
    viewer.keyboard.press("ArrowRight")
    expect_frame(viewer, 31)


def test_markers_come_and_go(viewer: Page) -> None:
    assert viewer.evaluate(_MODE) == "lines+markers"
    viewer.keyboard.press("m")
    assert viewer.evaluate(_MODE) == "lines"
    viewer.get_by_role("button", name="Markers", exact=True).click()
    assert viewer.evaluate(_MODE) == "lines+markers"


def test_a_body_or_lines_are_drawn(viewer: Page) -> None:
    go_to(viewer, 10)
    shown, lines, *points = viewer.evaluate(_BODY)
    assert (shown, lines) == (True, False)
    knee = clip_with_everything().markers.joint("RKnee")[10] @ WORLD_TO_PLOTLY.T
    away = np.linalg.norm(np.transpose(points) - knee, axis=1)
    assert 0.04 < away.min() < 0.1  # m, as thick as a leg
    viewer.keyboard.press("b")
    assert viewer.evaluate(_BODY)[:2] == [False, True]
    viewer.get_by_role("button", name="Body", exact=True).click()
    pressed(viewer, "Body")


def test_a_loop_plays_from_its_start_to_its_end_and_again(viewer: Page) -> None:
    go_to(viewer, 20)
    viewer.keyboard.press("<")
    go_to(viewer, 30)
    viewer.keyboard.press(">")
    viewer.get_by_label("Speed").select_option("0.25")
    viewer.keyboard.press(" ")
    frames = viewer.evaluate(_PLAYED)
    viewer.keyboard.press(" ")
    viewer.get_by_label("Speed").select_option("1")
    assert set(frames) <= set(range(20, 31))
    assert frames[-1] < frames[-2]
    expect(viewer.locator(".hp-loop")).to_be_visible()
    viewer.keyboard.press("Escape")
    expect(viewer.locator(".hp-loop")).to_be_hidden()


def test_the_speed_has_keys(viewer: Page) -> None:
    viewer.keyboard.press("s")
    expect(viewer.get_by_label("Speed")).to_have_value("0.5")
    viewer.keyboard.press("f")
    expect(viewer.get_by_label("Speed")).to_have_value("1")


def test_all_curves_show_the_same_part_of_the_clip_and_follow_the_frame(viewer: Page) -> None:
    go_to(viewer, 30)
    whole = viewer.evaluate(_TIMES)
    viewer.keyboard.press("+")
    low, high = viewer.evaluate(_TIMES)
    assert high - low == pytest.approx((whole[1] - whole[0]) / 2)
    assert low < 1 < high  # frame 30
    viewer.keyboard.press("End")
    expect_frame(viewer, 59)
    assert viewer.evaluate(_TIMES)[1] == pytest.approx(whole[1])
    viewer.keyboard.press("z")
    assert viewer.evaluate(_TIMES) == whole


def test_the_values_of_a_row_are_zoomed_and_raw_is_dotted(viewer: Page) -> None:
    whole = viewer.evaluate(_VALUES)
    box = viewer.locator(".hp-curves").bounding_box()
    assert box is not None
    turn = {"deltaY": -400, "altKey": True, "clientX": box["x"] + 400, "clientY": box["y"] + 60}
    viewer.locator(".hp-curves").dispatch_event("wheel", turn)
    viewer.wait_for_function(f"() => {_VALUES}[0] > {whole[0]}")
    low, high = viewer.evaluate(_VALUES)
    assert whole[0] < low < high < whole[1]
    viewer.keyboard.press("z")
    viewer.wait_for_function(f"() => {_VALUES}[0] === {whole[0]}")
    viewer.get_by_role("button", name="+", exact=True).first.press("Enter")
    viewer.wait_for_function(f"() => {_VALUES}[0] > {whole[0]}")
    viewer.get_by_role("button", name="−", exact=True).first.press("Enter")
    viewer.wait_for_function(f"() => Math.abs({_VALUES}[0] - {whole[0]}) < 1e-6")
    viewer.keyboard.press("z")
    assert viewer.evaluate(_DASHES) == ["1px,3px"]
    expect(viewer.locator(".hp-lines")).to_contain_text("refined by POF")


def scroll_to_curves(viewer: Page) -> None:
    """Below clip and skeleton, which stay where they are."""
    viewer.locator(".hp-curves").evaluate("curves => curves.scrollIntoView({block: 'start'})")


def test_a_click_in_a_part_of_the_clip_goes_where_it_points(viewer: Page) -> None:
    go_to(viewer, 30)
    viewer.keyboard.press("+")
    scroll_to_curves(viewer)
    low, high = viewer.evaluate(_TIMES)
    box = viewer.locator(".hp-curves").bounding_box()
    assert box is not None
    left, right = 48, box["width"] - 16  # where time begins and ends
    x = left + (right - left) * (38 / 30 - low) / (high - low)
    viewer.locator(".hp-curves").click(position={"x": x, "y": 60}, force=True)
    expect_frame(viewer, 38)
    viewer.keyboard.press("z")


def test_clip_and_body_take_half_of_a_low_window(viewer: Page) -> None:
    viewer.set_viewport_size({"width": 1440, "height": 720})
    scroll_to_curves(viewer)
    box = viewer.locator(".hp-stage").bounding_box()
    viewer.set_viewport_size({"width": 1440, "height": 900})
    assert box is not None
    assert box["y"] + box["height"] <= 360


def test_single_curves_are_chosen_and_come_back_by_a_link(
    viewer: Page, browser: Browser
) -> None:
    titles = viewer.locator(".hp-curves .hp-title")
    before = titles.all_text_contents()
    viewer.get_by_role("button", name="Choose…").press("Enter")
    for name in ("Hip flexion", "Knee flexion, velocity", "Heel Y"):
        viewer.get_by_role("button", name=name, exact=True).press("Enter")
    viewer.keyboard.press("Escape")
    expect(viewer.locator(".hp-menu")).to_be_hidden()
    chosen = [title for title in before if title != "Hip flexion"]
    chosen.insert(chosen.index("Knee flexion") + 1, "Knee flexion, velocity")
    chosen.append("Heel Y")
    expect(titles).to_have_text(chosen)
    expect(viewer).to_have_url(re.compile("&c=[^&]*knee_angle.velocity"))
    analysis = clip_with_everything()
    speeds, heel = (table_of(viewer, name) for name in ("Knee flexion, velocity", "Heel Y"))
    knee = speeds["Knee flexion, right, velocity, deg/s"]
    expected = angular_velocity(analysis.joint_angles)[:, ANGLE_NAMES.index("knee_angle_r")]
    np.testing.assert_allclose(knee, expected, atol=0.01)
    turning = 2 * np.pi * 30 / 59  # rad/s, of the angle's sine
    sine = 5 + ANGLE_NAMES.index("knee_angle_r")
    assert np.nanmax(np.abs(knee)) == pytest.approx(sine * turning, rel=0.01)
    assert np.isnan(knee[40:42]).all()
    up = analysis.markers.joint("RHeel")[:, 1]
    np.testing.assert_allclose(heel["RHeel Y, m"], up, atol=1e-5)
    with visitor(browser) as chromium, watched(chromium) as other:
        other.goto(viewer.url)
        wait_for_viewer(other)
        expect(other.locator(".hp-curves .hp-title")).to_have_text(chosen)
    viewer.get_by_role("button", name="Choose…").click()
    for name in ("Hip flexion", "Knee flexion, velocity", "Heel Y"):
        viewer.get_by_role("button", name=name, exact=True).click()
    viewer.get_by_role("button", name="Choose…").click()
    expect(titles).to_have_text(before)
    expect(viewer).not_to_have_url(re.compile("&c="))


def table_of(viewer: Page, title: str) -> pd.DataFrame:
    """The exported curves of a row."""
    row = viewer.locator(".hp-head").filter(has=viewer.get_by_text(title, exact=True))
    with viewer.expect_download() as download:
        row.get_by_role("button", name="CSV").press("Enter")
    return pd.read_csv(download.value.path())


def test_a_link_brings_back_frame_loop_and_zoom(
    viewer: Page, browser: Browser, address: str
) -> None:
    expect(viewer).not_to_have_url(re.compile(r"&[lz]="))
    go_to(viewer, 20)
    viewer.keyboard.press("<")
    go_to(viewer, 40)
    viewer.keyboard.press(">")
    viewer.keyboard.press("+")
    expect(viewer).to_have_url(re.compile(r"l=20-40&z="))
    shown, link = viewer.evaluate(_TIMES), viewer.url
    with visitor(browser) as chromium, watched(chromium) as other:
        other.goto(link)
        wait_for_viewer(other)
        expect_frame(other, 40)
        expect(other.locator(".hp-loop")).to_be_visible()
        assert other.evaluate(_TIMES) == pytest.approx(shown, abs=0.05)
        other.goto(address + "&l=50-20&z=999-1000")
        wait_for_viewer(other)
        expect(other.locator(".hp-loop")).to_be_hidden()
    viewer.keyboard.press("Escape")
    viewer.keyboard.press("z")
    expect(viewer).not_to_have_url(re.compile(r"&[lz]="))


def test_a_flag_says_what_it_is_and_leads_there(viewer: Page) -> None:
    viewer.get_by_role("button", name="nobody in the picture · 2 frames").click()
    expect_frame(viewer, 40)
    expect(viewer.locator(".hp-lane .hp-stretch")).to_have_count(1)


def test_curves_count_from_the_frame_that_is_chosen_as_neutral(viewer: Page) -> None:
    chips = viewer.locator(".hp-curves .hp-chip")
    go_to(viewer, 12)
    absolute = chips.all_text_contents()
    viewer.get_by_role("button", name="Use as neutral").click()
    viewer.get_by_text("Curves minus neutral (0.40 s)").wait_for()
    expect(chips).to_have_text([re.compile(r"([LR] )?−?0\.0°")] * len(absolute))
    go_to(viewer, 13)
    assert chips.first.text_content() not in (absolute[0], "L 0.0°")
    viewer.get_by_text("Curves minus neutral (0.40 s)").click()
    go_to(viewer, 12)
    expect(chips).to_have_text(absolute)
    viewer.get_by_role("button", name="Clear neutral pose").click()
    expect(viewer.get_by_role("button", name="Clear neutral pose")).to_have_count(0)


def test_augmented_markers_come_when_asked_for(viewer: Page) -> None:
    assert not viewer.evaluate(_AUGMENTED)
    viewer.keyboard.press("e")
    assert viewer.evaluate(_AUGMENTED)
    pressed(viewer, "Augmented")
    viewer.keyboard.press("e")
    assert not viewer.evaluate(_AUGMENTED)


def test_a_question_mark_explains_the_keys(viewer: Page) -> None:
    go_to(viewer, 30)
    viewer.keyboard.press("?")
    expect(viewer.get_by_role("dialog")).to_contain_text("slower, faster")
    viewer.keyboard.press("ArrowRight")
    viewer.keyboard.press("Escape")
    expect(viewer.get_by_role("dialog")).to_be_hidden()
    expect_frame(viewer, 30)


def test_a_joint_shows_which_direction_is_positive(viewer: Page) -> None:
    hint = viewer.get_by_role("tooltip")
    viewer.get_by_role("button", name="Knee", exact=True).hover()
    expect(hint).to_contain_text("Positive: flexion")
    expect(hint.locator("svg")).to_be_visible()
    viewer.locator(".hp-curves").hover()
    expect(hint).to_be_hidden()
    viewer.get_by_role("button", name="Pelvis", exact=True).focus()
    expect(hint).to_contain_text("Positive: anterior tilt")


def test_without_webgl_the_skeleton_is_drawn_flat(viewer: Page, address: str) -> None:
    with watched(viewer) as page:
        page.add_init_script(_NO_WEBGL)
        page.goto(address)
        wait_for_viewer(page)
        expect(page.get_by_text("Drawn flat")).to_be_visible()
        before = page.evaluate(_PICTURE)
        for key in ("1", "r", "2", "b", "m", "Home"):
            page.keyboard.press(key)
            after = page.evaluate(_PICTURE)
            assert after != before, key
            before = after
