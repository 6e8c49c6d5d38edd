"""Batches in the app's data folder: many clips, the settings of each, and how far each is."""

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError
from humanpose.io.schema import read_settings, settings_record
from humanpose.runtime.replace import flush_all, replaced_file
from humanpose.runtime.words import harmless_text
from humanpose.server import workspace
from humanpose.server.clips import drop_upload, take_clip
from humanpose.server.entry import Entry, harmless_stem, unlike
from humanpose.server.folders import finished_folder
from humanpose.server.listing import add
from humanpose.server.quota import reserve
from humanpose.server.small_files import DAMAGED, damage_said, read_json, write_json
from humanpose.server.space import writable_home
from humanpose.settings import Settings


@dataclass(frozen=True)
class Item:
    """A clip that is to be analysed, and who is in it."""

    clip: Path
    label: str
    """The user's own name for the clip, for display only."""
    subject: str
    settings: Settings
    person: str = ""
    """Token of the person whose analysis it becomes once it is done; empty: nobody's."""
    session: str = ""
    """The day of it, as ``date.isoformat``; empty: as the clip says, else today."""


@dataclass(frozen=True, kw_only=True)
class Part(Item):
    """A clip of a batch that has been started."""

    place: Entry
    """Where its state is kept, as of an analysis of its own."""

    @property
    def name(self) -> str:
        """Of its folder among the results: the label made harmless, and unique."""
        return self.clip.stem


@dataclass(frozen=True)
class Batch(Entry):
    """Several clips that are analysed one after the other, as one job."""

    kind = "batches"

    @property
    def clips(self) -> int:
        return len(self._list)

    @property
    def parts(self) -> list[Part]:
        """In the order of the table.

        Raises:
            AnalysisError: the table is damaged, or a newer version's.
        """
        with damage_said():
            return [
                Part(
                    clip=self.folder / "clips" / entry["file"],
                    label=entry["label"],
                    subject=entry["subject"],
                    settings=read_settings(entry["settings"]),
                    person=entry.get("person", ""),
                    session=entry.get("session", ""),
                    place=Entry(self.folder / "states" / Path(entry["file"]).stem),
                )
                for entry in self._list
            ]

    def forget_clip(self) -> None:
        shutil.rmtree(self.folder / "clips", ignore_errors=True)

    def forget_results(self) -> None:
        """What is done of a batch stays."""

    @property
    def archive(self) -> Path:
        """All results as one ZIP, once the batch is done."""
        return self.folder / "results.zip"

    @property
    def summary(self) -> Path:
        return self.results / "summary.csv"

    @property
    def _list(self) -> list[dict[str, Any]]:
        entries = read_json(self.folder / "parts.json")
        if not isinstance(entries, list):
            raise AnalysisError(DAMAGED)
        return entries


def count(clips: Sequence[object]) -> str:
    """1 clip, 2 clips, …"""
    return "1 clip" if len(clips) == 1 else f"{len(clips)} clips"


def create_batch(items: Sequence[Item], *, owner: str, keeps_clips: bool = True) -> Batch:
    """Make a folder for a batch, with copies of its clips.

    Args:
        keeps_clips: as of a single analysis.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    with writable_home():
        with finished_folder("batches") as folder:
            reserve(folder, sum(item.clip.stat().st_size for item in items))
            (folder / "clips").mkdir()
            entries, names = [], unlike([harmless_stem(item.label) for item in items])
            for name, item in zip(names, items, strict=True):
                file = f"{name}{item.clip.suffix}"
                take_clip(item.clip, folder / "clips" / file, keeps_clip=keeps_clips)
                (folder / "states" / name).mkdir(parents=True)
                entries.append(
                    {
                        "file": file,
                        "label": harmless_text(item.label),
                        "subject": harmless_text(item.subject),
                        "settings": settings_record(item.settings),
                        "person": item.person,
                        "session": item.session,
                    }
                )
            write_json(folder / "parts.json", entries)
            flush_all(folder)
            known = add(folder, workspace.about(count(items), owner, keeps_clip=keeps_clips))
        if not keeps_clips:
            for item in items:
                drop_upload(item.clip)
    return Batch(*known)


def pack(batch: Batch) -> None:
    """Write everything that a batch has computed into its archive."""
    with (
        replaced_file(batch.archive) as draft,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for file in sorted(path for path in batch.results.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(batch.results))
