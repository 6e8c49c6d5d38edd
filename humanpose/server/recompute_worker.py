"""The process that computes another setting of an analysis: everything after detection again.

It remembers networks and the last analyses; fits and what POF said are remembered anyway.
"""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

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
from humanpose.pipeline import compute
from humanpose.runtime.remembered import Memory
from humanpose.server.answering import Tell, answer_questions
from humanpose.server.entry import Entry
from humanpose.server.helpers import Answer
from humanpose.server.recompute import answer_of, model_files
from humanpose.settings import Settings
from humanpose.video import ClipInfo, probe

_ANALYSES: Memory[Analysis] = Memory(2)
_NETWORKS: Memory[Networks] = Memory(5)


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
    return answer_of(take_of(_computed(entry, analysis, settings, networks)))


def _computed(
    entry: Entry, analysis: Analysis, settings: Settings, networks: Networks
) -> Analysis:
    info = _clip_info(entry, analysis)
    seen = Detection(
        analysis.landmarks,
        people=1,
        background=analysis.background,
        looks_percent=analysis.quality.get("looks_percent", 100.0),
    )
    return compute(info, seen, settings, networks=networks)


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
