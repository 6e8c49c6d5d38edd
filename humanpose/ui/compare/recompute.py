"""The movement of a finished analysis with other settings: everything after detection again."""

import json
from dataclasses import dataclass, fields, replace

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.detection.detect import Detection
from humanpose.learned.loading import Networks, load_networks
from humanpose.measures.comparison import with_stages
from humanpose.measures.takes import Take, take_of
from humanpose.motion import Estimates, Stage
from humanpose.nets.places import find_checkpoint
from humanpose.pipeline import compute
from humanpose.pof.stage import PofStage
from humanpose.server.entry import Entry
from humanpose.settings import Settings
from humanpose.ui.stages import STAGES
from humanpose.video import ClipInfo, probe


def recomputed(entry: Entry, analysis: Analysis, settings: Settings) -> Take:
    """``analysis`` as it would have come out with ``settings``, from the same detection.

    Its own settings, and those without learned stages, are in it already.

    Raises:
        HumanPoseError: the settings cannot be used with this clip or on this installation.
    """
    if settings == analysis.settings:
        return take_of(analysis)
    if settings == with_stages(analysis.settings, "raw"):
        return Take(analysis.markers_raw, analysis.joint_angles_raw)
    changed = (entry.result.stat().st_mtime, *_model_files(settings))
    return _recomputed(entry.token, changed, settings, entry, analysis)


def _model_files(settings: Settings) -> tuple[tuple[str, float], ...]:
    """Which files the stages that are on are read from, and when those were written."""
    on = [stage for stage in STAGES if getattr(settings, stage.field)]
    paths = {find_checkpoint(model) for stage in on for model in stage.models}
    return tuple((str(path), path.stat().st_mtime) for path in sorted(paths) if path.exists())


@st.cache_resource(max_entries=12, show_spinner="Computing joint angles …")
def _recomputed(
    token: str,
    changed: tuple[object, ...],
    settings: Settings,
    _entry: Entry,
    _analysis: Analysis,
) -> Take:
    stages = (settings.pof, settings.joint_refinement, settings.main_refiner)
    networks = _networks(stages, settings.augmenter, _model_files(settings), settings)
    alone = replace(settings, main_refiner=False, joint_refinement=False, neutral_at_s=None)
    known_by = (token, changed[0], _model_files(alone), alone)

    def remembering(stage: Stage) -> Stage:
        """POF's answer serves all settings that have it on, so it is kept."""
        return Remembering(stage, known_by) if stage.name == PofStage.name else stage

    info = _clip_info(_entry, _analysis)
    seen = Detection(_analysis.landmarks, people=1, background=_analysis.background)
    return take_of(compute(info, seen, settings, networks=networks, around=remembering))


@dataclass(frozen=True)
class Remembering:
    """A stage that doesn't think twice about what it was told before."""

    stage: Stage
    known_by: tuple[object, ...]
    """What its answer follows from."""

    @property
    def name(self) -> str:
        """The stage's own."""
        return self.stage.name

    def __call__(self, known: Estimates) -> Estimates:
        """What the stage says, or said before."""
        return _answer(self.name, self.known_by, self.stage, known)


@st.cache_resource(max_entries=6, show_spinner=False)
def _answer(
    name: str, known_by: tuple[object, ...], _stage: Stage, _known: Estimates
) -> Estimates:
    return _stage(_known)


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


@st.cache_resource(max_entries=5, show_spinner=False)
def _networks(
    stages: tuple[bool, bool, bool],
    augmenter: str,
    files: tuple[tuple[str, float], ...],
    _settings: Settings,
) -> Networks:
    return load_networks(_settings)
