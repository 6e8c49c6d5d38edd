"""What not to trust in a report, in one sentence."""

from collections.abc import Sequence

from humanpose.analysis import Analysis
from humanpose.labels import movement_label
from humanpose.measures.presets import Preset, columns_of
from humanpose.quality.angle_trust import angle_trust
from humanpose.quality.check import Check
from humanpose.words import joined, say, to_say

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
        weak = [to_say("{movement!l}", movement=label) for label in weak]
    parts = [to_say("any absolute angle to within 5°")]
    if weak:
        angles = joined(weak[:_LISTED], ", ")
        if len(weak) > _LISTED:
            more = len(weak) - _LISTED
            angles = to_say("{angles} and {count} more", angles=angles, count=more)
        parts.append(
            to_say("nor {angles}: off by over 10° or never tested in this view", angles=angles)
        )
    if bad := [check.name for check in found if check.state == "bad"]:
        amiss = joined(bad, ", ")
        parts.append(
            to_say("nor anything that hangs on what the checks found amiss ({amiss})",
                   amiss=amiss)
        )  # fmt: skip
    return say(to_say("Don't trust {what}.", what=joined(parts, "; ")))
