"""The app in the visitor's language, in Streamlit's own test harness."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.server.people import keep, move
from humanpose.server.person import Person
from humanpose.ui.language import language_of
from humanpose.words import LANGUAGES
from tests.support.entries import finished_entry
from tests.support.pages import MAIN, words
from tests.support.places import ROOT
from tests.support.synthetic import refined_analysis

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
SAME = {
    *LANGUAGES.values(),
    *(
        "Butterworth",
        "One-euro",
        "Median",
        "MainRefiner",
        "POF",
        "Part orientation fields (POF)",
    ),
    *("Ada", "squat.mp4", "**squat.mp4**", "Person", "2 · Person", "Name", "Min", "Max"),
    *(
        "RMSD",
        "MDC",
        "angle",
        "bone",
        "confidence",
        "joint",
        "kind",
        "reason",
        "trust",
        "visibility",
    ),
    ":orange[:material/info:] :small[The clip is synthetic.]",
}
"""Names, what is written alike in German, and a warning of nobody's."""
_MODEL_CARD = 1000
"""Letters; cards are documents, which are English."""
_TEXTS = ("label", "body", "help", "placeholder", "options", "text")


def texts_of(app: AppTest) -> set[str]:
    """All words on a page, those in its tables too."""
    found: list[str] = []
    for element in app:
        shown = [getattr(getattr(element, "proto", None), name, "") for name in _TEXTS]
        found += [text for text in shown if isinstance(text, str)]
        found += [str(text) for texts in shown if not isinstance(texts, str) for text in texts]
    for frame in app.dataframe:
        cells = frame.value.select_dtypes(exclude="number").to_numpy().ravel()
        found += [*map(str, frame.value.columns), *map(str, cells)]
    words = (text for text in found if re.search(r"[A-Za-z]{3}", text) and text[0] != "<")
    told = (text for text in words if not re.fullmatch(r"[a-z]+(_[a-z]+)+", text))
    return {text for text in told if len(text) < _MODEL_CARD}


def test_no_english_word_is_left_on_a_page_in_german(home: Path) -> None:
    ada = keep(Person(owner="", name="Ada"))
    entry = finished_entry(home, refined_analysis(60))
    for day in ("2026-01-01", "2026-02-01"):
        move(finished_entry(home), ada, day)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["a"] = entry.about.link
    left: dict[str, set[str]] = {}
    for page in PAGES:
        app.session_state["language"] = "en"
        english = texts_of(app.switch_page(str(page)).run())
        app.session_state["language"] = "de"
        german = texts_of(app.run())
        assert not app.exception, page.stem
        left[page.stem] = english & german - SAME
        if page.stem in ("explore", "quality"):
            assert {"Hüftflexion, links", "gemessen"} <= german, page.stem
    assert not any(left.values()), left


@pytest.mark.parametrize("language", ["nl", "fr", "es"])
def test_the_report_opens_in_another_language(home: Path, language: str) -> None:
    entry = finished_entry(home)
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.session_state["language"] = language
    app.query_params["a"] = entry.about.link
    app.switch_page(str(ROOT / "pages" / "report.py")).run()
    assert not app.exception
    assert f'<html lang="{language}">' in entry.report.read_text("utf-8")
