"""Which subjects train, validate and test, across all sources: ``train/splits.txt``."""

from functools import cache
from pathlib import Path
from typing import Literal, get_args

from humanpose.errors import HumanPoseError
from train.convert.subjects import DANCES

Side = Literal["train", "validation", "test"]
SPLITS = Path(__file__).resolve().parents[1] / "splits.txt"

_DANCE_SUBJECTS = DANCES | {"salsa": "60"}


class UnknownSubjectError(HumanPoseError):
    """A subject is not in ``splits.txt``."""


def split_of(source_subject: str) -> Side:
    """The side of ``source|subject``, in any upload's spelling; a clip may follow: ``…|clip``.

    Raises:
        UnknownSubjectError: the subject has no line in ``splits.txt``.
    """
    subject = canonical(source_subject)
    if subject not in sides():
        raise UnknownSubjectError(
            f"{subject} is on no side; add a line for it to train/splits.txt before using it"
        )
    return sides()[subject]


def canonical(source_subject: str) -> str:
    """One name per person: ``cmu_amc|cmu02`` and ``cmu_mb|cmu02`` are ``cmu|02``."""
    source, _, rest = source_subject.partition("|")
    subject = rest.partition("|")[0]
    if source.startswith("cmu"):
        number = _DANCE_SUBJECTS.get(subject, subject.removeprefix("cmu"))
        return f"cmu|{number.zfill(2)}"
    if source == "hdm05":
        return f"hdm05|{subject.removeprefix('HDM_')}"
    return f"{source}|{subject}"


@cache
def sides() -> dict[str, Side]:
    """Subject -> side, of every line in ``splits.txt``. Raises ValueError if it is broken."""
    found: dict[str, Side] = {}
    for line in SPLITS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        word, subject = line.split()
        side = next((side for side in get_args(Side) if side == word), None)
        if side is None or subject in found:
            raise ValueError(f"expected one side per subject in {SPLITS.name}, got {line!r}")
        found[subject] = side
    return found
