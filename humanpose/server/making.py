"""Files that are made of a finished analysis when somebody asks for them, beside the server.

They may take minutes, so the process of ``humanpose.server.receiver``, which visitors wait for,
is another one. What is asked says how far it is.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from humanpose.errors import AnalysisError, ClipError, HumanPoseError
from humanpose.io.extras import write_everything
from humanpose.io.load import load_analysis
from humanpose.measures.neutral import minus_neutral
from humanpose.report.remarks import Remarks, from_json
from humanpose.runtime.progress import Progress
from humanpose.server.answering import Tell, answer_questions
from humanpose.server.helpers import Answer, Asked, Helpers
from humanpose.server.playback import write_playback
from humanpose.video import probe
from humanpose.words import to_say

_CPU_S = 3600.0
_PROCESS = Helpers("humanpose.server.making")
_NO_VIDEO = ClipError(to_say("the video cannot be made within the limits of this server"))
_NO_ZIP = AnalysisError(
    to_say("the files cannot be packed within the limits of this server; save them one by one")
)


def annotate(clip: Path, analysis: Path, out: Path, **shown: Any) -> Asked:
    """Have the skeleton of a saved analysis drawn over its clip, into a file.

    ``shown`` are ``columns`` and ``clinical`` of ``write_overlay``, and ``neutral_at_s``, the
    clip time of the pose that values count from.

    Raises:
        BusyError: as many wait as the server lets wait.
    """
    return _ask("annotate", _NO_VIDEO, clip=clip, analysis=analysis, out=out, **shown)


def play(clip: Path, analysis: Path, out: Path) -> Asked:
    """Have the clip of a saved analysis written so that every browser plays it.

    Raises:
        BusyError: as many wait as the server lets wait.
    """
    return _ask("play", _NO_VIDEO, clip=clip, analysis=analysis, out=out)


def pack(analysis: Path, out: Path, *, notes: Path, **companions: Path | None) -> Asked:
    """Have all files of a saved analysis written as one ZIP, as ``write_everything`` does.

    Args:
        notes: the file of the remarks; there need not be one.

    Raises:
        BusyError: as many wait as the server lets wait.
    """
    return _ask("pack", _NO_ZIP, analysis=analysis, out=out, notes=notes, **companions)


def _ask(what: str, refusal: HumanPoseError, **words: Any) -> Asked:
    places = {name: str(value) for name, value in words.items() if isinstance(value, Path)}
    said = {"what": what, "places": places, "others": words | dict.fromkeys(places)}
    return _PROCESS.ask(said, limit_s=_CPU_S, stopped=refusal)


# What follows runs in the process.


def _answer(words: Any, tell: Tell) -> Answer:
    def progress(stage: str, done: int, total: int | None) -> None:
        tell(stage, done / total if total else 0.0)

    places = {name: Path(place) for name, place in words["places"].items()}
    _MADE[words["what"]](progress=progress, **words["others"] | places)
    return Answer(None)


def _annotate(
    *,
    clip: Path,
    analysis: Path,
    out: Path,
    progress: Progress,
    neutral_at_s: float | None = None,
    **shown: Any,
) -> None:
    from humanpose.server.overlay import write_overlay  # brings matplotlib

    counted = load_analysis(analysis)
    if neutral_at_s is not None:
        counted = minus_neutral(counted, at_s=neutral_at_s)
    write_overlay(counted, clip, out, progress=progress, **shown)


def _play(*, clip: Path, analysis: Path, out: Path, progress: Progress) -> None:
    known = load_analysis(analysis)
    write_playback(probe(clip), known.timeline, out, settings=known.settings, progress=progress)


def _pack(
    *, analysis: Path, out: Path, notes: Path, progress: Progress, **companions: Path | None
) -> None:
    remarks = from_json(notes.read_text("utf-8")) if notes.is_file() else Remarks()
    write_everything(analysis, out, notes=remarks, progress=progress, **companions)


_MADE: Mapping[str, Callable[..., None]] = {
    "annotate": _annotate, "play": _play, "pack": _pack,
}  # fmt: skip


if __name__ == "__main__":
    answer_questions(_answer, cpu_s=_CPU_S, apart=True)
