"""Explore with a long clip: few points for all of it, every frame of what is zoomed to."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from humanpose.analysis import Analysis
from humanpose.labels import shown_angles
from humanpose.skeleton import ANGLE_NAMES
from tests.support.browser import expect_frame, go_to, visitor, wait_for_viewer, watched
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis

FRAMES, FPS = 2400, 30
PEAK = 1345
KNEE = ANGLE_NAMES.index("knee_angle_r")
_KNEE = """(() => {
  const plot = document.querySelector(".hp-plot");
  const rows = [...document.querySelectorAll(".hp-title")].map((title) => title.textContent);
  const axis = `y${rows.indexOf("Knee flexion") + 1}`.replace(/^y1$/, "y");
  const lines = plot.data.filter(({ name, yaxis }) => name === "measured" && yaxis === axis);
  return lines.at(-1);
})()"""
"""The last line of the row is the right side's."""
_PIECES = re.compile(r"/frames/.*step=1$")


def long_analysis() -> Analysis:
    """One frame of it has the knee bent far."""
    analysis = refined_analysis(FRAMES, missing=[700])
    degrees = analysis.joint_angles.degrees.copy()
    degrees[PEAK, KNEE] = 140.0
    angles = replace(analysis.joint_angles, degrees=degrees)
    return replace(analysis, refined=replace(analysis.refined, angles=angles))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return long_analysis()


@pytest.fixture(scope="module")
def address(url: str, home: Path, analysis: Analysis) -> str:
    return f"{url}/explore?a={finished_entry(home, analysis, size=(64, 48)).about.link}"


@pytest.fixture(scope="module")
def viewer(chromium: Page, address: str) -> Iterator[Page]:
    with watched(chromium) as page:
        page.goto(address)
        wait_for_viewer(page)
        yield page


def knee(page: Page) -> tuple[list[float], list[float | None]]:
    """Times and degrees that are drawn of the right knee."""
    line: dict[str, Any] = page.evaluate(_KNEE)
    return line["x"], line["y"]


def shown_knee(analysis: Analysis, frame: int) -> float:
    return float(shown_angles(analysis.joint_angles, clinical=True).degrees[frame, KNEE])


def test_the_whole_clip_is_drawn_with_few_points_and_keeps_peaks_and_gaps(
    viewer: Page,
) -> None:
    times_s, degrees = knee(viewer)
    assert len(times_s) < 3100
    known = [value for value in degrees if value is not None]
    assert times_s[degrees.index(max(known))] == pytest.approx(PEAK / FPS)
    assert max(known) == pytest.approx(140.0)
    assert times_s[degrees.index(None)] == pytest.approx(700 / FPS)


def test_the_cursor_is_exact_wherever_it_goes(viewer: Page, analysis: Analysis) -> None:
    chips = viewer.locator(".hp-chip")
    for frame in (2399, 734, PEAK):
        go_to(viewer, frame)
        words = f"R {shown_knee(analysis, frame):.1f}° ± 7°".replace("-", "−")
        assert words in chips.all_text_contents()
        assert not viewer.locator(".hp-waiting").count()


def test_zooming_brings_every_frame_of_the_window(viewer: Page, analysis: Analysis) -> None:
    go_to(viewer, PEAK)
    for _ in range(3):
        viewer.keyboard.press("+")
    viewer.wait_for_function(f"() => ({_KNEE}).x[0] > 0")
    low, high = viewer.evaluate("document.querySelector('.hp-plot').layout.xaxis.range")
    times_s, degrees = knee(viewer)
    frames = [round(time * FPS) for time in times_s]
    assert all(after == before + 1 for before, after in pairwise(frames))
    assert frames[0] / FPS <= low < high <= frames[-1] / FPS
    expected = [shown_knee(analysis, frame) for frame in frames]
    np.testing.assert_allclose(np.array(degrees, float), expected, atol=1e-4)
    viewer.keyboard.press("z")
    viewer.wait_for_function(f"() => ({_KNEE}).x[0] === 0")


def test_frames_that_the_server_forgot_come_after_all(browser: Browser, address: str) -> None:
    forgotten = 1

    def answer(route: Route) -> None:
        nonlocal forgotten
        forgotten -= 1
        if forgotten >= 0:
            route.fulfill(status=404)
        else:
            route.continue_()

    with visitor(browser) as page:
        page.route(_PIECES, answer)
        page.goto(f"{address}&f=2000")
        wait_for_viewer(page)
        expect_frame(page, 2000)
        expect(page.locator(".hp-chip").first).to_have_text(re.compile("°"))
