"""Files that are made when somebody asks for them, and are not in the analysis' folder."""

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from humanpose.analysis import Analysis
from humanpose.io import tables
from humanpose.io.bundle import SUFFIX, save_bundle
from humanpose.io.folder import TEXT_FILES, load_analysis, write_zip
from humanpose.io.opensim import write_opensim
from humanpose.measures.neutral import minus_neutral
from humanpose.report.marks import marks_csv
from humanpose.report.remarks import Remarks
from humanpose.runtime.progress import Progress, silent
from humanpose.runtime.replace import replaced_file

NEUTRAL = "minus_neutral"
"""Folder of ``neutral_files``."""
EVENTS = "events.csv"


def long_table(analysis: Analysis) -> bytes:
    """The angles in long form, as CSV."""
    stream = io.StringIO(newline="\n")
    header = tables.angles_header(analysis)
    tables.write_long(analysis.joint_angles, stream, header=header)
    return stream.getvalue().encode()


def c3d(analysis: Analysis) -> bytes:
    """Markers, mm, and angles."""
    from humanpose.io.c3d import write_c3d

    with TemporaryDirectory(prefix="humanpose-") as folder:
        write_c3d(analysis, Path(folder) / "markers.c3d")
        return (Path(folder) / "markers.c3d").read_bytes()


def figure(analysis: Analysis, *kinds: str) -> list[bytes]:
    """All curves on one page, in each of ``kinds``, png or svg."""
    from humanpose.report.plots import angle_overview

    drawn, streams = angle_overview(analysis), [io.BytesIO() for _ in kinds]
    for kind, stream in zip(kinds, streams, strict=True):
        drawn.savefig(stream, format=kind)
    return [stream.getvalue() for stream in streams]


def opensim_setup(analysis: Analysis) -> dict[str, bytes]:
    """The folder of ``--opensim``: name -> content."""
    with TemporaryDirectory(prefix="humanpose-") as folder:
        written = write_opensim(analysis, Path(folder) / "opensim")
        return {path.name: path.read_bytes() for path in sorted(written.iterdir())}


def neutral_files(analysis: Analysis, *, at_s: float) -> dict[str, bytes]:
    """The tables and figures of the angles, counted from the pose at clip time ``at_s``, s."""
    shown = minus_neutral(analysis, at_s=at_s)
    png, svg = figure(shown, "png", "svg")
    files = {"angles_long.csv": long_table(shown), "angles.png": png, "angles.svg": svg}
    for name, write in TEXT_FILES.items():
        if name.endswith(".csv") and name != "landmarks.csv":
            stream = io.StringIO(newline="\n")
            write(shown, stream)
            files[name] = stream.getvalue().encode()
    return files


def bundle(folder: Path, *, clip: Path | None = None, remarks: Path | None = None) -> bytes:
    """The ``.humanpose`` file of a saved analysis, with those companions that exist."""
    clip, remarks = (path if path and path.is_file() else None for path in (clip, remarks))
    with TemporaryDirectory(prefix="humanpose-") as place:
        return save_bundle(
            folder, Path(place) / "a.humanpose", clip=clip, remarks=remarks
        ).read_bytes()


def write_everything(
    folder: Path,
    out: Path,
    *,
    notes: Remarks,
    video: Path | None = None,
    progress: Progress = silent,
    **companions: Path | None,
) -> None:
    """Write all files of the saved analysis in ``folder`` and of this module as one ZIP.

    Args:
        notes: what was marked or chosen as neutral has files, too.
        video: the annotated one, where it was made.
        companions: ``clip`` and ``remarks`` for the ``.humanpose`` file.

    Raises:
        OutputError: ``out`` cannot be written.
    """
    analysis = load_analysis(folder)
    parts: list[Callable[[], Mapping[str, bytes]]] = [
        lambda: _inside(folder),
        lambda: {"angles_long.csv": long_table(analysis)},
        lambda: {"markers.c3d": c3d(analysis)},
        lambda: _inside_of("opensim", opensim_setup(analysis)),
        lambda: {f"{folder.name}{SUFFIX}": bundle(folder, **companions)},
        lambda: dict(
            zip(("angles.png", "angles.svg"), figure(analysis, "png", "svg"), strict=True)
        ),
    ]
    if notes.marks:
        parts.append(lambda: {EVENTS: marks_csv(analysis.joint_angles, notes.marks).encode()})
    if notes.neutral_at_s is not None:
        files = partial(neutral_files, analysis, at_s=notes.neutral_at_s)
        parts.append(lambda: _inside_of(NEUTRAL, files()))
    if video is not None:
        parts.append(lambda: {"annotated.mp4": video.read_bytes()})

    def one_by_one() -> Iterator[Mapping[str, bytes]]:
        for done, part in enumerate(parts):
            progress("Packing the files", done, len(parts))
            yield part()

    with replaced_file(out) as draft, draft.open("wb") as file:
        write_zip(file, folder.name, one_by_one())


def _inside(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _inside_of(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{name}/{part}": content for part, content in files.items()}
