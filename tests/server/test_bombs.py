"""Files that are not what they seem, sent to a running app by somebody inside."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.attackers import bombs, false_clips
from bench.processes import peak_mb
from humanpose.assets import SAMPLE
from humanpose.server.space import bytes_in
from tests.support.attacker import server_process
from tests.support.browser import running_app
from tests.support.visit import CLIP_UPLOADER, FILE_UPLOADER, visit

QUOTA_GB = 0.1
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at memory in /proc")


@contextmanager
def most_on_disk(home: Path) -> Iterator[list[float]]:
    """Looks again and again what the data folder holds, GB."""
    seen, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.append(bytes_in(home) / 1e9)

    looking = threading.Thread(target=look)
    looking.start()
    yield seen
    over.set()
    looking.join()


def test_bombs_and_false_clips_cost_the_server_neither_memory_nor_disk_nor_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", str(QUOTA_GB))
    home = tmp_path / "home"
    with running_app(home) as url, visit(url) as page, most_on_disk(home) as seen:
        for label, name, contents in (
            (FILE_UPLOADER, "a.humanpose", bombs()),
            (CLIP_UPLOADER, "a.mp4", false_clips()),
        ):
            for content in contents:
                page.upload(label, name, content)
                assert page.words, f"{len(content)} bytes were taken for {name}"
        page.upload(CLIP_UPLOADER, "b.mp4", SAMPLE.read_bytes())
        assert not page.words
        assert page.has("button", "Choose another")
        assert peak_mb(server_process(url)) < 800
    assert max(seen) < QUOTA_GB + max(map(len, (*bombs(), *false_clips()))) / 1e9
