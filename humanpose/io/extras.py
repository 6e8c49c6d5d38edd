"""Files that are made when somebody asks for them, and are not in the analysis' folder."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from humanpose.analysis import Analysis
from humanpose.io import tables
from humanpose.io.bundle import save_bundle
from humanpose.io.folder import TEXT_FILES
from humanpose.io.opensim import write_opensim
from humanpose.measures.neutral import minus_neutral


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


def all_of(analysis: Analysis) -> dict[str, bytes]:
    """Every file of this module, by its name beside those of the folder."""
    png, svg = figure(analysis, "png", "svg")
    files = {
        "angles_long.csv": long_table(analysis),
        "markers.c3d": c3d(analysis),
        "angles.png": png,
        "angles.svg": svg,
    }
    return files | {f"opensim/{name}": data for name, data in opensim_setup(analysis).items()}


def bundle(folder: Path, *, clip: Path | None, remarks: Path | None) -> bytes:
    """The ``.humanpose`` file of a saved analysis, with those companions that exist."""
    clip, remarks = (path if path and path.is_file() else None for path in (clip, remarks))
    with TemporaryDirectory(prefix="humanpose-") as place:
        return save_bundle(
            folder, Path(place) / "a.humanpose", clip=clip, remarks=remarks
        ).read_bytes()
