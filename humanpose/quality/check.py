"""One thing that was looked at in a clip: what was found, and what to do about it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from humanpose.words import joined, to_say

State = Literal["good", "watch", "bad", "unknown"]


@dataclass(frozen=True)
class Check:
    """One thing about the clip."""

    name: str
    state: State
    finding: str
    """A sentence: what was found."""
    advice: str = ""
    """A sentence: what to do about it; empty where nothing needs doing."""


def overall(found: Sequence[Check]) -> Check:
    """What the checks come to: as good as the gravest of them, which is named."""
    gravest: tuple[State, ...] = ("bad", "watch", "unknown", "good")
    state = next(s for s in gravest if s == "good" or any(c.state == s for c in found))
    names = joined((check.name for check in found if check.state == state), ", ")
    words = {
        "bad": to_say("Act first on: {names}.", names=names),
        "watch": to_say("Usable with care; look at: {names}.", names=names),
        "unknown": to_say(
            "Nothing is amiss in what could be checked; not known: {names}.", names=names
        ),
        "good": to_say("Nothing is amiss."),
    }
    return Check(to_say("In all"), state, words[state])


def check_of(name: str, state: State, finding: str, advice: str) -> Check:
    """Advice only where something needs doing."""
    if state == "unknown":
        return Check(name, state, to_say("Not known for this analysis."))
    return Check(name, state, finding, "" if state == "good" else advice)


def graded(value: float, *, good: float, bad: float) -> State:
    """Lower is better: good up to one limit, bad above the other."""
    if math.isnan(value):
        return "unknown"
    return "good" if value <= good else "bad" if value > bad else "watch"
