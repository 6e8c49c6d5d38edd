"""The pages for people hold together: their length, links, pictures and names, and the site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
    + [page for folder in ("docs", "checkpoints") for page in (ROOT / folder).rglob("*.md")]
)
PACKAGES = "humanpose|train|bench|tests"

_LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
_GONE = re.compile(r"`[^`]*` at commit \w+")
"""What made a figure once need not be there any more."""
_RUN = re.compile(rf"python -m ((?:{PACKAGES})[\w.]*\w)")
_PATH = re.compile(rf"`((?:{PACKAGES}|pages|checkpoints|docs)/[\w./-]*)`")
_DOTTED = re.compile(rf"(?:from |`)((?:{PACKAGES})(?:\.\w+)+)(?: import (\w+))?")
_FETCHED = re.compile(
    r"<(?:script|img|iframe|link(?! rel=\"canonical\"))[^>]*(?:src|href)=\"?(https?:|//)"
)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def source(name: str) -> str:
    path = ROOT / name.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(
        "utf-8"
    )


def missing_name(dotted: str, imported: str | None) -> bool:
    """Whether neither a module nor something in a module is called so."""
    if is_module(dotted):
        holder, name = dotted, imported
    else:
        holder, _, name = dotted.rpartition(".")
    return not is_module(holder) or bool(name and not re.search(rf"\b{name}\b", source(holder)))


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize("page", [ROOT / "README.md", *(ROOT / "docs").glob("*.md")], ids=str)
def test_pof_is_spelled_out_where_a_page_first_names_it(page: Path) -> None:
    before, named, _ = page.read_text("utf-8").partition("POF")
    assert not named or before.lower().endswith("part orientation fields (")


def test_the_readme_says_what_is_in_every_room() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "humanpose").glob("*/__init__.py")} - {
        "assets"
    }
    assert [room for room in sorted(rooms) if f"`humanpose/{room}/`" not in text] == []


@every_page
def test_what_a_page_links_to_and_shows_is_there(page: Path) -> None:
    links = _LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@every_page
def test_the_code_that_a_page_names_is_there(page: Path) -> None:
    text = _GONE.sub("", page.read_text("utf-8"))
    assert [name for name in _RUN.findall(text) if not is_module(name)] == []
    assert [path for path in _PATH.findall(text) if not (ROOT / path).exists()] == []
    assert [name for name in _DOTTED.findall(text) if missing_name(*name)] == []


def test_every_bench_that_can_be_run_is_named_for_contributors() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    runnable = [
        path.stem
        for path in (ROOT / "bench").glob("*.py")
        if "__main__" in path.read_text("utf-8") and path.stem != "__main__"
    ]
    assert [name for name in runnable if not re.search(rf"\b{name}\b", text)] == []


def test_the_site_is_built_and_loads_nothing_from_other_hosts(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    pages = {page.name: page.read_text("utf-8") for page in tmp_path.rglob("*.html")}
    assert {"index.html", "angles.html", "accuracy.html", "train.html"} <= pages.keys()
    assert [name for name, html in pages.items() if _FETCHED.search(html)] == []
    sheets = [sheet.read_text("utf-8") for sheet in tmp_path.rglob("*.css")]
    assert sheets
    assert not any(re.search(r"url\(['\"]?(https?:)?//", sheet) for sheet in sheets)
