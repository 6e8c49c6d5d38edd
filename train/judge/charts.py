"""The charts of ``docs/accuracy.md``, from the few figures of an evaluation that they show.

$ python -m train.judge.charts docs/figures    draws them anew from docs/figures/figures.json

``python -m train.evaluate --charts docs/figures`` writes that file and draws.
"""

import json
import subprocess
import sys
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from humanpose.errors import OutputError
from humanpose.quality.view import VIEWS
from train.judge.comparison import Comparison, Row

FIGURES = "figures.json"
ROOT = Path(__file__).resolve().parents[2]

_BLUE, _RED, _GREY, _BLACK = "#1F6FB2", "#C1440E", "#6B6B6B", "#111111"
_STYLES: dict[str, dict[str, Any]] = {
    "mediapipe": {"label": "MediaPipe", "marker": "x", "color": _GREY},
    "raw": {"label": "raw", "marker": "s", "color": _GREY, "mfc": "white"},
    "pof": {"label": "part orientation fields (POF)", "marker": "o", "color": _BLUE},
    "raw-joint": {"label": "raw + joint refiner", "marker": "^", "color": _RED, "mfc": "white"},
    "pof-joint": {"label": "POF + joint refiner", "marker": "^", "color": _RED},
    "main": {"label": "MainRefiner", "marker": "D", "color": _BLACK, "mfc": "white"},
}
"""Stage -> how it is drawn; told apart by shape and filling, also without colours."""
_PEERS: dict[str, dict[str, Any]] = {
    "mono": {"label": "OpenCap Monocular", "marker": "*", "color": _GREY, "mfc": "white"},
    "wham": {"label": "WHAM", "marker": "+", "color": _GREY},
}
_SETS = {
    "sample": "our sample",
    "pairs-test": "rendered,\nheld-out people",
    "hdm05": "rendered,\nHDM05's actors",
    "opencap": "filmed,\nOpenCap's demo",
    "phone": "filmed,\nmarkers",
    "twocam": "filmed,\ntwo cameras",
}
_BY_VIEW, _BY_ANGLE = ("pairs-test", "hdm05"), ("pairs-test", "phone")

Sets = Mapping[str, Any]
"""What ``chart_figures`` gives: a set's name -> who is in it, where it is from, its stages."""
Rows = Mapping[str, Mapping[str, float]]
"""A row's label -> stage -> value."""


def chart_figures(comparisons: Mapping[str, Comparison], *, command: str) -> dict[str, Any]:
    """What the charts need of an evaluation, and where it comes from; ready for JSON."""
    source = {"command": command, "commit": _commit(), "date": f"{date.today()}"}
    return {
        name: source
        | {
            "clips": comparison.clips,
            "frames": comparison.frames,
            "subjects": comparison.subjects,
            "stages": {
                stage: _core(row) | ({} if stage in _PEERS else _few(row, comparison))
                for stage, row in comparison.stages.items()
                if stage in _STYLES | _PEERS
            },
        }
        for name, comparison in comparisons.items()
    }


def write_charts(folder: Path, sets: Sets) -> None:
    """Keep the figures of ``sets`` in the folder beside those of other sets, and draw all.

    Raises:
        OutputError: the folder cannot be written, or holds another ``figures.json``.
    """
    path = folder / FIGURES
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        figures = {**before, **sets}
        text = json.dumps(figures, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        with mpl.rc_context({"svg.hashsalt": "humanpose", "font.size": 9}):
            for name, figure in draw(figures).items():
                figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
    except ValueError as error:
        raise OutputError(f"{path} is no file of figures; delete it") from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written ({error.strerror})") from error


def draw(sets: Sets) -> dict[str, Figure]:
    """Every chart for which there are figures, by the name of its file."""
    free, is_ = "after one constant per clip and angle", "as they are"
    error = "mean absolute error of joint angles, °"
    by_view, by_angle = _only(sets, _BY_VIEW), _only(sets, _BY_ANGLE)
    peers = _only(sets, [name for name in sets if sets[name]["stages"].keys() & _PEERS])
    angle_panels = {free: "offset_free_mae_deg", is_: "mae_deg"}
    charts = {
        "errors": _chart(sets, {t: _by_set(sets, k) for t, k in angle_panels.items()}, error),
        "peers": _chart(
            peers,
            {t: _by_set(peers, f"core_{k}") for t, k in angle_panels.items()},
            "mean absolute error of the 21 angles that others state, too, °",
            row_inches=1.2,
        ),
        "limbs": _chart(
            sets,
            {"": _by_set(sets, "limb_mean_deg")},
            "mean error of limb directions in 3-D, °",
        ),
        "views": _chart(by_view, _groups(by_view, "by_view"), f"{error}, {free}"),
        "angles": _chart(
            by_angle,
            _groups(by_angle, "by_angle"),
            f"{error}, {free}; right and left together",
            row_inches=0.24,
        ),
        "range": _chart(
            sets,
            {"": _by_set(sets, "rom_bias_percent")},
            "range of motion, difference from the true one, %",
            line=0,
        ),
        "band": _chart(
            sets,
            {"": _by_set(sets, "in_band_percent")},
            f"share of the truth inside the 90 % band, {free}, %",
            line=90,
        ),
    }
    return {name: figure for name, figure in charts.items() if figure}


def _only(sets: Sets, names: Sequence[str]) -> Sets:
    return {name: sets[name] for name in names if name in sets}


def _core(row: Row) -> dict[str, Any]:
    core = row.all.core
    return _known(
        {"core_mae_deg": core.mae_deg, "core_offset_free_mae_deg": core.offset_free_mae_deg}
    )


def _groups(sets: Sets, group: str) -> dict[str, Rows]:
    return {_in_line(name): _within(one, group) for name, one in sets.items()}


def _few(row: Row, comparison: Comparison) -> dict[str, Any]:
    mean = row.all.angle_mean
    values = {
        "limb_mean_deg": row.all.pose.limb_mean_deg,
        "offset_free_mae_deg": mean.offset_free_mae_deg,
        "mae_deg": mean.mae_deg,
        "rom_bias_percent": mean.rom_bias_percent,
        "in_band_percent": mean.in_band_percent,
    }
    views = {v: f.angle_mean.offset_free_mae_deg for v, f in row.by_view.items()}
    angles = {
        name: figures.offset_free_mae_deg
        for name, figures in row.all.angles.items()
        if name not in comparison.angles_left_out
    }
    return {**_known(values), "by_view": _known(views), "by_angle": _known(angles)}


def _known(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(v), 2) for name, v in values.items() if np.isfinite(v)}


