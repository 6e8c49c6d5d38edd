"""Words from elsewhere stay readable and do nothing."""

from humanpose.runtime.words import harmless_text


def test_words_stay_as_they_are() -> None:
    words = "Größe 1,78 m – 歩行 🚶 <b>*x*</b>"
    assert harmless_text(words, most=100) == words


def test_what_controls_is_shown_as_a_mark() -> None:
    assert harmless_text("a\0b\x1bc\u202ed\ud800e\n", most=100) == "a�b�c�d�e�"
    assert harmless_text("one\ntwo\r", most=100, keep="\n") == "one\ntwo�"


def test_no_more_than_so_many() -> None:
    assert harmless_text("abc", most=2) == "ab"
