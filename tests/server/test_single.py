"""A clip of a batch that is looked at alone."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from humanpose.analysis import Analysis
from humanpose.errors import ClipError
from humanpose.io.record import movement_of
from humanpose.report.remarks import from_json
from humanpose.server.batches import Batch, Item, create_batch
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.helpers import Asked, wait_for
from humanpose.server.listing import delete
from humanpose.server.people import entries_of, forget, keep
from humanpose.server.person import Person
from humanpose.server.single import single
from tests.support.synthetic import synthetic_analysis


def finished(*, keeps_clip: bool, person: str = "") -> tuple[Batch, Analysis]:
    """A batch of one clip, which is none, and its result."""
    analysis = replace(synthetic_analysis(5), clip_name="a.mp4")
    clip = store_upload("a.mp4", b"clip")
    item = Item(clip, "a.mp4", "", analysis.settings, person)
    batch = create_batch([item], owner="me", keeps_clips=keeps_clip)
    analysis.save(batch.results)
    if not keeps_clip:
        batch.forget_clip()
    return batch, analysis


def no_wait(asked: Asked) -> None:
    raise AssertionError("there is no clip to be made ready")


def test_it_is_copied_once_and_again_after_it_was_deleted(home: Path) -> None:
    batch, analysis = finished(keeps_clip=False)
    [part] = batch.parts
    entry = single(part, batch, wait=no_wait)
    assert (entry.about.label, entry.settings()) == ("a.mp4", analysis.settings)
    assert {path.name for path in entry.result.iterdir()} >= {"angles.csv", "analysis.npz"}
    assert single(part, batch, wait=no_wait) == entry
    delete(entry.folder)
    another = single(part, batch, wait=no_wait)
    assert Entry.newest(owners=["me"]) == [another]


def test_two_tabs_that_ask_at_once_get_one_copy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, _ = finished(keeps_clip=False)
    [part] = batch.parts
    other_tab = iter([partial(single, part, batch, wait=no_wait)])
    monkeypatch.setattr(
        "humanpose.server.single.flush_all", lambda _: [ask() for ask in other_tab]
    )
    entry = single(part, batch, wait=no_wait)
    assert Entry.newest(owners=["me"]) == [entry]
    assert len(list((home / "analyses").iterdir())) == 1


def test_it_is_its_persons_without_a_copy_and_goes_with_them(home: Path) -> None:
    ada = keep(Person("me", name="Ada"))
    batch, _ = finished(keeps_clip=False, person=ada.token)
    [part] = batch.parts
    entry = single(part, batch, wait=no_wait)
    assert entries_of(ada) == [entry]
    assert entry.about.session == date.today().isoformat()
    of_batch = batch.results / "a" / "analysis.npz"
    assert of_batch.samefile(entry.result / "analysis.npz")
    assert from_json(entry.remarks.read_text()).preset == movement_of(entry.result)
    forget(ada)
    assert not Batch.newest()
    assert not [file for file in home.glob("*/**/*") if file.is_file()]


def test_a_clip_that_cannot_be_read_leaves_nothing(home: Path) -> None:
    batch, _ = finished(keeps_clip=True)
    [part] = batch.parts
    with pytest.raises(ClipError):
        single(part, batch, wait=lambda asked: wait_for([asked]))
    assert list((home / "analyses").iterdir()) == []
