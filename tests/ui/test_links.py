"""What somebody may do with an analysis whose link was given to them."""

import json
from pathlib import Path

from humanpose.server import workspace
from humanpose.server.entry import Entry
from humanpose.server.small_files import write_json
from tests.support.entries import finished_entry
from tests.support.pages import opened, words


def of_somebody_else(home: Path) -> Entry:
    entry = finished_entry(home)
    about = json.loads((entry.folder / "about.json").read_text())
    write_json(entry.folder / "about.json", about | {"owner": "somebody else"})
    return workspace.find(entry.token) or entry


def test_a_link_lets_read_and_not_write(home: Path) -> None:
    entry = of_somebody_else(home)
    page = opened("report", entry)
    page.text_area[0].set_value("not theirs").run()
    assert "is not kept" in words(page)
    assert not entry.remarks.exists()
    assert not entry.report.exists()


def test_an_analysis_of_one_s_own_list_is_changed(home: Path) -> None:
    entry = finished_entry(home)
    page = opened("report", entry)
    page.text_area[0].set_value("mine").run()
    assert "mine" in entry.remarks.read_text()
    assert entry.report.exists()
