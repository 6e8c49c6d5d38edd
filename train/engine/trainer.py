"""One step of training, on any device and with any number of processes."""

import copy
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import get_ema_multi_avg_fn

from humanpose.errors import SettingsError
from train.engine.options import LoopConfig, Precision
from train.engine.ranks import Ranks

Batch = dict[str, Tensor]
Loss = Callable[[nn.Module, Batch], tuple[Tensor, Mapping[str, Tensor | float]]]

BETAS = (0.9, 0.98)
LARGEST_GRADIENT_NORM = 1.0
LARGE = 64
"""Rows and columns from which on a matrix is left to Muon."""


@dataclass
class Course:
    """How far a training has come."""

    step: int = 0
    minutes: float = 0.0
    samples: int = 0
    validated_step: int = -1
    """-1: never yet."""
    validated_minutes: float = 0.0
    best: dict[str, float] = field(default_factory=dict)
    """What ``validate`` said of the checkpoint; only the leading process knows."""


class Trainer:
    """A network, its average over the steps, and the optimiser that moves them."""

    def __init__(
        self,
        model: nn.Module,
        loss: Loss,
        config: LoopConfig,
        ranks: Ranks,
        *,
        part: str = "",
    ) -> None:
        """Move ``model`` to its device; only its submodule ``part`` will learn.

        Raises:
            SettingsError: the device cannot calculate in ``config.precision``.
        """
        _check_precision(config.precision, ranks.device)
        self.config, self.ranks, self.part = config, ranks, part
        self.course = Course()
        self.model = model.to(ranks.device).train()
        self.average = copy.deepcopy(self.model).requires_grad_(False).eval()
        self._network = _wrapped(self.model.get_submodule(part), config, ranks)
        self._loss = loss
        self._optimisers = _optimisers(self.model, config)
        half = config.precision == "fp16"
        self._dtype = torch.float16 if half else torch.bfloat16
        self._scaler = torch.amp.GradScaler(ranks.device.type, enabled=half)
        self._sums: dict[str, Tensor] = {}
        self._summed_steps = 0

    @property
    def rate(self) -> float:
        """The learning rate of the next step: a linear warm-up, then half a cosine to 0."""
        progress = self.config.progress(self.course.step, self.course.minutes)
        warmup = self.config.warmup
        if progress < warmup:
            return self.config.lr * progress / warmup
        angle = math.pi * min((progress - warmup) / (1 - warmup), 1.0)
        return self.config.lr * (1 + math.cos(angle)) / 2

    def step(self, batch: Batch) -> None:
        """Learn from one batch."""
        seed_all(self.config.seed, rank=self.ranks.rank, step=self.course.step)
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.rate
        device = self.ranks.device
        batch = {name: value.to(device, non_blocking=True) for name, value in batch.items()}
        mixed = self.config.precision != "fp32"
        with torch.autocast(device.type, dtype=self._dtype, enabled=mixed):
            loss, terms = self._loss(self._network, batch)
        self.model.zero_grad()
        torch.autograd.backward(self._scaler.scale(loss))
        for optimiser in self._optimisers:
            self._scaler.unscale_(optimiser)
        nn.utils.clip_grad_norm_(self.model.parameters(), LARGEST_GRADIENT_NORM)
        for optimiser in self._optimisers:
            self._scaler.step(optimiser)
        self._scaler.update()
        self._update_average()
        self._sum({"loss": loss.detach(), **terms})
        self.course.step += 1
        self.course.samples += self.config.batch_size * self.ranks.count

    def unwrap(self) -> None:
        """Let go of the wrapper that holds the connections to the other processes."""
        self._network = self.model.get_submodule(self.part)

    def take_means(self) -> dict[str, float]:
        """Means of the loss and its terms since the last call, over all processes.

        All processes must call it after the same step.
        """
        means = {name: float(total) / self._summed_steps for name, total in self._sums.items()}
        self._sums, self._summed_steps = {}, 0
        return self.ranks.mean(means)

    def state(self) -> dict[str, Any]:
        """All that the next step depends on."""
        return {
            "weights": self.model.state_dict(),
            "average": self.average.state_dict(),
            "moments": [optimiser.state_dict()["state"] for optimiser in self._optimisers],
            "scaler": self._scaler.state_dict(),
            "course": asdict(self.course),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``; rates and decays are those of the present configuration."""
        self.model.load_state_dict(state["weights"])
        self.average.load_state_dict(state["average"])
        for optimiser, moments in zip(self._optimisers, state["moments"], strict=True):
            groups = optimiser.state_dict()["param_groups"]
            optimiser.load_state_dict({"state": moments, "param_groups": groups})
        if state["scaler"]:  # empty without --fp16
            self._scaler.load_state_dict(state["scaler"])
        self.course = Course(**state["course"])

    def _update_average(self) -> None:
        """Early on the average reaches back less far than ``ema_decay`` says."""
        step = self.course.step
        decay = min(self.config.ema_decay, (1 + step) / (10 + step))
        update = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            update(list(self.average.parameters()), list(self.model.parameters()), step)
            for mean, buffer in zip(self.average.buffers(), self.model.buffers(), strict=True):
                mean.copy_(buffer)

    def _sum(self, terms: Mapping[str, Tensor | float]) -> None:
        for name, value in terms.items():
            self._sums[name] = self._sums.get(name, 0.0) + torch.as_tensor(value)
        self._summed_steps += 1


def seed_all(seed: int, *, rank: int = 0, step: int = 0) -> None:
    """Seed Python's and torch's generators, each process and step its own way."""
    (own,) = np.random.SeedSequence((seed, rank, step)).generate_state(1, np.uint64).tolist()
    random.seed(own)
    torch.default_generator.manual_seed(own)
    if _cuda_runs():  # one that does not would need 2 ms to take note of its seed
        torch.cuda.manual_seed_all(own)


def _cuda_runs() -> bool:
    return torch.cuda.is_initialized()  # type: ignore[no-untyped-call]


def _check_precision(precision: Precision, device: torch.device) -> None:
    if precision == "fp16" and device.type == "cpu":
        raise SettingsError("--fp16 needs a CUDA GPU; use --bf16, or leave it out")
    if (
        precision == "bf16"
        and device.type == "cuda"
        and not torch.cuda.is_bf16_supported(including_emulation=False)
    ):
        raise SettingsError("this GPU does not know bfloat16; use --fp16, or leave --bf16 out")


def _wrapped(model: nn.Module, config: LoopConfig, ranks: Ranks) -> nn.Module:
    network = model
    if ranks.count > 1:
        network = DistributedDataParallel(model)
    return torch.compile(network) if config.compile else network  # type: ignore[return-value]


def _optimisers(model: nn.Module, config: LoopConfig) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for large matrices, AdamW for the rest.

    With the POF network it needed two thirds of the steps that AdamW alone does. Its updates
    are scaled like AdamW's, so that one learning rate serves both (Liu et al. 2025).
    """
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    large = [w for w in weights if w.ndim == 2 and min(w.shape) >= LARGE]
    rest = [w for w in weights if not any(w is other for other in large)]
    groups = [
        {"params": [w for w in rest if w.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [w for w in rest if w.ndim < 2], "weight_decay": 0.0},
    ]
    fused = next(model.parameters()).is_cuda
    adam = torch.optim.AdamW(groups, lr=config.lr, betas=BETAS, fused=fused)
    if not large:
        return [adam]
    muon = torch.optim.Muon(
        large, lr=config.lr, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw"
    )
    return [adam, muon]
