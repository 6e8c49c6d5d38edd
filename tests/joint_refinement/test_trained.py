"""What the joint refiner that we ship makes of movements that are known exactly."""

import numpy as np
import pytest

from humanpose.joint_refinement import JointRefiner
from humanpose.nets.places import sha256_of
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.places import CHECKPOINTS

CHECKPOINT = CHECKPOINTS / "best_joint_model.pth"
WALK = slice(150, 228)
KNEES = [ANGLE_NAMES.index(f"knee_angle_{side}") for side in "lr"]


@pytest.fixture(scope="module")
def refiner() -> JointRefiner:
    return JointRefiner(CHECKPOINT)


@pytest.fixture
def truth(sample_truth: dict[str, Floats]) -> Floats:
    """(228, 36) deg: squat, arm raise, walk."""
    return sample_truth["angles"].astype(float)


def refined(refiner: JointRefiner, degrees: Floats) -> Floats:
    angles = degrees.reshape(len(degrees), 12, 3)
    return refiner.refine(angles, np.full(angles.shape[:2], 0.8)).reshape(degrees.shape)


def test_the_model_card_names_the_checkpoint_that_is_shipped() -> None:
    card = CHECKPOINT.with_suffix(".md").read_text(encoding="utf-8")
    assert sha256_of(CHECKPOINT) in card
    assert CHECKPOINT.stat().st_size < 4_000_000


@pytest.mark.parametrize(
    "name", ["knee_angle_r", "hip_flexion_l", "elbow_flex_r", "arm_flex_l"]
)
@pytest.mark.parametrize("start", [30, 100, 180])
def test_a_gross_error_of_one_joint_is_taken_back_without_harm(
    refiner: JointRefiner, truth: Floats, name: str, start: int
) -> None:
    column, frames = ANGLE_NAMES.index(name), slice(start, start + 5)
    spoilt = truth.copy()
    spoilt[frames, column] += 70
    off = np.abs(refined(refiner, spoilt) - refined(refiner, truth))[frames]
    assert off[:, column].max() < 15
    others = np.delete(off, range(column // 3 * 3, column // 3 * 3 + 3), axis=1)
    assert others.mean() < 1


def test_a_stiff_leg_stays_stiff_beside_one_that_swings(
    refiner: JointRefiner, truth: Floats
) -> None:
    truth[:, KNEES[0]] = 5.0
    stiff, swings = np.ptp(refined(refiner, truth)[WALK][:, KNEES], axis=0)
    assert stiff < 0.2 * swings
    assert swings > 0.8 * np.ptp(truth[WALK, KNEES[1]])


def test_a_limp_keeps_its_side(refiner: JointRefiner, truth: Floats) -> None:
    """One knee bends half as far as it does."""
    limping = truth.copy()
    limping[:, KNEES[0]] = 5 + 0.5 * (truth[:, KNEES[0]] - 5)
    ratio = (np.ptp(a[WALK, KNEES[0]]) / np.ptp(a[WALK, KNEES[1]]) for a in (limping, truth))
    limp, before = ratio
    after = refined(refiner, limping)[WALK][:, KNEES]
    left, right = np.ptp(after, axis=0)
    assert left / right == pytest.approx(limp, rel=0.3)
    assert left / right < 0.8 * before


def test_a_lost_knee_is_filled_in_and_said_to_be_less_sure(
    refiner: JointRefiner, truth: Floats
) -> None:
    lost = truth.copy()
    lost[185:191, KNEES[1]] = np.nan
    sure = np.where(np.isfinite(lost), 0.8, 0.0)
    filled = refiner.refined(JointAngles(lost, sure, Timeline(len(truth), 30)))
    whole = refined(refiner, truth)
    assert np.abs(filled.degrees - whole)[185:191, KNEES[1]].max() < 20
    assert (filled.confidence[185:191, KNEES[1]] < 0.5).all()
    assert filled.deviation is not None
    held, guessed = filled.deviation[182, KNEES[1]], filled.deviation[188, KNEES[1]]
    assert guessed > held


def test_the_frame_rate_hardly_matters(refiner: JointRefiner, truth: Floats) -> None:
    half = refiner.refine(truth[::2].reshape(-1, 12, 3), np.full((114, 12), 0.8), fps=15)
    off = np.abs(half.reshape(-1, 36) - refined(refiner, truth)[::2])
    assert off.mean() < 1
