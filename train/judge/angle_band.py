"""How often the truth lies within the 90 % band of the POF angles, on validation subjects.

$ python -m train.judge.angle_band ../shared [CHECKPOINT]

Also what ``humanpose.kinematics.angle_confidence`` is calibrated with: how far solved limbs are
off, in the picture and in depth, in units of the deviation that the network states.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from humanpose.analysis import Analysis
from humanpose.confidence import BAND
from humanpose.errors import ClipError
from humanpose.geometry import frame_from_y, unit
from humanpose.learned.loading import Networks, load_networks
from humanpose.motion import limbs
from humanpose.pipeline import compute
from humanpose.sequence import Floats, concentration_of
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from train.judge.cases import Case, pairs_validation

_LINE_OF_SIGHT = np.array([0.0, 0.0, 1.0])
_ONE_DEVIATION_HOLDS_90 = 1 / BAND


def refined(case: Case, networks: Networks) -> Analysis | None:
    """None for a clip that the product refuses."""
    settings = replace(case.settings, pof=True)
    try:
        return compute(case.info, case.detection, settings, networks=networks)
    except ClipError:
        return None


def limb_errors(case: Case, analysis: Analysis) -> Floats:
    """(N, 2) how far solved limbs are off in the picture and in depth, in stated deviations."""
    if case.truth.joints is None:
        raise ValueError(f"expected true joints, got none for {case.clip}")
    true, _ = limbs(case.truth.joints)
    solved, _ = limbs(analysis.joints_camera)
    off = np.einsum("tlij,tli->tlj", frame_from_y(true, _LINE_OF_SIGHT), solved)
    angle = np.arccos(np.clip(off[..., 1], -1, 1))[..., None]
    stated = 1 / np.sqrt(np.maximum(concentration_of(analysis.limb_confidence), 1.0))
    errors = angle * unit(off * [1, 0, 1])[..., [0, 2]] / stated[..., None]
    return errors[np.isfinite(errors).all(axis=-1)]


def angle_errors(case: Case, analysis: Analysis) -> Floats:
    """(T, 36, 3) error, error about the clip's median, and stated deviation, deg."""
    error = (analysis.joint_angles.degrees - case.truth.angles + 180) % 360 - 180
    known = np.isfinite(error).any(axis=0)
    offset = np.zeros(error.shape[1])
    offset[known] = np.nanmedian(error[:, known], axis=0)
    deviation = analysis.joint_angles.deviation
    if deviation is None:
        raise ValueError(f"expected a deviation, got none for {case.clip}")
    return np.stack([error, error - offset, deviation], axis=-1)


def main(shared: Path, checkpoint: str) -> None:
    networks = load_networks(
        Settings(height_m=1.7, pof=True, pof_model_path=checkpoint, joint_refinement=False)
    )
    found = [(c, a) for c in pairs_validation(shared) if (a := refined(c, networks))]
    limb = np.concatenate([limb_errors(*pair) for pair in found])
    share = np.percentile(np.abs(limb), 90, axis=0) * _ONE_DEVIATION_HOLDS_90
    print(f"{len(found)} clips; limbs off by {share[0]:.2f} of the stated deviation in the")
    print(
        f"picture, {share[1]:.2f} in depth\n\n| angle | within the band | offset-free | rank |"
    )
    print("|---|---|---|---|")
    angles = np.concatenate([angle_errors(*pair) for pair in found])
    for name, column in zip(ANGLE_NAMES, np.moveaxis(angles, 1, 0), strict=True):
        print(row(name, column))
    print(row("all", angles.reshape(-1, 3)))


def row(name: str, errors: Floats) -> str:
    """Of (N, 3) ``angle_errors``."""
    known = errors[np.isfinite(errors).all(axis=1)]
    if not len(known):
        return f"| {name} | absent or without truth | | |"
    within = (np.abs(known[:, :2]) < BAND * known[:, 2:]).mean(axis=0)
    rank = spearmanr(known[:, 2], np.abs(known[:, 1])).statistic
    return f"| {name} | {within[0]:.0%} | {within[1]:.0%} | {rank:.2f} |"


if __name__ == "__main__":
    given = sys.argv[2] if len(sys.argv) > 2 else Settings.pof_model_path
    main(Path(sys.argv[1]), given)
