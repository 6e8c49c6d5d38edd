"""What is written down of an analysis, read so that damage to it harms nothing else."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.server.small_files import DAMAGED, read_json

_YEAR_3000 = 32503680000.0


@dataclass(frozen=True)
class About:
    label: str
    created: float
    """Seconds since the epoch."""
    owner: str
    keeps_clip: bool
    damaged: bool = False


def read_about(folder: Path) -> About:
    """Of an entry's folder; of a damaged one its age is kept, and nobody is its owner."""
    with suppress(AnalysisError):
        return _about_of(read_json(folder / "about.json"))
    changed = 0.0
    with suppress(OSError):  # it may have been deleted meanwhile
        changed = folder.stat().st_mtime
    return About("Damaged analysis", changed, owner="", keeps_clip=True, damaged=True)


def _about_of(values: Any) -> About:
    """Versions before owners wrote neither owner nor whether the clip is kept."""
    if not isinstance(values, dict):
        raise AnalysisError(DAMAGED)
    about = {"owner": "", "keeps_clip": True} | values
    match about:
        case {
            "label": str(label),
            "created": int() | float() as created,
            "owner": str(owner),
            "keeps_clip": bool(keeps_clip),
        } if 0 <= created < _YEAR_3000:
            return About(label, float(created), owner, keeps_clip)
    raise AnalysisError(DAMAGED)
