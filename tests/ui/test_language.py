"""The app in the visitor's language, in Streamlit's own test harness."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.server.people import keep
from humanpose.server.person import Person
from humanpose.ui.language import language_of
from tests.support.entries import finished_entry
from tests.support.pages import MAIN, words
from tests.support.places import ROOT

pytestmark = pytest.mark.usefixtures("home")


def test_the_app_speaks_the_language_that_is_chosen() -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert "Joint angles from one video" in words(app)
    app.selectbox(key="language").set_value("de").run()
    assert not app.exception
    assert "Gelenkwinkel aus einem Video" in words(app)
    assert "Körpergröße (m)" in [field.label for field in app.number_input]


@pytest.mark.parametrize(
    ("cookies", "accepted", "language"),
    [
        ("a=b; humanpose_language=nl", "de", "nl"),
        ("humanpose_language=xx", "de", "de"),
        ("humanpose_language=nl; [broken]=", "fr", "nl"),
        ("", "", "en"),
    ],
)
def test_a_choice_of_before_counts_more_than_the_browser(
    cookies: str, accepted: str, language: str
) -> None:
    assert language_of(cookies, accepted) == language


PAGES = sorted((ROOT / "pages").glob("*.py"))
"""Each opens in one of the languages: what is filled in is the same in all of them, and
``tests.test_words`` looks at that."""


@pytest.mark.parametrize(
    ("language", "word", "some"),
    [
        ("de", "Gelenkwinkel", PAGES[::4]),
        ("nl", "Reeks", PAGES[1::4]),
        ("fr", "Personnes", PAGES[2::4]),
        ("es", "Calidad", PAGES[3::4]),
    ],
)
def test_every_page_opens_in_another_language(
    home: Path, language: str, word: str, some: list[Path]
) -> None:
    keep(Person(owner="", name="Ada"))
    entry = finished_entry(home)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state["language"] = language
    app.query_params["a"] = entry.link
    titles = []
    for page in some:
        app.switch_page(str(page)).run()
        assert not app.exception, page.stem
        titles += [element.value for element in app.title]
    assert word in " ".join(titles)
