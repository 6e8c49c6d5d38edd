"""What MainRefiner's angle part learns from, and that it learns to trust who is right."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from humanpose.main_refiner.network import AngleFusion, MainRefinerConfig
from humanpose.nets.angle_evidence import AngleEvidence
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import COCO17
from train.refiners.fusion_angles import (
    Angles,
    FusedAngleWindows,
    FusionClip,
    angle_errors,
    angle_loss,
    fuse_angles,
    off_rad,
)

FRAMES = 90
RNG = np.random.default_rng(0)
TRUTH: Floats = np.sin(np.linspace(0, 9, FRAMES)[:, None] + np.arange(36.0)) * 25.0


def estimate(noise_deg: float, *, deviation: float | None = None) -> JointAngles:
    off = RNG.normal(0, noise_deg, TRUTH.shape)
    spread = None if deviation is None else np.full_like(TRUTH, deviation)
    return JointAngles(TRUTH + off, np.full_like(TRUTH, 0.8), Timeline(FRAMES, 30.0), spread)


@pytest.fixture
def clip() -> FusionClip:
    """POF is right within 1°, the joint refiner within 12°."""
    estimates = (estimate(6), estimate(20), estimate(1), estimate(12, deviation=8.0))
    return FusionClip(Angles(AngleEvidence.of(estimates), TRUTH), 30.0, fresh=True)


def test_the_deviation_is_that_of_the_last_who_states_one(clip: FusionClip) -> None:
    assert (clip.angles.evidence.deviation == 8.0).all()


def test_errors_grow_by_the_factor_but_not_mediapipe_s_own_nor_gross_ones(
    clip: FusionClip,
) -> None:
    degrees = clip.angles.evidence.degrees.copy()
    degrees[5, 0, 3] = TRUTH[5, 3] + 100
    angles = replace(clip.angles, evidence=replace(clip.angles.evidence, degrees=degrees))
    before = angles.evidence.degrees - TRUTH[:, None]
    after = angles.with_errors(1.5).evidence.degrees - TRUTH[:, None]
    np.testing.assert_allclose(after[:, 2], 1.5 * before[:, 2])
    np.testing.assert_allclose(after[:, 1], before[:, 1])
    assert after[5, 0, 3] == pytest.approx(100)


def test_a_truth_that_is_not_known_changes_and_judges_nothing(clip: FusionClip) -> None:
    blind = replace(clip.angles, truth=np.full_like(TRUTH, np.nan))
    np.testing.assert_array_equal(
        blind.with_errors(2.0).evidence.degrees, blind.evidence.degrees
    )
    batch = FusedAngleWindows([replace(clip, angles=blind)]).all()
    assert batch["judged"].sum() == 0
    assert all(values.isfinite().all() for values in batch.values())


def test_an_equal_way_to_write_a_rotation_is_no_error() -> None:
    truth = torch.rand(1, 4, 36) * 60
    triples = truth.view(1, 4, 12, 3)
    other = (triples * torch.tensor([1, -1, 1]) + 180).flatten(2)
    assert off_rad(other, truth).abs().max() < 1e-3


def test_a_short_training_trusts_who_is_right_and_states_less_doubt(
    clip: FusionClip,
) -> None:
    torch.manual_seed(0)
    windows, rng = FusedAngleWindows([clip]), np.random.default_rng(0)
    model = AngleFusion(MainRefinerConfig(COCO17.bone_indices, d_model=32, num_heads=2))
    before = angle_errors(model, batch=windows.all())
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(40):
        loss, _ = angle_loss(model, windows.batch(2, rng))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    after = angle_errors(model, batch=windows.all())
    output = fuse_angles(model, windows.all())
    assert after["free"] < 0.6 * before["free"]
    assert output.gates.mean(dim=(0, 1, 2)).argmax() == 2
    assert output.deviation.mean() < 0.8 * clip.angles.evidence.deviation.mean()


def test_a_curve_that_is_too_flat_is_told_from_one_that_is_not(clip: FusionClip) -> None:
    batch = FusedAngleWindows([clip]).all()
    model = AngleFusion(MainRefinerConfig(COCO17.bone_indices, d_model=32, num_heads=2))
    flat = {**batch, "degrees": 0.5 * batch["degrees"]}
    true = {**batch, "degrees": batch["truth"][:, :, None].expand_as(batch["degrees"])}
    terms = [angle_loss(model, b)[1]["range"] for b in (true, flat)]
    assert terms[0] < 0.01
    assert terms[1] > 0.1
    assert angle_errors(model, batch=flat)["range"] < 0.7
