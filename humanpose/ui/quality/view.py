"""The parts of the Quality page: checks as cards, and the tables behind them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from humanpose.analysis import Analysis
from humanpose.labels import angle_label
from humanpose.lengths import length_unit
from humanpose.quality.angle_trust import angle_trust
from humanpose.quality.check import Check, overall
from humanpose.quality.joints import bone_quality, joint_quality, joint_words
from humanpose.skeleton import COCO17
from humanpose.ui.messages import as_text
from humanpose.ui.tables import show_table
from humanpose.words import own_separators, say, spoken, to_say
from humanpose.words.again import retold

_ICONS = {
    "good": ":green[:material/check_circle:]",
    "watch": ":orange[:material/error:]",
    "bad": ":red[:material/warning:]",
    "unknown": ":gray[:material/help:]",
}
_WORDS = {
    "good": to_say("good"),
    "watch": to_say("look at it"),
    "bad": to_say("act on it"),
    "unknown": to_say("not known"),
}
_GRAVEST = ("bad", "watch", "unknown", "good")
_MOST_COLUMNS = 600
"""A heat map needs no more points in time than a screen has pixels."""


def check_cards(found: Sequence[Check]) -> None:
    """What they come to; a card for each check with advice, the gravest first; the rest in
    lines."""
    whole = overall(found)
    st.markdown(f"{_ICONS[whole.state]} **{as_text(whole.finding)}**")
    with_advice = sorted((c for c in found if c.advice), key=lambda c: _GRAVEST.index(c.state))
    for left in range(0, len(with_advice), 2):
        for column, check in zip(st.columns(2), with_advice[left : left + 2], strict=False):
            with column.container(border=True, height="stretch", gap="xsmall"):
                word = say(_WORDS[check.state])
                st.markdown(f"{_ICONS[check.state]} **{say(check.name)}** · :small[{word}]")
                st.markdown(as_text(check.finding))
                st.caption(as_text(check.advice))
    plain = [check for check in found if not check.advice]
    half = (len(plain) + 1) // 2
    for column, part in zip(st.columns(2), (plain[:half], plain[half:]), strict=True):
        column.markdown("  \n".join(_line(check) for check in part))


def _line(check: Check) -> str:
    finding = as_text(check.finding)
    return f"{_ICONS[check.state]} **{say(check.name)}** &ensp; :small[{finding}]"


def trust_frame(analysis: Analysis, *, clinical: bool) -> None:
    """How far each angle is to be trusted."""
    table = angle_trust(analysis)
    table.insert(
        0, "angle", [spoken(angle_label(n, clinical=clinical).text) for n in table.index]
    )
    table["measured_share"] *= 100
    columns = _trust_columns()
    for words in ("trust", "kind", "reason"):
        table[words] = table[words].map(retold)
    show_table(table[list(columns)], columns)


def _trust_columns() -> dict[str, Any]:
    error = st.column_config.NumberColumn
    return {
        "angle": say("Angle"),
        "trust": st.column_config.TextColumn(
            say("Trust"),
            help=say("good: typically within 5°; fair: within 10°; poor: more."),
        ),
        "typical_error_deg": error(
            say("Typical error"),
            format="%.1f°",
            help=say(
                "Mean error in this view, after one constant per clip, measured on"
                " rendered people who were held out from all training."
            ),
        ),
        "range_error_deg": error(
            say("Error of range"),
            format="%.1f°",
            help=say("Mean error of the range of motion, on the same people."),
        ),
        "band_deg": error(
            say("Band, ±"),
            format="%.1f°",
            help=say(
                "Half of the band that holds 90 % of the truth, mean over this clip."
                " Only with the learned 3-D."
            ),
        ),
        "measured_share": st.column_config.ProgressColumn(
            say("Measured"),
            format="%.0f %%",
            min_value=0,
            max_value=100,
            help=say("Share of the frames in which the angle is measured, not inferred."),
        ),
        "kind": say("Kind"),
        "reason": st.column_config.TextColumn(say("Careful"), width="large"),
    }


def joint_frame(analysis: Analysis) -> None:
    """How well each joint was seen."""
    share = st.column_config.ProgressColumn
    table = joint_quality(analysis).reset_index()
    table["joint"] = table["joint"].map(say)
    table["seen_share"] *= 100
    unit = length_unit(analysis.settings)
    table["jitter_mm"] *= unit.factor
    show_table(
        table,
        {
            "joint": say("Joint"),
            "visibility": share(say("Visibility"), format="%.2f", min_value=0, max_value=1,
                                help=say("The detector's own, mean over the frames.")),
            "seen_share": share(say("Seen"), format="%.0f %%", min_value=0, max_value=100,
                                help=say("Share of the frames in which it is visible enough.")),
            "confidence": share(say("Confidence"), format="%.2f", min_value=0, max_value=1,
                                help=say("Of the final joint, mean over the frames.")),
            "jitter_mm": st.column_config.NumberColumn(
                say("Jitter, {unit}", unit=unit.mm), format="%.1f",
                help=say("How far it leaves its path from frame to frame, median.")),
        },
        height="content",
    )  # fmt: skip


def bone_frame(analysis: Analysis) -> None:
    """How constant each bone came out."""
    percent = st.column_config.NumberColumn
    unit = length_unit(analysis.settings)
    table = bone_quality(analysis).reset_index()
    table["bone"] = table["bone"].map(say)
    table["length_cm"] *= unit.factor
    show_table(
        table,
        {
            "bone": say("Bone"),
            "length_cm": percent(say("Length, {unit}", unit=unit.cm), format="%.1f"),
            "variation_percent": percent(
                say("Varies by"), format="%.1f %%",
                help=say(
                    "Standard deviation over time / mean. The body that is fitted has rigid"
                    " bones; only its trunk bends."
                ),
            ),
            "detected_variation_percent": percent(
                say("Detected"), format="%.1f %%",
                help=say("The same in what the detector saw, before that."),
            ),
        },
        height="content",
    )  # fmt: skip


def visibility_map(analysis: Analysis) -> go.Figure:
    """The detector's visibility of every joint over time, dark where it is hidden."""
    step = max(1, analysis.timeline.frames // _MOST_COLUMNS)
    figure = go.Figure(
        go.Heatmap(
            x=np.round(analysis.timeline.time_s[::step], 3),
            y=[say(joint_words(joint)) for joint in COCO17.joints],
            z=np.round(analysis.visibility[::step].T, 2),
            zmin=0,
            zmax=1,
            colorscale="Cividis",
            colorbar={"title": say("visibility"), "thickness": 12},
            hovertemplate="%{y}<br>%{x:.2f} s: %{z:.2f}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(title=say("time, s"))
    margin = {"l": 0, "r": 0, "t": 8, "b": 0}
    return figure.update_layout(height=380, margin=margin, separators=own_separators())


def repairs(analysis: Analysis) -> str:
    """What the cleaning did, in one sentence; empty where that was not recorded."""
    quality = analysis.quality
    if not {"swap_frames_undone", "outliers_removed", "filled_share"} <= quality.keys():
        return ""
    return say(
        "Cleaning put left and right back in {frames:.0f} frames,"
        " removed {jumps:.0f} jumps of single points, and filled in"
        " {percent:.1f} % of the joint positions between neighbours.",
        frames=quality["swap_frames_undone"],
        jumps=quality["outliers_removed"],
        percent=100 * quality["filled_share"],
    )
