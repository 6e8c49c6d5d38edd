"""A clip of a batch as an analysis of its own, so that every page can show it."""

import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from humanpose.errors import AnalysisError
from humanpose.io.schema import settings_record
from humanpose.runtime.replace import flush_all
from humanpose.server.batches import Batch, Part
from humanpose.server.clips import take_clip
from humanpose.server.entry import Entry
from humanpose.server.folders import discard, finished_folder
from humanpose.server.helpers import Asked
from humanpose.server.jobstate import JobState, write_state
from humanpose.server.listing import add
from humanpose.server.making import play
from humanpose.server.quota import recount, reserve
from humanpose.server.small_files import read_json, write_json
from humanpose.server.space import bytes_in, home, writable_home
from humanpose.server.workspace import about

_FILE = "single.json"
_ADDING = threading.Lock()


def single(part: Part, batch: Batch, *, wait: Callable[[Asked], object]) -> Entry:
    """The finished result of a part, in its owner's list; copied at the first call only.

    Args:
        wait: is given the making of the video that browsers play, and returns after its end.

    Raises:
        HumanPoseError: it cannot be copied, or its clip cannot be read.
    """
    if there := _copy(part):
        return there
    saved = batch.results / part.name
    with writable_home(), finished_folder("analyses") as folder:
        reserve(folder, bytes_in(saved) + bytes_in(part.clip.parent))
        entry = Entry(folder)
        shutil.copytree(saved, entry.results / saved.name)
        write_json(folder / "settings.json", settings_record(part.settings))
        if part.clip.is_file():
            _take_clip(part.clip, entry, wait)
        write_state(entry, JobState("done"))
        flush_all(folder)
        keeps_clip = entry.playback.is_file()
        with _ADDING:
            if there := _copy(part):  # another tab, or the same one opened anew, was faster
                discard(folder)
                return there
            known_by = add(folder, about(part.label, batch.owner, keeps_clip=keeps_clip))
            write_json(part.place.folder / _FILE, folder.name)
    recount(folder)
    return Entry(*known_by)


def _copy(part: Part) -> Entry | None:
    """What was copied of it before and is there."""
    with suppress(AnalysisError):
        known = Entry(home() / "analyses" / read_json(part.place.folder / _FILE))
        if known.folder.is_dir():
            return known
    return None


def _take_clip(clip: Path, entry: Entry, wait: Callable[[Asked], object]) -> None:
    source = entry.source.with_suffix(clip.suffix)
    take_clip(clip, source, keeps_clip=True)
    asked = play(source, entry.result, entry.playback)
    wait(asked)
    asked.result()
