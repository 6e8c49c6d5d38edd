"""One analysis in the app's data folder: its files, and what is written down of it."""

import re
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import ClassVar, Self

from humanpose.errors import AnalysisError
from humanpose.io.schema import read_settings
from humanpose.runtime.replace import STAGING_PREFIX
from humanpose.server.about import About
from humanpose.server.deleted import set_aside_of
from humanpose.server.listing import about_of, linked, listed
from humanpose.server.small_files import DAMAGED, damage_said, read_json
from humanpose.settings import Settings


@dataclass(frozen=True)
class Entry:
    """One analysis, running or finished, and the files that belong to it."""

    kind: ClassVar = "analyses"
    """The folder that all of them are in."""
    folder: Path
    known: About | None = field(default=None, compare=False, repr=False)
    """What was known of it when it was looked up; None: it is looked up when it is needed."""

    @classmethod
    def find(cls, link: str) -> Self | None:
        """The one that a link opens; None when it opens none."""
        known = linked(cls.kind, link)
        return cls(*known) if known else None

    @classmethod
    def newest(cls, *, owners: Collection[str] | None = None, limit: int = -1) -> list[Self]:
        """Those in the lists of these owners, or with None all; newest first.

        Args:
            limit: so many at most; below 0, all.
        """
        return [cls(*known) for known in listed(cls.kind, owners, limit=limit)]

    @classmethod
    def deleted(cls, *, owners: Collection[str]) -> list[Self]:
        """Those in the lists of these owners that can still be brought back."""
        return [cls(*known) for known in set_aside_of(cls.kind, owners)]

    @property
    def token(self) -> str:
        return self.folder.name

    @property
    def source(self) -> Path:
        """The clip as uploaded; its name is ours, never the user's."""
        return next(self.folder.glob("source.*"), self.folder / "source.mp4")

    @property
    def playback(self) -> Path:
        """The analysed range of the clip, in a form every browser plays."""
        return self.folder / "clip.mp4"

    @property
    def annotated(self) -> Path:
        """The same with the skeleton drawn over it, once somebody asked for it."""
        return self.folder / "annotated.mp4"

    @property
    def result(self) -> Path:
        """The saved analysis, a folder in the form of the contract.

        Raises:
            AnalysisError: there is none.
        """
        with suppress(OSError, StopIteration):
            return next(
                folder
                for folder in self.results.iterdir()
                if not folder.name.startswith(STAGING_PREFIX)
            )
        raise AnalysisError(DAMAGED)

    @property
    def results(self) -> Path:
        """Where the analysis is saved to."""
        return self.folder / "result"

    @property
    def remarks(self) -> Path:
        """What the user notes on the analysis."""
        return self.folder / "remarks.json"

    @property
    def report(self) -> Path:
        """The report as it was last shown."""
        return self.folder / "report.html"

    @property
    def thumbnail(self) -> Path:
        """JPEG of the clip's first frame, small; not of a clip that was not to be kept."""
        return self.folder / "thumbnail.jpg"

    @property
    def log(self) -> Path:
        return self.folder / "worker.log"

    @property
    def header(self) -> Path:
        """What the header of a clip said that was not kept."""
        return self.folder / "header.json"

    def forget_clip(self) -> None:
        """Delete what was uploaded."""
        self.source.unlink(missing_ok=True)

    def forget_results(self) -> None:
        """Delete what there is of an analysis that did not get to its end."""
        shutil.rmtree(self.results, ignore_errors=True)
        self.playback.unlink(missing_ok=True)

    @property
    def clips(self) -> int:
        """Time limit, as a multiple of one clip's."""
        return 1

    @property
    def clip_name(self) -> str:
        """The label made harmless as a file name, for what the user takes away."""
        return harmless_stem(self.about.label) + "." + self.about.label.rpartition(".")[2]

    def settings(self) -> Settings:
        """What it is analysed with.

        Raises:
            AnalysisError: the file is damaged, or a newer version's.
        """
        with damage_said():
            return read_settings(read_json(self.folder / "settings.json"))

    @property
    def about(self) -> About:
        """What is known of it: whose it is, what it is called, which link opens it."""
        return self.known or about_of(self.folder)


def harmless_stem(label: str) -> str:
    """A user's name for a clip, without its ending, made of letters, digits and ``_``."""
    return re.sub(r"\W+", "_", label.rpartition(".")[0])[:60].strip("_") or "clip"


def unlike(names: Sequence[str]) -> list[str]:
    """``names``, no two alike on any disk: the later one gets a number."""
    taken: dict[str, str] = {}
    for name in names:
        numbered = chain([name], (f"{name}_{number}" for number in count(2)))
        free = next(one for one in numbered if one.casefold() not in taken)
        taken[free.casefold()] = free
    return list(taken.values())
