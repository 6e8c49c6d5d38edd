"""Measured, inferred, absent: what a confidence says, and what follows from a deviation."""

from dataclasses import replace

import numpy as np

from humanpose.sequence import Floats, JointAngles

MEASURED = 0.5
"""A point or an angle is measured from this confidence on, inferred below."""
INFERRED_AT_MOST = 0.49
"""What is inferred is at most this sure, so that it never passes for measured."""
BAND = 1.645
"""Standard deviations on either side that hold 90 % of a normal distribution."""

HALF_SURE_DEG = 15.0
"""The standard deviation at which a measured angle's confidence is 0.5."""
_MOST_DEG = 90.0
"""A larger deviation says no more than that nothing is known."""


def of_deviation(angles: JointAngles, deviation: Floats) -> JointAngles:
    """The same angles with this standard deviation, and as sure as that makes them.

    The class of an angle stays: with s its deviation, a measured angle has the confidence
    1 / (1 + (s / 15°)²), an inferred one 0.49 of that, an absent one 0. So a measured angle
    counts as inferred from 15° on.

    Args:
        deviation: (T, 36) deg; NaN for an absent angle is well.
    """
    deviation = np.minimum(deviation, _MOST_DEG)
    deviation = np.where(np.isfinite(angles.degrees), deviation, np.nan)
    sure = 1 / (1 + (deviation / HALF_SURE_DEG) ** 2)
    sure = np.where(angles.confidence >= MEASURED, sure, INFERRED_AT_MOST * sure)
    return replace(angles, confidence=np.nan_to_num(sure), deviation=deviation)
