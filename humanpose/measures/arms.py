"""Arms: how far each is raised, whichever way."""

import numpy as np

from humanpose.confidence import MEASURED
from humanpose.measures.cycles import Found
from humanpose.measures.events import SIDES, Side
from humanpose.measures.repetitions import Repetition, find_repetitions
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import to_say


def elevation(angles: JointAngles, side: Side) -> Floats:
    """(T,) deg in [0, 180] between the upper arm and the trunk's downward axis.

    Flexion and adduction alone tell little of an arm that is raised sideways: with it level,
    one of the two can be anything. NaN where one of them is.
    """
    flexion, adduction = (
        np.radians(angles.curve(f"arm_{word}_{side}")) for word in ("flex", "add")
    )
    return np.asarray(np.degrees(np.arccos(np.cos(flexion) * np.cos(adduction))))


def find_arm_repetitions(
    angles: JointAngles, *, least_deg: float, elbows: bool = True
) -> Found[Repetition]:
    """Of the arm that does most: out and back of its elevation or, if ``elbows``, its elbow."""
    curves: dict[tuple[str, ...], Floats] = {
        (f"arm_flex_{side}", f"arm_add_{side}"): elevation(angles, side) for side in SIDES
    }
    if elbows:
        curves |= {(name,): angles.curve(name) for name in ("elbow_flex_r", "elbow_flex_l")}
    ranges = {names: _range(angles, names, curve) for names, curve in curves.items()}
    busiest = max(ranges, key=ranges.__getitem__)
    if ranges[busiest] < 0:
        return Found((), to_say("no arm angle is measured in this clip"))
    return find_repetitions(curves[busiest], angles.timeline, least_deg=least_deg)


def _range(angles: JointAngles, names: tuple[str, ...], curve: Floats) -> float:
    """Where it is measured, deg; -1 where it never is."""
    columns = [ANGLE_NAMES.index(name) for name in names]
    sure = (angles.confidence[:, columns] >= MEASURED).all(axis=1)
    return float(np.ptp(curve[sure])) if sure.any() else -1.0
