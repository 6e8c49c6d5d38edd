"""All words of the app in one catalogue a language: whole, and with what they fill in."""

import pickle
from string import Formatter

import pytest

from humanpose.words import ENGLISH, joined, preferred, say_in, speaking, to_say
from humanpose.words.again import retold, words_again
from humanpose.words.catalogue import catalogue_of
from tests.catalogue import TRANSLATED, messages


@pytest.fixture(params=TRANSLATED)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fields_of(text: str) -> list[tuple[str, ...]]:
    """Names of what is filled in, and how its digits are written."""
    parts = Formatter().parse(text)
    return sorted((name, spec or "") for _, name, spec, _ in parts if name is not None)


def test_a_catalogue_holds_every_message_and_no_other(language: str) -> None:
    entries = catalogue_of(language).entries
    assert {entry[0] for entry in messages()} == entries.keys(), "python -m tests.catalogue"
    assert not [msgid for msgid, entry in entries.items() if not all(entry.values())]


def test_a_translation_fills_in_what_the_message_does(language: str) -> None:
    different = [
        text
        for msgid, entry in catalogue_of(language).entries.items()
        for text in entry.values()
        if fields_of(text) != fields_of(msgid)
    ]
    assert not different


def test_words_remember_what_they_were_made_of() -> None:
    state, height = to_say("waiting"), to_say("e.g. {height:.2f}", height=1.75)
    several = to_say("about {time} left", time=joined((state, height), ", "))
    assert several == "about waiting, e.g. 1.75 left"
    assert say_in("de", pickle.loads(pickle.dumps(several))) == "noch etwa wartet, z. B. 1,75"
    assert say_in(ENGLISH, several) == several


def test_a_sentence_that_went_through_a_file_is_said_again() -> None:
    different = []
    for template, _ in catalogue_of("de").templates:
        fields = Formatter().parse(template)
        values = {
            name: 2 if spec or name == "n" else "Ångström"
            for _, name, spec, _ in fields
            if name
        }
        text = template.format(**values) if "!" not in template else ""
        different += [] if words_again(text) == text else [template]
        with speaking("de"):
            said = retold(text)
        if text and said == text != say_in("de", template, **values):
            different.append(template)
    assert not different


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Hip flexion, left", "Hüftflexion, links"),
        ("it takes 5.3 s of the clip", "sie dauert 5,3 s des Videos"),
        (
            "Nobody was found. My clip.mp4 is odd.",
            "Niemand wurde gefunden. My clip.mp4 is odd.",
        ),
        (
            "my.mp4 is empty (0 bytes); copy or export it again",
            "my.mp4 ist leer (0 Bytes); kopieren oder exportieren Sie es noch einmal",
        ),
        ("the clip has parrots", "the clip has parrots"),
        ("x" * 5000 + " s", "x" * 5000 + " s"),
    ],
)
def test_only_what_we_say_is_said_again(english: str, german: str) -> None:
    with speaking("de"):
        assert retold(english) == german
    assert retold(english) == english


def test_what_is_not_in_the_catalogue_stays_english() -> None:
    assert say_in("de", "{n} parrots", n=2) == "2 parrots"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-CH,de;q=0.9,en;q=0.8", "de"),
        ("pt, en;q=0.5, fr;q=0.7", "fr"),
        ("nl", "nl"),
        ("pt-BR, *;q=0.5, es;q=never", "es"),
        ("", ENGLISH),
    ],
)
def test_a_browser_says_which_language_it_wants(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


@pytest.mark.parametrize(("language", "expected"), [("en", "7 of"), ("de", "7 von")])
def test_words_are_filled_in_where_they_are_shown(language: str, expected: str) -> None:
    frames = to_say("{done} of about {total} frames")
    assert say_in(language, frames, done=7, total=9).startswith(expected)
