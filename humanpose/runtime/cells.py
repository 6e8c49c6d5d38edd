"""Cells of CSV files that a spreadsheet takes for text and never for a formula.

After OWASP's page on CSV injection: a cell that begins with one of ``= + - @``, their wide
forms, a tab or a line's end gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BEGINS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"'*[{_BEGINS}]")
"""Behind apostrophes, too, so that every text is read back as it was."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_AFTER_A_SEPARATOR = re.compile(r'(?<=[",;|\s])[=+\-@]')


def cell_of(words: str) -> str:
    """``words`` for a cell."""
    return f"'{words}" if _FORMULA.match(words) else words


def words_of(cell: str) -> str:
    """The words that ``cell_of`` made ``cell`` from."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_of(table: pd.DataFrame, *, float_format: str | None = None) -> str:
    """``table`` as CSV without its index: texts as cells, numbers as numbers."""
    cells = table.rename(columns=_cell).map(_cell)
    texts = cells.to_numpy(dtype=object).ravel()
    returns = any("\r" in text for text in texts if isinstance(text, str))
    quoting = csv.QUOTE_NONNUMERIC if returns else csv.QUOTE_MINIMAL  # which leaves \r bare
    return str(cells.to_csv(index=False, float_format=float_format, quoting=quoting))


def json_line(value: object) -> str:
    """``value`` as JSON in one line of a CSV that may be split anywhere: within its texts what
    begins a formula behind a separator is written as ``\\u003d`` and the like."""
    return _STRING.sub(lambda text: _AFTER_A_SEPARATOR.sub(_escape, text[0]), json.dumps(value))


def _cell(value: object) -> object:
    return cell_of(value) if isinstance(value, str) else value


def _escape(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"
