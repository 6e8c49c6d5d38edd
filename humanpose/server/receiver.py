"""Files from visitors are opened in processes of their own, which run this module.

The server hears what is in them: figures, words, a small picture. One process opens one file,
under the limits of an analysis and for a short time, and sees nothing of the next.
"""

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from PIL import Image

from humanpose.batch.subjects import Subjects, read_subjects
from humanpose.detection.pointing import Candidate, people_at_start
from humanpose.errors import AnalysisError, ClipError, HumanPoseError, SettingsError
from humanpose.io.bundle import open_bundle
from humanpose.io.load import load_analysis
from humanpose.io.schema import read_settings, settings_record
from humanpose.report.key_frames import KeyFrame, Moment
from humanpose.report.key_frames import key_frames as drawn_frames
from humanpose.server.answering import Tell, answer_questions
from humanpose.server.helpers import Answer, Helpers
from humanpose.server.quota import reserve
from humanpose.settings import Settings
from humanpose.video import ClipInfo, FrameReader, probe
from humanpose.words import to_say

_PICTURE_HEIGHT_PX = 320
_CPU_S = 3600.0
_QUICK_S, _SEARCH_S, _LONG_S = 30.0, 120.0, 300.0
_PROCESSES = Helpers("humanpose.server.receiver", processes=2)


@dataclass(frozen=True)
class Look:
    """What a clip is, and a picture in it."""

    info: ClipInfo
    jpeg: bytes


@dataclass(frozen=True)
class Found:
    """The people in the first frame that shows any, and that frame."""

    time_s: float
    people: tuple[Candidate, ...]
    jpeg: bytes


@dataclass(frozen=True)
class Received:
    """An analysis that came as a file, as it is kept."""

    clip_name: str
    settings: Settings


def be_ready() -> None:
    """Have a process start ahead of the first file."""
    _PROCESSES.wake()


def look_at(clip: Path) -> Look:
    """Look into a clip.

    Raises:
        ClipError: it cannot be read.
    """
    refusal = ClipError(
        to_say("{clip} cannot be opened within the limits of this server", clip=clip.name)
    )
    said = _ask("look", clip, limit_s=_QUICK_S, stopped=refusal)
    return Look(_info_of(said.words, clip), said.data)


def find_at_start(clip: Path, *, start_s: float) -> Found:
    """The people at the start of a clip.

    Raises:
        ClipError: the clip cannot be searched.
    """
    refusal = ClipError(to_say("nobody could be looked for in this clip; analyse it as it is"))
    said = _ask("find", clip, limit_s=_SEARCH_S, stopped=refusal, start_s=start_s)
    people = (
        Candidate(*(tuple(one[part]) for part in ("at", "left_top", "right_bottom")))
        for one in said.words["people"]
    )
    return Found(said.words["time_s"], tuple(people), said.data)


def receive(file: Path, into: Path, *, clip_to: Path, remarks_to: Path) -> Received:
    """Keep the analysis of a ``.humanpose`` file as ``open_bundle`` does; drafts beside it.

    Raises:
        AnalysisError: it is no such file.
        OutputError: the data folder cannot be written, or is full.
    """
    refusal = AnalysisError(
        to_say(
            "this file cannot be opened within the limits of this server; save it again without"
            " its clip, or ask who runs the server for more memory"
        )
    )
    places = {"into": str(into), "clip_to": str(clip_to), "remarks_to": str(remarks_to)}
    said = _ask("open", file, limit_s=_LONG_S, stopped=refusal, **places).words
    return Received(said["clip_name"], read_settings(said["settings"]))


def read_table(file: Path) -> Subjects:
    """Of a visitor's CSV.

    Raises:
        SettingsError: it cannot be read.
    """
    refusal = SettingsError(
        to_say("{file} is too large for a table of clips; leave rows out", file=file)
    )
    rows = _ask("table", file, limit_s=_QUICK_S, stopped=refusal).words
    return Subjects(tuple(rows))


