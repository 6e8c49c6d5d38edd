"""The rooms of the house: in which order they stand, who imports whom, and their drawing.

A room is a folder or a single module right under ``humanpose/`` or ``train/``. It may import
only rooms that stand in a row before its own, so that nobody goes in circles.

$ python -m tests.rooms    # draws the rooms into CONTRIBUTING.md, after an import has moved
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from tests.support.places import ROOT

Graph = dict[str, set[str]]
"""Room, or module, -> what it imports."""
Order = Sequence[Sequence[str]]

VALUES = "values"
SCRIPTS = "scripts"
HOUSE: Order = (
    (VALUES,),
    ("runtime",),
    ("video", "kinematics", "world", "lift"),
    ("detection", "markers"),
    ("body",),
    ("motion",),
    ("analysis", "nets", "bands"),
    ("pof", "joint_refinement", "measures"),
    ("main_refiner",),
    ("learned",),
    ("quality",),
    ("pipeline", "report"),
    ("io",),
    ("batch",),
    ("server",),
    ("ui",),
    ("cli",),
    ("pages",),
)
TRAINING: Order = (
    ("convert", "engine", "anatomical"),
    ("recordings",),
    ("judge",),
    ("synth",),
    ("data",),
    ("refiners", "body_prior", "bands"),
    (SCRIPTS,),
)
TOGETHER = {
    VALUES: "errors version assets skeleton sequence geometry camera confidence settings labels"
    " lengths words",
    "pipeline": "pipeline __init__",
    "cli": "cli __main__",
}
"""Modules that are one room without a folder; what lies alone in ``train/`` is a script."""

EXCEPTIONS = {
    ("humanpose.analysis", "humanpose.io.folder"): "Analysis.save imports it when it is called",
}
"""The steps to the right that stay, each with its reason."""

BEGIN, END = "<!-- rooms: python -m tests.rooms -->", "<!-- end of rooms -->"
_PLACES = {part: room for room, parts in TOGETHER.items() for part in parts.split()}


def sources(*patterns: str) -> dict[str, str]:
    """Module -> its source, of the project's files."""
    paths = {path.relative_to(ROOT) for pattern in patterns for path in ROOT.glob(pattern)}
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__"): text
        for path in sorted(paths)
        if (text := (ROOT / path).read_text(encoding="utf-8"))
    }


def imports_of(source: str) -> Iterator[str]:
    """Everything that a source imports, also inside functions and for type checkers only:
    ``a.b`` of ``import a.b``, and ``a.b.c`` of ``from a.b import c``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules_of(code: Mapping[str, str]) -> Graph:
    """Module -> the modules among ``code`` that it imports."""
    graph: Graph = {}
    for module, source in code.items():
        names = set(imports_of(source))
        names |= {name.rpartition(".")[0] for name in names - code.keys()}
        graph[module] = (names & code.keys()) - {module}
    return graph


def room_of(module: str) -> str:
    """The room of ``humanpose.body.fit`` is ``body``, that of ``pages.export`` ``pages``."""
    top, *rest = module.split(".")
    part = rest[0] if rest else "__init__"
    if top == "train":
        return part if any(part in row for row in TRAINING) else SCRIPTS
    return _PLACES.get(part, part) if top == "humanpose" else "pages"


def rooms_of(modules: Graph) -> Graph:
    """Room -> the other rooms that its modules import."""
    graph: Graph = {room_of(module): set() for module in modules}
    for module, imported in modules.items():
        graph[room_of(module)] |= set(map(room_of, imported))
    return {room: others - {room} for room, others in graph.items()}


def steps_right(graph: Graph, order: Order) -> list[str]:
    """Each import of a room that doesn't stand in a row before the importing room's."""
    row = {room: number for number, rooms in enumerate(order) for room in rooms}
    return [
        f"{room} imports {other}"
        for room, others in sorted(graph.items())
        for other in sorted(others)
        if row[other] >= row[room]
    ]


def circle_in(graph: Graph) -> list[str]:
    """Rooms that import each other in a ring, the first again at the end; or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def reduced(graph: Graph) -> Graph:
    """Without the imports that a longer way implies. ``graph`` has no circle."""

    def reach(room: str) -> set[str]:
        return graph[room].union(*map(reach, graph[room]))

    return {
        room: others - set().union(*(reach(other) for other in others))
        for room, others in graph.items()
    }


def drawing(graph: Graph, order: Order) -> str:
    """A Mermaid graph: an arrow from each room to those that import it, in the order's rows."""
    arrows = reduced(graph)
    lines = [
        f"  {other} --> {room}"
        for row in order
        for room in row
        for other in sorted(arrows[room])
    ]
    return "\n".join(["```mermaid", "graph LR", *lines, "```"])


def everything() -> Graph:
    return modules_of(sources("humanpose/**/*.py", "pages/*.py", "app.py"))


def house() -> Graph:
    """The modules of the app, without the steps in ``EXCEPTIONS``."""
    graph = everything()
    for module, imported in EXCEPTIONS:
        graph[module].discard(imported)
    return graph


def training() -> Graph:
    return modules_of(sources("train/**/*.py"))


def drawn() -> str:
    """The drawing of the app's rooms as it belongs into CONTRIBUTING.md, markers included."""
    return "\n".join([BEGIN, drawing(rooms_of(house()), HOUSE), END])


def main() -> None:
    path = ROOT / "CONTRIBUTING.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(before + drawn() + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
