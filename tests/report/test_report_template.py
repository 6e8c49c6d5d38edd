"""Whatever is filled into the report's page is text, wherever it stands."""

import re
from dataclasses import replace

import pytest
from jinja2 import UndefinedError

from humanpose.assets import ASSETS
from humanpose.quality.check import Check
from humanpose.report.key_frames import KeyFrame
from humanpose.report.page import TEMPLATES, ReportSource, report_html
from humanpose.report.remarks import Remarks
from tests.support.report_page import ReportPage
from tests.support.synthetic import synthetic_analysis

EVIL = '<script>alert("x")</script>&amp;'
QUOTED = '"><img src=x onerror="alert(1)'


@pytest.fixture(scope="module")
def source() -> ReportSource:
    return ReportSource(
        analysis=synthetic_analysis(30), remarks=Remarks(), items=(), reason="", checks=[],
        key_frames=[], label="squat.mp4", analysed_at=1.7e9,
    )  # fmt: skip


def page_of(source: ReportSource, **changed: object) -> ReportPage:
    source = replace(source, **changed)  # type: ignore[arg-type]
    return ReportPage(report_html(source))


def test_notes_are_text_a_paragraph_per_line(source: ReportSource) -> None:
    noted = replace(source, remarks=Remarks(notes=f"one\n\n  \n{EVIL}"))
    html = report_html(noted)
    escaped = "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&amp;amp;"
    assert f"<p>one</p>\n<p>{escaped}</p>" in html


@pytest.mark.parametrize("field", ["label", "reason"])
def test_a_name_and_a_reason_are_text(source: ReportSource, field: str) -> None:
    page = page_of(source, remarks=Remarks(preset="squat"), **{field: f"A{EVIL}"})
    assert "script" not in page.tags
    assert f"A{EVIL}" in page.text


def test_a_caption_is_text_in_the_attribute_too(source: ReportSource) -> None:
    page = page_of(source, key_frames=[KeyFrame(QUOTED, b"")])
    assert QUOTED in page.text
    assert page.addresses.count("data:image/jpeg;base64,") == 1
    assert "x" not in page.addresses


def test_the_cells_and_names_of_a_table_are_text(source: ReportSource) -> None:
    check = Check(QUOTED, "bad", EVIL, EVIL)
    page = page_of(source, checks=[check])
    assert page.cells["quality"][QUOTED] == [QUOTED, "✗ act on it", EVIL, EVIL]
    assert not page.tags & {"script", "img"}


def test_warnings_are_text(source: ReportSource) -> None:
    page = page_of(source, analysis=replace(source.analysis, warnings=(f"A{EVIL}",)))
    assert f"A{EVIL}." in page.text
    assert "script" not in page.tags


def test_the_template_itself_declares_nothing_safe() -> None:
    text = (ASSETS / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape", text)


def test_what_is_not_filled_in_is_an_error_not_a_blank() -> None:
    with pytest.raises(UndefinedError, match="source"):
        TEMPLATES.get_template("report.html").render()
