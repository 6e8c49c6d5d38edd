"""What the Dockerfile copies is all that the app and the command line need."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
_OPEN_ALL = """
from pathlib import Path
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("humanpose/ui/main.py", default_timeout=120).run()
for page in sorted(Path("pages").glob("*.py")):
    assert not app.switch_page(str(page.resolve())).run().exception, page
"""


def copied() -> Iterator[tuple[str, str]]:
    """Path in the repository → path in the image."""
    for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            yield source, f"{target}{source}" if target.endswith("/") else target


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder /app of the image."""
    folder = tmp_path_factory.mktemp("app")
    for source, target in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, folder / target)
        else:
            shutil.copy(ROOT / source, folder / target)
    return folder


def run(image: Path, *arguments: str) -> None:
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=image,
        env={"HUMANPOSE_HOME": str(image / "data"), "HUMANPOSE_CACHE": str(image / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_every_page_opens(image: Path) -> None:
    run(image, "-c", _OPEN_ALL)


def test_the_sample_is_analysed_with_every_model(image: Path) -> None:
    sample = str(image / "humanpose" / "assets" / "sample.mp4")
    stages = ("--main-refiner", "--end", "0.4", "--height", "1.77")
    run(image, "-m", "humanpose", "analyze", sample, *stages, "--out", str(image / "out"))


def test_no_secret_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".streamlit/secrets.toml", ".git", ".venv"} <= set(ignored)
    assert "USER humanpose" in DOCKERFILE
