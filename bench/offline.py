"""Without any network: from the start to the first page, and the sample on the command line.

$ unshare -rn python -m bench.offline      # Linux
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from humanpose.assets import SAMPLE
from tests.support.browser import browser_page, running_app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--end", default="8", metavar="S", help="so much of the sample")
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    require_no_network()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_s = time.monotonic()
        with running_app(folder / "home") as url:
            print(f"the server answers after {time.monotonic() - start_s:.1f} s")
            with urllib.request.urlopen(f"{url}/health", timeout=60) as answer:
                print(f"health: {answer.read().decode()}")
            if not options.no_browser:
                print(f"the first page is there {first_page_s(url):.1f} s later")
        print(f"the sample is analysed in {analysis_s(folder, options.end):.1f} s")


def require_no_network() -> None:
    """Exit where anything but this machine can be reached."""
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    if others:
        raise SystemExit(f"there is a network ({', '.join(others)}); run it under unshare -rn")


def first_page_s(url: str) -> float:
    """Until the page's own heading is there, in a browser that has started."""
    with browser_page() as page:
        start_s = time.monotonic()
        page.goto(url)
        page.get_by_text("Joint angles from one video").wait_for()
        return time.monotonic() - start_s


def analysis_s(folder: Path, end: str) -> float:
    """Of a process that has seen nothing before."""
    command = [sys.executable, "-m", "humanpose", "analyze", str(SAMPLE), "--height", "1.77"]
    start_s = time.monotonic()
    subprocess.run(
        [
            *command,
            "--pof",
            "--no-joint-refinement",
            "--end",
            end,
            "--out",
            str(folder / "out"),
        ],
        env=os.environ | {"HUMANPOSE_CACHE": str(folder / "cache")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    if not (folder / "out" / "sample" / "angles.csv").is_file():
        raise SystemExit("there are no angles")
    return time.monotonic() - start_s


if __name__ == "__main__":
    main()
