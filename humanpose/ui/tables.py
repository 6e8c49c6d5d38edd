"""Tables that the pages show."""

import numpy as np
import pandas as pd

from humanpose.labels import MOVEMENTS
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES

_SIDE_WORDS = {"L": "left", "R": "right", "M": "–"}


def range_of_motion(angles: JointAngles) -> pd.DataFrame:
    """One row an angle: smallest, largest and range in degrees, mean confidence in [0, 1].

    An angle that is never present has no numbers (NaN) and confidence 0.
    """
    rows = [
        {
            "Joint": movement.joint,
            "Movement": movement.word,
            "Side": _SIDE_WORDS[side],
            **_extent(angles.curve(column)),
            "Confidence": float(angles.confidence[:, ANGLE_NAMES.index(column)].mean()),
            "Column": column,
        }
        for movement in MOVEMENTS
        for side, column in sorted(movement.columns.items())
    ]
    return pd.DataFrame(rows)


def _extent(curve: Floats) -> dict[str, float]:
    present = curve[np.isfinite(curve)]
    low, high = (present.min(), present.max()) if len(present) else (np.nan, np.nan)
    return {"Min": float(low), "Max": float(high), "Range": float(high - low)}
