"""The letters of the PDF: DejaVu Sans, which comes with matplotlib, and what it cannot draw."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import matplotlib as mpl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from humanpose.words import to_say

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
LACKING = "□"
LACKING_NOTE = to_say("□ stands for a letter that this PDF cannot draw; the HTML has it.")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
"""Unicode's classes of letters whose order and joining the PDF's library doesn't know."""


@cache
def register_fonts() -> None:
    """Make both fonts known to the library, once."""
    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD)


def drawable(words: str) -> str:
    """``words`` with ``LACKING`` for each letter that would be missing or stand wrongly, such
    as Chinese, Arabic and emoji; Latin, Greek and Cyrillic stay."""
    register_fonts()
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(
        letter if letter.isspace() or (ord(letter) in known and _reads_on(letter)) else LACKING
        for letter in unicodedata.normalize("NFC", words)
    )


def width_of(words: str, letters_pt: float) -> float:
    """Of plain letters of that size in one line, in points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(words, PLAIN, letters_pt))


def _reads_on(letter: str) -> bool:
    return unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT


def widths_of(
    rows: Sequence[Sequence[str]], shares: Sequence[float], *, page_pt: float, letters_pt: float
) -> list[float]:
    """Points for each column of a table: its longest word, and its share of what is left."""

    def longest(column: int) -> float:
        words = (word for row in rows for word in str(row[column]).split())
        return max((width_of(word, letters_pt) for word in words), default=0.0) + 5

    least = [min(longest(i), 2 * share * page_pt) for i, share in enumerate(shares)]
    spare = max(0.0, page_pt - sum(least))
    return [own + spare * share for own, share in zip(least, shares, strict=True)]
