"""HTML that escapes by default: text is text, and only ``Markup`` is markup."""

from collections.abc import Iterable
from html import escape
from itertools import chain

_EMPTY = frozenset({"img", "meta", "br"})


class Markup(str):
    """A string that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: str) -> Markup:
    """An element: ``tag("p", "a < b", id="x")``; ``Markup`` in it stays as it is.

    A trailing ``_`` of an attribute's name is dropped (``class_``), other ``_`` become ``-``.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
    )
    if name in _EMPTY:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(content)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """The parts one after the other, text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def paragraphs(text: str) -> Markup:
    """Free text: a paragraph per line that isn't blank."""
    return joined(tag("p", line) for line in text.splitlines() if line.strip())


def table(
    heads: Iterable[str], rows: Iterable[tuple[str, Iterable[str]]], *, id: str
) -> Markup:
    """A table whose rows are named: (value of ``data-row``, cells); the first cell heads it."""
    head = tag("tr", *(tag("th", cell, scope="col") for cell in heads))
    body = [tag("tr", *chain(_cells(list(cells))), data_row=name) for name, cells in rows]
    return tag("table", tag("thead", head), tag("tbody", *body), id=id)


def _cells(cells: list[str]) -> list[Markup]:
    return [tag("th", cells[0], scope="row"), *(tag("td", cell) for cell in cells[1:])]
