"""A training that was stopped goes on as if it had never stopped."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from humanpose.errors import CheckpointError, SettingsError
from humanpose.nets.checkpoint import load_checkpoint
from tests.support.line import (
    BATCH,
    Line,
    LineConfig,
    TwoLines,
    at_batch,
    crash,
    interrupt,
    make_batch,
    off,
    rows_of,
    same,
    square,
    terminate,
    train,
)
from train.engine.loop import Task, fit
from train.engine.options import LoopConfig


@pytest.mark.parametrize("stop", [terminate, interrupt])
def test_a_stopped_and_resumed_training_ends_like_one_that_never_stopped(
    config: LoopConfig, tmp_path: Path, stop: Callable[[], None]
) -> None:
    whole, _ = train(config)
    parts = replace(config, out=tmp_path / "parts.pth")
    _, course = train(parts, at_batch(33, stop))
    assert course.step == 33
    resumed, course = train(replace(parts, resume=True))
    assert course.step == 60
    assert same(resumed, whole)
    averages = [load_checkpoint(c.out, Line, LineConfig) for c in (config, parts)]
    assert same(*averages)


def test_a_training_that_crashed_goes_on_from_its_last_state(
    config: LoopConfig, tmp_path: Path
) -> None:
    whole, _ = train(config)
    parts = replace(config, out=tmp_path / "parts.pth", save_minutes=1e9)
    with pytest.raises(MemoryError):
        train(parts, at_batch(57, crash))
    resumed, _ = train(replace(parts, resume=True))
    assert same(resumed, whole)
    logged = [[(r["step"], r["valid_off"]) for r in rows_of(c)] for c in (config, parts)]
    assert logged[0] == logged[1]


def test_the_state_is_saved_as_often_as_asked(config: LoopConfig) -> None:
    often = replace(config, save_minutes=1e-9)
    with pytest.raises(MemoryError):
        train(often, at_batch(34, crash))
    _, course = train(replace(often, resume=True), at_batch(1, terminate))
    assert course.step == 33 + 1


def test_a_finished_training_can_be_made_longer(config: LoopConfig) -> None:
    train(config)
    _, course = train(replace(config, epochs=4, resume=True))
    assert course.step == 80
    assert course.samples == 80 * BATCH
    assert [row["step"] for row in rows_of(config)] == ["0", "20", "40", "50", "60", "80"]


def test_resuming_a_finished_training_changes_nothing(config: LoopConfig) -> None:
    model, _ = train(config)
    resumed, course = train(replace(config, resume=True))
    assert course.step == 60
    assert same(resumed, model)


def test_minutes_are_summed_over_resumes_and_lead_the_rate_to_zero(config: LoopConfig) -> None:
    _, first = train(replace(config, minutes=1000), at_batch(9, terminate))
    spent = first.minutes
    assert spent > 0
    _, same_length = train(replace(config, minutes=spent, resume=True))
    assert same_length.step == first.step
    _, longer = train(replace(config, minutes=spent + 0.002, resume=True))
    assert longer.step > first.step
    assert longer.minutes >= spent + 0.002
    assert rows_of(config)[-1]["lr"] == "0"


def test_one_part_learns_and_resumes_while_the_other_stays_as_it_was(
    config: LoopConfig,
) -> None:
    begun, settings = TwoLines(LineConfig()), LineConfig()
    task = Task(square, make_batch, off, part="second")
    fit(copy.deepcopy(begun), task, model_config=settings, config=config)
    longer = replace(config, epochs=6, resume=True)
    course = fit(copy.deepcopy(begun), task, model_config=settings, config=longer)
    assert course.step == 120
    saved = load_checkpoint(config.out, TwoLines, LineConfig)
    assert same(saved.first, begun.first)
    with torch.no_grad():
        assert off(saved.second)["off"] < 0.5 * off(begun.second)["off"]


def test_another_network_is_not_resumed(config: LoopConfig) -> None:
    train(config)
    with pytest.raises(CheckpointError, match=r"another dropout, 0\.1, not 0\.2; resume with"):
        train(replace(config, resume=True), dropout=0.2)


def test_a_training_is_not_resumed_with_another_seed(config: LoopConfig) -> None:
    train(config)
    with pytest.raises(CheckpointError, match="another seed, 0, not 1"):
        train(replace(config, resume=True, seed=1))


def test_a_checkpoint_is_no_state_to_resume(config: LoopConfig) -> None:
    train(config)
    config.out.replace(config.state_path)
    with pytest.raises(CheckpointError, match="holds no stopped training"):
        train(replace(config, resume=True))


def test_nothing_to_resume_is_said(config: LoopConfig) -> None:
    with pytest.raises(CheckpointError, match="leave out --resume"):
        train(replace(config, resume=True))


def test_an_earlier_training_is_not_overwritten(config: LoopConfig) -> None:
    train(config)
    before = config.out.read_bytes()
    with pytest.raises(SettingsError, match="--resume"):
        train(config)
    assert config.out.read_bytes() == before
