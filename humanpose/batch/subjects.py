"""The CSV that says who is in which clip, and what is different about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from humanpose.batch.jobs import file_name
from humanpose.errors import SettingsError

Row = dict[str, str]
_OURS = frozenset({"clip", "subject"})
_YES, _NO = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})


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
    """Read a CSV with the column ``clip``, and any of ``subject`` and the options of analyze.

    Raises:
        SettingsError: it cannot be read, or has no such column.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # pandas' own are ValueErrors
        raise SettingsError(f"{path} cannot be read as a CSV: {_one_line(error)}") from error
    table.columns = [str(name).strip().lower().replace("_", "-") for name in table.columns]
    if "clip" not in table.columns:
        raise SettingsError(f"{path} needs a column called clip; give one with file names")
    if not table.columns.is_unique:
        raise SettingsError(f"{path} has a column twice; leave one")
    rows = [{name: cell.strip() for name, cell in row.items()} for row in _records(table)]
    return Subjects(tuple(row for row in rows if row["clip"]))


def as_arguments(row: Row) -> Sequence[str]:
    """The cells as on the command line; an empty one says nothing, yes and no are switches."""
    return [_argument(name, cell) for name, cell in row.items() if name not in _OURS and cell]


def _argument(name: str, cell: str) -> str:
    if cell.lower() in _YES:
        return f"--{name}"
    if cell.lower() in _NO:
        return f"--no-{name}"
    return f"--{name}={cell}"


def _records(table: pd.DataFrame) -> list[Row]:
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in table.to_dict(orient="records")
    ]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
