"""Angles of a few frames as they were found, beside the truth."""

from dataclasses import dataclass, replace
from typing import Self

from humanpose.nets.angle_evidence import exchange_sides, mirrored_angles
from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Window:
    """Angles of T frames."""

    degrees: Floats
    """(T, 36) as found, NaN where absent."""
    confidence: Floats
    """(T, 36)."""
    truth: Floats
    """(T, 36) deg, from our zero; NaN where not known."""

    def mirrored(self) -> Self:
        """Of the person's mirror image."""
        return replace(
            self,
            degrees=mirrored_angles(self.degrees),
            confidence=exchange_sides(self.confidence),
            truth=mirrored_angles(self.truth),
        )
