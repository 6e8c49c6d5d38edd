"""The report as a PDF: what matters on the first page, all else behind it.

What users typed is text: nothing of it is read as the library's markup.
"""

import io
import threading
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    Image,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from humanpose.lengths import height_words
from humanpose.quality.angle_trust import errors_note
from humanpose.quality.check import overall
from humanpose.report import page, tables
from humanpose.report.charts import PER_ROW
from humanpose.report.colours import LEFT, RIGHT
from humanpose.report.key_frames import KeyFrame
from humanpose.report.lettering import (
    BOLD,
    LACKING,
    LACKING_NOTE,
    PLAIN,
    drawable,
    register_fonts,
    widths_of,
)
from humanpose.report.page import ReportSource
from humanpose.version import __version__
from humanpose.words import say, speaking, spoken, to_say
from humanpose.words.again import retold

_MARGIN = 15 * mm
_PADDING = 6.0
"""Of the library's own frame, on either side."""
_LEFT, _WIDTH = _MARGIN + _PADDING, A4[0] - 2 * (_MARGIN + _PADDING)
_PANEL_PT = _WIDTH / PER_ROW - 6, 92.0
_PICTURES = 3
_PICTURE_PT = 60 * mm
_FOOT = to_say(
    "Not a medical device; no diagnosis or treatment on this alone. Pass it on only as far as"
    " the person has agreed to."
)
_LONGEST = 200
"""Letters of a fact on the first page; what the app takes is shorter."""
_LINES, _LETTERS = 6, 500
"""Of the note, on the first page."""
_INK, _QUIET, _RULE, _WARN = map(HexColor, ("#1b2527", "#4c5a60", "#dde4e4", "#b3541e"))
_TEAL = HexColor("#0b6e69")
_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=11.5, textColor=_INK)
_CELL = ParagraphStyle("cell", _TEXT, fontSize=7.2, leading=9)
_HEAD = ParagraphStyle("head", _CELL, textColor=_QUIET)
_NOTE = ParagraphStyle("note", _TEXT, fontSize=7.5, leading=10, textColor=_QUIET, spaceAfter=3)
_TITLE = ParagraphStyle("title", _TEXT, fontName=BOLD, fontSize=16, leading=20)
_SECTION = ParagraphStyle(
    "section", _TEXT, fontName=BOLD, fontSize=10.5, leading=14, spaceBefore=9, spaceAfter=3,
    textColor=_TEAL, keepWithNext=True,
)  # fmt: skip
_ONE_AT_A_TIME = threading.Lock()
"""The library reads a font's file from one place for all that are written at once."""


def report_pdf(source: ReportSource) -> bytes:
    """The whole report, A4, with its letters inside; the same source gives the same bytes."""
    with speaking(source.language), _ONE_AT_A_TIME:
        return _written(source)


def _written(source: ReportSource) -> bytes:
    register_fonts()
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=12 * mm,
        bottomMargin=15 * mm, title=say("{title}: movement report", title=_title(source)),
        author="humanpose", creator=f"humanpose {__version__}", lang=source.language,
        invariant=1,
    )  # fmt: skip
    story = [*_first_page(source), PageBreak(), *_details(source)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return stream.getvalue()


def _first_page(source: ReportSource) -> list[Flowable]:
    remarks, preset = source.remarks, source.preset
    height = say(height_words(source.analysis.settings))
    facts = [
        (say("Person"), remarks.person or say("not stated")),
        (say("Filmed"), remarks.filmed or say("not stated")),
        (say("Movement"), f"{say(preset.title)}; {height}"),
        (say("Clip"), source.label),
        (say("Analysed"), source.analysed_words),
    ]
    if source.before is not None:
        facts.append((say("Last time"), source.before.when))
    story = [_paragraph(_title(source), _TITLE), Spacer(0, 4), _facts(facts)]
    story += _note_box(remarks.notes)
    story += _pictures(source.key_frames)
    story += [
        _paragraph(say("What matters"), _SECTION),
        *_table(source.number_table, first=2.8),
        *_grid(page.target_panels(source, width_pt=_PANEL_PT[0])),
        *_sentence(source.numbers_note),
        _boxed(source.distrust, _WARN),
        Spacer(0, 4),
        _paragraph(say(page.NO_NORMS), _NOTE),
    ]
    events = "".join(mark.name for mark in remarks.marks)
    typed = f"{remarks.person}{remarks.filmed}{remarks.notes}{source.label}{events}"
    if LACKING in drawable(typed):
        story.append(_paragraph(say(LACKING_NOTE), _NOTE))
    return story


def _details(source: ReportSource) -> list[Flowable]:
    analysis, preset = source.analysis, source.preset
    story: list[Flowable] = []

    def section(title: str, *content: Flowable) -> None:
        story.extend([_paragraph(title, _SECTION), *content])

    if _is_long(source.remarks.notes):
        section(say("The whole note"), *_lines(source.remarks.notes))
    if source.marks_table:
        section(say("Marked events"), *_table(source.marks_table, first=2.2))
    if preset.repeats != "nothing":
        gait = preset.repeats == "gait"
        title = say("Steps and gait cycles") if gait else say("Repetitions")
        section(title, *_sentence(retold(source.reason)), *_counted(source))
    band = _legend(say("band: 90 % of the truth, where it is known"))
    section(say("Angles over time"), *band, *_grid(page.panels(source, size_pt=_PANEL_PT)))
    ranges = tables.range_table(
        analysis, source.angles, preset.columns, clinical=source.clinical
    )
    section(say("Range of motion, whole clip"), *_table(ranges, first=2.2))
    story += [
        *_sentence(source.neutral_words),
        *_sentence(spoken(errors_note(analysis.settings))),
    ]
    sides = tables.symmetry_table(source.sides, preset, source.items, clinical=source.clinical)
    section(say("Right against left"), *_table(sides, first=1.8))
    section(say("Quality and limits"), *_sentence(say(overall(source.checks).finding)))
    story += _table(tables.quality_table(source.checks), widths=(0.16, 0.12, 0.36, 0.36))
    for warning in analysis.warnings:
        story += _sentence(retold(warning))
    section(say("Settings and versions"),
            *_table(tables.settings_table(analysis), widths=(0.3, 0.7)))  # fmt: skip
    return story


def _counted(source: ReportSource) -> list[Flowable]:
    if not source.items:
        return []
    counted = page.count_items(source)
    story = _table(counted.means, first=1.8)
    for reason in counted.reasons:
        story += _sentence(reason)
    if cycles := page.cycle_panels(source, size_pt=_PANEL_PT):
        story += [*_legend(say("band: mean ± 1 SD over the cycles")), *_grid(cycles)]
    return story + _table(counted.rows)


def _grid(panels: Sequence[Drawing]) -> list[Flowable]:
    cells = [*panels, *[""] * (-len(panels) % PER_ROW)]
    rows = [cells[i : i + PER_ROW] for i in range(0, len(cells), PER_ROW)]
    return rows and [
        Table(rows, [_WIDTH / PER_ROW] * PER_ROW, style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
    ]


def _facts(facts: Sequence[tuple[str, str]]) -> Flowable:
    rows = [[_paragraph(name, _HEAD), _paragraph(_short(words), _TEXT)]
            for name, words in facts]  # fmt: skip
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0.5),
    ]
    return Table(rows, colWidths=[22 * mm, _WIDTH - 22 * mm], style=style)