def _by_set(sets: Sets, key: str) -> Rows:
    rows = {
        _words(name): {s: few[key] for s, few in one["stages"].items() if key in few}
        for name, one in sets.items()
    }
    return {label: values for label, values in rows.items() if values}


def _within(one: Mapping[str, Any], group: str) -> Rows:
    """A set by view or by angle; both sides of an angle as their mean."""
    rows: dict[str, dict[str, list[float]]] = {}
    for stage, few in one["stages"].items():
        for name, value in few.get(group, {}).items():
            label = name.removesuffix("_r").removesuffix("_l")
            rows.setdefault(label, {}).setdefault(stage, []).append(value)
    means = {n: {s: float(np.mean(v)) for s, v in row.items()} for n, row in rows.items()}
    return (
        {view: means[view] for view in VIEWS if view in means} if group == "by_view" else means
    )


def _chart(
    sets: Sets,
    panels: Mapping[str, Rows],
    unit: str,
    *,
    row_inches: float = 0.9,
    line: float | None = None,
) -> Figure | None:
    """Panels side by side, one dot a stage and row; None without a figure to show."""
    shown = {title: rows for title, rows in panels.items() if rows}
    if not shown:
        return None
    most = max(map(len, shown.values()))
    figure = Figure(figsize=(8, 1.4 + row_inches * most), layout="constrained")
    axes = figure.subplots(1, len(shown), squeeze=False, sharex=True)[0]
    for place, (title, rows) in zip(axes, shown.items(), strict=True):
        place.margins(x=0.14)
        _panel(place, rows, digits=None if row_inches < 0.5 else int(line is None))
        place.set_title(title, fontsize=9, loc="left")
        if line is not None:
            place.axvline(line, color=_BLACK, linewidth=0.8, linestyle="--")
    if line is None:
        axes[0].set_xlim(left=0)
    lines = [line for place in axes for line in place.get_lines()]
    known = {str(line.get_label()): line for line in lines}
    figure.legend(
        handles=[line for label, line in known.items() if label[0] != "_"],
        loc="outside upper left", ncols=3, fontsize=8, frameon=False, alignment="left",
        title=unit, title_fontproperties={"size": 10, "weight": "bold"},
    )  # fmt: skip
    figure.supxlabel(_source(sets), x=0.01, ha="left", fontsize=6.5, color=_GREY)
    return figure


def _panel(axes: Axes, rows: Rows, *, digits: int | None) -> None:
    """The dots; with their values beside them where ``digits`` says how many decimals."""
    styles = _STYLES | _PEERS
    stages = [stage for stage in styles if any(stage in values for values in rows.values())]
    numbers = digits is not None
    step = 0.84 / len(stages) if numbers else 0.0
    for index, stage in enumerate(stages):
        found = [
            (row, values[stage]) for row, values in enumerate(rows.values()) if stage in values
        ]
        heights = [row + step * (index - (len(stages) - 1) / 2) for row, _ in found]
        values = [value for _, value in found]
        axes.plot(values, heights, linestyle="", markersize=5.5, **styles[stage])
        for height, value in zip(heights, values, strict=True) if numbers else ():
            axes.annotate(
                f"{value:.{digits}f}",
                (value, height),
                (6, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
            )
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    for row in range(1, len(rows)):
        axes.axhline(row - 0.5, color="#DDDDDD", linewidth=0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _words(name: str) -> str:
    return _SETS.get(name, name)


def _in_line(name: str) -> str:
    return _words(name).replace("\n", " ")


def _source(sets: Sets) -> str:
    who = (
        f"{_in_line(name)} ({name}): {one['clips']}"
        f" clip{'' if one['clips'] == 1 else 's'} of"
        f" {len(one['subjects'])} {'person' if len(one['subjects']) == 1 else 'people'}"
        for name, one in sets.items()
    )
    made = dict.fromkeys(
        f"{one['command']} (commit {one['commit']}, {one['date']})" for one in sets.values()
    )
    lines = (f"{'; '.join(who)}.", *made)
    return "\n".join(line for long in lines for line in textwrap.wrap(long, 150))


def _commit() -> str:
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    write_charts(Path(sys.argv[1]), {})
