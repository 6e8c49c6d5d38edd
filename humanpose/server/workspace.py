"""Where the app keeps clips and analyses: a folder each, named by an unguessable token."""

import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from humanpose.io.schema import settings_record
from humanpose.server.clips import drop_upload, take_clip
from humanpose.server.entry import Entry
from humanpose.server.folders import finished_folder
from humanpose.server.receiver import receive
from humanpose.server.small_files import write_json
from humanpose.server.space import home, require_room, writable_home
from humanpose.settings import Settings

_TOKEN = re.compile(r"[0-9a-f]{32}")  # Streamlit takes no component key with "__" in it


def create(
    clip: Path, label: str, settings: Settings, *, owner: str = "", keeps_clip: bool = True
) -> Entry:
    """Make a folder for one analysis of ``clip``, in the list of ``owner``.

    Args:
        keeps_clip: otherwise the clip is gone once the analysis has ended, however it did;
            an upload is moved, so that no copy of it stays.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    with writable_home():
        require_room(clip.stat().st_size)
        with finished_folder("analyses") as folder:
            take_clip(clip, folder / f"source{clip.suffix}", keeps_clip=keeps_clip)
            write_json(folder / "settings.json", settings_record(settings))
            write_about(folder, label, owner, keeps_clip=keeps_clip)
        if not keeps_clip:
            drop_upload(clip)
    return Entry(folder)


def write_about(folder: Path, label: str, owner: str, *, keeps_clip: bool = True) -> None:
    """What makes a folder an entry, so it is written last."""
    about = {"label": label, "created": time.time(), "owner": owner, "keeps_clip": keeps_clip}
    write_json(folder / "about.json", about)


def adopt(content: bytes | memoryview, *, owner: str = "") -> Entry:
    """Keep the analysis of a ``.humanpose`` file in the list of ``owner``, with all in it.

    Raises:
        AnalysisError: it is no such file.
        OutputError: the data folder cannot be written.
    """
    with writable_home():
        require_room(len(content))
        with finished_folder("analyses") as folder:
            entry = Entry(folder)
            file = folder / "received"
            file.write_bytes(content)
            received = receive(
                file, entry.results, clip_to=entry.playback, remarks_to=entry.remarks
            )
            file.unlink()
            write_json(entry.folder / "settings.json", settings_record(received.settings))
            write_about(entry.folder, received.clip_name, owner)
    return entry


def find(token: str) -> Entry | None:
    """The analysis with this token; None when there is none, or it is no token of ours."""
    folder = place_of("analyses", token)
    return Entry(folder) if folder else None


def place_of(kind: str, token: str) -> Path | None:
    """The folder of that kind with this token, if there is one and it is a token of ours."""
    folder = home() / kind / token if _TOKEN.fullmatch(token) else None
    return folder if folder and (folder / "about.json").is_file() else None


def recent(limit: int, *, owner: str | None = None) -> list[Entry]:
    """The newest analyses, newest first; with ``owner`` only those in that list."""
    folders = (home() / "analyses").glob("*")
    entries = [entry for folder in folders if (entry := find(folder.name))]
    if owner is not None:
        entries = [entry for entry in entries if entry.owner in ("", owner)]
    return sorted(entries, key=lambda entry: entry.created, reverse=True)[:limit]


def delete(entry: Entry) -> None:
    """Remove an analysis, its clip included.

    Raises:
        OutputError: the folder cannot be removed.
    """
    with writable_home(), suppress(FileNotFoundError):  # somebody else was faster
        shutil.rmtree(entry.folder)
