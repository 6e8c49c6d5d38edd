"""What the losses of angles have in common."""

import pytest
import torch

from humanpose.confidence import BAND
from train.refiners.losses import (
    band_ratios,
    clearness,
    common_terms,
    errors_by_angle,
    mean,
    mean_errors_deg,
)


def test_what_does_not_count_is_left_out_and_nothing_at_all_is_zero() -> None:
    values, weight = torch.tensor([[1.0, 9.0], [3.0, 9.0]]), torch.tensor([[1.0, 0], [3, 0]])
    assert mean(values, weight) == pytest.approx(2.5)
    assert mean(values, weight, dim=0).tolist() == [[2.5, 0.0]]


def test_near_the_gimbal_the_second_angle_alone_counts() -> None:
    truth = torch.zeros(1, 1, 36)
    truth[..., 1] = 90.0
    weight = clearness(truth)[0, 0]
    assert weight[1] == 1
    assert weight[:3].tolist() == pytest.approx([0.15, 1, 0.15])
    assert (weight[3:] == 1).all()


def test_an_offset_is_an_absolute_error_and_no_wrong_movement() -> None:
    off, judged = torch.full((2, 8, 36), 0.1), torch.ones(2, 8, 36)
    truth, turns = torch.zeros(2, 8, 36), torch.full((2, 8, 12, 3), 0.5)
    terms = common_terms(off, truth, judged, turns=turns, deviation=torch.ones(2, 8, 36))
    assert terms["absolute"] == pytest.approx(0.1)
    assert terms["movement"] == pytest.approx(0, abs=1e-6)
    assert terms["size"] == pytest.approx(0.25)
    absolute, free = errors_by_angle(off, judged)
    torch.testing.assert_close(absolute, torch.rad2deg(off[0, 0]))
    assert free.max() < 1e-4


def test_the_band_loss_is_least_where_it_holds_nine_tenths() -> None:
    off, judged = torch.linspace(0, 0.2, 360).view(1, 10, 36), torch.ones(1, 10, 36)
    truth, turns = torch.zeros(1, 10, 36), torch.zeros(1, 10, 12, 3)
    right = torch.rad2deg(torch.tensor(0.18)) / BAND

    def loss(factor: float) -> float:
        deviation = (factor * right).expand(1, 10, 36)
        return float(common_terms(off, truth, judged, turns=turns, deviation=deviation)["band"])

    assert loss(1.0) < min(loss(0.9), loss(1.1))
    ratios = band_ratios(off, right.expand(1, 10, 36), judged, least=1000)
    torch.testing.assert_close(ratios, torch.ones(36), rtol=0.01, atol=0)


def test_an_angle_that_hardly_moves_is_not_judged() -> None:
    truth, off = torch.zeros(1, 20, 36), torch.zeros(1, 20, 36)
    truth[0, :, 0] = torch.linspace(-20, 20, 20)
    off[..., 0], off[..., 1] = 0.02, 5.0
    absolute, free = mean_errors_deg(off, truth, torch.ones(1, 20, 36))
    assert absolute == pytest.approx(float(torch.rad2deg(torch.tensor(0.02))))
    assert free == pytest.approx(0, abs=1e-4)
