"""Who may import whom, and how long things may be. ``tests/rooms.py`` has the order."""

import ast
from pathlib import Path

import pytest

from tests import rooms
from tests.rooms import Graph, Order
from tests.support.places import ROOT

PACKAGE = ROOT / "humanpose"
CORE = [p for p in ROOT.glob("humanpose/**/*.py") if "ui" not in p.relative_to(ROOT).parts]
PAGES = sorted(ROOT.glob("pages/*.py"))
CODE = [
    p for top in ("humanpose", "train", "bench") for p in sorted(ROOT.glob(f"{top}/**/*.py"))
]
SPECIALISTS = {
    "mediapipe": {"detection/mediapipe_pose.py", "detection/tasks_pose.py"},
    "av": {
        *(f"video/{name}.py" for name in ("opening", "header", "length", "frames", "picture")),
        "server/playback.py",
    },
    "cv2": {"video/picture.py", "video/edges.py", "video/steadiness.py", "video/watcher.py"},
    "torch": {
        "learned/loading.py",
        "nets/attention.py",
        "nets/checkpoint.py",
        "nets/rotations.py",
        "nets/tensors.py",
        "pof/network.py",
        "pof/inference.py",
        "pof/expectation.py",
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
HOUSES = [
    pytest.param(rooms.house(), rooms.HOUSE, id="humanpose"),
    pytest.param(rooms.training(), rooms.TRAINING, id="train"),
]
A, B, C = "humanpose.video", "humanpose.lift", "humanpose.ui"
MADE_UP: Order = (("video",), ("lift",), ("ui",))


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports, also inside functions."""
    names = rooms.imports_of(path.read_text(encoding="utf-8"))
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(("modules", "order"), HOUSES)
def test_every_room_has_a_row(modules: Graph, order: Order) -> None:
    assert rooms.rooms_of(modules).keys() == {room for row in order for room in row}


@pytest.mark.parametrize(("modules", "order"), HOUSES)
def test_no_room_imports_to_the_right(modules: Graph, order: Order) -> None:
    assert rooms.steps_right(rooms.rooms_of(modules), order) == []


@pytest.mark.parametrize(("modules", "order"), HOUSES)
def test_neither_rooms_nor_modules_go_in_a_circle(modules: Graph, order: Order) -> None:
    assert rooms.circle_in(rooms.rooms_of(modules)) == []
    assert rooms.circle_in(modules) == []


def test_every_exception_is_needed() -> None:
    modules = rooms.everything()
    assert [step for step in rooms.EXCEPTIONS if step[1] not in modules[step[0]]] == []


@pytest.mark.parametrize(
    "source",
    [
        "import humanpose.ui",
        "from humanpose import ui",
        "from humanpose.ui import session",
        "def late():\n    from humanpose.ui import session",
        "if TYPE_CHECKING:\n    from humanpose.ui import session",
    ],
)
def test_a_step_to_the_right_is_found_however_it_is_written(source: str) -> None:
    modules = rooms.modules_of({A: "", B: f"import {A}\n{source}", C: ""})
    assert rooms.steps_right(rooms.rooms_of(modules), MADE_UP) == ["lift imports ui"]


def test_a_step_into_the_own_row_is_a_step_to_the_right() -> None:
    modules = rooms.modules_of({A: f"import {B}", B: ""})
    assert rooms.steps_right(rooms.rooms_of(modules), [("video", "lift")]) == [
        "video imports lift"
    ]


def test_a_circle_is_found() -> None:
    modules = rooms.modules_of({A: f"import {C}", B: f"import {A}", C: f"import {B}"})
    assert set(rooms.circle_in(rooms.rooms_of(modules))) == {"video", "lift", "ui"}


def test_the_drawing_leaves_out_what_a_longer_way_says() -> None:
    modules = rooms.modules_of({A: "", B: f"import {A}", C: f"import {A}, {B}"})
    assert rooms.drawing(rooms.rooms_of(modules), MADE_UP).splitlines()[2:-1] == [
        "  video --> lift",
        "  lift --> ui",
    ]


def test_the_drawing_in_contributing_is_today_s() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert rooms.drawn() in text, "draw it anew: python -m tests.rooms"


@pytest.mark.parametrize("path", CORE, ids=lambda p: p.name)
def test_the_core_knows_nothing_of_streamlit_training_or_pages(path: Path) -> None:
    assert not imported(path) & {"streamlit", "train", "pages"}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.py")), ids=lambda p: p.name)
def test_heavy_packages_stay_with_their_specialists(path: Path) -> None:
    here = path.relative_to(PACKAGE).as_posix()
    strangers = {name for name, files in SPECIALISTS.items() if here not in files}
    assert not imported(path) & (strangers | {"train", "tests", "bench"})


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_pages_only_call_humanpose_and_draw(path: Path) -> None:
    assert imported(path) <= {"streamlit", "humanpose"}
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


def test_the_app_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 30


@pytest.mark.parametrize("path", sorted(ROOT.glob("train/**/*.py")), ids=lambda p: p.name)
def test_training_knows_nothing_of_the_app_tests_or_benches(path: Path) -> None:
    assert not imported(path) & {"streamlit", "pages", "tests", "bench"}


def test_benches_share_the_tests_support_and_nothing_else() -> None:
    names = {n for code in rooms.sources("bench/*.py").values() for n in rooms.imports_of(code)}
    assert {name for name in names if name.startswith("tests.")} <= {
        name for name in names if name.startswith("tests.support.")
    }


@pytest.mark.parametrize(("folder", "most"), [("humanpose", 16), ("train", 8)])
def test_few_modules_lie_beside_the_rooms(folder: str, most: int) -> None:
    assert len(list(ROOT.glob(f"{folder}/*.py"))) <= most


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    long = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 45
    ]
    assert long == []
