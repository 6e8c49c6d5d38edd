"""The app in the visitor's language, in Streamlit's own test harness."""

import pytest
from streamlit.testing.v1 import AppTest

from humanpose.ui.language import language_of
from tests.support.pages import MAIN, words

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
