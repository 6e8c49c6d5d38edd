"""HTML that escapes by default."""

from humanpose.report.markup import Markup, joined, paragraphs, table, tag

EVIL = '<script>alert("x")</script>&amp;'
SAFE = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;"


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", EVIL) == f"<p>{SAFE}</p>"
    assert tag("p", tag("b", "x")) == "<p><b>x</b></p>"
    assert joined([EVIL, Markup("<br>")]) == f"{SAFE}<br>"


def test_attributes_are_escaped_and_named_as_in_html() -> None:
    made = tag("td", "1", class_="a", data_row='x" onload="y')
    assert made == '<td class="a" data-row="x&quot; onload=&quot;y">1</td>'


def test_an_empty_element_has_no_end() -> None:
    assert tag("img", src="data:,") == '<img src="data:,">'


def test_free_text_becomes_paragraphs() -> None:
    assert paragraphs(f"one\n\n  \n{EVIL}") == f"<p>one</p><p>{SAFE}</p>"


def test_a_table_names_its_rows_and_heads_them() -> None:
    made = table(["A", "B"], [("first", [EVIL, "2"])], id="t")
    assert made.startswith('<table id="t"><thead><tr><th scope="col">A</th>')
    assert f'<tr data-row="first"><th scope="row">{SAFE}</th><td>2</td></tr>' in made
