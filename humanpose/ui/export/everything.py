"""All files of an analysis as one ZIP, packed once somebody asks for it."""

import hashlib
from pathlib import Path

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.server.entry import Entry
from humanpose.server.making import pack
from humanpose.server.quota import recount
from humanpose.ui.export.downloads import button, companions, row
from humanpose.ui.messages import show_error
from humanpose.ui.waiting import waited
from humanpose.words import say


def everything(entry: Entry) -> None:
    """A row with the button that packs, and then with the one that saves."""
    about = say("All the files on this page, as one ZIP; the video once it is made.")
    with row(say("Everything"), about):
        video = entry.annotated if entry.annotated.is_file() else None
        parts = companions(entry) | {"video": video}
        out, place = _place_of(entry, parts), st.empty()
        if not out.is_file() and place.button(
            say("Pack as ZIP"), type="primary", width="stretch"
        ):
            _pack(entry, out, parts)
        if out.is_file():
            name = f"{entry.result.name}.zip"
            with place:
                button(name, out.read_bytes, label=say("Download ZIP"), primary=True)


def _place_of(entry: Entry, parts: dict[str, Path | None]) -> Path:
    """Another one where anything that goes into it has changed."""
    files = (entry.result, entry.remarks, *filter(None, parts.values()))
    known = [(path.name, path.stat().st_mtime_ns) for path in files if path.exists()]
    key = hashlib.sha256(repr(known).encode()).hexdigest()[:16]
    return entry.folder / f"files-{key}.zip"


def _pack(entry: Entry, out: Path, parts: dict[str, Path | None]) -> None:
    for older in entry.folder.glob("files-*.zip"):
        older.unlink(missing_ok=True)
    try:
        asked = pack(entry.result, out, notes=entry.remarks, **parts)
        waited([asked])
        asked.result()
        recount(entry.folder)
    except HumanPoseError as error:
        show_error(error)
