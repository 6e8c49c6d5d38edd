"""A clip of a batch as an analysis of its own, so that every page can show it."""

import os
import shutil
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from humanpose.errors import AnalysisError
from humanpose.io.record import movement_of
from humanpose.io.schema import settings_record
from humanpose.report.remarks import Remarks, to_json
from humanpose.runtime.replace import flush_all
from humanpose.server.batches import Batch, Part
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
from humanpose.video import probe

_FILE = "single.json"
_ADDING = threading.Lock()


def single(part: Part, batch: Batch, *, wait: Callable[[Asked], object]) -> Entry:
    """The finished result of a part, in its owner's list and under its person where it has one;
    put there at the first call only, as links to the files of the batch.

    Args:
        wait: is given the making of the video that browsers play, and returns after its end.

    Raises:
        HumanPoseError: it cannot be put there, or its clip cannot be read.
    """
    if there := _copy(part):
        return there
    saved = batch.results / part.name
    with writable_home(), finished_folder("analyses") as folder:
        reserve(folder, bytes_in(saved) + bytes_in(part.clip.parent))
        entry = Entry(folder)
        shutil.copytree(saved, entry.results / saved.name, copy_function=_link)
        write_json(folder / "settings.json", settings_record(part.settings))
        if part.clip.is_file():
            _take_clip(part.clip, entry, wait)
        write_state(entry, JobState("done"))
        if part.person:
            write_json(entry.remarks, to_json(Remarks(preset=movement_of(entry.result))))
        flush_all(folder)
        keeps_clip = entry.playback.is_file()
        known = about(part.label, batch.about.owner, keeps_clip=keeps_clip)
        known = replace(known, person=part.person, session=_day(part))
        with _ADDING:
            if there := _copy(part):  # another tab, or the same one opened anew, was faster
                discard(folder)
                return there
            known_by = add(folder, known)
            write_json(part.place.folder / _FILE, folder.name)
    recount(folder)
    return Entry(*known_by)


def _copy(part: Part) -> Entry | None:
    """What was put there before and still is."""
    known = Entry(home() / "analyses" / (_token(part) or "none"))
    return known if known.folder.is_dir() else None


def holds(batch: Batch, tokens: Collection[str]) -> bool:
    """Whether one of these analyses came out of a batch, or it has a clip of one of these
    people."""
    with suppress(AnalysisError):
        return any({_token(part), part.person} & set(tokens) for part in batch.parts)
    return False


def _token(part: Part) -> str:
    with suppress(AnalysisError):
        return str(read_json(part.place.folder / _FILE))
    return ""


def _day(part: Part) -> str:
    if not part.person or part.session:
        return part.session
    filmed_on = probe(part.clip).filmed_on if part.clip.is_file() else ""
    return filmed_on or date.today().isoformat()


def _link(source: str | Path, to: str | Path) -> None:
    try:
        os.link(source, to)
    except OSError:  # not every disk has hard links
        shutil.copy2(source, to)


def _take_clip(clip: Path, entry: Entry, wait: Callable[[Asked], object]) -> None:
    source = entry.source.with_suffix(clip.suffix)
    _link(clip, source)
    asked = play(source, entry.result, entry.playback)
    wait(asked)
    asked.result()
