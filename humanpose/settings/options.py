"""The kinds of options: how each is named, explained, read from text and checked."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from humanpose.errors import SettingsError

_YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})
_COMMA = re.compile(r"^(\s*-?\d*),(\d+\s*)$")
"""In a number, a decimal point."""
_METAVARS = {"": "N", "°": "DEG", "frames/s": "FPS"}


@dataclass(frozen=True)
class Option(ABC):
    """One setting as whoever is asked for it meets it."""

    travels: ClassVar[bool] = False
    """Whether an installation takes its value from a file of another one. A kind has to say
    so: its ``check`` then lets nothing through but what is harmless anywhere."""

    name: str
    """In the middle of a sentence, e.g. field of view."""
    _: KW_ONLY
    help: str
    """What it does, in whole sentences."""
    group: str
    unit: str = ""
    default_words: str = ""
    """What holds where nothing is given, e.g. to the end."""
    flags: tuple[str, ...] = ()
    """Of the command line, the usual one first; without any it is the field's name."""
    field: str = ""
    """Its name in ``Settings``."""

    @property
    def title(self) -> str:
        """Over its field in a form, e.g. Field of view (°)."""
        return self.name[0].upper() + self.name[1:] + (f" ({self.unit})" if self.unit else "")

    @property
    def column(self) -> str:
        """What its column in a table is called."""
        return self.flags[0].removeprefix("--")

    @property
    def columns(self) -> frozenset[str]:
        """Everything that its column may be called."""
        flags = {flag.removeprefix("--") for flag in self.flags}
        return frozenset(flags | {self.field.replace("_", "-")})

    @property
    def metavar(self) -> str:
        """What stands for its value on the command line."""
        return _METAVARS.get(self.unit, self.unit.upper())

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that ``text`` means. Raises SettingsError where it means none."""

    @abstractmethod
    def check(self, value: Any) -> None:
        """Raises SettingsError where the value is out of range."""

    def refusal(self, must: str, value: object) -> SettingsError:
        return SettingsError(f"{self.name} must be {must}, not {value!r}")


@dataclass(frozen=True, kw_only=True)
class Number(Option):
    travels: ClassVar[bool] = True

    low: float
    high: float
    step: float
    """Between two values in a form."""
    whole: bool = False
    advice: str = ""
    """What an error adds to the range."""

    def read(self, text: str) -> float | str:
        try:
            return int(text) if self.whole else float(_COMMA.sub(r"\1.\2", text))
        except ValueError as error:
            raise self.refusal(self._range, text) from error

    def check(self, value: Any) -> None:
        if (
            isinstance(value, bool)
            or not isinstance(value, int if self.whole else int | float)
            or not self.low <= value <= self.high
        ):
            raise self.refusal(self._range, value)

    @property
    def _range(self) -> str:
        return f"{self.low:g}-{self.high:g} {self.unit}".rstrip() + self.advice


@dataclass(frozen=True, kw_only=True)
class NumberOrWord(Number):
    """A number, or a word that has it found."""

    word: str
    word_help: str
    """What the word has found, as a choice of its own."""

    @property
    def metavar(self) -> str:
        return f"{super().metavar}|{self.word}"

    def read(self, text: str) -> float | str:
        return self.word if text.strip().lower() == self.word else super().read(text)

    def check(self, value: Any) -> None:
        if value != self.word:
            super().check(value)

    @property
    def _range(self) -> str:
        return f"{super()._range} or {self.word}"


@dataclass(frozen=True, kw_only=True)
class Switch(Option):
    travels: ClassVar[bool] = True

    def read(self, text: str) -> bool:
        if text.lower() not in _YES | _NO:
            raise self.refusal("yes or no", text)
        return text.lower() in _YES

    def check(self, value: Any) -> None:
        if not isinstance(value, bool):
            raise self.refusal("true or false", value)


@dataclass(frozen=True, kw_only=True)
class Choice(Option):
    travels: ClassVar[bool] = True

    words: Mapping[str, str]
    """What can be chosen → what it is called."""

    @property
    def metavar(self) -> str:
        return "{" + ",".join(self.words) + "}"

    def read(self, text: str) -> str:
        self.check(text)
        return text

    def check(self, value: Any) -> None:
        if value not in self.words:
            raise self.refusal(f"one of {', '.join(self.words)}", value)


@dataclass(frozen=True, kw_only=True)
class Point(Option):
    """Two fractions of the picture's width and height."""

    travels: ClassVar[bool] = True

    @property
    def metavar(self) -> str:
        return "X,Y"

    def read(self, text: str) -> tuple[float, ...]:
        try:
            return tuple(float(part) for part in text.split(","))
        except ValueError as error:
            raise self._refusal(text) from error

    def check(self, value: Any) -> None:
        if not (isinstance(value, tuple | list) and len(value) == 2):
            raise self._refusal(value)
        for part in value:
            if not (isinstance(part, int | float) and 0 <= part <= 1):
                raise self._refusal(value)

    def _refusal(self, value: object) -> SettingsError:
        return self.refusal(
            "two fractions of the picture's width and height such as 0.25,0.5", value
        )


@dataclass(frozen=True, kw_only=True)
class ModelFile(Option):
    """A file of the installation, which no visitor of the app may choose."""

    @property
    def metavar(self) -> str:
        return "P"

    def read(self, text: str) -> str:
        return text

    def check(self, value: Any) -> None:
        if not isinstance(value, str):
            raise self.refusal("a path", value)
