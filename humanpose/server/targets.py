"""The clinic's own targets: a range for a measure of a movement, of one or of everybody."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from filelock import FileLock

from humanpose.errors import AnalysisError
from humanpose.server.person import Person
from humanpose.server.small_files import read_json, write_json
from humanpose.server.space import home, writable_home

FILE = "targets.json"
"""Those of everybody: owner of a list → movement → measure → from and to."""
Target = tuple[float, float]
"""From and to, in the measure's unit."""


def targets_of(person: Person, preset: str) -> dict[str, Target]:
    """Measure → target, of those of a movement that have one: the person's own, or else that of
    everybody; none where they are damaged."""
    return {**common_targets(person.owner, preset), **own_targets(person, preset)}


def own_targets(person: Person, preset: str) -> dict[str, Target]:
    """Those of the person alone."""
    return _of(_stated(person), preset)


def common_targets(owner: str, preset: str) -> dict[str, Target]:
    """Those of everybody in an owner's list."""
    return _of(_common().get(owner), preset)


def with_target(person: Person, preset: str, measure: str, target: Target | None) -> Person:
    """A person with another target of a measure, or with None without one."""
    return replace(person, targets=json.dumps(_with(_stated(person), preset, measure, target)))


def keep_common(owner: str, preset: str, measure: str, target: Target | None) -> None:
    """The same for everybody in an owner's list.

    Raises:
        OutputError: the data folder cannot be written.
    """
    with writable_home():
        home().mkdir(parents=True, exist_ok=True)
        with FileLock(home() / f"{FILE}.lock"):
            stated = _common()
            stated[owner] = _with(stated.get(owner), preset, measure, target)
            write_json(home() / FILE, stated)


def _stated(person: Person) -> Any:
    with suppress(ValueError):
        return json.loads(person.targets)
    return {}


def _common() -> dict[str, Any]:
    with suppress(AnalysisError):
        stated = read_json(home() / FILE)
        return stated if isinstance(stated, dict) else {}
    return {}


def _of(stated: Any, preset: str) -> dict[str, Target]:
    try:
        ranges = stated[preset].items()
        return {str(name): (float(low), float(high)) for name, (low, high) in ranges}
    except (LookupError, TypeError, ValueError, AttributeError):
        return {}


def _with(stated: Any, preset: str, measure: str, target: Target | None) -> dict[str, Any]:
    known = stated if isinstance(stated, dict) else {}
    ranges = {**_of(known, preset), measure: target}
    return known | {preset: {name: one for name, one in ranges.items() if one is not None}}
