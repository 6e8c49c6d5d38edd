"""Set the error model beside MediaPipe itself, on subjects that it was not fitted on.

$ python -m train.synth.errors.compare --pairs DIR --figure docs/error_model.png

The tables go to the standard output as Markdown; docs/lab/error_model.md quotes them.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp, spearmanr

from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, other_side
from train.engine.command import exit_code, parser_of
from train.judge.metrics import limb_directions, limb_errors_deg
from train.recordings.pairs import Pair
from train.synth.errors.figure import draw_comparison
from train.synth.errors.model import SHIPPED, ErrorModel
from train.synth.errors.pairs import detected, pairs_of, projection
from train.synth.errors.view import CIRCUMSTANCES, VIEWS, view_index, view_of

LAGS = (1, 5, 15)
_FACING, _HIDDEN = CIRCUMSTANCES.index("facing"), CIRCUMSTANCES.index("hidden")
_HIP = COCO17.index("left_hip")
_COVERED = 0.5


@dataclass(frozen=True, eq=False)
class Outcome:
    """Detections of one clip of T frames, real or drawn; NaN where the person was lost."""

    error: Floats
    """(T, 17, 2) in the image, % of the torso length."""
    visibility: Floats
    """(T, 17)."""
    limb_error: Floats
    """(T, 14) of the world landmarks' limbs, deg."""
    seen_from: NDArray[np.int64]
    """(T,) index in ``VIEWS``."""
    hidden: NDArray[np.bool_]
    """(T, 17) whether the body covers the joint."""


