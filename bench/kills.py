"""Kill whoever saves, at random times, and look at what is left.

$ python -m bench.kills --kills 200

Half of the kills meet a worker that saves an analysis and its playback clip, half a server that
takes clips in, notes, withdraws links and deletes. After each, everything in the list must
open; then the next server starts, and nothing unfinished may be left.
"""

import argparse
import itertools
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from humanpose.analysis import Analysis
from humanpose.io.load import load_analysis
from humanpose.report.remarks import Remarks, from_json, to_json
from humanpose.runtime.replace import STAGING_PREFIX
from humanpose.server import database, worker, workspace
from humanpose.server.about import KINDS, read_about
from humanpose.server.batches import Batch, Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState, read_state, write_state
from humanpose.server.leftovers import kept_tidy
from humanpose.server.listing import remove, renew_link
from humanpose.server.small_files import DAMAGED, write_json
from humanpose.video import probe
from tests.support.clips import numbered, write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis

_FRAMES, _LONGEST_S = 12, 0.5
Action = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_HOME", folder)
        met = kill_savers(Path(folder), kills=asked.kills, seed=asked.seed)
    print("kills by what they met:", dict(met))


def kill_savers(home: Path, *, kills: int, seed: int) -> Counter[str]:
    """Kill so many; how often each kind of thing was found undone afterwards.

    ``home`` must be what HUMANPOSE_HOME says.

    Raises:
        AssertionError: something is half-written or lost.
    """
    chance, met = random.Random(seed), Counter[str]()
    analysis = synthetic_analysis(_FRAMES)
    pictures = numbered(_FRAMES, width=IMAGE_SIZE[0], height=IMAGE_SIZE[1])
    clip = write_clip(home.parent / f"{home.name}.mp4", pictures, fps=30)
    saved = workspace.create(clip, "a.mp4", analysis.settings, owner="me")
    for action in itertools.islice(_actions(saved, analysis, clip), kills):
        _kill(action, after_s=chance.uniform(0, _LONGEST_S))
        met.update(_undone(home))
        look_at_all()
        with kept_tidy():
            look_at_all()
            assert saved in Entry.newest()
            assert _undone(home) == []
    return met


def _actions(saved: Entry, analysis: Analysis, clip: Path) -> Iterator[Action]:
    while True:
        yield lambda: _work(saved, analysis)
        yield lambda: _serve(analysis, clip)


def _work(entry: Entry, analysis: Analysis) -> None:
    """A worker whose analysis is ready to be saved."""
    worker.analyze = lambda *_, **__: analysis  # type: ignore[attr-defined]
    worker.run(entry)


def _serve(analysis: Analysis, clip: Path) -> None:
    upload = store_upload("b.mp4", clip.read_bytes())
    entry = workspace.create(upload, "b.mp4", analysis.settings, keeps_clip=False)
    write_state(entry, JobState("queued"))
    write_json(entry.remarks, to_json(Remarks(notes="of today")))
    analysis.save(entry.results)
    renew_link(entry.folder)
    batch = create_batch([Item(clip, "c.mp4", "", analysis.settings)] * 2, owner="me")
    remove(entry.folder)
    remove(batch.folder)


def _kill(action: Action, *, after_s: float) -> None:
    """Do it again and again in a process of its own, until that is killed."""
    process = os.fork()
    if process == 0:
        try:
            while True:
                action()
        finally:
            os._exit(1)
    time.sleep(after_s)
    assert os.waitpid(process, os.WNOHANG) == (0, 0), "it ended by itself"
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def look_at_all() -> None:
    """All that is in the lists, as a page would."""
    assert database.read("PRAGMA integrity_check") == [("ok",)]
    for entry in Entry.newest():
        assert not entry.about.damaged
        assert read_about(entry.folder).owner == entry.about.owner
        entry.settings()
        assert read_state(entry).message.casefold() != f"{DAMAGED}."
        if list(entry.results.glob("[!.]*")):
            load_analysis(entry.result)
        if entry.playback.exists():
            probe(entry.playback)
        if entry.remarks.exists():
            from_json(entry.remarks.read_text("utf-8"))
    for batch in Batch.newest():
        assert [probe(part.clip).codec for part in batch.parts]


def _undone(home: Path) -> list[str]:
    """What is in the data folder and belongs to nothing that is in a list."""
    known = {entry.folder for entry in (*Entry.newest(), *Batch.newest())}
    folders = [folder for kind in KINDS for folder in (home / kind).glob("*")]
    return [
        *(f"{one.parent.name}: a folder in no list" for one in folders if one not in known),
        *(f"a draft of {one.suffix or 'a folder'}" for one in home.rglob(f"{STAGING_PREFIX}*")),
        *("an upload" for _ in (home / "uploads").glob("*")),
    ]


if __name__ == "__main__":
    main()
