"""The movement of a finished analysis with other settings, computed beside the server.

One process (``humanpose.server.recompute_worker``) keeps the networks loaded; it goes when
nobody has asked for a while, when it takes more than an analysis may, and on Cancel.
"""

import threading
from collections import OrderedDict
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from humanpose.errors import AnalysisError
from humanpose.io.schema import settings_record
from humanpose.measures.takes import Take
from humanpose.nets.places import find_checkpoint
from humanpose.sequence import JointAngles, PoseSequence, Timeline
from humanpose.server.entry import Entry
from humanpose.server.helpers import Answer, Asked, Helpers
from humanpose.server.serving import serving
from humanpose.settings import Settings
from humanpose.skeleton import MARKERS22

_MOST_BYTES = 1 << 30
_MOST_KEPT = 8
_WORKER = Helpers("humanpose.server.recompute_worker", most_bytes=_MOST_BYTES)
_KEPT: OrderedDict[object, Asked] = OrderedDict()
_GUARD = threading.Lock()


def be_ready() -> None:
    """Have the process start ahead of the first question."""
    _WORKER.wake()


def ask(entry: Entry, settings: Settings) -> Asked:
    """How the analysis would have come out with ``settings``, from the same detection; asked
    once, however many want to know. ``take_in`` reads the answer.

    Raises:
        AnalysisError: there is no analysis.
        BusyError: as many wait as the server lets wait.
    """
    used = _with_places(settings)
    known_by = (entry.token, entry.result.stat().st_mtime, used, model_files(used))
    words = {"folder": str(entry.folder), "settings": settings_record(used)}
    with _GUARD:
        asked = _KEPT.get(known_by)
        if asked is None or asked.failed:
            asked = _WORKER.ask(
                words, limit_s=serving().hours * 3600, stopped=AnalysisError(_beyond())
            )
        _KEPT[known_by] = asked
        _KEPT.move_to_end(known_by)
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return asked


def model_files(settings: Settings) -> tuple[tuple[str, float], ...]:
    """The files that the stages that are on are read from, and when those were written."""
    paths = (
        Path(path)
        for on, path in (
            (settings.pof, settings.pof_model_path),
            (settings.joint_refinement, settings.joint_model_path),
            (settings.main_refiner, settings.main_refiner_path),
        )
        if on
    )
    return tuple((str(path), path.stat().st_mtime) for path in paths if path.exists())


def _with_places(settings: Settings) -> Settings:
    """With model files where this server finds them."""
    names = ("pof_model_path", "joint_model_path", "main_refiner_path")
    places = {name: str(find_checkpoint(getattr(settings, name)).absolute()) for name in names}
    return replace(settings, **places)  # type: ignore[arg-type]


def _beyond() -> str:
    rules = serving()
    return (
        f"this could not be computed within {rules.memory_gb:g} GB and {rules.hours:g} h;"
        " analyse a shorter part of the clip with these settings"
    )


def answer_of(take: Take) -> Answer:
    """A take as the process sends it."""
    markers, angles = take.markers, take.angles
    stream = BytesIO()
    np.savez(
        stream,
        positions=markers.positions,
        sure=markers.confidence,
        degrees=angles.degrees,
        confidence=angles.confidence,
        **({} if angles.deviation is None else {"deviation": angles.deviation}),
    )
    return Answer(None, stream.getvalue())


def take_in(answer: Answer, timeline: Timeline) -> Take:
    """What ``answer_of`` made of a take, on the timeline of its analysis."""
    with np.load(BytesIO(answer.data), allow_pickle=False) as file:
        arrays: dict[str, Any] = dict(file)
    return Take(
        PoseSequence(arrays["positions"], arrays["sure"], timeline, MARKERS22),
        JointAngles(arrays["degrees"], arrays["confidence"], timeline, arrays.get("deviation")),
    )
