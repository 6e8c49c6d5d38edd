"""One step of training: the rate, the average of the weights, what decays."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.support.line import ALONE, Line, LineConfig, make_batch, square
from train.engine.options import LoopConfig
from train.engine.trainer import Batch, Trainer


def test_the_rate_rises_and_then_falls_along_a_cosine(config: LoopConfig) -> None:
    trainer = Trainer(Line(LineConfig()), square, replace(config, warmup=0.1), ALONE)
    rates = []
    for step in (0, 3, 6, 33, 60):
        trainer.course.step = step
        rates.append(trainer.rate / config.lr)
    assert rates == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_the_average_follows_the_weights_with_the_decay(config: LoopConfig) -> None:
    trainer = Trainer(Line(LineConfig()), square, replace(config, ema_decay=0.3), ALONE)
    expected = trainer.model.get_parameter("linear.weight").detach().clone()
    for step in range(5):
        trainer.step(make_batch(np.random.default_rng(step)))
        decay = min(0.3, (1 + step) / (10 + step))
        weight = trainer.model.get_parameter("linear.weight").detach()
        expected = decay * expected + (1 - decay) * weight
    torch.testing.assert_close(trainer.average.get_parameter("linear.weight"), expected)


def test_only_matrices_decay(config: LoopConfig) -> None:
    settings = replace(config, weight_decay=0.5, warmup=0.0)

    def flat(network: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor | float]]:
        return 0.0 * network(batch["x"]).sum(), {}

    model = Line(LineConfig())
    before = {name: value.clone() for name, value in model.state_dict().items()}
    Trainer(model, flat, settings, ALONE).step(make_batch(np.random.default_rng(0)))
    left = 1 - settings.lr * 0.5
    torch.testing.assert_close(model.linear.weight, left * before["linear.weight"])
    torch.testing.assert_close(model.linear.bias, before["linear.bias"])


def test_bfloat16_learns_on_the_cpu(config: LoopConfig) -> None:
    kinds = set()

    def loss(network: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor | float]]:
        kinds.add(network(batch["x"]).dtype)
        return square(network, batch)[0], {}

    trainer = Trainer(Line(LineConfig()), loss, replace(config, precision="bf16"), ALONE)
    trainer.step(make_batch(np.random.default_rng(0)))
    assert kinds == {torch.bfloat16}
    assert trainer.model.get_parameter("linear.weight").dtype == torch.float32
