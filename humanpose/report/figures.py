"""The figures of the report, as SVG that stands inside an HTML page."""

import io
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from humanpose.confidence import BAND, MEASURED
from humanpose.measures.cycles import PERCENT, CycleCurves
from humanpose.measures.events import SIDES, Side
from humanpose.measures.presets import columns_of
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES

_PER_ROW = 3
_WIDTH_IN, _ROW_IN, _ENDS_IN = 7.4, 1.7, 0.4
_MOST_POINTS = 400
_LEAST_SPAN_DEG = 20.0
_COLOURS: dict[Side, str] = {"r": RIGHT, "l": LEFT}


def curve_figure(
    angles: JointAngles,
    stems: Sequence[str],
    titles: Sequence[str],
    *,
    spans: Sequence[tuple[float, float]],
) -> Figure:
    """Angles over time, a panel per movement with both sides in it.

    What is inferred is faint; the band, where known, holds 90 %; shaded are the ``spans``, such
    as repetitions.
    """
    figure, panels = _panels(len(stems))
    step = max(1, angles.timeline.frames // _MOST_POINTS)
    for axes, stem, title in zip(panels, stems, titles, strict=True):
        for start_s, end_s in spans:
            axes.axvspan(start_s, end_s, color="#eef1f3", lw=0)
        for name in columns_of(stem):
            _draw_curve(axes, angles, name, step)
        _finish(axes, title)
        axes.set_xlim(angles.timeline.time_s[0], max(angles.timeline.time_s[-1], 1e-3))
    _label_below(panels, "time, s")
    return figure


def cycle_figure(
    curves: dict[Side, CycleCurves], stems: Sequence[str], titles: Sequence[str]
) -> Figure:
    """Mean of each angle over 0-100 % of a cycle, with a band of one standard deviation."""
    figure, panels = _panels(len(stems))
    for axes, stem, title in zip(panels, stems, titles, strict=True):
        for name in columns_of(stem):
            own = _side_of(name)
            if own is None and curves["r"] is curves["l"]:
                _draw_cycle(axes, curves["r"], name, MIDLINE)
                continue
            for side in SIDES if own is None else (own,):
                _draw_cycle(axes, curves[side], name, _COLOURS[side])
        _finish(axes, title)
        axes.set_xlim(0, 100)
    _label_below(panels, "% of the cycle")
    return figure


def as_svg(figure: Figure, *, alt: str) -> Markup:
    """An ``<svg>`` element: no header, no fonts, nothing loaded from anywhere."""
    # One salt per figure: equal names in two figures of one page would refer to the first.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": alt}):
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    start, end = text.index("<metadata>"), text.index("</metadata>") + len("</metadata>")
    named = f'<svg role="img" aria-label="{escape(alt)}"'
    return Markup(named + text[len("<svg") : start] + text[end:])


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    rows = -(-count // _PER_ROW)
    height = _ROW_IN * rows + _ENDS_IN
    figure = Figure(figsize=(_WIDTH_IN, height))
    figure.subplots_adjust(  # by hand: matplotlib's own layouts draw everything twice
        left=0.05,
        right=0.98,
        bottom=0.4 / height,
        top=1 - 0.25 / height,
        wspace=0.24,
        hspace=0.42,
    )
    panels = [figure.add_subplot(rows, _PER_ROW, i + 1) for i in range(count)]
    return figure, panels


def _draw_curve(axes: Axes, angles: JointAngles, name: str, step: int) -> None:
    own = _side_of(name)
    colour = MIDLINE if own is None else _COLOURS[own]
    column = ANGLE_NAMES.index(name)
    time, curve = angles.timeline.time_s[::step], angles.degrees[::step, column]
    sure = angles.confidence[::step, column] >= MEASURED
    if angles.deviation is not None:
        half = BAND * angles.deviation[::step, column]
        axes.fill_between(time, curve - half, curve + half, color=colour, alpha=0.12, lw=0)
    axes.plot(time, curve, color=colour, lw=1.3, alpha=0.35)
    axes.plot(time, np.where(sure, curve, np.nan), color=colour, lw=1.3)


def _draw_cycle(axes: Axes, curves: CycleCurves, name: str, colour: str) -> None:
    column = ANGLE_NAMES.index(name)
    mean, sd = curves.mean[:, column], curves.sd[:, column]
    axes.fill_between(PERCENT, mean - sd, mean + sd, color=colour, alpha=0.18, lw=0)
    axes.plot(PERCENT, mean, color=colour, lw=1.5)


def _finish(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=8.5)
    axes.tick_params(labelsize=7.5, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.axhline(0, color="#9aa5b0", lw=0.6, zorder=0)
    low, high = axes.get_ylim()
    if not _has_data(axes):
        axes.set_yticks([])
        axes.text(0.5, 0.5, "not known", ha="center", transform=axes.transAxes, fontsize=8)
    elif high - low < _LEAST_SPAN_DEG:
        middle = (low + high) / 2
        axes.set_ylim(middle - _LEAST_SPAN_DEG / 2, middle + _LEAST_SPAN_DEG / 2)


def _has_data(axes: Axes) -> bool:
    lines: list[Floats] = [np.asarray(line.get_ydata(), float) for line in axes.lines[:-1]]
    return any(np.isfinite(line).any() for line in lines)


def _label_below(panels: list[Axes], words: str) -> None:
    for axes in panels[-_PER_ROW:]:
        axes.set_xlabel(words, fontsize=7.5)


def _side_of(name: str) -> Side | None:
    """None on the midline."""
    return "r" if name.endswith("_r") else "l" if name.endswith("_l") else None
