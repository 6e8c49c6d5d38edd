"""The clinic's own targets of a person: a range for a measure of a movement."""

import json
from dataclasses import replace

from humanpose.server.person import Person

Target = tuple[float, float]
"""From and to, in the measure's unit."""


def targets_of(person: Person, preset: str) -> dict[str, Target]:
    """Measure → target, of those of a movement that have one; none where they are damaged."""
    try:
        stated = json.loads(person.targets or "{}")[preset]
        return {str(name): (float(low), float(high)) for name, (low, high) in stated.items()}
    except (LookupError, TypeError, ValueError, AttributeError):
        return {}


def with_target(person: Person, preset: str, measure: str, target: Target | None) -> Person:
    """A person with another target of a measure, or with None without one."""
    try:
        stated = dict(json.loads(person.targets or "{}"))
    except (TypeError, ValueError):
        stated = {}
    own = {**targets_of(person, preset), measure: target}
    stated[preset] = {name: range_ for name, range_ in own.items() if range_ is not None}
    return replace(person, targets=json.dumps(stated))
