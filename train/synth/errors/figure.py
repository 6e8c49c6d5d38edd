"""The picture that sets the error model beside MediaPipe itself."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from humanpose.sequence import Floats

_REAL, _MODEL = "#1b4f72", "#d35400"
_SHOWN_TO = 60.0
"""% of the torso length."""
_EXAMPLE = "wrist"
_EXAMPLE_CLIPS = 6
_FPS = 30


def draw_comparison(
    real: dict[str, list[Floats]], model: dict[str, list[Floats]], path: Path
) -> None:
    """Write a PNG: who exceeds which error, per joint, and some errors over time.

    Args:
        real: joint -> clips of errors (T, J, 2), % of the torso length, of MediaPipe.
        model: the same, drawn from the model equally often for each clip.
        path: of the PNG.
    """
    figure = Figure(figsize=(9, 8.2), layout="constrained")
    grid = figure.subplots(4, 3)
    for axes, part in zip(grid[:3].flat, real, strict=True):
        _exceedance(axes, real[part], _REAL, "MediaPipe")
        _exceedance(axes, model[part], _MODEL, "model")
        axes.set_title(part, fontsize=9)
        axes.set(yscale="log", ylim=(1e-3, 1), xlim=(0, _SHOWN_TO))
    grid[0, 0].legend(fontsize=8, frameon=False)
    grid[0, 0].set_ylabel("share of frames with more", fontsize=8)
    for axes in grid[2]:
        axes.set_xlabel("2D error, % of the torso length", fontsize=8)
    for axes in grid[3]:
        axes.remove()
    below = figure.add_subplot(grid[3, 0].get_gridspec()[3, :])
    first_draws = model[_EXAMPLE][:: len(model[_EXAMPLE]) // len(real[_EXAMPLE])]
    _over_time(below, real[_EXAMPLE], _REAL, 20.0)
    _over_time(below, first_draws, _MODEL, -20.0)
    below.set_title(f"horizontal error of the left {_EXAMPLE} in the same clips", fontsize=9)
    below.set(xlabel="s", yticks=[])
    FigureCanvasAgg(figure).print_figure(path, dpi=90)


def _exceedance(axes: Axes, clips: list[Floats], colour: str, label: str) -> None:
    length = np.linalg.norm(np.concatenate(clips), axis=-1)
    length = np.sort(length[np.isfinite(length)])
    bounds = np.linspace(0, _SHOWN_TO, 200)
    more = 1 - np.searchsorted(length, bounds) / len(length)
    axes.plot(bounds, more, color=colour, label=label, linewidth=1.3)
    axes.tick_params(labelsize=7)


def _over_time(axes: Axes, clips: list[Floats], colour: str, offset: float) -> None:
    start_s = 0.0
    for clip in clips[:: len(clips) // _EXAMPLE_CLIPS][:_EXAMPLE_CLIPS]:
        time_s = start_s + np.arange(len(clip)) / _FPS
        axes.plot(time_s, clip[:, 0, 0] + offset, color=colour, linewidth=1)
        start_s = time_s[-1] + 0.5
    axes.axhline(offset, color=colour, linewidth=0.4)
    axes.tick_params(labelsize=7)
