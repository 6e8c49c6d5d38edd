"""The Batch page's table, and what becomes of a batch when its server or its owner goes."""

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.server.batches import Batch, Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.jobs import Jobs
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.listing import remove
from humanpose.server.people import keep
from humanpose.server.person import Person
from humanpose.settings import RAW, Settings
from tests.support.entries import kept_files
from tests.support.pages import opened
from tests.support.places import DATA, ROOT

CLIP = DATA / "small_person.mp4"


pytestmark = pytest.mark.usefixtures("home")


def with_clip(people: str) -> AppTest:
    """The page with one clip, after a table was dropped on it."""
    app = AppTest.from_file(str(ROOT / "humanpose" / "ui" / "main.py"), default_timeout=60)
    app.run().switch_page(str(ROOT / "pages" / "batch.py")).run()
    app.file_uploader(key="batch_clips_0").upload("walk.mp4", CLIP.read_bytes()).run()
    app.file_uploader(key="batch_csv_1").upload("people.csv", people.encode()).run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ("height\n1.7\n", "people.csv needs a column called clip"),
        ("clip,height\nwalk.mp4,tall\n", "height must be 0.5-2.5 m"),
        (
            "clip,pof-model-path\nwalk.mp4,/etc/passwd\n",
            "the model file of POF cannot be chosen here",
        ),
        ("clip,height\nwalk.mp4,1.7\nwalk.mp4,1.8\n", "2 rows of the subjects name walk.mp4"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_sentence(people: str, says: str) -> None:
    assert says in with_clip(people).error[0].value


def test_a_text_that_calls_itself_a_video_is_refused_when_it_is_added(home: Path) -> None:
    app = opened("batch")
    app.file_uploader(key="batch_clips_0").upload("notes.mp4", b"Dear diary").run()
    assert "notes.mp4 is not a video" in app.error[0].value
    assert not app.dataframe
    assert kept_files(home) == set()


def test_clips_are_put_under_whom_the_subject_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_: None)
    ada = keep(Person("", name="Ada", code="P-7"))
    app = with_clip("clip,height,subject\nwalk.mp4,1.7,p-7\n")
    app.selectbox(key="batch_whose").set_value("subject").run()
    app.date_input(key="batch_session").set_value(date(2026, 3, 2)).run()
    next(button for button in app.button if button.label == "Analyse 1 clip").click().run()
    assert not app.exception
    [part] = Batch.newest()[0].parts
    assert (part.person, part.session) == (ada.token, "2026-03-02")


def test_a_height_that_nobody_knows_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "submit", lambda *_: None)
    app = with_clip("clip,mass\nwalk.mp4,70\n")
    next(box for box in app.checkbox if "know the height" in box.label).check().run()
    next(button for button in app.button if button.label == "Analyse 1 clip").click().run()
    [batch] = Batch.newest()
    [part] = batch.parts
    assert (part.settings.height_m, part.settings.mass_kg) == (None, 70)


@pytest.mark.parametrize(
    ("people", "says"),
    [
        ("clip,height\nwalk.mp4,17\n", "walk.mp4: height must be"),
        (
            "clip,height,shoe-size\nwalk.mp4,1.7,43\n",
            "walk.mp4: the column shoe-size is unknown",
        ),
        ("clip,mass\nwalk.mp4,70\n", "walk.mp4: give the person's height"),
        ("clip,height,filter\nwalk.mp4,1.7,kalman\n", "walk.mp4: smoothing must be one of"),
        (
            "clip,height,pof,main-refiner\nwalk.mp4,1.7,no,yes\n",
            "walk.mp4: MainRefiner needs learned 3-D (POF)",
        ),
    ],
)
def test_a_row_that_cannot_be_analysed_starts_nothing(
    people: str, says: str, home: Path
) -> None:
    app = with_clip(people)
    next(button for button in app.button if button.label == "Analyse 1 clip").click().run()
    told = app.error[0].value.replace("\\", "")
    assert says in told
    assert "--" not in told
    assert not (home / "batches").exists()


def test_a_table_fills_the_row_of_its_clip() -> None:
    people = "clip,subject,height,pof,neutral-at\nwalk.mp4,Ann,1.7,no,0.5\n"
    [row] = with_clip(people).dataframe[0].value.to_dict(orient="records")
    told = {"clip": "walk.mp4", "subject": "Ann", "height_m": 1.7, "neutral_at_s": "0.5"}
    assert told.items() <= row.items()
    assert row["pof"] is False


def test_an_empty_cell_leaves_what_was_proposed() -> None:
    table = with_clip("clip,height,pof\nwalk.mp4,1.7,no\n").dataframe[0].value
    assert not table["pof"].any()
    table = with_clip("clip,height,pof\nwalk.mp4,1.7,\n").dataframe[0].value
    assert table["pof"].all()


def batch_of(owner: str) -> Batch:
    clip = store_upload("a.mp4", b"clip")
    return create_batch([Item(clip, "a.mp4", "", Settings(height_m=1.7, **RAW))], owner=owner)


def test_everybody_sees_their_own_batches_only() -> None:
    mine, theirs = batch_of("me"), batch_of("you")
    assert [Batch.newest(owners=[owner]) for owner in ("me", "you")] == [[mine], [theirs]]
    assert Batch.find("../" + mine.about.link) is None
    remove(mine.folder)
    assert Batch.newest(owners=["me"]) == []


def test_a_batch_can_be_deleted_and_brought_back() -> None:
    batch = batch_of("")
    app = opened("batch")
    next(button for button in app.button if button.label == "Delete").click().run()
    assert Batch.newest(owners=[""]) == []
    app.button(key=f"undo_{batch.token}").click().run()
    assert not app.exception
    assert Batch.newest(owners=[""]) == [batch]


def test_a_batch_of_a_server_that_was_closed_can_be_gone_on_with() -> None:
    batch = batch_of("me")
    write_state(batch, JobState("running", stage="Analysing"))
    assert "Run it again" in Jobs("humanpose.server.batch_worker").state(batch).message
