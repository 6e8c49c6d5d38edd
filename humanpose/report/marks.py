"""The angles at the events that somebody marked in a clip."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from humanpose.labels import angle_label
from humanpose.report.remarks import Mark
from humanpose.report.tables import Table, number
from humanpose.runtime.cells import csv_of
from humanpose.sequence import JointAngles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import own_point, say, spoken


def marks_table(
    angles: JointAngles, columns: Sequence[str], marks: Sequence[Mark], *, clinical: bool
) -> Table:
    """A row for each of ``columns``, with its degrees at every mark."""
    frames = [angles.timeline.nearest(mark.time_s) for mark in marks]
    rows = [
        (
            name,
            [
                spoken(angle_label(name, clinical=clinical).text),
                *(number(float(angles.curve(name)[frame]), "°") for frame in frames),
            ],
        )
        for name in columns
    ]
    times = (own_point(f"{mark.time_s:.2f}") for mark in marks)
    heads = [f"{mark.name}, {at} s" for mark, at in zip(marks, times, strict=True)]
    return Table([say("Angle"), *heads], rows)


def marks_csv(angles: JointAngles, marks: Sequence[Mark]) -> str:
    """A row for each mark: its name, clip time and frame, and all angles there, deg."""
    frames = [angles.timeline.nearest(mark.time_s) for mark in marks]
    table = pd.DataFrame(np.round(angles.degrees[frames], 3), columns=list(ANGLE_NAMES))
    table.insert(0, "event", [mark.name for mark in marks])
    table.insert(1, "time_s", np.round(angles.timeline.time_s[frames], 4))
    table.insert(2, "frame", frames)
    return csv_of(table)
