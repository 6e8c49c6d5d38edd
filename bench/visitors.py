"""Several people at once in the app: errors, cross-talk, and what the server's memory does.

$ python -m bench.visitors --users 8 --minutes 10

Each has a browser of their own, uploads a clip of their own, has it analysed, looks at it, and
begins again. Whoever sees another's clip, an error, or a page that fails is written down.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Error, Page, async_playwright

from bench.batch import distinct_clips
from bench.processes import command_line, descendants, resident_mb
from tests.support.browser import BROWSER_FLAGS, CHROMIUM, Witness, running_app

_LOOK_EVERY_S = 2.0
_PATIENCE_MS = 180_000


@dataclass
class Seen:
    """What happened to all visitors together."""

    troubles: list[str] = field(default_factory=list)
    rounds: int = 0
    waits_s: list[float] = field(default_factory=list)
    server_mb: list[float] = field(default_factory=list)
    workers_mb: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10.0)
    options = parser.parse_args()
    seen = Seen()
    with tempfile.TemporaryDirectory() as name:
        clips = distinct_clips(Path(name) / "clips", options.users)
        with running_app(Path(name) / "home") as url:
            until = time.monotonic() + 60 * options.minutes
            asyncio.run(_all(url, clips, until, seen))
    print(_report(seen, options))
    sys.exit(bool(seen.troubles))


async def _all(url: str, clips: list[Path], until: float, seen: Seen) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS)
        watching = asyncio.create_task(_watch_memory(seen))
        await asyncio.gather(*(_visitor(browser, url, clip, until, seen) for clip in clips))
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await browser.close()


async def _visitor(browser: Browser, url: str, clip: Path, until: float, seen: Seen) -> None:
    """One person: a clip of their own, again and again."""
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.set_default_navigation_timeout(_PATIENCE_MS)
    witness = Witness(page)
    while time.monotonic() < until:
        try:
            await _one_round(page, url, clip, seen)
        except Error as error:
            seen.troubles.append(f"{clip.name}: {str(error).splitlines()[0]}")
    seen.troubles += witness.troubles
    await context.close()


async def _one_round(page: Page, url: str, clip: Path, seen: Seen) -> None:
    await page.goto(url)
    await page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(clip)
    await page.get_by_text(re.compile("[0-9]+ frames")).first.wait_for()
    height = page.get_by_role("spinbutton", name="Height (m)")
    await height.fill("1.77")
    await height.press("Enter")
    start_s = time.monotonic()
    await page.wait_for_selector('[data-test-script-state="notRunning"]')  # one button, not two
    await page.get_by_role("button", name="Analyse", exact=True).first.click()
    await page.get_by_role("link", name="Explore the movement").click()
    seen.waits_s.append(time.monotonic() - start_s)
    await page.wait_for_selector(".hp-viewer[data-ready='1']")
    await _require_only(page, clip, seen)
    await page.goto(url)
    await page.get_by_text("Recent analyses").wait_for()
    await _require_only(page, clip, seen)
    seen.rounds += 1


async def _require_only(page: Page, clip: Path, seen: Seen) -> None:
    """Whosever page it is sees their own clip, and no other."""
    await page.get_by_text(clip.name).first.wait_for()
    names = set(re.findall(r"clip\d{4}\.mp4", await page.inner_text("body")))
    if names != {clip.name}:
        seen.troubles.append(f"{clip.name} sees {sorted(names)}")


async def _watch_memory(seen: Seen) -> None:
    while True:
        below = descendants(os.getpid())
        server = [one for one in below if "streamlit run" in command_line(one)]
        workers = [one for one in below if "humanpose.server.worker" in command_line(one)]
        seen.server_mb.append(sum(map(resident_mb, server)))
        seen.workers_mb.append(sum(map(resident_mb, workers)))
        await asyncio.sleep(_LOOK_EVERY_S)


def _report(seen: Seen, options: argparse.Namespace) -> str:
    tenth = max(1, len(seen.server_mb) // 10)
    waits = sorted(seen.waits_s) or [0.0]
    return "\n".join(
        (
            f"{options.users} visitors, {options.minutes:g} min: {seen.rounds} times round",
            f"wait for one: median {waits[len(waits) // 2]:.0f} s, longest {waits[-1]:.0f} s",
            f"server: {max(seen.server_mb[:tenth]):.0f} MB in the first tenth of the time,"
            f" {max(seen.server_mb[-tenth:]):.0f} MB in the last;"
            f" at most {max(seen.server_mb):.0f} MB",
            f"analyses, all together: at most {max(seen.workers_mb):.0f} MB",
            f"troubles: {len(seen.troubles)}",
            *seen.troubles[:20],
        )
    )


if __name__ == "__main__":
    main()
