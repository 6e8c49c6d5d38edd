"""SECURITY.md promises nothing that no test holds."""

import ast
import re

import pytest

from tests.support.places import ROOT

_SECTION = re.search(
    r"^## What is promised\n(.*?)^## ", (ROOT / "SECURITY.md").read_text("utf-8"), re.M | re.S
)
ROWS = [
    line for line in (_SECTION[1] if _SECTION else "").splitlines() if line.startswith("| **")
]


def test_there_are_promises() -> None:
    assert len(ROWS) > 20


@pytest.mark.parametrize("row", ROWS, ids=lambda row: re.sub(r"\W+", "-", row[4:34]))
def test_a_promise_names_tests_that_there_are(row: str) -> None:
    _, held_by = row.removesuffix(" |").split(" | ")
    named = re.findall(r"`([^`]+)`", held_by)
    assert named, "no test holds this promise"
    for place in named:
        path, _, name = place.partition("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }
        assert name.startswith("test_")
