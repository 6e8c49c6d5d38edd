"""What curves come to: ranges, cycles, repetitions, gait, and two movements compared."""

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
