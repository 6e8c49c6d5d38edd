"""What somebody may do with an analysis whose link was given to them."""

from pathlib import Path

from humanpose.server.entry import Entry
from humanpose.ui.explore.marks import change_marks
from humanpose.ui.routes import clip_url
from tests.support.entries import finished_entry, rewrite
from tests.support.pages import opened, viewer_text, words
from tests.support.synthetic import synthetic_analysis


def of_somebody_else(home: Path) -> Entry:
    entry = finished_entry(home)
    rewrite(entry, owner="somebody else")
    return entry


def test_a_link_lets_read_and_not_write(home: Path) -> None:
    entry = of_somebody_else(home)
    page = opened("report", entry)
    page.text_area[0].set_value("not theirs").run()
    assert "is not kept" in words(page)
    assert not entry.remarks.exists()
    assert not entry.report.exists()


def test_who_only_looks_marks_nothing_in_explore(home: Path) -> None:
    entry = of_somebody_else(home)
    assert '"mayChange":false' in viewer_text(opened("explore", entry))
    theirs = Entry.find(entry.about.link)
    assert theirs is not None
    change_marks(theirs, synthetic_analysis(), {"name": "not theirs", "frame": 3})
    assert not entry.remarks.exists()


def test_an_analysis_of_one_s_own_list_is_changed(home: Path) -> None:
    entry = finished_entry(home)
    page = opened("report", entry)
    page.text_area[0].set_value("mine").run()
    assert "mine" in entry.remarks.read_text()
    assert entry.report.exists()


def test_a_link_is_withdrawn_where_it_is_shown(home: Path) -> None:
    entry = finished_entry(home)
    page = opened("export", entry)
    assert page.code[0].value.endswith(f"/explore?a={entry.about.link}")
    next(button for button in page.button if button.label == "Withdraw link").click().run()
    assert not page.exception
    [after] = Entry.newest()
    assert page.query_params["a"] == [after.about.link]
    assert page.code[0].value.endswith(f"/explore?a={after.about.link}")
    assert clip_url(after) == f"clips/{after.about.link}.mp4"
    for nothing in (entry.about.link, entry.token):
        assert Entry.find(nothing) is None
    assert "no analysis under this link" in words(opened("explore", entry))
    assert "no analysis under this link" not in words(opened("explore", after))


def test_who_only_looks_cannot_withdraw_it(home: Path) -> None:
    page = opened("export", of_somebody_else(home))
    assert page.code
    assert "Withdraw link" not in [button.label for button in page.button]
