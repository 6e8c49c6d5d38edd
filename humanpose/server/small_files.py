"""Small files of an entry, as JSON: written whole, and read as if they might be damaged."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError, SettingsError
from humanpose.runtime.replace import replaced
from humanpose.words import to_say

DAMAGED = to_say("this analysis is damaged; delete it, and analyse the clip again")


def read_json(path: Path) -> Any:
    """The value in a file of ours.

    Raises:
        AnalysisError: it is missing or damaged.
    """
    with damage_said():
        return json.loads(path.read_bytes())


@contextmanager
def damage_said() -> Iterator[None]:
    """Turn what values lead to that none of ours has into an AnalysisError."""
    try:
        yield
    except (
        OSError, LookupError, TypeError, ValueError, RecursionError, SettingsError
    ) as error:  # fmt: skip
        raise AnalysisError(DAMAGED) from error


def write_json(path: Path, value: object) -> None:
    """Write it as a whole: a reader sees the old file or the new one, also after a power
    failure."""
    with replaced(path) as draft:
        draft.write_text(json.dumps(value), encoding="utf-8")
