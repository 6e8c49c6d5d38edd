"""Windows of joint angles as the product finds them, and the true ones, for the joint refiner.

The truth counts from the rendered mesh's zero, and in pelvis and trunk from that of whoever
recorded the motion; no joint centre shows either. So that the refiner learns movements and no
one's zero, each person's truth is moved by one constant per angle, the median of what the
fitted body says of the true points minus the truth.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from humanpose.nets.gaps import without_gaps
from humanpose.nets.tensors import to_tensor
from humanpose.nets.windows import WINDOW
from humanpose.sequence import Floats
from train.convert.errors import SourceError
from train.convert.mot import read_motion
from train.convert.subjects import subject_of
from train.data.angle_corruption import corrupted
from train.data.angle_sequences import VARIANTS, read_sequences
from train.data.angle_window import Window
from train.data.drawing import Rows, draw_format, draw_rows, enlarge_errors, shares_of
from train.engine.trainer import Batch
from train.judge.metrics import nearest_equal, wrapped
from train.recordings.pairs import Arrays
from train.recordings.splits import Side, split_of

FRESH_WEIGHT = 3.0
"""How much oftener a frame is drawn that POF was not trained on."""
FPS = (15.0, 15.0, 15.0, 12.5, 10.0)
"""Frame rates that are drawn; ``humanpose.nets.windows`` thins faster clips to about 15."""
PACE_SD = 0.15
"""Everybody's movements are made faster or slower by this, logarithmic."""
LENGTH_SHARES = (0.85, 0.1, 0.05)
"""Of windows of the lengths of ``train.data.drawing``."""
VARIANT_SHARES = (0.3, 0.7)
BORROWED = 0.1
"""Share of windows whose movement is another's than its errors, or a laboratory's."""
KNOWN_POF_FACTOR, FACTOR = (1.0, 1.6), (0.85, 1.15)
"""What errors are multiplied by: POF's on those it was trained on are too small by 1.6."""


@dataclass(frozen=True, eq=False)
class Clip:
    """One person's clip, as every variant of the product sees it."""

    degrees: dict[str, Floats]
    confidence: dict[str, Floats]
    truth: Floats
    fps: float
    fresh: bool

    def window(self, variant: str, rows: Rows) -> Window:
        return Window(
            self.degrees[variant][rows], self.confidence[variant][rows], self.truth[rows]
        )


class AngleWindows:
    """Draws batches for the joint refiner from the clips of one side."""

    def __init__(self, clips: list[Clip], movements: list[tuple[Floats, float]]) -> None:
        """``movements``: (T, 36) deg and frames/s of those who were never filmed."""
        if not clips:
            raise SourceError("no clips of that side; see train.generate_joint_angles")
        self.clips = clips
        self._movements = movements + [(clip.truth, clip.fps) for clip in clips]
        self._shares = shares_of(
            len(clip.truth) * (FRESH_WEIGHT if clip.fresh else 1.0) for clip in clips
        )

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one length and frame rate, with more errors than they had."""
        count, frames, fps = draw_format(rng, windows, shares=LENGTH_SHARES, fps=FPS)
        pace = float(np.exp(rng.normal(0, PACE_SD)))
        drawn = [self._draw(rng, frames, fps) for _ in range(count)]
        return as_batch(drawn, fps=fps * pace)

    def fixed(self, windows: int, variant: str, *, fresh: bool | None = None) -> Batch:
        """The same windows every time, as the product sees them."""
        rng = np.random.default_rng(0)
        clips = [clip for clip in self.clips if fresh is None or clip.fresh == fresh]
        lengths = np.array([len(clip.truth) for clip in clips], dtype=float)
        chosen = rng.choice(len(clips), size=windows, p=lengths / lengths.sum())
        return as_batch(
            [
                clips[i].window(
                    variant, draw_rows(rng, len(clips[i].truth), WINDOW, clips[i].fps / 15)
                )
                for i in chosen
            ],
            fps=15.0,
        )

    def _draw(self, rng: np.random.Generator, frames: int, fps: float) -> Window:
        clip = self.clips[rng.choice(len(self.clips), p=self._shares)]
        variant = str(rng.choice(VARIANTS, p=VARIANT_SHARES))
        window = clip.window(variant, draw_rows(rng, len(clip.truth), frames, clip.fps / fps))
        known_to_pof = variant.startswith("pof") and not clip.fresh
        factor = rng.uniform(*(KNOWN_POF_FACTOR if known_to_pof else FACTOR))
        window = with_errors(window, factor)
        if rng.random() < BORROWED:
            other, other_fps = self._movements[rng.integers(len(self._movements))]
            at = draw_rows(rng, len(other), frames, other_fps / fps)
            window = borrowed(window, other[at])
        window = corrupted(window, rng)
        return window.mirrored() if rng.random() < 0.5 else window


def with_errors(window: Window, factor: float) -> Window:
    """The window with its errors so many times as large, unless they are gross."""
    degrees = enlarge_errors(window.degrees, window.truth, factor=factor)
    return replace(window, degrees=degrees)


def borrowed(window: Window, truth: Floats) -> Window:
    """Another movement (T, 36) with the errors of the window; where these are not known, it
    isn't judged."""
    error = nearest_equal(window.truth, window.degrees) - window.truth
    known = np.isfinite(truth) & (np.isfinite(window.truth) | np.isnan(window.degrees))
    degrees = np.where(np.isfinite(truth + error), truth + error, window.degrees)
    return replace(window, degrees=degrees, truth=np.where(known, truth, np.nan))


