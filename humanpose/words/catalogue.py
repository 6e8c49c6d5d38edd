"""What stands in a ``.po`` file: the words of the source, and the same in another language."""

import json
from functools import cache
from gettext import c2py
from pathlib import Path
from string import Formatter

_FOLDER = Path(__file__).parent
_RULE = "plural="


class Catalogue:
    """English → another language."""

    def __init__(self, text: str) -> None:
        self.entries = {entry["msgid"]: entry for entry in map(_fields, text.split("\n\n"))}
        """``msgid`` → its fields, in order of the file; the header is that of nothing."""
        header = self.entries.pop("")["msgstr"]
        of_numbers = [
            (e["msgid_plural"], m) for m, e in self.entries.items() if "msgid_plural" in e
        ]
        ones = {one for _, one in of_numbers}
        filled = [(m, m if m in ones else "") for m in self.entries if "{" in m]
        templates = filter(_letters, (*filled, *of_numbers))
        self.templates = sorted(templates, key=_letters, reverse=True)
        """Those of words and something to fill in, each with what it is the plural of; those
        with the most letters first."""
        self._form = c2py(header.partition(_RULE)[2].partition(";")[0])

    def of(self, words: str) -> str:
        """The same in the other language; what is not in the catalogue as it is."""
        return self.entries.get(words, {}).get("msgstr", words)

    def of_number(self, one: str, words: str, n: int) -> str:
        """The form for ``n`` of what is ``one`` in the singular, or else ``words``."""
        return self.entries.get(one, {}).get(f"msgstr[{self._form(n)}]", words)


@cache
def catalogue_of(language: str) -> Catalogue:
    """Of one of the languages beside this file."""
    return Catalogue((_FOLDER / f"{language}.po").read_text("utf-8"))


def _letters(template: tuple[str, str]) -> int:
    literals = "".join(literal for literal, *_ in Formatter().parse(template[0]))
    return sum(map(str.isalpha, literals))


def _fields(entry: str) -> dict[str, str]:
    """``msgid``, ``msgstr`` and so on → its string, which may go on over several lines."""
    fields: dict[str, str] = {}
    name = ""
    for line in entry.splitlines():
        if not line.startswith("#"):
            word, _, quoted = line.partition('"')
            name = word.strip() or name
            fields[name] = fields.get(name, "") + json.loads(f'"{quoted}')
    return fields
