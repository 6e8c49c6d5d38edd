"""The PDF, read back: what matters on page 1, all else behind it, and every word as text."""

import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from humanpose.errors import OutputError
from humanpose.report.key_frames import KeyFrame
from humanpose.report.lettering import LACKING, LACKING_NOTE, drawable
from humanpose.report.make import earlier_of, source_of, write_report
from humanpose.report.page import Earlier, ReportSource, report_html
from humanpose.report.pdf import report_pdf
from humanpose.report.remarks import Mark, Remarks
from humanpose.version import __version__
from tests.report.test_report import EVIL, TWO
from tests.report.test_report import source_of as simple_source
from tests.support.disk import small_disk
from tests.support.report_page import ReportPage
from tests.support.synthetic import synthetic_analysis

SQUAT = Remarks("squat", "Ärnä Müller-Œ", "3 May 2026, clinic", "Knee pain.\n5 µm ± 2°, é")


OWN_WORDS = {
    *("3 May 2026, clinic", "Ärnä Müller-Œ", "squat.mp4", "Knee pain.", "ab" * 32),
    *("The clip is synthetic.", "height_m", "pof", "joint_refinement", "best_pof_model.pth"),
    *("humanpose", "Person", "Min", "Max", "MDC"),
}
"""Typed, or a name, or alike in German."""


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words_of(source: ReportSource, *pages: int) -> str:
    """Of the pages, or of all, one blank between two words."""
    return text_of(read(report_pdf(source)), *pages)


def text_of(reader: PdfReader, *pages: int) -> str:
    shown = reader.pages
    text = " ".join(shown[i].extract_text() for i in pages or range(len(shown)))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def squats(remarks: Remarks = SQUAT) -> ReportSource:
    pictures = [KeyFrame(f"{i}.00 s", jpeg(shade)) for i, shade in enumerate(range(0, 250, 50))]
    return replace(simple_source(remarks, items=TWO), key_frames=pictures)


def jpeg(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (40, 60), shade).save(stream, "JPEG")
    return stream.getvalue()


def test_page_one_has_who_when_note_pictures_numbers_and_what_not_to_trust() -> None:
    source = squats()
    reader = read(report_pdf(source))
    words = text_of(reader, 0)
    for part in ("Ärnä Müller-Œ", "3 May 2026, clinic", "Squat; height 1.78 m", "Knee pain.",
                 "5 µm ± 2°, é", "2.00 s", source.distrust, "Duration of a repetition 0.85 s",
                 "Not a medical device", "No reference bands are drawn"):  # fmt: skip
        assert part in words
    assert "3.00 s" not in words
    assert "Last time" not in words
    assert len(reader.pages[0].images) == 3
    for _, cells in source.number_table.rows:
        assert " ".join(cells) in words


def test_the_details_follow_it() -> None:
    reader = read(report_pdf(squats()))
    words = text_of(reader)
    for part in ("Repetitions", "Down, s", "Angles over time", "Range of motion, whole clip",
                 "Right against left", "Quality and limits", "ab" * 20,
                 "The clip is synthetic."):  # fmt: skip
        assert part in words
    assert "Repetitions" not in text_of(reader, 0)


def test_letters_are_inside_and_curves_are_drawn() -> None:
    reader = read(report_pdf(squats()))
    pages: list[Any] = list(reader.pages)
    fonts = [f.get_object() for page in pages for f in page["/Resources"]["/Font"].values()]
    used = [font for font in fonts if "DejaVu" in font["/BaseFont"]]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in used)
    assert not reader.pages[1].images


def test_a_change_stands_beside_what_it_would_have_to_exceed() -> None:
    before = Earlier(synthetic_analysis(60), TWO, "squat of March")
    words = words_of(replace(squats(), before=before), 0)
    assert "Last time squat of March" in words
    assert words.count("within error") == 4


