"""``.humanpose``: one analysis in one file, to send and to open in another installation.

A ZIP of the files that carry everything (arrays, settings, markers, landmarks), a manifest, and
clip and remarks if their owner wants them there. What comes from elsewhere is not trusted: only
files with our names are read, nothing is unpickled, nothing grows beyond a limit, and what is
kept is written anew from the values that were read.
"""

import json
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from humanpose.errors import AnalysisError, ClipError, NewerAnalysisError
from humanpose.io import schema
from humanpose.io.folder import AUGMENTED_FILE, save_analysis
from humanpose.io.load import load_analysis
from humanpose.io.names import ARRAYS, RECORD
from humanpose.io.received import received
from humanpose.report.remarks import Remarks, from_json, to_json
from humanpose.runtime.replace import output_errors, replaced_file
from humanpose.version import __version__
from humanpose.video import probe

SUFFIX = ".humanpose"
CLIP, REMARKS = "clip.mp4", "remarks.json"

_MANIFEST = "humanpose.json"
_FORMAT = 1
"""What versions from before the schema look at; 2 once they could no longer read it."""
_NEEDED = (ARRAYS, RECORD, "landmarks.csv", "pose.trc", "pose_raw.trc")
_ALLOWED = frozenset({_MANIFEST, *_NEEDED, AUGMENTED_FILE, CLIP, REMARKS})
_MAX_BYTES = 1 << 30
"""Of the unpacked analysis, and of its arrays once more; an hour at 60 frames/s has 0.9 GB."""
_MAX_CLIP_BYTES = 4 << 30
_MAX_MANIFEST_BYTES = 1 << 16
_MOST_UNPACKED = 100
"""Times the bytes that arrived; rows of numbers come to 3 to 30 times theirs. A video, which is
packed already, to no more than itself."""
_BLOCK_BYTES = 1 << 20
_DAMAGE = (
    ValueError, LookupError, TypeError, EOFError, AnalysisError, ClipError,
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile, json and numpy raise on files that are none of ours, encrypted ones included;
zipfile never unpacks more of a file than its entry says, and that is checked first."""


def save_bundle(
    folder: Path, out: Path, *, clip: Path | None = None, remarks: Path | None = None
) -> Path:
    """Write the saved analysis in ``folder``, and the video and the remarks if given, as one
    file ``out``.

    Raises:
        AnalysisError: the folder holds no analysis.
        OutputError: ``out`` cannot be written.
    """
    load_analysis(folder)
    manifest = {"schema": schema.SCHEMA, "format": _FORMAT, "humanpose": __version__}
    with (
        replaced_file(out) as draft,
        zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr(_MANIFEST, json.dumps(manifest))
        for name in (*_NEEDED, AUGMENTED_FILE):
            if (folder / name).is_file():
                archive.write(folder / name, name)
        if remarks is not None:
            archive.write(remarks, REMARKS)
        if clip is not None:
            archive.write(clip, CLIP, zipfile.ZIP_STORED)
    return out


def open_bundle(
    path: Path,
    into: Path,
    *,
    clip_to: Path | None = None,
    remarks_to: Path | None = None,
    require_room: Callable[[int], None] = lambda _: None,
) -> Path:
    """Save the analysis in ``path`` into ``into/<clip stem>/`` and return that folder.

    Args:
        clip_to, remarks_to: where the video and the remarks go if there are any.
        require_room: raises where there is no room for so many bytes, those of what is in it;
            asked before anything is unpacked.

    Raises:
        AnalysisError: ``path`` is no analysis file, a damaged one, or a newer version's.
        OutputError: something could not be written.
    """
    with output_errors(into), TemporaryDirectory(prefix="humanpose-") as staging:
        try:
            if not zipfile.is_zipfile(path):
                raise ValueError("not a ZIP")
            with zipfile.ZipFile(path) as archive:
                _require_ours(archive)
                require_room(sum(entry.file_size for entry in archive.infolist()))
                _unpack(archive, Path(staging))
            _require_small_arrays(Path(staging) / ARRAYS)
            if (Path(staging) / CLIP).is_file():
                probe(Path(staging) / CLIP)
            analysis = received(load_analysis(Path(staging)))
            remarks = _remarks_in(Path(staging))
        except NewerAnalysisError:
            raise
        except _DAMAGE as error:
            raise AnalysisError(
                "this is not a .humanpose file, or it is damaged; save it again from the Export"
                " page of the installation that it comes from"
            ) from error
        folder = save_analysis(analysis, into)
        if remarks_to is not None and remarks is not None:
            remarks_to.write_text(json.dumps(to_json(remarks)), encoding="utf-8")
        if clip_to is not None and (clip := Path(staging) / CLIP).is_file():
            shutil.move(clip, clip_to)
    return folder


def _require_ours(archive: zipfile.ZipFile) -> None:
    """Only our names, each once, and no more bytes than we would write."""
    names = archive.namelist()
    if len(names) != len(set(names)) or not {_MANIFEST, *_NEEDED} <= set(names) <= _ALLOWED:
        raise ValueError("not the files that we write")
    for entry in archive.infolist():
        most = 1 if entry.filename == CLIP else _MOST_UNPACKED
        if entry.file_size > most * entry.compress_size + _BLOCK_BYTES:
            raise ValueError("files beyond all size for what they are packed in")
    sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    is_small = sizes.pop(CLIP, 0) <= _MAX_CLIP_BYTES and sizes[_MANIFEST] <= _MAX_MANIFEST_BYTES
    if not is_small or sum(sizes.values()) > _MAX_BYTES:
        raise ValueError("files beyond all size")
    schema.require_readable(json.loads(archive.read(_MANIFEST)), of="this file")


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    """Block by block, and no byte more than was declared, whatever the archive holds."""
    for entry in archive.infolist():
        left = entry.file_size
        with archive.open(entry) as packed, (folder / entry.filename).open("wb") as file:
            while block := packed.read(_BLOCK_BYTES):
                left -= len(block)
                if left < 0:
                    raise ValueError("more bytes than were declared")
                file.write(block)


def _remarks_in(folder: Path) -> Remarks | None:
    file = folder / REMARKS
    return from_json(file.read_text(encoding="utf-8")) if file.is_file() else None


def _require_small_arrays(path: Path) -> None:
    with zipfile.ZipFile(path) as arrays:  # a ZIP in a ZIP
        size = sum(array.file_size for array in arrays.infolist())
        if size > min(_MAX_BYTES, _MOST_UNPACKED * path.stat().st_size + _BLOCK_BYTES):
            raise ValueError("arrays beyond all size")
