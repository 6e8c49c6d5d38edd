"""One analysis on disk: ``<out>/<clip stem>/`` with every file of the contract."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from humanpose.analysis import Analysis
from humanpose.io import mot, npz, record, tables, trc
from humanpose.io.load import load_analysis
from humanpose.io.names import ARRAYS, RECORD, analysis_folder
from humanpose.lengths import length_note
from humanpose.runtime.replace import check_writable, replaced_folder
from humanpose.skeleton import JOINT_GROUPS

__all__ = [
    "TEXT_FILES", "check_writable", "load_analysis", "save_analysis", "write_zip", "zip_files",
]  # fmt: skip


def _write_angles(analysis: Analysis, stream: TextIO) -> None:
    header = tables.angles_header(analysis)
    tables.write_angles(analysis.joint_angles, stream, header=header)


def _write_angles_raw(analysis: Analysis, stream: TextIO) -> None:
    header = tables.angles_header(analysis)
    tables.write_angles(analysis.joint_angles_raw, stream, header=header)


def _write_group(analysis: Analysis, stream: TextIO, *, group: str) -> None:
    header = tables.angles_header(analysis)
    columns = JOINT_GROUPS[group]
    tables.write_angles(analysis.joint_angles, stream, columns=columns, header=header)


Writer = Callable[[Analysis, TextIO], None]

_GROUP_FILES: dict[str, Writer] = {
    f"joint_angles/{group}.csv": partial(_write_group, group=group) for group in JOINT_GROUPS
}
TEXT_FILES: dict[str, Writer] = {
    "landmarks.csv": lambda a, stream: tables.write_landmarks(a.landmarks, stream),
    "pose.trc": lambda a, stream: trc.write_trc(
        a.markers, stream, file_name="pose.trc", note=length_note(a.settings)
    ),
    "pose_raw.trc": lambda a, stream: trc.write_trc(
        a.markers_raw, stream, file_name="pose_raw.trc", note=length_note(a.settings)
    ),
    "angles.csv": _write_angles,
    "angles_raw.csv": _write_angles_raw,
    "angles.mot": lambda a, stream: mot.write_mot(
        a.joint_angles, a.markers, stream, note=length_note(a.settings)
    ),
    RECORD: record.write_record,
} | _GROUP_FILES
"""Every text file of an analysis, by its path in the folder, with its writer."""
AUGMENTED_FILE = "markers.trc"
"""Written beside them where the markers were augmented."""
FIGURE = "angles.png"
OURS = frozenset({*TEXT_FILES, AUGMENTED_FILE, ARRAYS, FIGURE})
"""What a new analysis replaces; all else in the folder is the user's and stays."""


def save_analysis(analysis: Analysis, out: Path, *, plot: bool = False) -> Path:
    """Write every file into ``out/<clip stem>/``, with ``plot`` also the figure.

    An earlier analysis there is replaced as a whole, or not at all; the user's own files stay.

    Raises:
        OutputError: the folder cannot be written.
    """
    target = analysis_folder(out, analysis.clip_name)
    with replaced_folder(target, ours=OURS) as folder:
        (folder / "joint_angles").mkdir()
        for name, write in _text_files(analysis).items():
            with (folder / name).open("w", encoding="utf-8", newline="\n") as stream:
                write(analysis, stream)
        with (folder / ARRAYS).open("wb") as arrays:
            npz.write_arrays(analysis, arrays)
        if plot:
            from humanpose.report.plots import (
                angle_overview,
            )  # matplotlib only where it is wanted

            angle_overview(analysis).savefig(folder / FIGURE)
    return target


def _text_files(analysis: Analysis) -> dict[str, Writer]:
    augmented = analysis.markers_augmented
    if augmented is None:
        return TEXT_FILES
    note = length_note(analysis.settings)
    write = partial(trc.write_trc, augmented, file_name=AUGMENTED_FILE, note=note)
    return TEXT_FILES | {AUGMENTED_FILE: lambda _, stream: write(stream)}


def zip_files(top: str, files: Mapping[str, bytes]) -> bytes:
    """``files`` in one folder ``top`` as a ZIP; the same files give the same bytes."""
    buffer = io.BytesIO()
    write_zip(buffer, top, [files])
    return buffer.getvalue()


def write_zip(out: BinaryIO, top: str, parts: Iterable[Mapping[str, bytes]]) -> None:
    """The same into a file, part by part, so that only one of them is in memory."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            for name, content in sorted(part.items()):
                entry = zipfile.ZipInfo(f"{top}/{name}")  # dated 1980
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