def test_what_a_user_typed_is_text_and_nothing_else() -> None:
    evil = f"{EVIL}&lt; <b>bold</b> <a href='http://example.org'>x</a>"
    source = squats(Remarks("squat", evil, evil, evil, marks=(Mark(1.0, EVIL),)))
    reader = read(report_pdf(replace(source, label=evil)))
    assert text_of(reader, 0).replace(" ", "").count(evil.replace(" ", "")) >= 3
    marked = "Markedevents" + "Angle" + f"{EVIL},1.00s".replace(" ", "")
    assert marked in text_of(reader).replace(" ", "")
    assert all("/Annots" not in page for page in reader.pages)


@pytest.mark.parametrize("name", ["张伟", "שרה", "محمد", "🏋"])
def test_a_letter_that_cannot_be_drawn_is_marked_and_said(name: str) -> None:
    words = words_of(squats(replace(SQUAT, person=f"Ms {name}")), 0)
    assert f"Person Ms {LACKING * len(name)}" in words
    assert LACKING_NOTE in words


def test_latin_greek_and_cyrillic_names_are_drawn() -> None:
    name = "Łukasz Ğül Ελένη Борис Nguyễn"
    assert drawable(name) == name
    assert drawable("e\N{COMBINING ACUTE ACCENT}") == "é"
    words = words_of(squats(replace(SQUAT, person=name)), 0)
    assert f"Person {name}" in words
    assert LACKING_NOTE not in words


def test_a_long_note_goes_on_behind_the_first_page() -> None:
    source = squats(replace(SQUAT, notes="\n".join(f"Line {i}." for i in range(300))))
    reader = read(report_pdf(source))
    assert "Line 5. … (whole: next page)" in text_of(reader, 0)
    assert "Line 299." not in text_of(reader, 0)
    assert "Line 299." in text_of(reader)


def test_words_without_end_break_no_page() -> None:
    remarks = Remarks("overview", "x" * 5000, "y " * 2500, "z" * 5000)
    analysis = synthetic_analysis(60, clip_name="w" * 5000)
    analysis = replace(analysis, provenance={"a" * 3000: "b" * 9000}, warnings=("c" * 5000,))
    source = source_of(analysis, remarks, analysed_at=1.7e9)
    assert "Angles over time" in words_of(source)


def test_the_same_source_gives_the_same_file() -> None:
    content = report_pdf(squats())
    assert report_pdf(squats()) == content
    about = read(content).metadata
    assert about is not None
    assert about.title == "Ärnä Müller-Œ: movement report"
    assert about.creator == f"humanpose {__version__}"


def test_pdf_and_page_say_the_same() -> None:
    marked = replace(SQUAT, marks=(Mark(1.0, "Deepest"),))
    source = replace(squats(marked), before=earlier_of(synthetic_analysis(60), SQUAT))
    page = ReportPage(report_html(source))
    assert list(page.cells["numbers"].values())[1:] == [c for _, c in source.number_table.rows]
    assert source.distrust in page.text
    knee = source.angles.curve("knee_angle_r")[30]
    assert page.cells["marks"]["knee_angle_r"] == ["Knee flexion, right", f"{knee:.1f}°"]


def test_no_english_word_is_left_in_german() -> None:
    before = Earlier(synthetic_analysis(60), TWO, "2026")
    source = replace(squats(), before=before, targets={"duration_s": (0.5, 1.5)})
    english, german = (
        {
            line
            for page in read(report_pdf(one)).pages
            for line in page.extract_text().split("\n")
        }
        for one in (source, replace(source, language="de"))
    )
    told = {line for line in english & german if re.search(r"[A-Za-z]{3}", line)}
    assert not told - OWN_WORDS
    assert "Knieflexion, rechts" in " ".join(german)


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "new" / "report.pdf"
    write_report(squats(), out)
    assert "Duration of a repetition" in read(out.read_bytes()).pages[0].extract_text()
    before = out.read_bytes()
    with small_disk(len(before) // 2), pytest.raises(OutputError):
        write_report(squats(), out)
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]
