"""What curves come to: ranges, cycles, repetitions, gait, and two movements compared.

Names are looked up when they are used: most give tables, for which an analysis loads no pandas.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from humanpose.measures.comparison import compare_angles
    from humanpose.measures.cycles import cycle_curves
    from humanpose.measures.events import find_gait_events
    from humanpose.measures.gait_measures import gait_summary
    from humanpose.measures.ranges import angle_measures
    from humanpose.measures.repetitions import find_repetitions, find_sit_to_stands, find_squats
    from humanpose.measures.sides import symmetry

__all__ = [
    "angle_measures",
    "compare_angles",
    "cycle_curves",
    "find_gait_events",
    "find_repetitions",
    "find_sit_to_stands",
    "find_squats",
    "gait_summary",
    "symmetry",
]

_ROOMS = {
    "angle_measures": "ranges",
    "compare_angles": "comparison",
    "cycle_curves": "cycles",
    "find_gait_events": "events",
    "find_repetitions": "repetitions",
    "find_sit_to_stands": "repetitions",
    "find_squats": "repetitions",
    "gait_summary": "gait_measures",
    "symmetry": "sides",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
