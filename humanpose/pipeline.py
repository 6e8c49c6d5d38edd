"""The table of contents: how a clip becomes joint angles."""

import platform
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from humanpose.analysis import Analysis
from humanpose.bands import banded
from humanpose.body.clip import Clues
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.detection.cache import cached_detection
from humanpose.detection.cleaning import (
    fill_gaps,
    hide_unseen,
    remove_outliers,
    undo_swaps,
    with_guesses,
)
from humanpose.detection.detect import Detection
from humanpose.errors import SettingsError
from humanpose.joint_refinement.stage import JointStage
from humanpose.learned.loading import Networks, load_networks
from humanpose.lengths import length_warnings, named_figures
from humanpose.lift.baseline import lift
from humanpose.main_refiner.stage import MainStage
from humanpose.measures.neutral import (
    NEUTRAL_FIGURE,
    count_from_neutral,
    neutral_doubt,
    stillest_upright_s,
)
from humanpose.motion import Estimates, Motion, MotionOptions, Stage, motion_of
from humanpose.pof.stage import PofStage, asked_meanwhile
from humanpose.quality.figures import quality_figures, quality_warnings
from humanpose.quality.held import up_figures
from humanpose.runtime.progress import Progress, Watch, silent, unwatched
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.runtime.system import require_libraries
from humanpose.sequence import JointAngles, Landmarks, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import COCO_IN_MEDIAPIPE
from humanpose.version import __version__
from humanpose.video import ClipInfo, probe
from humanpose.video.background import UNWATCHED, Background
from humanpose.world.filters import can_smooth
from humanpose.world.gravity import votes_of_edges


def analyze(
    clip: str | Path,
    settings: Settings,
    *,
    progress: Progress = silent,
    watch: Watch = unwatched,
) -> Analysis:
    """One clip in, joint angles out.

    Args:
        progress: told how far it is.
        watch: told where the person is while they are looked for.

    Raises:
        ClipError: the clip cannot be used, or nobody is in it.
        CheckpointError: a model that is asked for cannot be used.
        SettingsError: a time in the settings lies outside the clip.
        SystemLibraryError: the machine lacks what OpenCV links to.
    """
    clock = Stopwatch()
    with clock.stage("load models"):
        networks = load_networks(settings)
    require_libraries()
    with clock.stage("probe"):
        info = probe(clip)
    with clock.stage("detect"):
        detection = cached_detection(info, settings, progress=progress, watch=watch)
    progress("Computing joint angles", 0, None)
    return compute(info, detection, settings, networks=networks, clock=clock)


def compute(
    info: ClipInfo,
    detection: Detection,
    settings: Settings,
    *,
    networks: Networks | None = None,
    clock: Stopwatch | None = None,
) -> Analysis:
    """Everything after detection: quick, so that another setting costs next to nothing.

    Args:
        networks: those that ``settings`` ask for; loaded where they are not given.
        clock: has the time of what came before.
    """
    networks, clock = networks or load_networks(settings), clock or Stopwatch()
    seen, beside = detection.landmarks, detection.background
    _require_neutral_inside(settings, seen.timeline)
    with clock.stage("clean"):
        landmarks, repairs = clean(seen, settings)
    camera = camera_of(info, settings)
    with clock.stage("raw motion"), asked_meanwhile(networks.pof, landmarks, camera):
        known = raw_estimates(landmarks, camera, settings, beside)
    for stage in learned_stages(networks, settings):
        with clock.stage(stage.name):
            known = stage(known)
    raw, refined, neutral = _from_neutral(banded(known), settings)
    with clock.stage("quality"):
        quality = repairs | dict(known.figures) | _camera_figures(detection, refined)
        quality |= neutral | quality_figures(seen, refined.joints, refined.angles)
    return Analysis(
        clip_name=info.path.name,
        settings=settings,
        landmarks=seen,
        keypoints=landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        visibility=landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        raw=raw,
        refined=refined,
        gates=known.gates,
        background=beside,
        quality=named_figures(quality, settings),
        warnings=(*detection.warnings, *_warnings(seen, quality, settings, known.best.angles)),
        seconds=clock.seconds,
        provenance=_versions() | dict(detection.provenance) | dict(networks.provenance),
    )


def raw_estimates(
    landmarks: Landmarks,
    camera: Camera,
    settings: Settings,
    background: Background = UNWATCHED,
) -> Estimates:
    """What MediaPipe's own 3-D comes to: where every learned stage starts from."""
    edges = votes_of_edges(camera.rays(background.edges.reshape(-1, 2, 2)))
    lifted = lift(landmarks, camera, height_m=settings.effective_height_m)
    options = motion_options(settings)
    if settings.pof:  # replaces it, so that nobody asks for its augmented markers
        options = replace(options, augmentation_cycles=0)
    raw = motion_of(landmarks, lifted, camera, options, Clues(edges=edges))
    return Estimates(landmarks, camera, lifted, raw, best=raw, edges=edges)


