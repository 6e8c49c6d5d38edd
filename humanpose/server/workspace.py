"""Analyses in the app's data folder: begun, and received."""

import time
from collections.abc import Callable
from pathlib import Path

from humanpose.io.schema import settings_record
from humanpose.runtime.replace import flush_all
from humanpose.runtime.words import harmless_text
from humanpose.server.about import About, new_link
from humanpose.server.clips import drop_upload, take_clip
from humanpose.server.entry import Entry
from humanpose.server.folders import finished_folder
from humanpose.server.listing import add
from humanpose.server.quota import recount, reserve
from humanpose.server.receiver import receive
from humanpose.server.small_files import write_json
from humanpose.server.space import writable_home
from humanpose.settings import Settings

_LONGEST_LABEL = 255


def create(
    clip: Path,
    label: str,
    settings: Settings,
    *,
    owner: str = "",
    keeps_clip: bool = True,
    then: Callable[[Entry], None] = lambda _: None,
) -> Entry:
    """Make a folder for one analysis of ``clip``, in the list of ``owner``.

    Args:
        keeps_clip: otherwise the clip is gone once the analysis has ended, however it did;
            an upload is moved, so that no copy of it stays.
        then: what else belongs to it; where that fails, nothing of the analysis stays.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    with writable_home():
        with finished_folder("analyses") as folder:
            reserve(folder, clip.stat().st_size)
            take_clip(clip, folder / f"source{clip.suffix}", keeps_clip=keeps_clip)
            write_json(folder / "settings.json", settings_record(settings))
            known = add(folder, about(label, owner, keeps_clip=keeps_clip))
            then(Entry(*known))
        if not keeps_clip:
            drop_upload(clip)
    return Entry(*known)


def about(label: str, owner: str, *, keeps_clip: bool = True) -> About:
    """What there is to know of something new."""
    shown = harmless_text(label, most=_LONGEST_LABEL)
    return About(shown, time.time(), owner, keeps_clip, new_link())


def adopt(content: bytes | memoryview, *, owner: str = "") -> Entry:
    """Keep the analysis of a ``.humanpose`` file in the list of ``owner``, with all in it.

    Raises:
        AnalysisError: it is no such file.
        OutputError: the data folder cannot be written.
    """
    with writable_home(), finished_folder("analyses") as folder:
        reserve(folder, len(content))
        entry = Entry(folder)
        file = folder / "received"
        file.write_bytes(content)
        received = receive(
            file, entry.results, clip_to=entry.playback, remarks_to=entry.remarks
        )
        file.unlink()
        write_json(folder / "settings.json", settings_record(received.settings))
        flush_all(folder)
        known = add(folder, about(received.clip_name, owner))
    recount(folder)
    return Entry(*known)
