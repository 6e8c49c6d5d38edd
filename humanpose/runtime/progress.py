"""How a long stage tells whoever waits how far it is."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Progress(Protocol):
    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """``stage`` as shown to the user; ``done`` of ``total`` frames, None when not known."""


class Watch(Protocol):
    def __call__(self, time_s: float, seen: NDArray[np.float32]) -> None:
        """``seen`` (33, 6): where MediaPipe's landmarks are at a clip time, px in the image
        frame, m in the camera frame, and how visible; NaN where nobody is."""


def unwatched(time_s: float, seen: NDArray[np.float32]) -> None:
    """Nobody looks at the (33, 6) of ``Watch``, which may be NaN."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Tells nobody."""
