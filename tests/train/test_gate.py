"""Numbers that stay true: no figure gets worse unnoticed, and the sample's angles stay."""

import json

import pytest

from train import gate


def test_no_figure_got_worse_on_our_own_clips() -> None:
    stored = json.loads(gate.STORED.read_text("utf-8"))
    assert len(stored) == len(gate.STAGES) * 8
    assert gate.worsened(gate.measured(), stored) == []


def test_the_gate_closes_at_three_per_cent() -> None:
    stored = {"raw limb_mean_deg": 10.0}
    assert gate.worsened({"raw limb_mean_deg": 10.29}, stored) == []
    [sentence] = gate.worsened({"raw limb_mean_deg": 10.31}, stored)
    assert "was 10;" in sentence


@pytest.mark.parametrize("today", [{}, {"raw limb_mean_deg": float("nan")}])
def test_a_figure_that_is_gone_counts_as_worse(today: dict[str, float]) -> None:
    assert gate.worsened(today, {"raw limb_mean_deg": 10.0})
