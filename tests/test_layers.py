"""Who may import whom, and how long a page may be."""

import ast
from pathlib import Path

import pytest

from tests.support.places import ROOT

PACKAGE = ROOT / "humanpose"
CORE = [p for p in ROOT.glob("humanpose/**/*.py") if "ui" not in p.relative_to(ROOT).parts]
PAGES = sorted(ROOT.glob("pages/*.py"))
SPECIALISTS = {
    "mediapipe": {"detection/mediapipe_pose.py"},
    "av": {"video/header.py", "video/frames.py", "server/playback.py"},
    "cv2": {"video/frames.py", "video/steadiness.py"},
    "torch": {
        "nets/attention.py",
        "nets/checkpoint.py",
        "nets/rotations.py",
        "pof/network.py",
        "pof/inference.py",
        "joint_refinement/network.py",
        "joint_refinement/refiner.py",
        "main_refiner/network.py",
        "main_refiner/inference.py",
    },
    "fsspec": {"batch/places.py", "batch/figures.py", "batch/work.py"},
    "ray": {"batch/ray_pool.py"},
    "streamlit": {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("ui/**/*.py")},
}
"""Heavy packages, and the only files of the library that may import them."""


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", CORE, ids=lambda p: p.name)
def test_the_core_knows_nothing_of_streamlit_training_or_pages(path: Path) -> None:
    assert not imported(path) & {"streamlit", "train", "pages"}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.py")), ids=lambda p: p.name)
def test_heavy_packages_stay_with_their_specialists(path: Path) -> None:
    here = path.relative_to(PACKAGE).as_posix()
    strangers = {name for name, files in SPECIALISTS.items() if here not in files}
    assert not imported(path) & strangers


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_pages_only_call_humanpose_and_draw(path: Path) -> None:
    assert imported(path) <= {"streamlit", "humanpose"}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_the_app_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 30


@pytest.mark.parametrize("path", sorted(ROOT.glob("train/**/*.py")), ids=lambda p: p.name)
def test_training_knows_nothing_of_the_app(path: Path) -> None:
    assert not imported(path) & {"streamlit", "pages"}
