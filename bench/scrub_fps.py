"""How many frames a second the viewer shows while its slider is dragged; needs Chromium.

$ python -m bench.scrub_fps
"""

import os
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browser import browser_page, running_app
from tests.support.entries import finished_entry
from tests.support.synthetic import synthetic_analysis

RUNS = 5
FRAMES = 600
TARGET_FPS = 25

# A new slider position for every picture of the screen, for three seconds; what counts is how
# often video overlay, skeleton, curves and cursor were redrawn with a new frame.
_DRAG = """async () => {
  const root = document.querySelector(".hp-viewer");
  const slider = root.querySelector("input[type=range]");
  const nextPicture = () => new Promise(requestAnimationFrame);
  let drawn = 0;
  const counter = new MutationObserver((changes) => { drawn += changes.length; });
  counter.observe(root, { attributes: true, attributeFilter: ["data-frame"] });
  const start = performance.now();
  for (let frame = 0; performance.now() - start < 3000; frame = (frame + 3) % %d) {
    slider.value = frame;
    slider.dispatchEvent(new Event("input"));
    await nextPicture();
  }
  const seconds = (performance.now() - start) / 1000;
  counter.disconnect();
  return drawn / seconds;
}"""


def main() -> None:
    body, lines = median_fps()
    print(f"scrubbing: median {body:.1f} frames/s of {RUNS} runs, {TARGET_FPS} wanted")
    print(f"with lines instead of a body {lines:.1f}: {body / lines:.2f} of that")


def median_fps() -> tuple[float, float]:
    """Frames shown a second with a body, and with lines, by turns: medians of five runs on an
    analysis of 600 frames."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HUMANPOSE_HOME"] = folder
        entry = finished_entry(Path(folder), synthetic_analysis(FRAMES))
        with running_app(Path(folder)) as url, browser_page() as page:
            page.goto(f"{url}/explore?a={entry.about.link}")
            page.wait_for_selector(".hp-viewer[data-ready='1']")
            page.wait_for_timeout(1000)
            rates: tuple[list[float], list[float]] = [], []
            for run in range(2 * RUNS):
                rates[run % 2].append(scrub_fps(page))
                page.keyboard.press("b")
            return statistics.median(rates[0]), statistics.median(rates[1])


def scrub_fps(page: Page) -> float:
    """Frames shown a second while the slider is dragged for three seconds."""
    rate: float = page.evaluate(_DRAG.replace("%d", str(FRAMES)))
    return rate


if __name__ == "__main__":
    main()