def key_frames(clip: Path, analysis: Path, moments: Sequence[Moment]) -> list[KeyFrame]:
    """As ``humanpose.report.key_frames`` has them, of a saved analysis.

    Raises:
        ClipError: the clip cannot be read.
    """
    refusal = ClipError(to_say("the clip cannot be opened within the limits of this server"))
    asked = {"analysis": str(analysis), "moments": [[m.frame, m.caption] for m in moments]}
    said = _ask("pictures", clip, limit_s=_SEARCH_S, stopped=refusal, **asked)
    ends = list(accumulate(said.words))
    jpegs = (said.data[start:end] for start, end in pairwise([0, *ends]))
    return [KeyFrame(m.caption, jpeg) for m, jpeg in zip(moments, jpegs, strict=True)]


def _ask(
    what: str, file: Path, *, limit_s: float, stopped: HumanPoseError, **more: Any
) -> Answer:
    words = {"what": what, "file": str(file), **more}
    return _PROCESSES.answer_to(words, limit_s=limit_s, stopped=stopped)


def _info_of(words: Mapping[str, Any], clip: Path) -> ClipInfo:
    return ClipInfo(**{**words, "path": clip})


# What follows runs in the process.


def _answer(words: Any, _tell: Tell) -> Answer:
    asked = dict(words)
    what, file = asked.pop("what"), Path(asked.pop("file"))
    return _ANSWERS[what](file, **asked)


def _look(clip: Path) -> Answer:
    info = probe(clip)
    return Answer(asdict(info) | {"path": clip.name}, _picture(info, at_s=0.0))


def _find(clip: Path, *, start_s: float) -> Answer:
    from humanpose.detection.chosen import own_detector  # slow to import

    info = probe(clip)
    frames = FrameReader(info, start_s=start_s, max_minutes=math.inf)
    with closing(own_detector()) as detector:
        time_s, people = people_at_start(frames, detector)
    words = {"time_s": time_s, "people": [asdict(one) for one in people]}
    return Answer(words, _picture(info, at_s=time_s))


def _open(file: Path, *, into: str, clip_to: str, remarks_to: str) -> Answer:
    tempfile.tempdir = str(file.parent)  # goes with the folder, whatever happens
    saved = open_bundle(
        file,
        Path(into),
        clip_to=Path(clip_to),
        remarks_to=Path(remarks_to),
        require_room=partial(reserve, file.parent),
    )
    analysis = load_analysis(saved)
    settings = settings_record(analysis.settings)
    return Answer({"clip_name": analysis.clip_name, "settings": settings})


def _table(file: Path) -> Answer:
    return Answer(list(read_subjects(file).rows))


def _pictures(clip: Path, *, analysis: str, moments: list[tuple[int, str]]) -> Answer:
    chosen = [Moment(*one) for one in moments]
    jpegs = [one.jpeg for one in drawn_frames(clip, load_analysis(Path(analysis)), chosen)]
    return Answer([len(jpeg) for jpeg in jpegs], b"".join(jpegs))


def _picture(info: ClipInfo, *, at_s: float) -> bytes:
    """JPEG of a frame in a size to show."""
    longer_side_px = round(_PICTURE_HEIGHT_PX * max(1.0, info.width / info.height))
    frames = FrameReader(info, start_s=at_s, max_minutes=math.inf, max_side_px=longer_side_px)
    file = BytesIO()
    Image.fromarray(next(iter(frames)).image).save(file, "JPEG")
    return file.getvalue()


_ANSWERS: Mapping[str, Callable[..., Answer]] = {
    "look": _look, "find": _find, "open": _open, "table": _table, "pictures": _pictures,
}  # fmt: skip


if __name__ == "__main__":
    import pandas  # noqa: F401  (or each copy of the process would, for tables)

    answer_questions(_answer, cpu_s=_CPU_S, apart=True)