def learned_stages(networks: Networks, settings: Settings) -> list[Stage]:
    """The stages of each of the five settings, in their order.

    ==================  ========================================
    raw                 none
    POF                 POF
    raw + joint         joint refinement
    POF + joint         POF, joint refinement
    MainRefiner         POF, MainRefiner, which asks the joint refiner itself
    ==================  ========================================
    """
    options = motion_options(settings)
    refiner: MainStage | JointStage | None = None
    if networks.main is not None and networks.joint is not None:
        refiner = MainStage(networks.main, networks.joint.refined, options)
    elif networks.joint is not None:
        refiner = JointStage(networks.joint, options)
    refiners: list[Stage] = [refiner] if refiner else []
    if networks.pof is None:
        return refiners
    unread = refiner.UNREAD if refiner else ()
    return [PofStage(networks.pof, options, unread), *refiners]


def motion_options(settings: Settings) -> MotionOptions:
    """How ``settings`` want a body to become a motion."""
    return MotionOptions(
        height_m=settings.effective_height_m,
        mass_kg=settings.effective_mass_kg,
        filter=settings.filter,
        cutoff_hz=settings.cutoff_hz,
        estimate_missing=settings.estimate_missing,
        augmentation_cycles=settings.augmentation_cycles,
        augmenter=settings.augmenter,
        force_complete=settings.force_complete,
    )


def clean(seen: Landmarks, settings: Settings) -> tuple[Landmarks, dict[str, float]]:
    """The detector's landmarks made fit for computing, and how much had to be repaired."""
    visibility_min = settings.visibility_min
    sorted_out, swapped = undo_swaps(seen, visibility_min=visibility_min)
    landmarks = hide_unseen(sorted_out, visibility_min=visibility_min)
    landmarks, outliers = remove_outliers(landmarks)
    landmarks, filled = fill_gaps(landmarks, max_gap_s=settings.max_gap_s)
    landmarks = with_guesses(landmarks, sorted_out, below=visibility_min)
    repairs = {
        "swap_frames_undone": float(swapped.sum()),
        "outliers_removed": float(outliers),
        "filled_share": float(filled[:, COCO_IN_MEDIAPIPE].mean()),
    }
    return landmarks, repairs


def camera_of(info: ClipInfo, settings: Settings) -> Camera:
    """The setting wins over the clip's metadata, and that over the default."""
    size = (info.width, info.height)
    if settings.fov_deg is None and info.focal_px is not None:
        return Camera(info.focal_px, size)
    return Camera.from_fov(settings.fov_deg or DEFAULT_FOV_DEG, size)


def _from_neutral(
    motions: tuple[Motion, Motion], settings: Settings
) -> tuple[Motion, Motion, dict[str, float]]:
    """The raw and the best of ``motions``, counted from the neutral pose where one is asked
    for, and the figure that says which."""
    raw, best = motions
    at_s = settings.neutral_at_s
    if at_s is None:
        return raw, best, {}
    if at_s == "auto":
        at_s = stillest_upright_s(best.angles)
    raw, best = (count_from_neutral(motion, at_s=at_s) for motion in motions)
    return raw, best, {NEUTRAL_FIGURE: at_s}


def _camera_figures(detection: Detection, motion: Motion) -> dict[str, float]:
    """How it was held, and how far it moved."""
    seen = {
        "camera_moved_percent": detection.background.moved_percent,
        "looks_percent": detection.looks_percent,
    }
    return up_figures(motion.up_camera, motion.up_sd_deg) | seen


def _require_neutral_inside(settings: Settings, timeline: Timeline) -> None:
    at, times = settings.neutral_at_s, timeline.time_s
    if isinstance(at, int | float) and not times[0] - 0.5 <= at <= times[-1] + 0.5:
        raise SettingsError(
            f"neutral-at ({at:g} s) must lie inside the analysed part of the clip,"
            f" {times[0]:.2f}-{times[-1]:.2f} s"
        )


def _warnings(
    seen: Landmarks, quality: dict[str, float], settings: Settings, absolute: JointAngles
) -> Iterator[str]:
    yield from quality_warnings(seen, quality)
    at_s = settings.neutral_at_s
    if isinstance(at_s, int | float) and (doubt := neutral_doubt(absolute, at_s=at_s)):
        yield doubt
    fps, cutoff_hz = seen.timeline.fps, settings.cutoff_hz
    if settings.filter != "none" and not can_smooth(fps=fps, cutoff_hz=cutoff_hz):
        yield (
            f"At {fps:g} frames/s a {cutoff_hz:g} Hz filter has nothing to remove; the curves"
            " are not smoothed."
        )
    yield from length_warnings(settings)


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("mediapipe", "numpy", "scipy")}
    return {"humanpose": __version__, "python": platform.python_version()} | packages
