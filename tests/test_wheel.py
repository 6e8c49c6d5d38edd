"""The wheel in an empty environment, away from the repository: the command line and the app."""

import json
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from humanpose.assets import SAMPLE
from humanpose.nets.places import sha256_of
from tests.support.browser import browser_page, running_app, wait_for_viewer, watched
from tests.support.places import CHECKPOINTS, DATA, ROOT

pytestmark = pytest.mark.slow

_LIMIT_MS = 240_000
_BESIDE = ("app.py", ".streamlit/config.toml", "checkpoints/best_*", "pages/*.py")
"""What the repository has at its top level, and the wheel inside the package."""


def run(*command: str | Path, cwd: Path) -> str:
    """What it prints."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def wheel(elsewhere: Path) -> Path:
    """Built from a copy, so that neither old nor new build folders matter."""
    leave = shutil.ignore_patterns(
        ".git", ".venv", ".*_cache", "build", "*.egg-info", "__pycache__"
    )
    source = shutil.copytree(ROOT, elsewhere / "source", ignore=leave)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "-w",
        elsewhere,
        source,
        cwd=elsewhere,
    )
    shutil.rmtree(source)
    [built] = elsewhere.glob("humanpose-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, elsewhere: Path) -> Path:
    """The folder of the environment's commands."""
    venv.create(elsewhere / "venv", with_pip=True)
    commands = elsewhere / "venv" / "bin"
    run(commands / "pip", "install", wheel, cwd=elsewhere)
    return commands


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)


def test_every_file_is_in_the_wheel(wheel: Path) -> None:
    package = (p for p in ROOT.glob("humanpose/**/*.*") if p.suffix != ".pyc")
    beside = (p for pattern in _BESIDE for p in ROOT.glob(pattern))
    ours = {p.relative_to(ROOT).as_posix() for p in package} | {
        f"humanpose/installation/{p.relative_to(ROOT).as_posix()}" for p in beside
    }
    names = {name for name in ZipFile(wheel).namelist() if name.startswith("humanpose/")}
    assert names == ours


def test_pytest_is_not_installed_with_it(installed: Path, elsewhere: Path) -> None:
    assert "pytest" not in run(installed / "pip", "list", cwd=elsewhere).split()


def test_the_command_line_finds_its_checkpoints(installed: Path, elsewhere: Path) -> None:
    clip = ("analyze", DATA / "small_person.mp4", "--height", "1.78", "--main-refiner")
    run(installed / "humanpose", *clip, cwd=elsewhere)
    record = json.loads((elsewhere / "results/small_person/analysis.json").read_text())
    shipped = CHECKPOINTS.glob("best_*.pth")
    assert record["checkpoint_sha256"] == {path.name: sha256_of(path) for path in shipped}


def find_people(page: Page) -> None:
    """By a process of its own, which the component of ``whom.js`` shows."""
    page.get_by_role("button", name="Several people in view?").click()
    page.get_by_text("One person is seen at the start").wait_for()
    page.locator(".hp-whom img").wait_for()


def analyse(page: Page) -> None:
    """With the learned stage that the app proposes, to the Explore page."""
    height = page.get_by_role("spinbutton", name="Height (m)")
    height.fill("1.77")
    height.press("Enter")
    page.get_by_role("button", name="Analyse", exact=True).click()
    page.get_by_role("link", name="Explore the movement").click()


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    assert page.get_by_test_id("stException").count() == 0, address


def test_the_app_takes_a_clip_to_every_page(installed: Path, elsewhere: Path) -> None:
    home = elsewhere / "home"
    with (
        running_app(home, cwd=elsewhere, command=(installed / "humanpose", "app")) as url,
        browser_page() as chromium,
        watched(chromium) as page,
    ):
        page.set_default_timeout(_LIMIT_MS)
        assert page.request.get(f"{url}/health").text() == "ok"
        page.goto(url)
        page.get_by_text("2GB per file").wait_for()  # of our config.toml
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(SAMPLE)
        find_people(page)
        analyse(page)
        wait_for_viewer(page, timeout_ms=_LIMIT_MS)
        for name in (path.stem for path in ROOT.glob("pages/*.py")):
            visit(page, re.sub(r"/explore\b", f"/{name}", page.url))
    assert "usage statistics" not in (home / "server.log").read_text()
