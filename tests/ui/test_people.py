"""The page People, and the choice of a person on Analyse."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.measures.presets import PRESETS
from humanpose.report.key_numbers import names_of
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.people import entries_of, keep, move, people
from humanpose.server.person import Person
from humanpose.server.targets import common_targets, targets_of
from tests.support.entries import finished_entry
from tests.support.pages import opened, words
from tests.support.synthetic import synthetic_analysis

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def ada(home: Path) -> Person:
    return keep(Person("", name="Ada", code="P-07", height_m=1.65, mass_kg=58.0))


@pytest.fixture
def bo(home: Path) -> Person:
    return keep(Person("", name="Bo"))


@pytest.fixture
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Jobs, "submit", lambda _, entry: write_state(entry, JobState("cancelled"))
    )


def filmed(home: Path, person: Person, session: str) -> Entry:
    return move(finished_entry(home, synthetic_analysis(20)), person, session)


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception


def widget(widgets: Any, label: str) -> Any:
    """The one of this label; the last, where a dialog asks the same as the page."""
    return [one for one in widgets if one.label == label][-1]


@pytest.mark.usefixtures("no_jobs")
def test_of_whom_is_chosen_on_analyse_height_and_day_are_kept(ada: Person) -> None:
    app = opened("analyse")
    press(app, "No clip at hand?")
    app.selectbox(key="whose").set_value(ada.token).run()
    app.date_input[0].set_value(date(2026, 3, 2)).run()
    app.number_input(key="height_m").set_value(1.66).run()
    press(app, "Analyse")
    [person] = people(None)
    [entry] = entries_of(person)
    assert (person.token, person.height_m, entry.about.session) == (
        ada.token,
        1.66,
        "2026-03-02",
    )
    assert entry.thumbnail.read_bytes().startswith(b"\xff\xd8")


@pytest.mark.usefixtures("no_jobs")
def test_without_a_person_an_analysis_is_nobody_s() -> None:
    app = opened("analyse")
    press(app, "No clip at hand?")
    press(app, "Analyse")
    [entry] = Entry.newest()
    assert (entry.about.person, entry.about.session, people(None)) == ("", "", [])


def test_height_and_mass_are_those_of_who_is_chosen(ada: Person, bo: Person) -> None:
    app = opened("analyse")
    app.selectbox(key="whose").set_value(ada.token).run()
    assert app.number_input(key="height_m").value == 1.65
    assert app.number_input(key="mass_kg").value == 58.0
    app.selectbox(key="whose").set_value(bo.token).run()
    assert app.number_input(key="height_m").value is None
    app.number_input(key="height_m").set_value(1.9).run()
    app.selectbox(key="whose").set_value(None).run()
    assert app.number_input(key="height_m").value == 1.9


def test_people_are_added_searched_and_renamed(ada: Person) -> None:
    app = opened("people")
    app.text_input(key="new_name").set_value("*Cy*")
    press(app, "Add")
    assert widget(app.selectbox, "Person").options == ["*Cy*", "Ada (P-07)"]
    assert app.subheader[0].value == r"\*Cy\*"
    app.text_input(key="person_search").set_value("p-07").run()
    assert app.subheader[0].value == "Ada (P-07)"
    app.text_input(key=f"name_{ada.token}").set_value("Ada L.")
    press(app, "Save")
    assert app.subheader[0].value == "Ada L. (P-07)"
    app.text_input(key=f"name_{ada.token}").set_value("")
    app.text_input(key=f"code_{ada.token}").set_value("")
    press(app, "Save")
    assert "needs a name or a code" in words(app)


def test_an_analysis_moves_to_another_person_and_day(
    home: Path, ada: Person, bo: Person
) -> None:
    entry = filmed(home, ada, "2026-03-02")
    app = opened("people")
    assert "**2026-03-02**" in words(app)
    assert "Overview · height 1.78 m" in words(app)
    app.button(key=f"move_{entry.token}").click().run()
    app.text_input(key="move_name").set_value("squat, left")
    app.selectbox(key="move_to").set_value(bo.token)
    app.date_input(key="move_day").set_value(date(2026, 4, 1))
    app.button(key="move_save").click().run()
    assert not app.exception
    [moved] = entries_of(bo)
    assert (moved.about.label, moved.about.session) == ("squat, left.mp4", "2026-04-01")
    assert "No analysis yet" in words(app)


def test_two_records_of_one_person_are_merged(home: Path, ada: Person, bo: Person) -> None:
    filmed(home, ada, "2026-03-02")
    app = opened("people")
    press(app, "Merge …")
    widget(app.button, "Merge").click().run()
    [one] = people(None)
    assert (one.called, len(entries_of(one))) == ("Bo (P-07)", 1)
    assert app.subheader[0].value == "Bo (P-07)"


def test_who_is_deleted_is_told_of_first(home: Path, ada: Person, bo: Person) -> None:
    for day in ("2026-03-02", "2026-04-01"):
        filmed(home, ada, day)
    app = opened("people")
    press(app, "Delete …")
    assert "2 analyses of 2 days (2026-03-02, 2026-04-01)" in words(app)
    assert people(None) == [ada, bo]
    press(app, "Delete everything of Ada")
    assert people(None) == [bo]
    assert Entry.newest() == []
    assert app.subheader[0].value == "Bo"


def test_progress_of_two_sessions_and_not_of_one(home: Path, ada: Person) -> None:
    first = filmed(home, ada, "2026-03-02")
    assert "two analyses of the same movement" in words(opened("people"))
    second = filmed(home, ada, "2026-04-01")
    app = opened("people")
    widget(app.selectbox, "Measure").set_value("knee_angle_r").run()
    table = app.dataframe[0].value
    assert list(table["Session"]) == ["2026-03-02", "2026-04-01"]
    assert list(table["Verdict"]) == ["before", "within error"]
    link = next(one.proto for one in app.get("page_link") if one.proto.label == "Compare")
    assert f"a={first.about.link}&b={second.about.link}" in link.query_string


def test_a_target_of_the_clinics_own_is_kept_and_drawn(home: Path, ada: Person) -> None:
    entries = [filmed(home, ada, day) for day in ("2026-03-02", "2026-04-01")]
    name = names_of(synthetic_analysis(20), PRESETS["overview"], ())[0]
    app = opened("people")
    widget(app.selectbox, "Measure").set_value(name).run()
    assert "Target" not in app.get("plotly_chart")[0].proto.spec
    app.number_input[-2].set_value(60.0).run()
    assert targets_of(people(None)[0], "overview") == {}
    app.number_input[-1].set_value(90.0).run()
    assert not app.exception
    assert targets_of(people(None)[0], "overview") == {name: (60.0, 90.0)}
    assert "Target" in app.get("plotly_chart")[0].proto.spec
    html = opened("report", entries[0]).get("iframe")[0].proto.srcdoc
    assert ">Target<" in html
    assert "60.0–90.0°" in html
    app.number_input[-1].set_value(None).run()
    assert targets_of(people(None)[0], "overview") == {}
    widget(app.toggle, "Target for everybody").set_value(True).run()
    app.number_input[-2].set_value(10.0).run()
    app.number_input[-1].set_value(20.0).run()
    assert common_targets("", "overview") == {name: (10.0, 20.0)}
    widget(app.toggle, "Target for everybody").set_value(False).run()
    assert app.number_input[-1].placeholder == "20"
    assert "Target" in app.get("plotly_chart")[0].proto.spec


def test_others_people_are_nobody_s_business(home: Path) -> None:
    keep(Person("somebody else", name="Ada"))
    assert "Ada" not in words(opened("people"))
    assert "Ada" not in opened("analyse").selectbox(key="whose").options
