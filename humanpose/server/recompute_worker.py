"""The process that computes another setting of an analysis: everything after detection again.

It remembers networks, the last analyses, and what POF said of them, which serves all settings
that have it on.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

# Slow to import, so ahead of the first question:
import humanpose.joint_refinement
import humanpose.main_refiner.inference
import humanpose.pof  # noqa: F401
from humanpose.analysis import Analysis
from humanpose.detection.detect import Detection
from humanpose.io.load import load_analysis
from humanpose.io.schema import read_settings
from humanpose.learned.loading import Networks, load_networks
from humanpose.measures.takes import take_of
from humanpose.motion import Estimates, Stage
from humanpose.pipeline import compute
from humanpose.pof.stage import PofStage
from humanpose.server.answering import Tell, answer_questions
from humanpose.server.entry import Entry
from humanpose.server.helpers import Answer
from humanpose.server.recompute import answer_of, model_files
from humanpose.settings import Settings
from humanpose.video import ClipInfo, probe

T = TypeVar("T")


class Memory(Generic[T]):
    """The last few values, by what they follow from."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[object, T] = OrderedDict()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The value, made where it is not remembered."""
        if key not in self._values:
            self._values[key] = make()
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return self._values[key]


_ANALYSES: Memory[Analysis] = Memory(2)
_NETWORKS: Memory[Networks] = Memory(5)
_SAID: Memory[Estimates] = Memory(4)


def answer(words: Any, tell: Tell) -> Answer:
    """The take of an analysis with other settings.

    Raises:
        HumanPoseError: they cannot be used with this clip or on this installation.
    """
    entry, settings = Entry(Path(words["folder"])), read_settings(words["settings"])
    result = entry.result
    known_by = (str(result), result.stat().st_mtime)
    analysis = _ANALYSES.get(known_by, lambda: load_analysis(result))
    tell("Loading the models")
    on = (settings.pof, settings.joint_refinement, settings.main_refiner)
    loaded_by = (on, settings.augmenter, model_files(settings))
    networks = _NETWORKS.get(loaded_by, lambda: load_networks(settings))
    tell("Computing joint angles")
    return answer_of(take_of(_computed(entry, analysis, settings, networks, known_by)))


def _computed(
    entry: Entry, analysis: Analysis, settings: Settings, networks: Networks, known_by: object
) -> Analysis:
    alone = replace(settings, main_refiner=False, joint_refinement=False, neutral_at_s=None)
    pof_follows_from = (known_by, model_files(alone), alone)

    def around(stage: Stage) -> Stage:
        """POF's answer serves all settings that have it on, so it is remembered."""
        is_pof = stage.name == PofStage.name
        return _Remembering(stage, pof_follows_from) if is_pof else stage

    info = _clip_info(entry, analysis)
    seen = Detection(
        analysis.landmarks,
        people=1,
        background=analysis.background,
        looks_percent=analysis.quality.get("looks_percent", 100.0),
    )
    return compute(info, seen, settings, networks=networks, around=around)


@dataclass(frozen=True)
class _Remembering:
    """A stage that doesn't think twice about what it was told before."""

    stage: Stage
    follows_from: object

    @property
    def name(self) -> str:
        return self.stage.name

    def __call__(self, known: Estimates) -> Estimates:
        return _SAID.get(self.follows_from, partial(self.stage, known))


def _clip_info(entry: Entry, analysis: Analysis) -> ClipInfo:
    """Of an analysis received without its clip only what counts after detection; the focal
    length is then that of its settings."""
    if entry.source.is_file():
        return probe(entry.source)
    if entry.header.is_file():
        header = json.loads(entry.header.read_text("utf-8")) | {"path": entry.source}
        known = {field.name for field in fields(ClipInfo)}  # an older version wrote more
        return ClipInfo(**{name: value for name, value in header.items() if name in known})
    timeline, (width, height) = analysis.timeline, analysis.landmarks.image_size
    return ClipInfo(
        entry.playback,
        width,
        height,
        fps=timeline.fps,
        duration_s=None,
        rotation_deg=0,
        codec="",
        focal_px=None,
    )


if __name__ == "__main__":
    answer_questions(answer)
