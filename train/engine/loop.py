"""The training that all networks share; what differs, data and loss, is in their scripts.

Everything random in step k, batch and dropout alike, is drawn from (seed, process, k), so a
training that was stopped and resumed ends with the weights of one that never stopped.
"""

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from humanpose.errors import CheckpointError, SettingsError
from humanpose.nets.checkpoint import (
    load_checkpoint,
    not_finite,
    read_tensors,
    save_checkpoint,
    write_tensors,
)
from humanpose.runtime.replace import check_writable
from train.engine.log import TrainingLog, as_text, training_facts
from train.engine.options import LoopConfig
from train.engine.ranks import Ranks, joined_ranks
from train.engine.trainer import Batch, Course, Loss, Trainer

MakeBatch = Callable[[np.random.Generator], Batch]
Validate = Callable[[nn.Module], Mapping[str, float]]

REPORT_STEPS = 50


@dataclass(frozen=True)
class Task:
    """What is to be learned."""

    loss: Loss
    """(part, batch) -> what to minimise, and its terms for the log, detached. Calls the part
    itself, never its methods: several processes train through a wrapper."""
    make_batch: MakeBatch
    """Draws ``LoopConfig.batch_size`` samples, with this generator alone, on the CPU; may run
    in other processes."""
    validate: Validate
    """Figures of the averaged part; the first one decides, and lower is better."""
    part: str = ""
    """The submodule of the model that learns; without it, the whole."""


def fit(model: nn.Module, task: Task, *, model_config: Any, config: LoopConfig) -> Course:
    """Train ``model``, and keep the averaged weights that validate best in ``config.out``.

    SIGINT and SIGTERM end it early, with its state saved for ``--resume``.

    Args:
        model: built after ``seed_all(config.seed)``; ends with the last weights.
        task: what to learn; of a model of several parts the others stay as they are, and the
            checkpoint holds all.
        model_config: the dataclass that ``model`` was built from.
        config: how long and how to train.

    Raises:
        SettingsError: the device cannot do what ``config`` asks for, or training diverged.
        CheckpointError: there is nothing to resume or to begin with, or it is another
            network's.
        OutputError: a file cannot be written.
    """
    if config.init is not None:
        begun = load_checkpoint(config.init, type(model), type(model_config))
        model.load_state_dict(begun.state_dict())
    with joined_ranks(config.device) as ranks, _stop_signals() as stop:
        trainer = Trainer(model, task.loss, config, ranks, part=task.part)
        keeper = _Keeper(trainer, task.validate, model_config)
        course = trainer.course
        batches = _batches(task.make_batch, config, ranks, first_step=course.step)
        started = time.monotonic() - 60 * course.minutes
        while True:
            minutes = (time.monotonic() - started) / 60
            stopped, course.minutes = ranks.agree(stop.is_set(), minutes)
            finished = config.progress(course.step, course.minutes) >= 1
            keeper.keep(stopped=stopped, finished=finished)
            if stopped or finished:
                trainer.unwrap()
                return course
            trainer.step(next(batches))


