"""A person whose movement is looked at: a small file in the data folder, from which the
database is made anew."""

import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.runtime.replace import flush_folder
from humanpose.server.about import TOKEN
from humanpose.server.small_files import DAMAGED, damage_said, read_json, write_json
from humanpose.server.space import home

FOLDER = "people"
AFFECTED = {"": "not said", "r": "right", "l": "left", "both": "both"}
_WORDS = ("token", "owner", "name", "code", "born", "affected", "notes", "targets")


@dataclass(frozen=True)
class Person:
    """What is known of a person, all of it as the user says."""

    owner: str
    """Whose list they are in, as an analysis is."""
    name: str = ""
    code: str = ""
    """One of name and code is given."""
    born: str = ""
    """``date.isoformat``, or empty."""
    height_m: float | None = None
    mass_kg: float | None = None
    affected: str = ""
    """Side, one of ``AFFECTED``."""
    notes: str = ""
    targets: str = ""
    """JSON: movement → measure → from and to; see ``humanpose.server.targets``."""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    created: float = field(default_factory=time.time)
    """Seconds since the epoch."""

    @property
    def called(self) -> str:
        """Name and code, as far as they are known."""
        both = f"{self.name} ({self.code})" if self.name and self.code else ""
        return both or self.name or self.code


def file_of(token: str) -> Path:
    return home() / FOLDER / f"{token}.json"


def write_person(person: Person) -> None:
    """Only the user that the app runs as may look."""
    folder = home() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    flush_folder(home())
    write_json(file_of(person.token), asdict(person))


def written_people() -> Iterator[Person]:
    """Of the files that can be read."""
    for file in (home() / FOLDER).glob("*.json"):
        with suppress(AnalysisError):
            person = _person_of(read_json(file))
            if person.token == file.stem:
                yield person


def _person_of(values: Any) -> Person:
    """
    Raises:
        AnalysisError: the values are damaged.
    """
    with damage_said():
        person = Person(**values)
    numbers = (person.created, person.height_m or 0.0, person.mass_kg or 0.0)
    words = [getattr(person, name) for name in _WORDS]
    if (
        not all(isinstance(word, str) for word in words)
        or not all(type(number) in (int, float) for number in numbers)
        or person.affected not in AFFECTED
        or not TOKEN.fullmatch(person.token)
    ):
        raise AnalysisError(DAMAGED)
    return person
