"""The movement of a finished analysis with other settings: everything after detection again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import streamlit as st

from humanpose.analysis import Analysis
from humanpose.detection.detect import Detection
from humanpose.learned.loading import Models, find_checkpoint, load_models
from humanpose.measures.comparison import with_stages
from humanpose.measures.takes import Take, take_of
from humanpose.pipeline import compute
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Floats
from humanpose.server.workspace import Entry
from humanpose.settings import Settings
from humanpose.ui.stages import STAGES
from humanpose.video import ClipInfo, probe

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference
    from humanpose.sequence import LimbField


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
    info = _clip_info(_entry, _analysis)
    seen = Detection(_analysis.landmarks, people=1)
    stages = (settings.pof, settings.joint_refinement, settings.main_refiner)
    models = _models(stages, settings.augmenter, _model_files(settings), settings)

    def remember(step: str, wanted: Settings, work: Callable[[], Any]) -> Any:
        return _remembered(step, token, changed[0], _model_files(wanted), wanted, work)

    models = replace(models, remember=remember)
    return take_of(compute(info, seen, settings, Stopwatch(), models=models))


def _clip_info(entry: Entry, analysis: Analysis) -> ClipInfo:
    """Of an analysis received without its clip only what counts after detection; the focal
    length is then that of its settings."""
    if entry.source.is_file():
        return probe(entry.source)
    if entry.header.is_file():
        return ClipInfo(**json.loads(entry.header.read_text("utf-8")) | {"path": entry.source})
    timeline, (width, height) = analysis.timeline, analysis.landmarks.image_size
    return ClipInfo(
        entry.playback,
        width,
        height,
        fps=timeline.fps,
        duration_s=None,
        frames=timeline.frames,
        rotation_deg=0,
        codec="",
        focal_px=None,
    )


@st.cache_resource(max_entries=6, show_spinner=False)
def _remembered(
    step: str,
    token: str,
    changed: object,
    files: tuple[tuple[str, float], ...],
    settings: Settings,
    _work: Callable[[], Any],
) -> Any:
    return _work()


@st.cache_resource(max_entries=5, show_spinner=False)
def _models(
    stages: tuple[bool, bool, bool],
    augmenter: str,
    files: tuple[tuple[str, float], ...],
    _settings: Settings,
) -> Models:
    models = load_models(_settings)
    if models.pof is None:
        return models
    return replace(models, pof=cast("CameraPOFInference", _RememberingPof(models.pof, files)))


class _RememberingPof:
    """A POF network that doesn't think twice about the same keypoints."""

    def __init__(self, pof: CameraPOFInference, files: object) -> None:
        self._pof = pof
        self._files = files

    def limb_field(self, keypoints_px: Floats, visibility: Floats, **clip: Any) -> LimbField:
        content = hashlib.sha256(np.ascontiguousarray(keypoints_px).tobytes())
        content.update(np.ascontiguousarray(visibility).tobytes())
        key = f"{content.hexdigest()} {sorted(clip.items())} {self._files}"
        return _limb_field(key, self._pof, keypoints_px, visibility, clip)


@st.cache_resource(max_entries=4, show_spinner=False)
def _limb_field(
    key: str,
    _pof: CameraPOFInference,
    _keypoints_px: Floats,
    _visibility: Floats,
    _clip: dict[str, Any],
) -> LimbField:
    return _pof.limb_field(_keypoints_px, _visibility, **_clip)