class _Keeper:
    """Validates, reports and saves between the steps; only the leading process writes."""

    def __init__(self, trainer: Trainer, validate: Validate, model_config: Any) -> None:
        self._trainer = trainer
        self._validate = validate
        self._model_config = model_config
        config, self._leads = trainer.config, trainer.ranks.leads
        self._identity = {
            "model": type(trainer.model).__name__,
            "seed": config.seed,
            **asdict(model_config),
        }
        self._start_or_resume(config)
        self._saved_minutes = trainer.course.minutes
        self._reported_step = trainer.course.step
        if self._leads:
            check_writable(config.out.parent)
            config.out.parent.mkdir(parents=True, exist_ok=True)
            board = config.board_path if config.tensorboard else None
            self._log = TrainingLog(config.log_path, from_step=trainer.course.step, board=board)

    def keep(self, *, stopped: bool, finished: bool) -> None:
        """Do what is due after this step; all processes must call it."""
        course, config = self._trainer.course, self._trainer.config
        moved = course.step > self._reported_step
        validating = not stopped and self._validation_is_due(finished=finished)
        saving = moved and (
            stopped
            or finished
            or validating
            or course.minutes - self._saved_minutes >= config.save_minutes
        )
        if validating or saving or (moved and course.step % REPORT_STEPS == 0):
            self._report(validating=validating)
        if saving:
            self._saved_minutes = course.minutes
            if self._leads:
                state = {"identity": self._identity} | self._trainer.state()
                write_tensors(config.state_path, state)
        if stopped and self._leads:
            print(f"stopped after step {course.step}; --resume goes on", file=sys.stderr)

    def _start_or_resume(self, config: LoopConfig) -> None:
        path = config.state_path
        if not config.resume:
            if path.exists():
                raise SettingsError(
                    f"{path} is an earlier training: go on with it with --resume,"
                    " remove it to start anew, or give another --out"
                )
            return
        if not path.exists():
            raise CheckpointError(f"there is no {path} to resume; leave out --resume to start")
        saved = read_tensors(path)
        before = saved.get("identity")
        if not isinstance(before, dict):
            raise CheckpointError(f"{path} holds no stopped training; leave out --resume")
        for name, own in self._identity.items():
            if before.get(name) != own:
                raise CheckpointError(
                    f"{path} was started with another {name}, {before.get(name)}, not {own};"
                    " resume with the options that it was started with"
                )
        self._trainer.restore(saved)

    def _validation_is_due(self, *, finished: bool) -> bool:
        course, config = self._trainer.course, self._trainer.config
        if course.validated_step < 0:
            return True  # whatever is wrong with validation shows before an hour of training
        if finished:
            return course.step > course.validated_step
        if config.validate_minutes is not None:
            return course.minutes - course.validated_minutes >= config.validate_minutes
        return course.step // config.epoch_steps > course.validated_step // config.epoch_steps

    def _report(self, *, validating: bool) -> None:
        trainer, course = self._trainer, self._trainer.course
        if not_finite(trainer.model.state_dict()):
            raise SettingsError(
                f"training diverged before step {course.step}: lower --lr; "
                "--resume goes on from the last saved state"
            )
        row = {"step": course.step, "minutes": course.minutes, "samples": course.samples}
        row |= {"lr": trainer.rate} | trainer.take_means()
        self._reported_step = course.step
        if validating:
            course.validated_step, course.validated_minutes = course.step, course.minutes
        if not self._leads:
            return
        if validating:
            row |= self._validated()
            print("  ".join(f"{k} {as_text(v)}" for k, v in row.items()), file=sys.stderr)
        self._log.add(row)

    def _validated(self) -> dict[str, float]:
        """Figures of the averaged part; its model becomes the checkpoint if it is the best."""
        trainer, course = self._trainer, self._trainer.course
        with torch.no_grad():
            found = self._validate(trainer.average.get_submodule(trainer.part))
        figures = {f"valid_{k}": v for k, v in found.items()}
        decisive = next(iter(figures.values()))
        if math.isnan(decisive):
            raise ValueError(f"validation must give a number first, got {figures}")
        best = next(iter(course.best.values()), math.inf)
        if course.step > 0 and decisive < best:
            course.best = figures
            facts = training_facts(trainer.config, trainer.ranks, course)
            save_checkpoint(
                trainer.config.out,
                trainer.average,
                self._model_config,
                training=facts,
                half=trainer.config.half,
            )
        return figures


class _Steps(IterableDataset[Batch]):
    """The batches of steps ``first``, ``first`` + 1, … of one process, dealt to its workers."""

    def __init__(self, make_batch: MakeBatch, seed: int, rank: int, first: int) -> None:
        self._make_batch = make_batch
        self._seed = seed
        self._rank = rank
        self._first = first

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        step = self._first + (worker.id if worker else 0)
        while True:
            yield self._make_batch(np.random.default_rng((self._seed, self._rank, step)))
            step += worker.num_workers if worker else 1


def _batches(
    make_batch: MakeBatch, config: LoopConfig, ranks: Ranks, *, first_step: int
) -> Iterator[Batch]:
    loader = DataLoader(
        _Steps(make_batch, config.seed, ranks.rank, first_step),
        batch_size=None,
        num_workers=config.workers,
        worker_init_fn=_outlive_interrupt,
        pin_memory=ranks.device.type == "cuda",
    )
    return iter(loader)


def _outlive_interrupt(_worker: int) -> None:
    """Ctrl-C reaches workers, too, but the training ends them, after the state is saved."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, instead of what else they do."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
