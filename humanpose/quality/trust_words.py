"""Sentences on which movements a view tells best and worst."""

from humanpose.analysis import Analysis
from humanpose.labels import MOVEMENTS, movement_label
from humanpose.quality.angle_trust import angle_trust
from humanpose.words import Words, joined, to_say

_LISTED = 3


def trust_words(analysis: Analysis) -> str:
    """Which movements this view tells best and worst, with typical errors, and which it hardly
    tells at all; sentences."""
    trust = angle_trust(analysis)
    errors, inferred = {}, []
    for movement in MOVEMENTS:
        columns = tuple(movement.columns[side] for side in "RML" if side in movement.columns)
        rows = trust.loc[list(columns)]
        name = movement_label(columns, clinical=True)
        measured = rows[(rows["kind"] == "measured") & rows["typical_error_deg"].notna()]
        if len(measured):
            errors[name] = float(measured["typical_error_deg"].mean())
        elif (rows["kind"] == "inferred").any():
            inferred.append(to_say("{movement!l}", movement=name))
    ranked = sorted(errors, key=errors.__getitem__)
    sentences = []
    if len(ranked) >= 2 * _LISTED:
        best, worst = (
            joined((_with_error(name, errors[name]) for name in names), ", ")
            for names in (ranked[:_LISTED], ranked[: -_LISTED - 1 : -1])
        )
        sentences.append(
            to_say(
                "Most reliable from this view: {best}; least: {worst}.", best=best, worst=worst
            )
        )
    if inferred:
        sentences.append(
            to_say(
                "Mostly inferred, not measured: {inferred}.", inferred=joined(inferred, ", ")
            )
        )
    return joined(sentences)


def _with_error(movement: str, error_deg: float) -> Words:
    return to_say("{movement!l} ({error:.0f}°)", movement=movement, error=error_deg)
