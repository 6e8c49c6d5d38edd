"""Where the app keeps clips and analyses: a folder each, named by an unguessable token."""

import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from humanpose.errors import AnalysisError, SettingsError
from humanpose.io.bundle import open_bundle
from humanpose.io.load import load_analysis
from humanpose.io.schema import read_settings, settings_record
from humanpose.server.about import About, read_about
from humanpose.server.small_files import DAMAGED, read_json, write_json
from humanpose.server.space import home, require_room, writable_home
from humanpose.settings import Settings

CLIP_TYPES = ("mp4", "mov", "m4v", "avi", "mkv", "webm")
_TOKEN = re.compile(r"[0-9a-f]{32}")  # Streamlit takes no component key with "__" in it
_UPLOAD_LIFETIME_S = 24 * 3600.0
_ARRIVED: dict[Path, float] = {}
"""Folder of an upload -> when it came, by a clock that nobody sets, s."""


@dataclass(frozen=True)
class Entry:
    """One analysis, running or finished, and the files that belong to it."""

    folder: Path

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
            return next(self.results.iterdir())
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
    def log(self) -> Path:
        return self.folder / "worker.log"

    @property
    def keeps_clip(self) -> bool:
        """Whether its clip stays, as uploaded and to be played, once the job has ended."""
        return self._about.keeps_clip

    @property
    def header(self) -> Path:
        """What the header of a clip said that was not kept."""
        return self.folder / "header.json"

    def forget_clip(self) -> None:
        """Delete what was uploaded."""
        self.source.unlink(missing_ok=True)

    @property
    def clips(self) -> int:
        """Time limit, as a multiple of one clip's."""
        return 1

    @property
    def label(self) -> str:
        """The user's own name for the clip, for display only."""
        return self._about.label

    @property
    def damaged(self) -> bool:
        """Whether what is written down of it cannot be read, so that it can only be deleted."""
        return self._about.damaged

    @property
    def clip_name(self) -> str:
        """The label made harmless as a file name, for what the user takes away."""
        return harmless_stem(self.label) + "." + self.label.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """Whose list it is in; empty: everybody's, as before browsers were told apart."""
        return self._about.owner

    @property
    def created(self) -> float:
        """Seconds since the epoch."""
        return self._about.created

    def settings(self) -> Settings:
        """What it is analysed with.

        Raises:
            AnalysisError: the file is damaged, or a newer version's.
        """
        try:
            return read_settings(read_json(self.folder / "settings.json"))
        except (LookupError, TypeError, ValueError, SettingsError) as error:
            raise AnalysisError(DAMAGED) from error

    @property
    def _about(self) -> About:
        return read_about(self.folder)


def harmless_stem(label: str) -> str:
    """A user's name for a clip, without its ending, made of letters, digits and ``_``."""
    return re.sub(r"\W+", "_", label.rpartition(".")[0])[:60].strip("_") or "clip"


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


def take_clip(clip: Path, to: Path, *, keeps_clip: bool) -> None:
    """Copy a clip; an upload that is not to be kept is moved, with ``drop_upload`` afterwards,
    so that it is still there when something goes wrong in between."""
    if not keeps_clip and is_upload(clip):
        with suppress(OSError):  # not every disk has hard links
            to.hardlink_to(clip)
            return
    shutil.copyfile(clip, to)


def is_upload(clip: Path) -> bool:
    return clip.is_relative_to(home() / "uploads")


def drop_upload(clip: Path) -> None:
    """Delete a clip that somebody uploaded and no longer needs; without effect on any other."""
    if is_upload(clip):
        shutil.rmtree(clip.parent, ignore_errors=True)


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
            saved = open_bundle(
                file, entry.results, clip_to=entry.playback, remarks_to=entry.remarks,
                require_room=require_room,
            )  # fmt: skip
            file.unlink()
            analysis = load_analysis(saved)
            write_json(entry.folder / "settings.json", settings_record(analysis.settings))
            write_about(entry.folder, analysis.clip_name, owner)
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


def store_upload(name: str, content: bytes | memoryview) -> Path:
    """Keep an uploaded clip until it is analysed, for a day at most.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    kind = Path(name).suffix.lower().removeprefix(".")
    with writable_home():
        require_room(len(content))
        with finished_folder("uploads") as folder:
            clip = folder / f"source.{kind if kind in CLIP_TYPES else 'mp4'}"
            clip.write_bytes(content)
    _ARRIVED[clip.parent] = time.monotonic()
    return clip


def forget_uploads() -> None:
    """Delete what this process took more than a day ago, however often the clock was set."""
    for folder, since_s in list(_ARRIVED.items()):
        if time.monotonic() - since_s > _UPLOAD_LIFETIME_S:
            shutil.rmtree(folder, ignore_errors=True)
            del _ARRIVED[folder]


def free_gb() -> float:
    """Space that is left on the disk of the data folder; 0 where there is none to look at."""
    place = home()
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    return shutil.disk_usage(existing).free / 1e9


def new_folder(kind: str) -> Path:
    """Only the user that the app runs as may look inside."""
    (home() / kind).mkdir(parents=True, exist_ok=True)
    (home() / kind).chmod(0o700)
    folder = home() / kind / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def finished_folder(kind: str) -> Iterator[Path]:
    """A new folder that is gone again if the block does not end well."""
    folder = new_folder(kind)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
