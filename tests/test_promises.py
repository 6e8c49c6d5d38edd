"""SECURITY.md promises nothing that no test holds."""

import ast
import re

import pytest

from tests.support.places import ROOT

_SECTION = re.search(
    r"^## What is promised\n(.*?)^## ", (ROOT / "SECURITY.md").read_text("utf-8"), re.M | re.S
)
ROWS = [
    line.removeprefix("| ").removesuffix(" |").split(" | ")
    for line in (_SECTION[1] if _SECTION else "").replace("| |", "|  |").splitlines()
    if line.startswith("| ") and "`tests/" in line
]
"""Promise, or nothing where it is that of the row above, and a test."""


def test_there_are_promises() -> None:
    promises = [promise for promise, _ in ROWS if promise.strip()]
    assert len(promises) > 20
    assert all(promise.startswith("**") for promise in promises)
    assert ROWS[0][0].startswith("**")


def test_every_line_of_the_table_names_a_test() -> None:
    lines = re.findall(r"^\| .*\|$", _SECTION[1] if _SECTION else "", re.M)
    assert len(lines) == 2 + len(ROWS)  # the head, and what is under it


@pytest.mark.parametrize("held_by", [held for _, held in ROWS])
def test_a_promise_names_a_test_that_there_is(held_by: str) -> None:
    [place] = re.findall(r"`([^`]+)`", held_by)
    path, _, name = place.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert name.startswith("test_")
