"""Curves of the report, as vectors: a panel per movement, both sides in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Group,
    Line,
    Polygon,
    PolyLine,
    Rect,
    String,
)
from reportlab.lib.colors import Color, HexColor

from humanpose.confidence import BAND, MEASURED
from humanpose.geometry import runs
from humanpose.measures.cycles import PERCENT, CycleCurves
from humanpose.measures.events import SIDES, Side
from humanpose.measures.presets import columns_of
from humanpose.report.colours import LEFT, MIDLINE, RIGHT, TARGET
from humanpose.report.lettering import PLAIN, drawable, width_of
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import own_point, say

_LEFT_PT, _RIGHT_PT, _BOTTOM_PT, _TOP_PT = 24.0, 5.0, 22.0, 14.0
_LETTERS_PT, _HEAD_PT = 6.5, 7.5
_GAP_PT = 6.0
PER_ROW = 3
_NAMELESS = re.compile(
    r"<(title|desc|clipPath).*?</\1>\s*| id=\"group\"| style=\"clip-path[^\"]*\"", re.S
)
_MOST_POINTS = 200
_LEAST_SPAN_DEG = 20.0
_COLOURS = {"r": RIGHT, "l": LEFT}


@dataclass(frozen=True, eq=False)
class Curve:
    """(N,) points of one line."""

    x: Floats
    y: Floats
    """deg; NaN where it is not known."""
    half: Floats
    """Half the band around it, deg; NaN where there is none."""
    sure: NDArray[np.bool_]
    """Faint where not."""
    colour: str


def over_time(angles: JointAngles, stem: str) -> list[Curve]:
    """A movement's sides over the clip, with the band that holds 90 % where it is known."""
    step = -(-angles.timeline.frames // _MOST_POINTS)
    curves = []
    for name in columns_of(stem):
        i = ANGLE_NAMES.index(name)
        y = angles.degrees[::step, i]
        deviation = angles.deviation
        half = np.full_like(y, np.nan) if deviation is None else BAND * deviation[::step, i]
        sure = angles.confidence[::step, i] >= MEASURED
        curves.append(Curve(angles.timeline.time_s[::step], y, half, sure, _colour(name)))
    return curves


def over_cycle(curves: dict[Side, CycleCurves], stem: str) -> list[Curve]:
    """Mean of a movement's sides over 0-100 % of a cycle, ± 1 SD."""
    names = columns_of(stem)
    own = (
        list(zip(SIDES, names, strict=True)) if len(names) == 2 else [(s, stem) for s in SIDES]
    )
    if len(names) == 1 and curves["r"] is curves["l"]:
        own = own[:1]
    found = []
    for side, name in own:
        i = ANGLE_NAMES.index(name)
        mean, sd = curves[side].mean[:, i], curves[side].sd[:, i]
        colour = MIDLINE if len(own) == 1 else _COLOURS[side]
        found.append(Curve(PERCENT, mean, sd, np.isfinite(mean), colour))
    return found


def panel(
    title: str,
    curves: Sequence[Curve],
    *,
    size_pt: tuple[float, float],
    below: str,
    shaded: Sequence[tuple[float, float]] = (),
) -> Drawing:
    """The curves in one frame with numbers on its axes."""
    width, height = size_pt
    drawing = Drawing(width, height)
    _head(drawing, title)
    known = [c for c in curves if np.isfinite(c.y).any()]
    if not known:
        _write(drawing, width / 2, height / 2, say("not known"), anchor="middle")
        return drawing
    scale = _Scale(known, width, height)
    for start, end in shaded:
        x0, x1 = scale.x(np.clip([start, end], *scale.x_range))
        drawing.add(Rect(x0, _BOTTOM_PT, x1 - x0, scale.height, fillColor=HexColor("#eef1f3"),
                         strokeColor=None))  # fmt: skip
    _draw_axes(drawing, scale, below)
    for curve in known:
        _draw_band(drawing, scale, curve)
    for curve in known:
        _draw_line(drawing, scale, curve, np.isfinite(curve.y), opacity=0.4)
        _draw_line(drawing, scale, curve, np.isfinite(curve.y) & curve.sure, opacity=1)
    return drawing


def target_panel(
    title: str,
    value: tuple[float, float],
    target: tuple[float, float],
    *,
    ends: tuple[str, str],
    size_pt: tuple[float, float],
) -> Drawing:
    """A value with its band beside the target that it is to lie in.

    Args:
        value: itself, and half its band; NaN where one is not known.
        target: from and to, in the same unit.
        ends: how these are written.
    """
    width, height = size_pt
    drawing = Drawing(width, height)
    _head(drawing, title)
    middle, half = value[0], float(np.nan_to_num(value[1]))
    known = np.isfinite(middle)
    drawn = np.array([*target, *([middle - half, middle + half] if known else [])])
    low, span = drawn.min(), np.ptp(drawn) or 1.0
    left, right = 0.06 * width, 0.94 * width

    def x(at: float) -> float:
        return float(left + (at - low) / span * (right - left))

    y, tall = height - 22, 9.0
    drawing.add(Rect(x(target[0]), y - tall / 2, x(target[1]) - x(target[0]), tall,
                     fillColor=_faint(TARGET, 0.25), strokeColor=None))  # fmt: skip
    drawing.add(Line(left, y, right, y, strokeColor=HexColor("#e3e8e8"), strokeWidth=0.5))
    for at, words in zip(target, ends, strict=True):
        _write(drawing, x(at), y - tall / 2 - 8, words, anchor="middle")
    if known:
        ink = HexColor(MIDLINE)
        drawing.add(Line(x(middle - half), y, x(middle + half), y, strokeColor=ink,
                         strokeWidth=1.1))  # fmt: skip
        drawing.add(Circle(x(middle), y, 2.6, fillColor=ink, strokeColor=None))
    return drawing


def as_svg(panels: Sequence[Drawing], *, alt: str) -> Markup:
    """An ``<svg>`` element of three panels a row; nothing is loaded from anywhere."""
    width, height = panels[0].width + _GAP_PT, panels[0].height + _GAP_PT
    rows = -(-len(panels) // PER_ROW)
    whole = Drawing(PER_ROW * width, rows * height)
    for i, one in enumerate(panels):
        below, beside = divmod(i, PER_ROW)
        at = (1, 0, 0, 1, beside * width, (rows - 1 - below) * height)
        whole.add(Group(*one.contents, transform=at))
    text = renderSVG.drawToString(whole).partition("<svg")[2]
    name = f'<svg role="img" aria-label="{escape(alt)}"'
    # the library names all that it draws "..." and clips it by an element of a fixed name
    return Markup(name + _NAMELESS.sub("", text))  # of our own numbers and escaped words


class _Scale:
    """From degrees and seconds or percent to points."""

    def __init__(self, curves: Sequence[Curve], width: float, height: float) -> None:
        half = [np.nan_to_num(c.half) for c in curves]
        low = min(float(np.nanmin(c.y - h)) for c, h in zip(curves, half, strict=True))
        high = max(float(np.nanmax(c.y + h)) for c, h in zip(curves, half, strict=True))
        more = max(_LEAST_SPAN_DEG - (high - low), 0.08 * (high - low)) / 2
        self.y_range = low - more, high + more
        first = min(float(c.x[0]) for c in curves)
        self.x_range = first, max(first + 1e-3, *(float(c.x[-1]) for c in curves))
        self.width, self.height = width - _LEFT_PT - _RIGHT_PT, height - _TOP_PT - _BOTTOM_PT

    def x(self, values: Floats | Sequence[float]) -> Floats:
        low, high = self.x_range
        return _LEFT_PT + (np.asarray(values) - low) / (high - low) * self.width

    def y(self, values: Floats | Sequence[float]) -> Floats:
        low, high = self.y_range
        return _BOTTOM_PT + (np.asarray(values) - low) / (high - low) * self.height


def _draw_axes(drawing: Drawing, scale: _Scale, below: str) -> None:
    grey, right = HexColor("#9aa5b0"), _LEFT_PT + scale.width
    for value in _ticks(scale.y_range):
        y = float(scale.y([value])[0])
        shade = grey if value == 0 else HexColor("#e3e8e8")
        drawing.add(Line(_LEFT_PT, y, right, y, strokeColor=shade, strokeWidth=0.5))
        _write(drawing, _LEFT_PT - 3, y - 2, _tick(value), anchor="end")
    drawing.add(
        Line(_LEFT_PT, _BOTTOM_PT, right, _BOTTOM_PT, strokeColor=grey, strokeWidth=0.6)
    )
    for value in _ticks(scale.x_range):
        _write(
            drawing, float(scale.x([value])[0]), _BOTTOM_PT - 8, _tick(value), anchor="middle"
        )
    _write(drawing, _LEFT_PT + scale.width / 2, _BOTTOM_PT - 17, below, anchor="middle")


def _draw_band(drawing: Drawing, scale: _Scale, curve: Curve) -> None:
    for run in runs(np.isfinite(curve.y) & np.isfinite(curve.half)):
        x, y, half = scale.x(curve.x[run]), curve.y[run], curve.half[run]
        edges = np.append(scale.y(y + half), scale.y(y - half)[::-1])
        points = np.column_stack([np.append(x, x[::-1]), edges])
        faint = _faint(curve.colour, 0.16)
        drawing.add(
            Polygon(points.round(2).ravel().tolist(), fillColor=faint, strokeColor=None)
        )


def _draw_line(
    drawing: Drawing, scale: _Scale, curve: Curve, where: NDArray[np.bool_], *, opacity: float
) -> None:
    for run in runs(where):
        if run.stop - run.start > 1:
            points = np.column_stack([scale.x(curve.x[run]), scale.y(curve.y[run])])
            drawing.add(PolyLine(points.round(2).ravel().tolist(), strokeWidth=1.1,
                                 strokeColor=_faint(curve.colour, opacity)))  # fmt: skip


def _ticks(bounds: tuple[float, float]) -> list[float]:
    ticks = MaxNLocator(4).tick_values(*bounds)
    return [float(t) for t in ticks if bounds[0] <= t <= bounds[1]]


def _tick(value: float) -> str:
    return own_point(f"{value:g}".replace("-", "−"))


def _head(drawing: Drawing, title: str) -> None:
    """Above it all, smaller where it is too long."""
    size = min(_HEAD_PT, _HEAD_PT * drawing.width / width_of(title, _HEAD_PT))
    _write(drawing, 0, drawing.height - 9, title, size=size)


def _write(
    drawing: Drawing, x: float, y: float, words: str, *, anchor: str = "start",
    size: float = _LETTERS_PT,
) -> None:  # fmt: skip
    drawing.add(String(x, y, drawable(words), fontName=PLAIN, fontSize=size, textAnchor=anchor,
                       fillColor=HexColor("#3d4a57")))  # fmt: skip


def _faint(colour: str, opacity: float) -> Color:
    solid = HexColor(colour)
    return Color(solid.red, solid.green, solid.blue, alpha=opacity)


def _colour(name: str) -> str:
    return _COLOURS.get(name[-1], MIDLINE) if name.endswith(("_r", "_l")) else MIDLINE
