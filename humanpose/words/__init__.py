"""The words of the app in the language of whoever reads them; English is what the code says.

``say`` translates what stands in its call. What a lower room words for whoever may show it goes
through ``to_say``: an English string that knows how it was made, so that ``say`` can make it
anew. Files and logs are English everywhere (``again.retold`` translates what is read from
them), and so is the command line, which asks for no other language. The catalogues are the
``.po`` files beside this one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from numbers import Integral, Real
from string import Formatter
from typing import Any

from humanpose.words.catalogue import catalogue_of

ENGLISH = "en"
LANGUAGES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "nl": "Nederlands",
    "fr": "Français",
    "es": "Español",
}
"""By what a browser calls it → its own name. All but English write a decimal comma."""


class Words(str):
    """An English string that can be said in other languages, too."""

    template: str
    values: Mapping[str, object]
    one: str
    """What ``template`` is the plural of; empty where it isn't."""

    def __new__(cls, template: str, values: Mapping[str, object], one: str = "") -> "Words":
        words = super().__new__(cls, say_in(ENGLISH, template, **values))
        words.template, words.values, words.one = template, values, one
        return words

    def __getnewargs__(self) -> Any:
        return self.template, self.values, self.one


def to_say(template: str, **values: object) -> Words:
    """``template`` with its ``{placeholders}`` filled in, to be translated where it is shown.

    Args:
        values: texts that are ``Words`` will be translated, others are left as they are.
    """
    return Words(template, values)


def to_say_number(one: str, many: str, n: int, **values: object) -> Words:
    """``one`` or ``many``, which say ``{n}``, to be translated where it is shown."""
    return Words((one, many)[n != 1], {"n": n, **values}, one)


def joined(parts: Iterable[str], by: str = " ") -> Words:
    """Sentences one after the other, or a list with commas; each is translated if it can be."""
    values = {f"part{i}": part for i, part in enumerate(parts)}
    return Words(by.join(f"{{{name}}}" for name in values), values)


def say(template: str, **values: object) -> str:
    """``template``, or that of ``Words``, in the reader's language, with its ``{placeholders}``
    filled in: by ``values``, or by those that ``Words`` bring along."""
    return say_in(language(), template, **values)


def say_number(one: str, many: str, n: int, **values: object) -> str:
    """``one`` or ``many``, which say ``{n}``, in the reader's language."""
    return say(to_say_number(one, many, n, **values))


def say_in(language: str, template: str, **values: object) -> str:
    """As ``say``, in one of ``LANGUAGES``."""
    if isinstance(template, Words):
        return _translated(language, template, {**template.values, **values})
    if language != ENGLISH:
        template = catalogue_of(language).of(template)
    return _Speaker(language).vformat(template, (), values) if values else template


def _translated(language: str, words: Words, values: Mapping[str, object]) -> str:
    template = words.template
    if language != ENGLISH and words.one:
        n = int(str(values["n"]))
        template = catalogue_of(language).of_number(words.one, template, n)
    elif language != ENGLISH:
        template = catalogue_of(language).of(template)
    return _Speaker(language).vformat(template, (), values)


def spoken(text: str) -> str:
    """``Words`` in the reader's language; other strings, such as a file's name, as they are."""
    return say(text) if isinstance(text, Words) else text


def preferred(accepted: str) -> str:
    """The first of ``LANGUAGES`` that a browser asks for: ``de-CH,de;q=0.9,en;q=0.8``."""

    def weight(part: str) -> float:
        try:
            return float(part.partition("q=")[2] or 1)
        except ValueError:
            return 0.0

    for part in sorted(accepted.split(","), key=weight, reverse=True):
        language = part.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return ENGLISH


def language() -> str:
    """That of the reader, one of ``LANGUAGES``."""
    return _meanwhile.get() or _language()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have ``say`` speak this language meanwhile, in this thread."""
    before = _meanwhile.set(language)
    try:
        yield
    finally:
        _meanwhile.reset(before)


def own_point(number: str) -> str:
    """Digits with the decimal sign of the reader's language."""
    return _pointed(language(), number)


def own_separators() -> str:
    """The decimal sign and that of thousands, as Plotly takes them."""
    return ". " if language() == ENGLISH else ", "


def _pointed(language: str, number: str) -> str:
    return number if language == ENGLISH else number.replace(".", ",")


def ask_for_language(of_now: Callable[[], str]) -> None:
    """Have ``say`` speak the language that this says each time."""
    global _language
    _language = of_now


def _english() -> str:
    return ENGLISH


_language = _english
_meanwhile: ContextVar[str] = ContextVar("language", default="")


class _Speaker(Formatter):
    def __init__(self, language: str) -> None:
        self._language = language

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """``{words!l}`` in the middle of a sentence, ``{words!c}`` at its beginning."""
        if conversion in ("l", "c"):
            words = self.format_field(value, "")
            return words.lower() if conversion == "l" else words[:1].upper() + words[1:]
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Words):
            return say_in(self._language, value)
        words = super().format_field(value, format_spec)
        is_fraction = isinstance(value, Real) and not isinstance(value, Integral)
        return _pointed(self._language, words) if is_fraction else words