def _note_box(notes: str) -> list[Flowable]:
    """As much of the note as leaves room for the rest of the page."""
    if not notes.strip():
        return []
    shown = notes.strip()
    if _is_long(notes):
        shown = "\n".join(shown[:_LETTERS].splitlines()[:_LINES])
        shown += say(" … (whole: next page)")
    return [Spacer(0, 5), _boxed(shown, _TEAL)]


def _is_long(notes: str) -> bool:
    return len(notes.strip()) > _LETTERS or len(notes.strip().splitlines()) > _LINES


def _pictures(pictures: Sequence[KeyFrame]) -> list[Flowable]:
    if not pictures:
        return []
    shown = pictures[:_PICTURES]
    images = []
    for picture in shown:
        image = Image(io.BytesIO(picture.jpeg))
        image._restrictSize(_WIDTH / _PICTURES - 8, _PICTURE_PT)
        images.append(image)
    captions = [_paragraph(picture.caption, _NOTE) for picture in shown]
    style = [("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    widths = [_WIDTH / _PICTURES] * len(shown)
    return [Spacer(0, 6), Table([images, captions], widths, style=style, hAlign="LEFT")]


def _table(
    content: tables.Table, *, first: float = 1.0, widths: Sequence[float] = ()
) -> list[Flowable]:
    """The first column ``first`` times as wide as the others, as far as no word is broken by
    that; or shares of the page."""
    columns = len(content.heads)
    widths = widths or [
        (first if i == 0 else 1) / (first + columns - 1) for i in range(columns)
    ]
    texts = [
        [_plain(cell) for cell in cells] for _, cells in (("", content.heads), *content.rows)
    ]
    points = widths_of(texts, widths, page_pt=_WIDTH, letters_pt=_CELL.fontSize)
    head, *cells = texts
    rows = [[_paragraph(word, _HEAD) for word in head]]
    rows += [[_paragraph(word, _CELL) for word in row] for row in cells]
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    return [Table(rows, points, style=style, repeatRows=1, splitInRow=1), Spacer(0, 4)]


def _boxed(words: str, colour: Any) -> Flowable:
    style = [
        ("LINEBEFORE", (0, 0), (0, -1), 2.5, colour),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    return Table([[_lines(words)]], colWidths=[_WIDTH], style=style)


def _legend(band: str) -> list[Flowable]:
    right, left = (f'<font color="{c}">▬ {w}</font>' for c, w in
                   ((RIGHT, say("right")), (LEFT, say("left"))))  # fmt: skip
    faint = say("faint: inferred")
    return [Paragraph(f"{right} &nbsp; {left} &nbsp; {faint} · {band}", _NOTE)]


def _sentence(words: str) -> list[Flowable]:
    return [_paragraph(f"{words[0].upper()}{words[1:].rstrip('.')}.", _NOTE)] if words else []


def _lines(words: str) -> list[Flowable]:
    return [_paragraph(line, _TEXT) for line in words.splitlines() if line.strip()]


def _paragraph(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(str(escape(drawable(_plain(words)))), style)


def _plain(words: str) -> str:
    return words.striptags() if isinstance(words, Markup) else words


def _title(source: ReportSource) -> str:
    return _short(source.remarks.person or source.label)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]} …"


def _foot(canvas: Any, _document: Any) -> None:
    canvas.setFont(PLAIN, 6.5)
    canvas.setFillColor(_QUIET)
    canvas.drawString(_LEFT, 9 * mm, say(_FOOT))
    number = say("humanpose, page {number}", number=canvas.getPageNumber())
    canvas.drawRightString(_LEFT + _WIDTH, 9 * mm, number)
