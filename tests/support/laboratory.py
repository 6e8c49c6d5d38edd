"""Walks in two laboratories: the markers that we use, and when force plates felt the feet."""

import io
from pathlib import Path

import numpy as np

from humanpose.geometry import runs
from humanpose.io.trc import read_trc
from humanpose.measures.events import SIDES, Event
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22
from tests.support.filtered import filtered

_NAMES = {
    "opencap_unfiltered": {
        "Heel": "{s}_calc", "BigToe": "{s}_toe", "Ankle": "{s}_ankle", "Knee": "{s}_knee",
        "Hip": "{s}.ASIS", "PSIS": "{s}.PSIS", "Shoulder": "{S}_Shoulder",
    },
    "camargo": {
        "Heel": "{S}_Heel", "BigToe": "{S}_Toe_Tip", "Ankle": "{S}_Ankle_Lat",
        "Knee": "{S}_Knee_Lat", "Hip": "{S}_ASIS", "PSIS": "{S}_PSIS",
    },
}  # fmt: skip
_LOADED_N = 20.0
_FEET_APART_M = 0.4
"""Only where the other foot is this far away does a plate feel one foot alone."""
_TAIL_S = 0.2
"""An event later than this before the end of the trial is not seen whole."""


def walk(folder: Path, laboratory: str, trial: str) -> tuple[PoseSequence, tuple[Event, ...]]:
    """Smoothed markers (gaps interpolated, the hips' markers for the hips), and true events."""
    root = next(folder.rglob(laboratory))
    smoothed = _markers(root, laboratory, trial)
    return smoothed, _events(root / "ID" / f"{trial}_grf.mot", smoothed)


def flights(folder: Path, laboratory: str, trial: str) -> tuple[PoseSequence, list[float]]:
    """Smoothed markers, and for how long nothing pressed on any force plate each time, s."""
    root = next(folder.rglob(laboratory))
    table = _forces(root / "ID" / f"{trial}_grf.mot")
    forces = np.sum([table[name] for name in table if name.endswith("_vy")], axis=0)
    pressed = forces > _LOADED_N
    step_s = table["time"][1] - table["time"][0]
    off_s = [float((run.stop - run.start) * step_s) for run in runs(~pressed)]
    return _markers(root, laboratory, trial), off_s


def _markers(root: Path, laboratory: str, trial: str) -> PoseSequence:
    with (root / "MarkerData" / f"{trial}.trc").open(encoding="utf-8") as stream:
        seen = read_trc(stream)
    positions = np.full((len(seen), len(MARKERS22), 3), np.nan)
    pelvis = []
    for side in "RL":
        for ours, theirs in _NAMES[laboratory].items():
            path = seen.joint(theirs.format(S=side, s="r" if side == "R" else "L"))
            pelvis += [path] if ours in ("Hip", "PSIS") else []
            if ours != "PSIS":
                positions[:, MARKERS22.index(side + ours)] = _whole(path)
    positions[:, MARKERS22.index("Hip")] = _whole(np.nanmean(pelvis, axis=0))
    known = np.isfinite(positions[..., 0]).astype(float)
    markers = PoseSequence(positions, known, seen.timeline, MARKERS22)
    return filtered(markers)


def _whole(path: Floats) -> Floats:
    """(T, 3) with its gaps interpolated."""
    known = np.flatnonzero(np.isfinite(path[:, 0]))
    return np.stack([np.interp(np.arange(len(path)), known, p[known]) for p in path.T], axis=1)


def _forces(path: Path) -> dict[str, Floats]:
    """Column -> (T,) of a .mot file."""
    _, _, body = path.read_text(encoding="utf-8").partition("endheader\n")
    names, _, rows = body.partition("\n")
    return dict(zip(names.split(), np.loadtxt(io.StringIO(rows)).T, strict=True))


def _events(forces: Path, markers: PoseSequence) -> tuple[Event, ...]:
    """Where a plate is loaded by one foot for 0.3 s and more."""
    table = _forces(forces)
    time_s = table["time"]
    events = []
    for vertical in (name for name in table if name.endswith("_vy")):
        place = np.stack([table[vertical.replace("vy", f"p{axis}")] for axis in "xz"], axis=1)
        for on in runs(table[vertical] > _LOADED_N):
            inside = (on.stop - on.start) // 6
            if time_s[on.stop - 1] - time_s[on.start] < 0.3:
                continue
            if on.start > 0:
                at = on.start + inside
                events += _of_one_foot(markers, place[at], time_s[at], time_s[on.start], True)
            if on.stop < len(time_s):
                at = on.stop - 1 - inside
                events += _of_one_foot(
                    markers, place[at], time_s[at], time_s[on.stop - 1], False
                )
    last_s = time_s[-1] - _TAIL_S
    return tuple(sorted(event for event in events if event.time_s < last_s))


def _of_one_foot(
    markers: PoseSequence, place: Floats, place_s: float, time_s: float, lands: bool
) -> list[Event]:
    """The event of the foot whose middle is nearest to where the plate is pressed."""
    frame = int(np.argmin(np.abs(markers.timeline.time_s - place_s)))
    away = []
    for side in SIDES:
        parts = (f"{side.upper()}Heel", f"{side.upper()}BigToe")
        middle = np.mean([markers.joint(part)[frame] for part in parts], axis=0)
        away.append(float(np.linalg.norm(middle[[0, 2]] - place)))
    if max(away) < _FEET_APART_M:
        return []
    side = SIDES[int(np.argmin(away))]
    return [Event(float(time_s), side, "heel_strike" if lands else "toe_off")]
