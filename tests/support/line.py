"""A tiny network, and a training of it that a test can see through."""

import csv
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from train.engine.loop import MakeBatch, Task, Validate, fit
from train.engine.options import LoopConfig
from train.engine.ranks import Ranks
from train.engine.trainer import Batch, Course, seed_all

BATCH = 8


TRUTH = torch.tensor([[1.0, -2.0, 0.5]])


ALONE = Ranks(0, 1, torch.device("cpu"))


@dataclass(frozen=True)
class LineConfig:
    inputs: int = 3
    dropout: float = 0.1


class Line(nn.Module):
    """A linear map behind a dropout, whose noise has to come back after a resume."""

    def __init__(self, config: LineConfig) -> None:
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.linear = nn.Linear(config.inputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.dropout(x))


class TwoLines(nn.Module):
    """A model of two parts, which are trained one after the other."""

    def __init__(self, config: LineConfig) -> None:
        super().__init__()
        self.first, self.second = Line(config), Line(config)


def make_batch(rng: np.random.Generator) -> Batch:
    x = torch.from_numpy(rng.normal(size=(BATCH, 3))).float()
    return {"x": x, "y": x @ TRUTH.T}


def square(network: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, Tensor | float]]:
    error = network(batch["x"]) - batch["y"]
    return error.square().mean(), {"largest": error.detach().abs().max()}


def off(model: nn.Module) -> dict[str, float]:
    return {"off": float((model.get_parameter("linear.weight") - TRUTH).norm())}


def train(
    config: LoopConfig,
    make_batch: MakeBatch = make_batch,
    *,
    validate: Validate = off,
    dropout: float = 0.1,
) -> tuple[Line, Course]:
    seed_all(config.seed)
    model_config = LineConfig(dropout=dropout)
    model = Line(model_config)
    course = fit(
        model,
        Task(square, make_batch, validate),
        model_config=model_config,
        config=config,
    )
    return model, course


def rows_of(config: LoopConfig) -> list[dict[str, str]]:
    with config.log_path.open(newline="") as file:
        return list(csv.DictReader(file))


def facts_of(config: LoopConfig) -> dict[str, str | int | float]:
    facts: dict[str, str | int | float] = torch.load(config.out, weights_only=True)["training"]
    return facts


def same(a: nn.Module, b: nn.Module) -> bool:
    return all(map(torch.equal, a.state_dict().values(), b.state_dict().values()))


def at_batch(count: int, happens: Callable[[], None]) -> MakeBatch:
    """``make_batch`` that does something else first when it is called for the count-th time."""
    calls = iter(range(1, 1000))

    def make(rng: np.random.Generator) -> Batch:
        if next(calls) == count:
            happens()
        return make_batch(rng)

    return make


def terminate() -> None:
    signal.raise_signal(signal.SIGTERM)


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def crash() -> None:
    raise MemoryError("no room for a batch")
