"""Where the app keeps clips and analyses: a folder each, named by an unguessable token."""

import json
import math
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_dir

from humanpose.errors import OutputError
from humanpose.io.bundle import open_bundle
from humanpose.io.load import load_analysis
from humanpose.io.schema import read_settings, settings_record
from humanpose.server.serving import serving
from humanpose.settings import Settings

CLIP_TYPES = ("mp4", "mov", "m4v", "avi", "mkv", "webm")
_TOKEN = re.compile(r"[0-9a-f]{32}")  # Streamlit takes no component key with "__" in it
_UPLOAD_LIFETIME_DAYS = 1.0
_DAY_S = 24 * 3600


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
        """The saved analysis, a folder in the form of the contract."""
        return next(self.results.iterdir())

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
        return bool(self._about.get("keeps_clip", True))

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
        return str(self._about["label"])

    @property
    def clip_name(self) -> str:
        """The label made harmless as a file name, for what the user takes away."""
        return harmless_stem(self.label) + "." + self.label.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """Whose list it is in; empty: everybody's, as before browsers were told apart."""
        return str(self._about.get("owner", ""))

    @property
    def created(self) -> float:
        """Seconds since the epoch."""
        return float(self._about["created"])

    def settings(self) -> Settings:
        return read_settings(json.loads((self.folder / "settings.json").read_text("utf-8")))

    @property
    def _about(self) -> dict[str, Any]:
        return json.loads((self.folder / "about.json").read_text("utf-8"))


def harmless_stem(label: str) -> str:
    """A user's name for a clip, without its ending, made of letters, digits and ``_``."""
    return re.sub(r"\W+", "_", label.rpartition(".")[0])[:60].strip("_") or "clip"


def home() -> Path:
    """The app's data folder: ``$HUMANPOSE_HOME``, or the system's place for user data."""
    return Path(os.environ.get("HUMANPOSE_HOME") or user_data_dir("humanpose", False))


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
        forget_old("analyses", serving().keep_days)
        require_room(clip.stat().st_size)
        folder = new_folder("analyses")
        take_clip(clip, folder / f"source{clip.suffix}", keeps_clip=keeps_clip)
        write_json(folder / "settings.json", settings_record(settings))
        write_about(folder, label, owner, keeps_clip=keeps_clip)
    return Entry(folder)


def take_clip(clip: Path, to: Path, *, keeps_clip: bool) -> None:
    """Copy a clip, or move an upload that is not to be kept."""
    if not keeps_clip and clip.is_relative_to(home() / "uploads"):
        clip.rename(to)
        clip.parent.rmdir()
    else:
        shutil.copyfile(clip, to)


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
        entry = Entry(new_folder("analyses"))
        try:
            file = entry.folder / "received"
            file.write_bytes(content)
            saved = open_bundle(
                file, entry.results, clip_to=entry.playback, remarks_to=entry.remarks
            )
            file.unlink()
            analysis = load_analysis(saved)
            write_json(entry.folder / "settings.json", settings_record(analysis.settings))
            write_about(entry.folder, analysis.clip_name, owner)
        except BaseException:
            shutil.rmtree(entry.folder, ignore_errors=True)
            raise
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
    with writable_home():
        shutil.rmtree(entry.folder)


def store_upload(name: str, content: bytes | memoryview) -> Path:
    """Keep an uploaded clip until it is analysed, and forget uploads older than a day.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    kind = Path(name).suffix.lower().removeprefix(".")
    with writable_home():
        forget_old("uploads", _UPLOAD_LIFETIME_DAYS)
        require_room(len(content))
        clip = new_folder("uploads") / f"source.{kind if kind in CLIP_TYPES else 'mp4'}"
        clip.write_bytes(content)
    return clip


def free_gb() -> float:
    """Space that is left on the disk of the data folder; 0 where there is none to look at."""
    place = home()
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    return shutil.disk_usage(existing).free / 1e9


def forget_old(kind: str, days: float) -> None:
    """Delete the folders of a kind that have not been touched for so many days."""
    limit = time.time() - days * _DAY_S
    for folder in (home() / kind).glob("*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)


def require_room(more_bytes: int) -> None:
    """Raise OutputError when so much more would be more than the server keeps."""
    quota_gb = serving().disk_gb
    if math.isinf(quota_gb):
        return
    files = (path for path in home().rglob("*") if path.is_file())
    used = sum(path.stat().st_size for path in files)
    if used + more_bytes > quota_gb * 1e9:
        raise OutputError(
            f"this server keeps at most {quota_gb:g} GB and has no room for the clip; delete"
            " analyses that are no longer needed, or try again later"
        )


def write_json(path: Path, value: object) -> None:
    """Write atomically: a reader sees the old file or the new one, never half of one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    draft.write_text(json.dumps(value), encoding="utf-8")
    draft.replace(path)


def new_folder(kind: str) -> Path:
    """Only the user that the app runs as may look inside."""
    (home() / kind).mkdir(parents=True, exist_ok=True)
    (home() / kind).chmod(0o700)
    folder = home() / kind / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def writable_home() -> Iterator[None]:
    """Turn what the system says about the data folder into an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the app cannot write to {home()} ({error.strerror}); free some space there, "
            "or set HUMANPOSE_HOME to another folder"
        ) from error
