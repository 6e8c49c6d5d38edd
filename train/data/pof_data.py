"""The batches of the POF training: views of recorded motion and windows of real detections."""

from dataclasses import fields
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from train.convert.errors import SourceError
from train.data.pair_windows import PAIR_FPS, PairWindows
from train.data.views import MotionViews, Sample, sample_of, undisturbed
from train.engine.trainer import Batch
from train.synth.motion.bank import Bank, holds_samples

FPS = (8.0, 10.0, 12.5, 15.0, 15.0, 15.0, 20.0)
"""Frame rates that are drawn; ``humanpose.pof.inference`` thins faster clips to these."""
REAL = 0.45
"""Share of windows with real detections in a batch of ``PAIR_FPS``."""
VALIDATION_WINDOWS = 96


class PofData:
    """Draws batches from motion (banks, or folders of the contract's sequences) and pairs
    (other folders), without those who test."""

    def __init__(self, paths: list[Path], *, frames: int) -> None:
        missing = [path for path in paths if not path.exists()]
        if missing:
            raise SourceError(
                f"no {missing[0]}; give motion banks, and folders of pairs or sequences"
            )
        sequences = [path for path in paths if path.is_dir() and holds_samples(path)]
        banks = [Bank.load(path) for path in paths if path.is_file()]
        banks += [Bank.of_samples(folder) for folder in sequences]
        folders = [path for path in paths if path.is_dir() and path not in sequences]
        self._frames, self._folders = frames, folders
        self._motion = [MotionViews(bank, frames=frames) for bank in banks]
        self._held_out = [
            MotionViews(bank, frames=frames, validates=True)
            for bank in banks
            if bank.validates.any()
        ]
        self._pairs = PairWindows(folders, frames=frames, side="train") if folders else None
        if self._pairs is not None and not self._pairs.pairs:
            raise SourceError(f"no pairs of training subjects in {folders[0]}")

    def batch(self, windows: int, rng: np.random.Generator) -> Batch:
        """Windows of one frame rate, real ones where that rate can be had of the pairs."""
        fps = float(rng.choice(FPS if self._motion else PAIR_FPS))
        real = 0
        if self._pairs is not None and fps in PAIR_FPS:
            real = round(REAL * windows) if self._motion else windows
        seen = []
        if real < windows:
            views = self._motion[rng.integers(len(self._motion))]
            seen.append(views.draw(rng, windows - real, fps=fps))
        if self._pairs is not None and real:
            seen.append(self._pairs.draw(rng, real, fps=fps))
        return as_batch([sample_of(part, rng) for part in seen])

    @cached_property
    def validation(self) -> dict[str, Batch]:
        """Fixed windows of people on the validation side: real detections, views with the
        error model, and views with the true keypoints."""
        rng = np.random.default_rng(0)
        found: dict[str, Batch] = {}
        pairs = PairWindows(self._folders, frames=self._frames, side="validation")
        if pairs.pairs:
            drawn = pairs.draw(rng, VALIDATION_WINDOWS, fps=15.0)
            found["pairs"] = as_batch([sample_of(drawn, rng)])
        for views in self._held_out:
            seen = views.draw(rng, VALIDATION_WINDOWS, fps=15.0)
            found["motion"] = as_batch([sample_of(seen, rng)])
            found["clean"] = as_batch([sample_of(undisturbed(seen), rng)])
        return found


def as_batch(samples: list[Sample]) -> Batch:
    """Samples of the same frame rate, as tensors."""
    names = [field.name for field in fields(Sample) if field.name != "time_s"]
    arrays = {n: np.concatenate([getattr(sample, n) for sample in samples]) for n in names}
    arrays["time_s"] = samples[0].time_s
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
