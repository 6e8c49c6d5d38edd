"""Figures, returned and not shown: the page shows one, the command line saves one."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from humanpose.analysis import Analysis
from humanpose.confidence import BAND, MEASURED
from humanpose.measures.neutral import neutral_sentence
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

ABSENT_TEXT = "not measurable\nfrom 22 markers"

_ROWS = (
    ("pelvis", "trunk"),
    *((f"{joint}_r", f"{joint}_l") for joint in ("hip", "knee", "ankle", "shoulder", "elbow")),
)
_MIN_SPAN_DEG = 20.0
"""Every panel shows at least this much, so that a quiet joint doesn't look like a busy one."""
_RAW: dict[str, Any] = {"lw": 0.7, "alpha": 0.85}
_REFINED: dict[str, Any] = {"lw": 2.2}
_INFERRED: dict[str, Any] = {"lw": 2.2, "alpha": 0.3}
_WITHIN: dict[str, Any] = {"lw": 0, "alpha": 0.15}


def angle_overview(analysis: Analysis) -> Figure:
    """The 36 angles over time: pelvis and trunk on top, then a joint a row, right before left.

    Inferred stretches are faint; the raw angles, where a learned stage changed them, are thin;
    where the uncertainty is known, a band holds 90 %. The two sides have the same scale.
    """
    figure = Figure(figsize=(16, 14), dpi=110)
    FigureCanvasAgg(figure)
    figure.subplots_adjust(
        left=0.045, right=0.985, bottom=0.075, top=0.975, wspace=0.22, hspace=0.22
    )
    panels = figure.subplots(len(_ROWS), 6, sharex=True)
    for row, groups in zip(panels, _ROWS, strict=True):
        names = [name for group in groups for name in JOINT_GROUPS[group]]
        for axes, name in zip(row, names, strict=True):
            _draw_angle(axes, analysis, name)
        row[0].set_ylabel("degrees")
    for axes in panels[-1]:
        axes.set_xlabel("time, s")
    figure.legend(handles=_legend(), loc="lower center", ncols=6, frameon=False)
    if neutral := neutral_sentence(analysis):
        figure.text(0.985, 0.008, f"{neutral[0].upper()}{neutral[1:]}.", ha="right", fontsize=9)
    return figure


def _draw_angle(axes: Axes, analysis: Analysis, name: str) -> None:
    colour = {"_r": RIGHT, "_l": LEFT}.get(name[-2:], MIDLINE)
    axes.set_title(name, loc="left", fontsize=10, color=colour, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    raw, refined = (a.curve(name) for a in (analysis.joint_angles_raw, analysis.joint_angles))
    if not np.isfinite([raw, refined]).any():
        _say_absent(axes)
        return
    time = analysis.timeline.time_s
    sure = analysis.joint_angles.confidence[:, ANGLE_NAMES.index(name)] >= MEASURED
    marker = "o" if len(time) == 1 else None  # a line through one frame is invisible
    axes.grid(axis="y", color="#E6E9EC", lw=0.7)
    axes.axhline(0, color="#9AA5B0", lw=0.8, zorder=1)
    if analysis.joint_angles.deviation is not None:
        half = BAND * analysis.joint_angles.deviation[:, ANGLE_NAMES.index(name)]
        axes.fill_between(time, refined - half, refined + half, color=colour, **_WITHIN)
    if not np.array_equal(raw, refined, equal_nan=True):
        axes.plot(time, raw, color=colour, **_RAW)
    axes.plot(time, refined, color=colour, marker=marker, **_INFERRED)
    axes.plot(time, np.where(sure, refined, np.nan), color=colour, marker=marker, **_REFINED)
    axes.set_ylim(*_limits(analysis, name))
    axes.margins(x=0)


def _say_absent(axes: Axes) -> None:
    axes.set_facecolor("#F6F7F8")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.text(
        0.5, 0.5, ABSENT_TEXT, transform=axes.transAxes,
        ha="center", va="center", color="#7A8794", fontsize=9,
    )  # fmt: skip


def _limits(analysis: Analysis, name: str) -> tuple[float, float]:
    """The range of an angle on both sides, with a margin, deg."""
    stem = name.removesuffix("_r").removesuffix("_l")
    curves: list[Floats] = [
        angles.curve(other)
        for angles in (analysis.joint_angles_raw, analysis.joint_angles)
        for other in (stem, f"{stem}_r", f"{stem}_l")
        if other in ANGLE_NAMES
    ]
    low, high = np.nanmin(curves), np.nanmax(curves)
    half = max(float(high - low), _MIN_SPAN_DEG) * 0.55
    middle = float(low + high) / 2
    return middle - half, middle + half


def _legend() -> list[Artist]:
    grey = "#3D4A57"
    return [
        Line2D([], [], color=RIGHT, label="right", **_REFINED),
        Line2D([], [], color=LEFT, label="left", **_REFINED),
        Line2D([], [], color=grey, label="measured", **_REFINED),
        Line2D([], [], color=grey, label="inferred", **_INFERRED),
        Line2D([], [], color=grey, label="raw, before learned stages", **_RAW),
        Patch(color=grey, label="90 % range", **_WITHIN),
    ]