def read_clips(folders: Iterable[Path], *, fresh: Iterable[str], side: Side) -> list[Clip]:
    """The sequences of one side, their truth moved to our zero.

    Args:
        folders: of ``train.generate_joint_angles``.
        fresh: names of the folders of pairs that POF was not trained on.
    """
    stored = [s for folder in folders for s in read_sequences(folder) if str(s["side"]) == side]
    zero = zeros(stored)
    names = set(fresh)
    return [
        Clip(
            {v: s[f"angles_{v}"] for v in VARIANTS},
            {v: np.nan_to_num(s[f"confidence_{v}"]) for v in VARIANTS},
            s["truth"] + zero[person(s)],
            float(s["fps"]),
            str(s["origin"]) in names,
        )
        for s in stored
    ]


def zeros(sequences: list[Arrays]) -> dict[str, Floats]:
    """Person -> (36,) deg to add to the truth; 0 where the body has no such angle."""
    off: dict[str, list[Floats]] = {}
    for s in sequences:
        off.setdefault(person(s), []).append(wrapped(s["truth_fit"] - s["truth"]))
    return {person: _medians(np.concatenate(parts)) for person, parts in off.items()}


def read_movements(folder: Path, *, side: Side) -> list[tuple[Floats, float]]:
    """(T, 36) deg and frames/s of the laboratory motions (``*.mot``) of one side's people.

    A coordinate that the model locks is not known.
    """
    found = []
    for path in sorted(folder.rglob("*.mot")):
        if split_of(subject_of(path, "opensim")) != side:
            continue
        try:
            angles = read_motion(path).angles
        except SourceError:
            continue  # forces lie among the motions under the same ending
        known = angles.confidence > 0.5
        found.append((np.where(known, angles.degrees, np.nan), angles.timeline.fps))
    return found


def as_batch(windows: list[Window], *, fps: float) -> Batch:
    """Windows of the same length as tensors."""
    degrees = np.stack([window.degrees for window in windows])
    truth = np.stack([window.truth for window in windows])
    known = np.isfinite(degrees)
    confidence = np.where(known, np.stack([window.confidence for window in windows]), 0.0)
    arrays = {
        "degrees": np.stack([without_gaps(window.degrees) for window in windows]),
        "confidence": confidence,
        "known": known,
        "truth": np.nan_to_num(truth),
        "judged": np.isfinite(truth),
        "time_s": np.arange(degrees.shape[1]) / fps,
    }
    return {name: to_tensor(array) for name, array in arrays.items()}


def _medians(off: Floats) -> Floats:
    known = [column[np.isfinite(column)] for column in off.T]
    return np.array([np.median(column) if column.size else 0.0 for column in known])


def person(stored: Arrays) -> str:
    return "|".join(str(stored[name]) for name in ("origin", "source", "subject"))
