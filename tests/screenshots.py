"""The pictures of every page in ``docs/``, light and dark, with the sample analysed by POF;
on People three settings stand for three days.

$ python -m tests.screenshots [PAGE ...]
"""

import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from humanpose.assets import SAMPLE
from humanpose.report.remarks import Remarks, to_json
from humanpose.server.entry import Entry
from humanpose.server.people import keep, move
from humanpose.server.person import Person
from humanpose.server.receiver import look_at
from humanpose.server.small_files import write_json
from humanpose.settings import RAW, Settings
from humanpose.ui.analyse.clip_choice import SAMPLE_HEIGHT_M
from tests.support.browser import browser_page, running_app, wait_for_viewer
from tests.support.entries import analysed_sample
from tests.support.places import ROOT

PAGES = ("people", "explore", "compare", "report", "quality", "models", "export", "batch")
SCHEMES = {"": "light", "_dark": "dark"}
MOST_BYTES = 150_000
_WIDTH_PX, _HIGH_PX = 1280, 860
_HEIGHT_PX = {"people": 1500}
_FRAME = 75
_LIMIT_MS = 240_000
_SETTLED_MS = 4_000
_ARRIVED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        home = Path(folder)
        patch.setenv("HUMANPOSE_HOME", str(home))
        with running_app(home) as url, browser_page() as page:
            take(page, url, "analyse")  # as a newcomer sees it
            entry = a_person_filmed_thrice()
            for name in sys.argv[1:] or PAGES:
                take(page, f"{url}/{name}?a={entry.about.link}&f={_FRAME}", name)
            page.goto("about:blank")  # before the server goes


def a_person_filmed_thrice() -> Entry:
    """The sample on three days, as if they were another's each time; the last one, by POF."""
    ada = keep(Person("", name="Ada", code="P-07", affected="l"))
    recommended = Settings(height_m=SAMPLE_HEIGHT_M)
    for day, settings in (
        ("2026-09-01", replace(recommended, **RAW)),
        ("2026-10-06", replace(recommended, pof=False)),
        ("2026-11-03", recommended),
    ):
        entry = move(analysed_sample(settings), ada, day)
        entry.thumbnail.write_bytes(look_at(SAMPLE).jpeg)
        write_json(entry.remarks, to_json(Remarks(preset="squat")))
    return entry


def take(page: Page, address: str, name: str) -> None:
    """Go there, wait until all of it is drawn, and store it in light and in dark."""
    page.set_viewport_size({"width": _WIDTH_PX, "height": _HEIGHT_PX.get(name, _HIGH_PX)})
    page.goto(address)
    if name in ("explore", "compare"):
        wait_for_viewer(page, timeout_ms=_LIMIT_MS)
    page.wait_for_selector(_ARRIVED, timeout=_LIMIT_MS)
    for ending, scheme in SCHEMES.items():
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_timeout(_SETTLED_MS)
        (ROOT / "docs" / f"{name}{ending}.png").write_bytes(small_png(page.screenshot()))


def small_png(picture: bytes) -> bytes:
    """The same with as many colours as ``MOST_BYTES`` allow.

    Raises:
        ValueError: even 16 colours are too many.
    """
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        buffer = io.BytesIO()
        image.quantize(colours).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES:
            return buffer.getvalue()
    raise ValueError(f"expected a picture that fits {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
