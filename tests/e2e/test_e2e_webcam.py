"""A clip recorded with the camera, which goes the way of every upload."""

import re
from pathlib import Path

from playwright.sync_api import Page

from humanpose.video import FrameReader, probe

_COME_MS = 60_000


def test_a_clip_is_recorded_after_a_countdown_and_can_be_read(
    page: Page, url: str, home: Path
) -> None:
    page.goto(url)
    page.get_by_role("button", name="Record with the camera").click()
    page.get_by_label("Seconds until it starts").select_option("3")
    earlier = set(home.glob("uploads/*/source.*"))
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name=re.compile(r"Stop · [2-9] s")).click()
    page.get_by_text(re.compile("camera .*(mp4|webm)")).wait_for(timeout=_COME_MS)
    page.get_by_text(re.compile(r"\d+ × \d+ px")).wait_for(timeout=_COME_MS)
    [clip] = set(home.glob("uploads/*/source.*")) - earlier
    times_s = [frame.time_s for frame in FrameReader(probe(clip))]
    assert len(times_s) > 5
    assert times_s[-1] > 1
    page.get_by_role("button", name="Choose another").click()
    page.get_by_role("button", name="Record with the camera").wait_for(timeout=_COME_MS)


def test_a_camera_that_is_refused_gets_a_sentence(page: Page, url: str) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no'))"
    )
    page.goto(url)
    page.get_by_role("button", name="Record with the camera").click()
    page.get_by_text("The camera cannot be used").wait_for()
