"""What is installed is what was tested: a package by its bytes, an action by its commit."""

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT

PINS = sorted(ROOT.glob("requirements*.txt"))
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


def pinned(path: Path) -> dict[str, str]:
    """Package → version; every line that is no comment must pin one."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    parts = (re.fullmatch(r"([\w.-]+)==([\w.]+)", line) for line in lines if line)
    return {re.sub(r"[-_.]+", "-", part[1]).lower(): part[2] for part in parts if part}


def hashed(path: Path) -> dict[str, str]:
    """Package → version, of a file in which each has at least one SHA-256 and nothing else."""
    text = path.read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        part = re.fullmatch(
            r"([\w.-]+)==([\w.]+)( ;[^-]*)?(\s+--hash=sha256:[0-9a-f]{64})+", line
        )
        assert part, line[:80]
        found[re.sub(r"[-_.]+", "-", part[1]).lower()] = part[2]
    return found


@pytest.mark.parametrize("pins", PINS, ids=lambda path: path.stem)
def test_every_pin_has_its_hashes(pins: Path) -> None:
    """If not: ``make hashes``."""
    assert hashed(ROOT / "hashes" / pins.name) == pinned(pins)


def test_the_tools_of_audit_and_release_have_their_hashes_too() -> None:
    tools = hashed(ROOT / "hashes" / "tools.txt")
    assert pinned(ROOT / "hashes" / "tools.in").items() <= tools.items()


def test_what_runs_on_servers_and_in_ci_is_installed_by_hash() -> None:
    [install] = re.findall(r"pip install(?:[^\n]|\\\n)*", (ROOT / "Dockerfile").read_text())
    assert "--require-hashes" in install
    assert set(re.findall(r"-r (\S+)", install)) <= {f"hashes/{pins.name}" for pins in PINS}
    made = re.findall(r"make (.*)", (ROOT / ".ci" / "run").read_text())
    made += re.findall(r"make (.*)", (ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert made
    assert all(line.startswith("PINS=hashes ") for line in made)
    assert "$(filter hashes,$(PINS)),--require-hashes" in (ROOT / "Makefile").read_text()


def test_the_image_stands_on_one_that_cannot_change() -> None:
    bases = re.findall(r"^FROM (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"\S+@sha256:[0-9a-f]{64}", base) for base in bases)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_no_action_can_change_under_its_name(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)", workflow.read_text("utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action) for action in used)


def test_holes_are_looked_for_each_week_and_a_release_lists_what_is_in_it() -> None:
    text = {path.stem: path.read_text("utf-8") for path in WORKFLOWS}
    assert re.search(r'cron: "\d+ \d+ \* \* \d"', text["audit"])
    assert "make audit" in text["audit"]
    assert "make sbom" in text["release"]
