"""Small drawings of the direction in which an angle counts as positive."""

from humanpose.assets import ASSETS
from humanpose.labels import MOVEMENTS, positive_direction

_FOLDER = ASSETS / "signs"


def sign_drawings() -> dict[str, str]:
    """Joint and direction, ``Knee flexion``, → an ``<svg>``, for the first movement of each."""
    first = {movement.joint: movement for movement in reversed(MOVEMENTS)}
    shown = {
        f"{joint} {positive_direction(movement.both[0], clinical=clinical)}"
        for joint, movement in first.items()
        for clinical in (False, True)
    }
    return {
        title: (_FOLDER / f"{title.lower().replace(' ', '_')}.svg").read_text("utf-8").strip()
        for title in sorted(shown)
    }
