"""Words from elsewhere on a page."""

import pytest

from humanpose.ui.messages import as_text


@pytest.mark.parametrize("words", ["www.evil.org", "https://evil.org", "me@evil.org"])
def test_no_address_is_left_to_become_a_link(words: str) -> None:
    shown = as_text(words).replace("\\", "")
    assert shown != words
    assert shown.replace("\u2060", "") == words


def test_entities_and_what_controls_are_words_too() -> None:
    assert as_text("&lt;b") == "\\&lt;b"
    assert as_text("a\0b") == "a\ufffdb"
