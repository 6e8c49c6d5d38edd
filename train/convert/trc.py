"""TRC: marker trajectories, as a marker skeleton.

Format: OpenSim's documentation, "Marker (.trc) Files". Y is up, as OpenSim asks for.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from humanpose.io.trc import read_trc
from humanpose.sequence import PoseSequence
from train.convert.errors import SourceError


def read(path: Path) -> Iterator[PoseSequence]:
    """All markers of the file, m, Y up; NaN where one was lost. Raises SourceError."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        try:
            markers = read_trc(stream)
        except (ValueError, LookupError, ArithmeticError) as error:
            raise SourceError(
                f"{path.name} is not a TRC file in m or mm; export the markers as TRC"
            ) from error
    yield replace(markers, skeleton=replace(markers.skeleton, name=path.stem))
