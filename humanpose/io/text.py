"""Numbers to text, fast: what the CSV, TRC and MOT writers share."""

from collections.abc import Iterator
from typing import TextIO

from humanpose.sequence import Floats

BLOCK_ROWS = 1000
"""Rows formatted at a time, so that an hour of video needs no more memory than a second."""


def blocks(rows: int) -> Iterator[slice]:
    """All ``rows``, few at a time."""
    return (slice(start, start + BLOCK_ROWS) for start in range(0, rows, BLOCK_ROWS))


def write_rows(table: Floats, row: str, stream: TextIO) -> None:
    """Write each row of ``table`` (R, C) with the %-format ``row``; NaN is an empty cell."""
    for rows in blocks(len(table)):
        block = table[rows]
        stream.write((row * len(block) % tuple(block.ravel().tolist())).replace("nan", ""))


def as_saved(degrees: Floats) -> Floats:
    """Angles of any shape to 1e-6 deg, as ``analysis.npz`` keeps them; NaN stays NaN.

    The last bits of a sum depend on where in memory its numbers lie, and the same clip is to
    give the same bytes, when it is analysed again and when an analysis is read back.
    """
    return degrees.round(6)


def rounded(values: Floats, decimals: int) -> Floats:
    """``values`` of any shape, rounded without the minus sign of a negative zero; NaN stays."""
    return values.round(decimals) + 0.0
