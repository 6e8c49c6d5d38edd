"""Explore's controls in a real browser, on a synthetic person who faces the camera."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import CHROMIUM, browser_page, running_app, wait_for_viewer, watched
from tests.entries import finished_entry
from tests.synthetic import refined_analysis

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium")

_EYE = "(({x, y, z}) => [x, y, z])(document.querySelector('.hp-scene').layout.scene.camera.eye)"
_MODE = "document.querySelector('.hp-scene').data[1].mode"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Explore with an analysis of 60 frames."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", str(home))
        entry = finished_entry(home, refined_analysis(60))
        with running_app(home, cwd=home) as url:
            yield f"{url}/explore?a={entry.token}&f=30"


@pytest.fixture(scope="module")
def viewer(address: str) -> Iterator[Page]:
    with browser_page() as chromium, watched(chromium) as page:
        page.goto(address)
        wait_for_viewer(page)
        yield page


def eye(page: Page) -> list[float]:
    """Where the camera stands: to the right, away from the filming camera, up."""
    place: list[float] = page.evaluate(_EYE)
    return place


def pressed(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")


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
    viewer.keyboard.press("2")
    side = eye(viewer)
    viewer.emulate_media(color_scheme="dark")
    expect(viewer.locator(".hp-left")).to_have_css("color", "rgb(255, 138, 61)")
    assert eye(viewer) == side
    viewer.reload()
    wait_for_viewer(viewer)
    pressed(viewer, "Side")
    assert eye(viewer) == pytest.approx(side, abs=0.05)


def test_turning_by_hand_leaves_the_preset(viewer: Page) -> None:
    viewer.keyboard.press("1")
    viewer.locator(".hp-scene").drag_to(viewer.locator(".hp-legend"), force=True)
    pressed(viewer, "Free")


def test_markers_come_and_go(viewer: Page) -> None:
    assert viewer.evaluate(_MODE) == "lines+markers"
    viewer.keyboard.press("m")
    assert viewer.evaluate(_MODE) == "lines"
    viewer.get_by_role("button", name="Markers", exact=True).click()
    assert viewer.evaluate(_MODE) == "lines+markers"
