"""What our English sentences were made of that went through a file, a table or a process."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter

from humanpose.words import ENGLISH, LANGUAGES, Words, joined, language, spoken, to_say
from humanpose.words.catalogue import catalogue_of

_ANY = next(code for code in LANGUAGES if code != ENGLISH)
"""All catalogues have the same messages."""
_LONGEST = 2000
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…]) ")
_END = ("", None, None, None)
_FIRST: Mapping[str | None, Callable[[str], str]] = {None: str, "l": str.upper, "c": str.lower}
"""How a value begins that ``!l`` or ``!c`` has changed."""


def retold(text: str) -> str:
    """A sentence of ours in the reader's language; what is none of ours as it is."""
    return spoken(text if language() == ENGLISH else words_again(text))


@lru_cache(maxsize=4096)
def words_again(text: str) -> str:
    """``Words`` that are ``text`` where one of our messages makes it, or several one after the
    other; else ``text``."""
    if isinstance(text, Words) or len(text) > _LONGEST:
        return text
    catalogue = catalogue_of(_ANY)
    if text in catalogue.entries:
        return to_say(text)
    for template, one in catalogue.templates:
        if (made := _made(template, one, text)) is not None:
            return made
    for gap in reversed(list(_BETWEEN_SENTENCES.finditer(text))):
        if isinstance(words := words_again(text[: gap.start()]), Words):
            return joined((words, words_again(text[gap.end() :])))
    return text


def _made(template: str, one: str, text: str) -> Words | None:
    """``text`` as ``template`` filled in, in time that grows with its length only."""
    found: list[tuple[str, str, str | None, str]] = []
    last, rest = None, text
    for literal, name, spec, conversion in (*Formatter().parse(template), _END):
        if literal:
            filled, matches, rest = rest.partition(literal)
        else:
            filled, matches, rest = ("", text, rest) if name else (rest, text, "")
        if not matches or bool(filled) != bool(last):
            return None
        found += [(*last, filled)] if last else []
        last = (name, spec or "", conversion) if name else None
    values = {name: _value(filled, spec, kind) for name, spec, kind, filled in found}
    if one and not str(values["n"]).isdigit():
        return None
    try:
        words = Words(template, values, one)
    except ValueError:  # a word where a number belongs
        return None
    return words if words == text else None


def _value(text: str, spec: str, conversion: str | None) -> object:
    if spec:
        try:
            return float(text)
        except ValueError:
            return text
    again = words_again(_FIRST[conversion](text[0]) + text[1:])
    return again if isinstance(again, Words) else text
