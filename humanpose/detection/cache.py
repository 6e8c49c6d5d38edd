"""Detections kept on disk, so that the same clip is not searched again."""

import hashlib
import json
import os
from contextlib import closing, suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from platformdirs import user_cache_dir

from humanpose.detection.both_ways import as_asked
from humanpose.detection.chosen import own_detector
from humanpose.detection.detect import Detection, on_timeline
from humanpose.detection.people import Detector
from humanpose.detection.sightings import STAGE, Sightings, sight
from humanpose.runtime.progress import Progress, Watch, silent, unwatched
from humanpose.settings import Settings
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video import ClipInfo
from humanpose.video.background import Background

MAX_BYTES = 500_000_000
"""All files together; the longest unused go first."""

_METHOD = 6
"""Raise it whenever the same detector would now see something else in the same clip."""
_CHECKSUM_BYTES = 32
SUFFIX = ".sightings"


def cached_detection(
    clip: ClipInfo,
    settings: Settings,
    *,
    detector: Detector | None = None,
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Detection:
    """``detect``, or what it found in a file with the same content and settings before.

    Raises:
        ClipError: as ``detect``.
    """
    if detector is None:
        with closing(own_detector()) as own:
            return cached_detection(
                clip, settings, detector=own, progress=progress, watch=watch
            )
    detector = as_asked(detector, settings)
    with clip.path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    path = cache_folder() / f"{key_of(content, detector, settings)}{SUFFIX}"
    sightings = load(path)
    if sightings is None:
        sightings = sight(clip, settings, detector, progress=progress, watch=watch)
        with suppress(OSError):  # a full or read-only disk costs the next analysis some time
            store(path, sightings)
            drop_oldest(path.parent, keep_bytes=MAX_BYTES)
    else:
        progress(STAGE, len(sightings.times_s), len(sightings.times_s))
    provenance = {"clip_sha256": content, "detector": detector.name}
    return on_timeline(sightings, clip, settings, provenance=provenance)


def cache_folder() -> Path:
    """In ``$HUMANPOSE_CACHE``, or in the user's cache folder of this system."""
    return Path(os.environ.get("HUMANPOSE_CACHE") or user_cache_dir("humanpose")) / "detections"


def load(path: Path) -> Sightings | None:
    """What was stored, or None where nothing was or the file is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checksum, archive = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
    if checksum != hashlib.sha256(archive).digest():
        return None
    with suppress(OSError):  # a cache that may only be read is still one
        path.touch()  # used now
    try:
        return _sightings(archive)
    except (
        ArithmeticError,
        ValueError,
        LookupError,
        TypeError,
        BadZipFile,
    ):  # arrays of something else
        return None


def _sightings(archive: bytes) -> Sightings:
    """Raises where the arrays are none of sightings."""
    with np.load(BytesIO(archive), allow_pickle=False) as arrays:
        times_s, edges = arrays["times_s"], arrays["edges"]
        count = (times_s.size, len(MEDIAPIPE33))
        shapes = {
            "times_s": (times_s.size,),
            "pixels": (*count, 2),
            "world": (*count, 3),
            "visibility": count,
            "edges": (len(edges), 4),
        }
        numbers = all(arrays[name].dtype.kind == "f" for name in shapes)
        if not numbers or any(arrays[name].shape != shape for name, shape in shapes.items()):
            raise ValueError("arrays of something else")
        if not np.isfinite(times_s).all():
            raise ValueError("times that are none")
        return Sightings(
            times_s=times_s,
            pixels=arrays["pixels"],
            world=arrays["world"],
            visibility=arrays["visibility"],
            most_people=int(arrays["most_people"]),
            warnings=tuple(arrays["warnings"].tolist()),
            background=Background(float(arrays["moved_percent"]), edges),
            looks_percent=float(arrays["looks_percent"]),
        )


def store(path: Path, sightings: Sightings) -> None:
    """Write a checksum and an NPZ archive, all of it or nothing. Raises OSError."""
    archive = BytesIO()
    arrays = asdict(sightings) | asdict(sightings.background)
    arrays |= {"warnings": np.array(sightings.warnings, dtype=np.str_)}
    del arrays["background"]
    np.savez_compressed(archive, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        draft.write_bytes(hashlib.sha256(archive.getvalue()).digest() + archive.getvalue())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def drop_oldest(folder: Path, *, keep_bytes: int) -> None:
    """Delete the files of ours not used for longest, until the rest is small enough."""
    files = sorted(folder.glob(f"*{SUFFIX}*"), key=lambda file: -file.stat().st_mtime)
    total = 0
    for file in files:
        total += file.stat().st_size
        if total > keep_bytes:
            file.unlink()


def key_of(content: str, detector: Detector, settings: Settings) -> str:
    """Of everything that the sightings depend on."""
    parts = [_METHOD, content, detector.name]
    parts += [settings.start_s, settings.end_s, settings.person, settings.every_frame]
    if settings.person_at is not None:
        parts.append(settings.person_at)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