def main(arguments: list[str] | None = None) -> int:
    """Compare and print; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of NPZ shards")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="model file (%(default)s)")
    parser.add_argument("--figure", type=Path, help="write a PNG here")
    return exit_code("train.synth.errors.compare", parser, _compare, arguments)


def _compare(options: argparse.Namespace) -> None:
    model = ErrorModel.load(options.model)
    fitted_on = real(pairs_of(options.pairs, {"train"}))
    held_out = pairs_of(options.pairs, {"validation", "test"})
    for name, pairs in {
        "Held-out subjects without HDM05": [p for p in held_out if p.source != "hdm05"],
        "HDM05": [p for p in held_out if p.source == "hdm05"],
    }.items():
        truth, drawn = real(pairs), simulated(pairs, model)
        frames = sum(len(outcome.error) for outcome in truth)
        print(f"\n## {name}: {len(pairs)} sequences, {frames} frames")
        print(report(truth, drawn, fitted_on))
        if options.figure and "without" in name:
            draw_comparison(errors_by_part(truth), errors_by_part(drawn), options.figure)


def real(pairs: Iterable[Pair]) -> list[Outcome]:
    """What MediaPipe did."""
    return [_outcome(pair, *detected(pair)) for pair in pairs]


def simulated(pairs: Iterable[Pair], model: ErrorModel, *, draws: int = 5) -> list[Outcome]:
    """What the model does, several times, given the same true joints."""
    rng = np.random.default_rng(0)
    outcomes = []
    for pair in pairs:
        projected, joints = (np.repeat(clip, draws, axis=0) for clip in projection(pair))
        found = model.detect(projected, joints, pair.landmarks.timeline.fps, rng)
        outcomes += [
            _outcome(pair, *seen)
            for seen in zip(found.keypoints, found.world, found.visibility, strict=True)
        ]
    return outcomes


def report(truth: list[Outcome], drawn: list[Outcome], fitted_on: list[Outcome]) -> str:
    """The comparison as Markdown tables; every cell is real / model."""
    return "\n\n".join(
        [
            _joint_table(truth, drawn, fitted_on),
            _lasting_table(truth, drawn),
            _view_table(truth, drawn),
            _limb_table(truth, drawn),
            _summary_table(truth, drawn, fitted_on),
        ]
    )


def errors_by_part(outcomes: Sequence[Outcome]) -> dict[str, list[Floats]]:
    """Joint without its side -> clips of errors (T, 1 or 2, 2), % of the torso length."""
    return {
        part: [outcome.error[:, columns] for outcome in outcomes]
        for part, columns in _parts().items()
    }


def autocorrelation(clips: Sequence[Floats], lag: int) -> float:
    """Of errors (T, J, 2) so many frames apart, about their mean over all clips."""
    mean = np.nanmean(np.concatenate(clips), axis=(0, 1))
    long = [clip - mean for clip in clips if len(clip) > lag]
    later = np.concatenate([clip[lag:] for clip in long])
    earlier = np.concatenate([clip[: len(clip) - lag] for clip in long])
    both = np.isfinite(later + earlier)
    spread = (later[both] ** 2).sum() + (earlier[both] ** 2).sum()
    return float(2 * (later[both] * earlier[both]).sum() / spread)


def correlation_of_joints(outcomes: Sequence[Outcome]) -> Floats:
    """(17, 17) of errors along an image axis, mean of both."""
    error = np.concatenate([outcome.error for outcome in outcomes])
    error = error[np.isfinite(error).all(axis=(1, 2))]
    return np.asarray((np.corrcoef(error[..., 0].T) + np.corrcoef(error[..., 1].T)) / 2)


def _outcome(pair: Pair, pixels: Floats, world: Floats, visibility: Floats) -> Outcome:
    projected, joints = projection(pair)
    view = view_of(projected, joints, pair.landmarks.timeline.fps)
    lost = ~np.isfinite(pixels).all(axis=(1, 2))
    limbs = limb_errors_deg(limb_directions(world), limb_directions(joints[0]))
    around = view.circumstances[0]
    return Outcome(
        100 * (pixels - projected[0]) / view.torso_px[0][:, None, None],
        visibility,
        np.where(lost[:, None], np.nan, limbs),
        view_index(around[:, _HIP, _FACING]),
        around[..., _HIDDEN] > _COVERED,
    )


def _joint_table(truth: list[Outcome], drawn: list[Outcome], fitted_on: list[Outcome]) -> str:
    lines = [_row("2D error, % of torso", "mean", "median", "p90", "p99", "KS", "KS, train's")]
    kinds = [errors_by_part(outcomes) for outcomes in (truth, drawn, fitted_on)]
    for part in _parts():
        a, b, c = (_lengths(np.concatenate(kind[part])) for kind in kinds)
        distances = (f"{ks_2samp(a, other).statistic:.3f}" for other in (b, c))
        lines.append(_row(part, *_figures(a, b), *distances))
    return _table(lines)


def _lasting_table(truth: list[Outcome], drawn: list[Outcome]) -> str:
    lines = [_row("autocorrelation of the 2D error", *(f"after {lag} frames" for lag in LAGS))]
    a, b = errors_by_part(truth), errors_by_part(drawn)
    for part in a:
        pairs = ((autocorrelation(a[part], lag), autocorrelation(b[part], lag)) for lag in LAGS)
        lines.append(_row(part, *(f"{one:.2f} / {two:.2f}" for one, two in pairs)))
    return _table(lines)


def _view_table(truth: list[Outcome], drawn: list[Outcome]) -> str:
    lines = [_row("2D error, % of torso", "mean", "median", "p90", "p99", "visibility")]
    for name in (*VIEWS, "joint in the open", "joint hidden"):
        (a, visible_a), (b, visible_b) = (
            _seen_so(outcomes, name) for outcomes in (truth, drawn)
        )
        visible = f"{visible_a:.2f} / {visible_b:.2f}"
        lines.append(_row(name, *_figures(a, b), visible))
    return _table(lines)


def _seen_so(outcomes: list[Outcome], circumstance: str) -> tuple[Floats, float]:
    """The errors and the mean visibility under a circumstance, where the person was found."""
    errors, visibilities = [], []
    for outcome in outcomes:
        if circumstance in VIEWS:
            chosen = np.repeat(
                outcome.seen_from[:, None] == VIEWS.index(circumstance), 17, axis=1
            )
        else:
            chosen = outcome.hidden == (circumstance == "joint hidden")
        chosen = chosen & np.isfinite(outcome.error[..., 0])
        errors.append(outcome.error[chosen])
        visibilities.append(outcome.visibility[chosen])
    return _lengths(np.concatenate(errors)), float(np.concatenate(visibilities).mean())


def _limb_table(truth: list[Outcome], drawn: list[Outcome]) -> str:
    lines = [_row("MediaPipe-3D limb error, °", "mean", "median", "p90", "p99", "KS")]
    a, b = (np.concatenate([o.limb_error for o in outcomes]) for outcomes in (truth, drawn))
    a, b = (limbs[np.isfinite(limbs).all(axis=1)] for limbs in (a, b))
    names = [f"{start} → {end}".replace("_", " ") for start, end in COCO17.bones]
    columns = [*([limb] for limb in range(len(names))), list(range(len(names)))]
    for name, column in zip([*names, "all"], columns, strict=True):
        one, two = a[:, column].ravel(), b[:, column].ravel()
        lines.append(_row(name, *_figures(one, two), f"{ks_2samp(one, two).statistic:.3f}"))
    return _table(lines)


def _summary_table(truth: list[Outcome], drawn: list[Outcome], fitted_on: list[Outcome]) -> str:
    lines = [_row("figure", "real / model", "train's")]
    kinds = [_summary(outcomes) for outcomes in (truth, drawn, fitted_on)]
    lines += [
        _row(name, f"{value:.2f} / {kinds[1][name]:.2f}", f"{kinds[2][name]:.2f}")
        for name, value in kinds[0].items()
    ]
    real, model, train = (
        correlation_of_joints(outcomes) for outcomes in (truth, drawn, fitted_on)
    )
    off = [f"{_rms(real - other):.2f} of {_rms(real):.2f}" for other in (model, train)]
    return _table([*lines, _row("correlation between joints, RMS difference of RMS", *off)])


def _summary(outcomes: list[Outcome]) -> dict[str, float]:
    """What the other tables don't show."""
    length = np.linalg.norm(np.concatenate([o.error for o in outcomes]), axis=-1)
    visibility = np.concatenate([o.visibility for o in outcomes])
    limbs = np.concatenate([o.limb_error for o in outcomes])
    found = np.isfinite(length).all(axis=1)
    clips = [np.median(_lengths(o.error)) for o in outcomes if np.isfinite(o.error).any()]
    figures = {
        "frames lost, %": 100 * (~found).mean(),
        "limbs off by more than 90°, %": 100 * (limbs > 90).mean(),
        "SD over clips of the logarithm of the median error": np.std(np.log(clips)),
    }
    for part in ("elbow", "wrist", "knee", "ankle"):
        columns = _parts()[part]
        seen, error = visibility[found][:, columns].ravel(), length[found][:, columns].ravel()
        for percentile in (5, 25, 50):
            figures[f"visibility of the {part}, p{percentile}"] = np.percentile(
                seen, percentile
            )
        figures[f"rank correlation of the {part}'s visibility and error"] = spearmanr(
            seen, error
        ).statistic
    return figures


def _parts() -> dict[str, list[int]]:
    """Joint without its side -> its indices in COCO-17."""
    return {
        joint.removeprefix("left_"): COCO17.indices(*dict.fromkeys([joint, other_side(joint)]))
        for joint in COCO17.joints
        if "right" not in joint
    }


def _lengths(error: Floats) -> Floats:
    length = np.linalg.norm(error, axis=-1)
    return np.asarray(length[np.isfinite(length)])


def _figures(a: Floats, b: Floats) -> list[str]:
    """Mean, median, p90 and p99 of both."""
    one, two = ([v.mean(), *np.percentile(v, [50, 90, 99])] for v in (a, b))
    return [f"{x:.1f} / {y:.1f}" for x, y in zip(one, two, strict=True)]


def _rms(correlation: Floats) -> float:
    """Over pairs of different joints."""
    return float(np.sqrt((correlation[np.triu_indices(len(correlation), 1)] ** 2).mean()))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _table(lines: list[str]) -> str:
    columns = lines[0].count("|") - 1
    return "\n".join([lines[0], "|" + "---|" * columns, *lines[1:]])


if __name__ == "__main__":
    sys.exit(main())
