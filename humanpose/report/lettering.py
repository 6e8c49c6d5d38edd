"""The letters of the PDF: DejaVu Sans, which comes with matplotlib, and what it cannot draw."""

import unicodedata
from functools import cache
from pathlib import Path

import matplotlib as mpl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
LACKING = "□"
LACKING_NOTE = f"{LACKING} stands for a letter that this PDF cannot draw; the HTML has it."
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


def _reads_on(letter: str) -> bool:
    return unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT
