"""The MainRefiner that we ship, on our sample, whose truth is exact."""

import numpy as np
import pytest

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.nets.places import sha256_of
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.places import CHECKPOINTS
from train.judge.metrics import mean, nearest_equal, offset_free_errors_deg

CHECKPOINT = CHECKPOINTS / "best_main_refiner.pth"
HINGES = ("knee_adduction", "knee_rotation", "elbow_add", "pro_sup")


@pytest.fixture(scope="module")
def fused() -> Analysis:
    return analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, main_refiner=True))


def error_deg(analysis: Analysis, truth: Floats) -> float:
    """Mean offset-free error of the angles that vary."""
    found = nearest_equal(truth, analysis.joint_angles.degrees)
    moves = truth.std(axis=0) >= 4
    moves &= np.array([not name.startswith(HINGES) for name in ANGLE_NAMES])
    return float(mean(offset_free_errors_deg(found, truth))[moves].mean())


def test_the_model_card_names_the_checkpoint_that_is_shipped() -> None:
    card = CHECKPOINT.with_suffix(".md").read_text(encoding="utf-8")
    assert sha256_of(CHECKPOINT) in card
    assert CHECKPOINT.stat().st_size < 4_000_000


def test_on_the_sample_it_stays_near_the_best_of_what_it_fuses(
    fused: Analysis, sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    truth = sample_truth["angles"].astype(float)
    pof = analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, pof=True, joint_refinement=False))
    best = min(error_deg(pof, truth), error_deg(sample, truth))
    assert error_deg(fused, truth) < best + 0.5


def test_it_trusts_the_joint_refiner_at_the_ankle_and_the_kinematics_at_the_knee(
    fused: Analysis,
) -> None:
    assert fused.gates is not None
    shares = dict(zip(JOINT_GROUPS, fused.gates.angles.mean(axis=0), strict=True))
    for side in "rl":
        assert shares[f"ankle_{side}"][3] > 0.6
        assert shares[f"knee_{side}"][3] < 0.5


def test_every_present_angle_has_a_deviation(fused: Analysis) -> None:
    angles = fused.joint_angles
    assert angles.deviation is not None
    np.testing.assert_array_equal(np.isfinite(angles.deviation), np.isfinite(angles.degrees))
