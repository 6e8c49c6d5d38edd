"""Clips that were uploaded: a folder each, until they are analysed, for a day at most."""

import shutil
import time
from pathlib import Path

from humanpose.runtime.replace import flush
from humanpose.server.folders import discard, finished_folder
from humanpose.server.quota import reserve
from humanpose.server.space import home, writable_home

CLIP_TYPES = ("mp4", "mov", "m4v", "avi", "mkv", "webm")
_UPLOAD_LIFETIME_S = 24 * 3600.0
_ARRIVED: dict[Path, float] = {}
"""Folder of an upload -> when it came, by a clock that nobody sets, s."""


def store_upload(name: str, content: bytes | memoryview) -> Path:
    """Keep an uploaded clip until it is analysed, for a day at most.

    Raises:
        OutputError: the data folder cannot be written, or is full.
    """
    kind = Path(name).suffix.lower().removeprefix(".")
    with writable_home(), finished_folder("uploads") as folder:
        reserve(folder, len(content))
        clip = folder / f"source.{kind if kind in CLIP_TYPES else 'mp4'}"
        clip.write_bytes(content)
    _ARRIVED[clip.parent] = time.monotonic()
    return clip


def forget_uploads() -> None:
    """Delete what this process took more than a day ago, however often the clock was set."""
    for folder, since_s in list(_ARRIVED.items()):
        if time.monotonic() - since_s > _UPLOAD_LIFETIME_S:
            discard(folder)
            del _ARRIVED[folder]


def take_clip(clip: Path, to: Path, *, keeps_clip: bool) -> None:
    """Copy a clip; an upload that is not to be kept is moved, with ``drop_upload`` afterwards,
    so that it is still there when something goes wrong in between."""
    if not keeps_clip and is_upload(clip):
        try:
            to.hardlink_to(clip)
        except OSError:  # not every disk has hard links
            shutil.copyfile(clip, to)
    else:
        shutil.copyfile(clip, to)
    flush(to)


def is_upload(clip: Path) -> bool:
    return clip.is_relative_to(home() / "uploads")


def drop_upload(clip: Path) -> None:
    """Delete a clip that somebody uploaded and no longer needs; without effect on any other."""
    if is_upload(clip):
        discard(clip.parent)
