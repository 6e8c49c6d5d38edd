"""Whoever takes or gives an array says its shape, and what becomes of what is missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT

LIBRARY = [
    path
    for path in sorted(ROOT.glob("humanpose/**/*.py"))
    if path.relative_to(ROOT).parts[1] not in ("ui", "server", "batch")
]
_ARRAY = re.compile(r"\b(Floats|Bools|Mask|Frames|Grey|NDArray|Tensor|ArrayLike)\b")
_LENGTH = r"(?:[A-Z][a-z]?|\d+|…|\.\.\.|height|width)"
_SHAPE = re.compile(rf"\({_LENGTH}(?:,|(?:, {_LENGTH})+)\)|\bany shape\b|\bshape of\b")
"""``(T, 3)``, ``(3,)``, ``(…, J, 3)``; or in words that one shape serves as well as another."""

_MISSING = re.compile(
    r"\bNaNs?\b|\bfinite\b|\b0 where\b|\bmissing\b|\bnot known\b|\bknown\b|\blost\b"
)
"""What becomes of what nobody saw."""


def public_functions(source: str) -> Iterator[ast.FunctionDef]:
    """Functions, and methods of classes, whose names and whose class's have no underscore."""
    for node in ast.parse(source).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        if isinstance(node, ast.ClassDef) and node.name.startswith("_"):
            continue
        yield from (
            function
            for function in inside
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        )


def silent(source: str, room: str = "") -> list[str]:
    """Public functions with an array in their signature that leave its shape or NaNs open.

    A module, or ``room``, the source of its folder's ``__init__``, may state one rule about NaN
    for all its functions.
    """
    rules = "".join(ast.get_docstring(ast.parse(text)) or "" for text in (source, room))
    return [
        function.name
        for function in public_functions(source)
        if _ARRAY.search(signature(function))
        and not (
            _SHAPE.search(docstring(function)) and _MISSING.search(rules + docstring(function))
        )
    ]


def signature(function: ast.FunctionDef) -> str:
    return (
        ast.unparse(function.args) + " -> " + ast.unparse(function.returns or ast.Constant(0))
    )


def docstring(function: ast.FunctionDef) -> str:
    return ast.get_docstring(function) or ""


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_who_takes_or_gives_an_array_says_its_shape_and_what_is_missing(path: Path) -> None:
    room = path.with_name("__init__.py").read_text(encoding="utf-8")
    assert silent(path.read_text(encoding="utf-8"), room) == []


@pytest.mark.parametrize(
    ("says", "enough"),
    [
        ("(T, 3) m; NaN where nobody is seen.", True),
        ("The same points; NaN stays NaN.", False),
        ("(T, 3) m.", False),
        ("(pixels, visibility); NaN stays NaN.", False),
    ],
)
def test_a_shape_and_a_word_on_nan_are_enough(says: str, enough: bool) -> None:
    silent_ones = silent(f'def paths(a: Floats) -> Floats:\n    """{says}"""')
    assert silent_ones == ([] if enough else ["paths"])
