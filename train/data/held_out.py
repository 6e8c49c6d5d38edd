"""People whom no network learned from, filmed and rendered: to set what is set afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from humanpose.errors import ClipError
from humanpose.learned.loading import Networks, load_networks
from humanpose.motion import Estimates
from humanpose.pipeline import camera_of, clean, learned_stages, raw_estimates
from humanpose.sequence import Floats, JointAngles
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from train.data.true_fit import true_fit
from train.judge.cases import Case, case_of, files_in
from train.judge.filmed import twocam
from train.judge.metrics import CORE_ANGLES, nearest_equal, wrapped
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of

CORE = [ANGLE_NAMES.index(name) for name in CORE_ANGLES]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """One clip of somebody."""

    case: Case
    truth: Floats
    """(T, 36) deg, counted from where the fitted body counts; NaN where not known."""
    group: Literal["filmed", "rendered"]

    def off(self, angles: JointAngles) -> Floats:
        """(T, 36) deg by how much ``angles`` differ from the truth; NaN where either is not
        known. What has no zero in the truth is compared about its median."""
        found = wrapped(nearest_equal(self.truth, angles.degrees) - self.truth)
        free = ~self.case.truth.has_zero
        found[:, free] -= np.nanmedian(found[:, free], axis=0)
        return found


def held_out(shared: Path, *tilted: Path) -> list[HeldOut]:
    """The people of ``twocam``, and the validation people of the rendered pairs and of folders
    of tilted ones. Raises SourceError."""
    filmed = [HeldOut(case, case.truth.angles, "filmed") for case in twocam(shared)]
    pairs = [
        pair
        for folder in (shared / "data/pairs", *tilted)
        for path in files_in(folder, "*.npz")
        for pair in read_pairs(path)
        if split_of(f"{pair.source}|{pair.subject}") == "validation"
    ]
    cases = [case_of(pair) for pair in pairs]
    zeros = _zeros(pairs, cases)
    rendered = (HeldOut(c, c.truth.angles + zeros[c.subject], "rendered") for c in cases)
    return [*filmed, *rendered]


def _zeros(pairs: list[Pair], cases: list[Case]) -> dict[str, Floats]:
    """Person -> (36,) deg from the mesh's zero to the fitted body's; 0 where it has none."""
    off: dict[str, list[Floats]] = {}
    for pair, case in zip(pairs, cases, strict=True):
        off.setdefault(case.subject, []).append(wrapped(true_fit(pair) - case.truth.angles))
    zeros = {}
    for person, parts in off.items():
        known = np.concatenate(parts)
        told = np.isfinite(known).any(axis=0)
        zeros[person] = np.where(told, np.nanmedian(np.where(told, known, 0.0), axis=0), 0.0)
    return zeros


@dataclass(frozen=True, eq=False)
class Said:
    """What the five settings say of a clip."""

    raw: Estimates
    raw_joint: Estimates
    pof: Estimates
    pof_joint: Estimates
    main: Estimates

    def __iter__(self) -> Iterator[Estimates]:
        return iter((self.raw, self.raw_joint, self.pof, self.pof_joint, self.main))


def said_of(case: Case) -> Said | None:
    """What each setting says of a clip; None where it is refused."""
    settings = replace(case.settings, pof=True, joint_refinement=True)
    pof, joint = learned_stages(_networks(), settings)
    _, main = learned_stages(_networks(main_refiner=True), settings)
    landmarks, _ = clean(case.landmarks, settings)
    try:
        raw = raw_estimates(
            landmarks, camera_of(case.info, settings), settings, case.detection.background
        )
        told = pof(raw)
        return Said(raw, joint(raw), told, joint(told), main(told))
    except ClipError:
        return None


@cache
def _networks(*, main_refiner: bool = False) -> Networks:
    return load_networks(Settings(height_m=1.75, main_refiner=main_refiner))
