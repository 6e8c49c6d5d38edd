"""The CSV that says who is in which clip, and what is different about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from humanpose.batch.jobs import file_name
from humanpose.errors import SettingsError
from humanpose.runtime.cells import words_of
from humanpose.settings import OPTIONS, Settings, chosen_settings
from humanpose.words import to_say

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, str]
"""Column → cell; the column of a setting has the name of its field in ``Settings``."""
_OURS = frozenset({"clip", "subject"})
_FIELDS = {column: field for field, option in OPTIONS.items() for column in option.columns}


@dataclass(frozen=True)
class Subjects:
    """The rows of the table, to be asked for by clip."""

    rows: tuple[Row, ...] = ()

    def of(self, clip: str) -> Row:
        """The row whose ``clip`` is this path or its end, e.g. its file name; or an empty one.

        Raises:
            SettingsError: several rows are.
        """
        place = clip.replace("\\", "/")
        found = [row for row in self.rows if f"/{place}".endswith(f"/{row['clip']}")]
        if len(found) > 1:
            raise SettingsError(
                f"{len(found)} rows of the subjects name {file_name(clip)}; leave one, or give"
                " more of the path in the column clip"
            )
        return found[0] if found else {}


def read_subjects(path: Path) -> Subjects:
    """Read a CSV with the column ``clip``, and any of ``subject`` and the settings'.

    Raises:
        SettingsError: it cannot be read, or has no such column.
    """
    import pandas as pd  # most batches have no table

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # pandas' own are ValueErrors
        raise SettingsError(f"{path} cannot be read as a CSV: {_one_line(error)}") from error
    table.columns = [_named(str(column)) for column in table.columns]
    if "clip" not in table.columns:
        raise SettingsError(f"{path} needs a column called clip; give one with file names")
    if not table.columns.is_unique:
        raise SettingsError(f"{path} says the same in two columns; leave one")
    rows = [
        {name: words_of(cell).strip() for name, cell in row.items()} for row in _records(table)
    ]
    return Subjects(tuple(row for row in rows if row["clip"]))


def settings_of_row(
    row: Row, given: Mapping[str, Any] | None = None, *, height_needed: bool = True
) -> Settings:
    """Of one row; an empty cell says nothing.

    Args:
        given: the value of each field of ``Settings`` that rows need not say.
        height_needed: whether a row without a height is refused.

    Raises:
        SettingsError: a column is unknown, a cell out of range, or the height missing.
    """
    chosen = dict(given or {})
    for column, cell in row.items():
        if column in _OURS or not cell:
            continue
        if column not in OPTIONS:
            known = ", ".join(sorted(_OURS) + [option.column for option in OPTIONS.values()])
            raise SettingsError(
                to_say(
                    "the column {column} is unknown; known are {known}",
                    column=column,
                    known=known,
                )
            )
        chosen[column] = OPTIONS[column].read(cell)
    if chosen.setdefault("height_m", None) is None and height_needed:
        raise SettingsError(to_say("give the person's height in metres, e.g. 1.78"))
    return chosen_settings(chosen)


def _named(column: str) -> str:
    name = column.strip().lower().replace("_", "-")
    return _FIELDS.get(name, name)


def _records(table: "pd.DataFrame") -> list[Row]:
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
