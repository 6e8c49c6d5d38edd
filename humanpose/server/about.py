"""What is written down of an analysis or a batch, in its folder, too: who has what is read from
the database, and the database, where it was lost, from these files."""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.server.small_files import DAMAGED, damage_said, read_json, write_json
from humanpose.server.space import home

KINDS = ("analyses", "batches")
FILE = "about.json"
UNKNOWN = "?"
"""The owner of what is damaged; no digest of a visitor's."""
TOKEN = re.compile(r"[0-9a-f]{32}")
"""Of folders and links; Streamlit takes no component key with "__" in it."""
_YEAR_3000 = 32503680000.0


@dataclass(frozen=True)
class About:
    label: str
    created: float
    """Seconds since the epoch."""
    owner: str
    """Whose list it is in; empty: everybody's, as before browsers were told apart."""
    keeps_clip: bool
    link: str
    """What opens it in an address; another one once that is withdrawn."""
    person: str = ""
    """Whose movement it is, a ``Person``'s token; empty: nobody said."""
    session: str = ""
    """The day of it, as ``date.isoformat``; empty: without a person."""

    @property
    def damaged(self) -> bool:
        return self.owner == UNKNOWN


def new_link() -> str:
    """Unguessable: 128 bits."""
    return secrets.token_hex(16)


def write_about(folder: Path, about: About) -> None:
    """What makes a folder an entry, so it is written after all else."""
    write_json(folder / FILE, asdict(about))


def read_about(folder: Path) -> About:
    """Of an entry's folder; of a damaged one its age is kept, and nobody knows the owner."""
    with suppress(AnalysisError):
        return _about_of(read_json(folder / FILE), folder.name)
    changed = 0.0
    with suppress(OSError):  # it may have been deleted meanwhile
        changed = folder.stat().st_mtime
    return About("Damaged analysis", changed, UNKNOWN, keeps_clip=True, link=new_link())


def folders_of_entries() -> Iterator[Path]:
    """All of them, whatever state they are in."""
    for kind in KINDS:
        for file in (home() / kind).glob(f"*/{FILE}"):
            if TOKEN.fullmatch(file.parent.name):
                yield file.parent


def _about_of(values: Any, token: str) -> About:
    """Versions before owners wrote neither owner nor whether the clip is kept; before links
    could be withdrawn, the folder's name was the link; before people, nobody's was known."""
    before = {"owner": "", "keeps_clip": True, "link": token, "person": "", "session": ""}
    with damage_said():
        values = before | values
    match values:
        case {
            "label": str(label),
            "created": int() | float() as created,
            "owner": str(owner),
            "keeps_clip": bool(keeps_clip),
            "link": str(link),
            "person": str(person),
            "session": str(session),
        } if 0 <= created < _YEAR_3000 and TOKEN.fullmatch(link):
            return About(label, float(created), owner, keeps_clip, link, person, session)
    raise AnalysisError(DAMAGED)
