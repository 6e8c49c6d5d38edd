"""What not to trust in a report, in one sentence."""

from collections.abc import Sequence

from humanpose.analysis import Analysis
from humanpose.labels import movement_label
from humanpose.measures.presets import Preset, columns_of
from humanpose.quality.angle_trust import angle_trust
from humanpose.quality.check import Check

_LISTED = 4
_TRUSTED = ("good", "fair")


def distrust(
    analysis: Analysis, preset: Preset, found: Sequence[Check], *, clinical: bool
) -> str:
    """The angles shown that this view hardly tells, what is amiss with the clip, and what one
    camera never tells."""
    words = angle_trust(analysis)["trust"]
    weak = [
        movement_label(columns_of(stem), clinical=clinical)
        for stem in preset.movements
        if any(words[column] not in _TRUSTED for column in columns_of(stem))
    ]
    if clinical:
        weak = [f"{label[0].lower()}{label[1:]}" for label in weak]
    parts = ["any absolute angle to within 5°"]
    if weak:
        more = f" and {len(weak) - _LISTED} more" if len(weak) > _LISTED else ""
        listed = ", ".join(weak[:_LISTED])
        parts.append(f"{listed}{more}: off by over 10° or never tested in this view")
    if bad := [check.name.lower() for check in found if check.state == "bad"]:
        parts.append(f"anything that hangs on what the checks found amiss ({', '.join(bad)})")
    return f"Don't trust {'; nor '.join(parts)}."
