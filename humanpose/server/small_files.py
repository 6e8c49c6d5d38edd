"""Small files of an entry, as JSON: written whole, and read as if they might be damaged."""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.runtime.replace import STAGING_PREFIX

DAMAGED = "this analysis is damaged; delete it, and analyse the clip again"


def read_json(path: Path) -> Any:
    """The value in a file of ours.

    Raises:
        AnalysisError: it is missing or damaged.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise AnalysisError(DAMAGED) from error


def write_json(path: Path, value: object) -> None:
    """Write atomically: a reader sees the old file or the new one, never half of one, nor an
    empty one after the power failed."""
    draft = path.with_name(f"{STAGING_PREFIX}{secrets.token_hex(8)}-{path.name}")
    try:
        with draft.open("w", encoding="utf-8") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _flush_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Let the disk know the names in it; Windows opens no folders."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
