"""What every training takes from the command line, and checks before it starts."""

import argparse
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from humanpose.errors import SettingsError

Precision = Literal["fp32", "bf16", "fp16"]


@dataclass(frozen=True, kw_only=True)
class LoopConfig:
    """How long and how to train. Raises SettingsError out of range.

    An epoch is a number of steps: samples are drawn without end, there is no last one.
    """

    out: Path
    """The checkpoint; the log and the state for --resume are written beside it."""
    init: Path | None = None
    """Begin with the weights of this checkpoint instead of new ones."""
    epochs: float = 50
    """Length of the training, unless ``minutes`` is given."""
    minutes: float | None = None
    """Length of the training in minutes, resumed runs added up; None: see ``epochs``."""
    epoch_steps: int = 1000
    """Steps in an epoch."""
    batch_size: int = 64
    """Samples in a step, in each process."""
    workers: int = 0
    """Processes that make batches; 0: the training process does."""
    seed: int = 0
    """Another seed, other samples and other weights."""
    lr: float = 1e-3
    """Learning rate after the warm-up."""
    warmup: float = 0.02
    """Share of the training in which the rate rises; then it falls to 0 along a cosine."""
    weight_decay: float = 0.01
    """Decay of matrices; biases and scales are left alone."""
    ema_decay: float = 0.999
    """Of the averaged weights, which are validated and kept; 0 keeps the last ones."""
    precision: Precision = "fp32"
    """Arithmetic of the forward pass."""
    half: bool = False
    """Store the checkpoint's weights as float16."""
    device: Literal["cpu", "cuda"] | None = None
    """None: a GPU if there is one."""
    compile: bool = False
    """Compile the network with torch.compile."""
    validate_minutes: float | None = None
    """Validate this often; None: after each epoch."""
    save_minutes: float = 5.0
    """Save the state for --resume this often."""
    resume: bool = False
    """Go on with the training that was stopped."""
    tensorboard: bool = False
    """Log for TensorBoard, too."""

    def __post_init__(self) -> None:
        for name in ("epochs", "minutes", "lr", "validate_minutes", "save_minutes"):
            value = getattr(self, name)
            if value is not None and not 0 < value < float("inf"):
                raise SettingsError(f"--{_flag(name)} must be above 0, not {value}")
        for name, least in (("epoch_steps", 1), ("batch_size", 1), ("workers", 0), ("seed", 0)):
            if getattr(self, name) < least:
                raise SettingsError(f"--{_flag(name)} must be at least {least}")
        for name in ("warmup", "weight_decay", "ema_decay"):
            if not 0 <= getattr(self, name) < 1:
                raise SettingsError(f"--{_flag(name)} must be at least 0 and below 1")

    @property
    def state_path(self) -> Path:
        """Where a stopped training is kept."""
        return self.out.with_suffix(".training.pt")

    @property
    def log_path(self) -> Path:
        return self.out.with_suffix(".csv")

    @property
    def board_path(self) -> Path:
        return self.out.with_suffix(".tensorboard")

    def progress(self, step: int, minutes: float) -> float:
        """The share of the training that is done after so many steps and minutes."""
        if self.minutes is not None:
            return minutes / self.minutes
        return step / max(round(self.epochs * self.epoch_steps), 1)


def add_loop_options(parser: argparse.ArgumentParser, defaults: LoopConfig) -> None:
    """Give a training's parser the shared flags; ``loop_config`` reads them."""
    group = parser.add_argument_group("training")
    for name, kind, text in (
        ("out", Path, "the checkpoint; log and state are written beside it"),
        ("init", Path, "begin with the weights of this checkpoint"),
        ("epochs", float, "length of the training, or"),
        ("minutes", float, "length in minutes, resumed runs added up"),
        ("epoch_steps", int, "steps in an epoch"),
        ("batch_size", int, "samples in a step, in each process"),
        ("workers", int, "processes that make batches; 0: none beside the training"),
        ("seed", int, "another seed, other samples and other weights"),
        ("lr", float, "learning rate after the warm-up"),
        ("warmup", float, "share of the training in which the rate rises"),
        ("weight_decay", float, "decay of matrices"),
        ("ema_decay", float, "decay of the averaged weights that are kept"),
        ("validate_minutes", float, "validate this often; without it, after each epoch"),
        ("save_minutes", float, "save the state for --resume this often"),
    ):
        value = getattr(defaults, name)
        shown = text if value is None else f"{text} ({value})"
        group.add_argument(f"--{_flag(name)}", type=kind, default=value, help=shown)
    for name, text in (
        ("resume", "go on with a stopped training"),
        ("half", "store the checkpoint's weights as float16"),
        ("compile", "use torch.compile"),
        ("tensorboard", "log for TensorBoard, too"),
    ):
        group.add_argument(
            f"--{name}", action="store_true", default=getattr(defaults, name), help=text
        )
    group.add_argument(
        "--device",
        choices=("cpu", "cuda"),
        default=defaults.device,
        help="without it, a GPU if there is one",
    )
    precision = group.add_mutually_exclusive_group()
    for name in get_args(Precision)[1:]:
        precision.add_argument(
            f"--{name}", dest="precision", action="store_const", const=name, help=f"use {name}"
        )
    parser.set_defaults(precision=defaults.precision)


def loop_config(options: argparse.Namespace) -> LoopConfig:
    """The flags of ``add_loop_options`` as they were given.

    Raises:
        SettingsError: one is out of range.
    """
    return LoopConfig(**{f.name: getattr(options, f.name) for f in fields(LoopConfig)})


def _flag(name: str) -> str:
    return name.replace("_", "-")
