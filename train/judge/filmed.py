"""The sets of real people, filmed by phones, beside what a laboratory or two cameras say.

What is true here comes with its clip, by the clip's clock: ``phone`` from optical markers,
``opencap`` and ``twocam`` from OpenCap's two cameras without markers, themselves 4-5° off.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from humanpose.detection.cache import cached_detection
from humanpose.sequence import Floats
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import probe
from train.convert.errors import SourceError, reading
from train.convert.mot import read_motion
from train.judge.cases import Case, Truth, files_in
from train.judge.metrics import CORE_ANGLES, unwrapped

PEERS = ("mono", "wham")
"""Systems whose answers lie beside the clips of ``phone``."""
DEMO = Settings(height_m=1.79, mass_kg=80.0, **RAW)
"""Of OpenCap's demo, from its ``sessionMetadata.yaml``."""
OVERLAY = Settings(height_m=1.78, **RAW)
"""Of the person in jeans; assumed, since it is not stated."""
OVERLAY_LATE_S = {
    "walk_cam0": 0.075, "walk_cam1": 0.008, "squat_cam0": 0.04, "squat_cam1": -0.02,
}  # fmt: skip
"""What the clip's clock shows more than the motion's at the same moment."""
LEG_PER_HEIGHT = 0.491
"""Hip to knee to ankle, of the body's height: Winter's 0.245 + 0.246."""

_HAS_ZERO = np.array([name != "pelvis_rotation" for name in ANGLE_NAMES])
"""The heading is that in the laboratory."""
_SAME_MOMENT_S = 1e-6


def phone(shared: Path) -> list[Case]:
    """Two people in a laboratory, a phone each: a squat and a walk.

    The truth is OpenSim's angles of optical markers. The height follows from the length of the
    legs between the joint centres. ``answers`` holds OpenCap Monocular's (``mono``) and WHAM's
    (``wham``). These clips judge: no constant may be chosen on them. Raises SourceError.
    """
    return [_measured(path) for path in files_in(shared / "data/clips/phone", "*.mp4")]


def opencap(shared: Path) -> list[Case]:
    """OpenCap's demo without its high knees: one person, squats and a jump, two phones.

    The truth is OpenCap's two-camera answer; a clip's frame k is row k of it. Raises
    SourceError.
    """
    return [case for case in _demo(shared) if "Knees" not in case.clip]


def twocam(shared: Path) -> list[Case]:
    """All of OpenCap's demo, and one person in jeans and T-shirt who walks and squats.

    The truth is OpenCap's two-camera answer, by the clip's clock. Raises SourceError.
    """
    folder = shared / "data/clips/opencap_overlay"
    worn = (
        _compared(path, "opencap|overlay", OVERLAY, late_s=late_s)
        for clip, late_s in OVERLAY_LATE_S.items()
        for path in files_in(folder, f"{clip}.mov")
    )
    return [*_demo(shared), *worn]


def _demo(shared: Path) -> list[Case]:
    folder = shared / "data/clips/opencap_demo"
    return [_compared(path, "opencap|demo", DEMO) for path in files_in(folder, "*_cam?.mp4")]


def _compared(
    path: Path, subject: str, settings: Settings, *, late_s: float | None = None
) -> Case:
    """A clip beside OpenCap's motion of the same name; frame k is row k without ``late_s``."""
    info = probe(path)
    detection = cached_detection(info, settings)
    trial, _, _ = path.stem.partition("_cam")
    motion = read_motion(path.with_name(f"{trial}.mot")).angles
    compared = [ANGLE_NAMES.index(name) for name in (*CORE_ANGLES, "pelvis_rotation")]
    curves = np.full_like(motion.degrees, np.nan)
    curves[:, compared] = motion.degrees[:, compared]
    seen = detection.landmarks.timeline
    if late_s is None:
        angles = _at(np.arange(float(seen.frames)), np.arange(float(len(curves))), curves)
    else:
        angles = _at(seen.time_s, motion.timeline.time_s + late_s, curves)
    truth = Truth(angles, _HAS_ZERO)
    return Case(path.stem, subject, trial, info, detection, settings, truth)


def _measured(path: Path) -> Case:
    """A clip beside the recording of the same name, with markers."""
    recording = path.with_suffix(".npz")
    if not recording.is_file():
        raise SourceError(f"no {recording.name} beside {path.name}; get it again")
    with reading(recording), np.load(recording) as file:
        arrays = {name: file[name].astype(float) for name in file.files}
        settings = Settings(height_m=_height_m(arrays), **RAW)
        said = {name: _curves(arrays, name) for name in ("mocap", *PEERS)}
    info = probe(path)
    detection = cached_detection(info, settings)
    at_s = detection.landmarks.timeline.time_s
    curves = {name: _at(at_s, arrays["time"], angles) for name, angles in said.items()}
    truth = Truth(curves.pop("mocap"), _HAS_ZERO)
    subject, activity = f"phone|{path.stem}", path.stem
    return Case(path.stem, subject, activity, info, detection, settings, truth, curves)


def _height_m(arrays: Mapping[str, Floats]) -> float:
    """Of a person with legs as long as the markers say."""
    legs = [
        np.linalg.norm(arrays[f"mocap/joint/{above}"] - arrays[f"mocap/joint/{below}"], axis=1)
        for side in "rl"
        for above, below in ((f"hip_{side}", f"knee_{side}"), (f"knee_{side}", f"ankle_{side}"))
    ]
    return float(np.sum(np.nanmedian(legs, axis=1)) / 2 / LEG_PER_HEIGHT)


def _curves(arrays: Mapping[str, Floats], system: str) -> Floats:
    """(T, 36) deg of a system; NaN for angles that it doesn't tell."""
    absent = np.full(len(arrays["time"]), np.nan)
    return np.stack([arrays.get(f"{system}/{name}", absent) for name in ANGLE_NAMES], axis=1)


def _at(times: Floats, known_at: Floats, curves: Floats) -> Floats:
    """(T, A) curves read at other times; NaN before the first and after the last."""
    smooth = unwrapped(curves).T
    read = np.stack([np.interp(times, known_at, curve) for curve in smooth], axis=1)
    before, after = times < known_at[0] - _SAME_MOMENT_S, times > known_at[-1] + _SAME_MOMENT_S
    read[before | after] = np.nan
    return read
