"""Report, Quality and Models in a real browser; a saved report opens offline."""

from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from humanpose.report.tables import number
from humanpose.server.entry import Entry
from humanpose.skeleton import ANGLE_NAMES

_LOADED_MS = 60_000


def open_report_of(page: Page, address: str, person: str) -> None:
    """Name the person, and wait until the report does."""
    page.goto(address)
    page.get_by_role("textbox", name="Person").fill(person)
    page.get_by_role("textbox", name="Person").press("Enter")
    shown = page.frame_locator("iframe").locator("h1")
    expect(shown).to_contain_text(person, timeout=_LOADED_MS)


def test_a_saved_report_opens_offline_with_the_numbers_of_the_analysis(
    page: Page, url: str, entry: Entry, tmp_path: Path
) -> None:
    open_report_of(page, f"{url}/report?a={entry.about.link}", "Ada <script>alert(1)</script>")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as HTML").click()
    saved = tmp_path / "report.html"
    download.value.save_as(saved)
    asked: list[str] = []
    context = page.context.browser.new_context(offline=True)  # type: ignore[union-attr]
    alone = context.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("dialog", lambda _: asked.append("a script ran"))
    alone.goto(saved.as_uri())
    with np.load(entry.result / "analysis.npz") as arrays:
        curves = dict(zip(ANGLE_NAMES, arrays["angles"].T, strict=True))
    for name, sign in {"knee_angle_r": 1, "arm_flex_l": 1, "pelvis_tilt": -1}.items():
        cells = alone.locator(f"#ranges tr[data-row={name}] td").all_inner_texts()
        curve = sign * curves[name]
        low, high = float(curve.min()), float(curve.max())
        assert cells[:3] == [number(value, "°") for value in (low, high, high - low)]
    shown = alone.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert shown
    assert alone.locator("svg").count() == 1
    assert [address for address in asked if not address.startswith("data:")] == [saved.as_uri()]
    context.close()


def test_the_page_to_hand_over_is_one_click(
    page: Page, url: str, entry: Entry, tmp_path: Path
) -> None:
    open_report_of(page, f"{url}/report?a={entry.about.link}", "Ärnä")
    with page.expect_download(timeout=_LOADED_MS) as download:
        page.get_by_role("button", name="Save as PDF").click()
    assert download.value.suggested_filename.endswith("_report.pdf")
    saved = tmp_path / "report.pdf"
    download.value.save_as(saved)
    first = PdfReader(saved).pages[0]
    assert len(first.images) == 3
    assert "Person Ärnä" in " ".join(first.extract_text().split())


def test_the_report_can_be_opened_alone_to_print_it(page: Page, url: str, entry: Entry) -> None:
    page.goto(f"{url}/report?a={entry.about.link}")
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible(timeout=_LOADED_MS)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Open to print").click()
    popup.value.wait_for_load_state()
    assert popup.value.url == f"{url}/reports/{entry.about.link}.html"
    expect(popup.value.get_by_text("Not a medical device").first).to_be_visible()
    assert popup.value.pdf().startswith(b"%PDF")
    popup.value.close()


def test_a_repetition_is_left_out_by_its_box(page: Page, url: str, entry: Entry) -> None:
    page.goto(f"{url}/report?a={entry.about.link}")
    page.get_by_role("combobox", name="What to show").click()
    page.get_by_role("option", name="Arm raise").click()
    means = page.frame_locator("iframe").locator("#means tr[data-row=duration_s] td").last
    expect(means).to_contain_text("(1)", timeout=_LOADED_MS)
    box = page.get_by_test_id("stDataFrame").locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 50, box["y"] + 52)
    notes = page.frame_locator("iframe").get_by_text("There is no complete cycle.")
    expect(notes).to_be_visible(timeout=_LOADED_MS)


def test_quality_and_models_show_what_they_promise(page: Page, url: str, entry: Entry) -> None:
    page.goto(f"{url}/quality?a={entry.about.link}")
    expect(page.get_by_text("The person is seen from the front.")).to_be_visible(
        timeout=_LOADED_MS
    )
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_text("Part orientation fields (POF)")).to_be_visible(timeout=_LOADED_MS)
    page.get_by_text("Model card").first.click()
    expect(page.get_by_text("Limb directions in 3-D from MediaPipe")).to_be_visible()
