"""The shared training loop: what it learns, keeps, logs and refuses."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from humanpose.errors import OutputError, SettingsError
from humanpose.nets.checkpoint import load_checkpoint
from tests.support.line import (
    BATCH,
    Line,
    LineConfig,
    at_batch,
    crash,
    facts_of,
    make_batch,
    rows_of,
    same,
    square,
    terminate,
    train,
)
from tests.support.places import ROOT
from train.engine.options import LoopConfig


def test_a_network_learns_one_batch_by_heart(config: LoopConfig) -> None:
    always = make_batch(np.random.default_rng(0))
    longer = replace(config, epochs=10)
    model, _ = train(longer, lambda _: always, dropout=0.0)
    loss, _ = square(model, always)
    assert loss.item() < 1e-4


def test_the_seed_decides_the_weights(config: LoopConfig, tmp_path: Path) -> None:
    first, _ = train(config)
    again, _ = train(replace(config, out=tmp_path / "again.pth"))
    other, _ = train(replace(config, out=tmp_path / "other.pth", seed=1))
    assert same(first, again)
    assert not same(first, other)


def test_batches_made_by_workers_are_the_same(config: LoopConfig, tmp_path: Path) -> None:
    alone, _ = train(config)
    helped, _ = train(replace(config, out=tmp_path / "helped.pth", workers=2))
    assert same(alone, helped)


def test_the_checkpoint_holds_the_weights_that_validated_best(config: LoopConfig) -> None:
    figures = iter([0.0, 5.0, 1.0, 3.0])
    _, course = train(config, validate=lambda _: {"error": next(figures), "other": 7.0})
    assert course.best == {"valid_error": 1.0, "valid_other": 7.0}
    assert facts_of(config)["steps"] == 40


def test_validation_sees_the_averaged_model_ready_for_use(config: LoopConfig) -> None:
    seen: list[nn.Module] = []

    def validate(model: nn.Module) -> dict[str, float]:
        assert not model.training
        assert not torch.is_grad_enabled()
        seen.append(model)
        return {"error": 1.0}

    model, _ = train(config, validate=validate)
    assert len(seen) == 4
    assert not same(seen[-1], model)


def test_validation_that_gives_no_number_is_a_mistake(config: LoopConfig) -> None:
    with pytest.raises(ValueError, match="validation must give a number"):
        train(config, validate=lambda _: {"error": float("nan")})


def test_the_checkpoint_says_how_it_was_trained(config: LoopConfig) -> None:
    train(config)
    facts = facts_of(config)
    assert facts["samples"] == 60 * BATCH
    assert facts["seed"] == 0
    assert facts["device"] == "CPU"
    assert facts["torch"] == torch.__version__
    assert str(facts["command"]).startswith("python ")
    assert facts["valid_off"] == float(facts["valid_off"])


def test_the_log_has_every_term_and_figure(config: LoopConfig) -> None:
    train(config)
    rows = rows_of(config)
    names = ["step", "minutes", "samples", "lr", "valid_off", "loss", "largest"]
    assert list(rows[0]) == names
    assert [row["step"] for row in rows] == ["0", "20", "40", "50", "60"]
    assert rows[3]["valid_off"] == ""  # between two validations
    assert float(rows[-1]["loss"]) < float(rows[1]["loss"])


def test_a_training_can_begin_with_the_weights_of_another(
    config: LoopConfig, tmp_path: Path
) -> None:
    train(config)
    onward = replace(config, out=tmp_path / "onward.pth", init=config.out, epochs=1e-9)
    begun, _ = train(onward)
    kept = load_checkpoint(config.out, Line, LineConfig)
    assert torch.equal(begun.linear.weight, kept.linear.weight)


def test_a_training_that_diverged_ends_without_a_checkpoint(config: LoopConfig) -> None:
    endless = {"x": torch.full((BATCH, 3), torch.inf), "y": torch.zeros(BATCH, 1)}
    with pytest.raises(SettingsError, match="diverged before step 20: lower --lr"):
        train(config, lambda _: endless)
    assert not config.out.exists()
    assert not config.state_path.exists()


def test_a_folder_that_cannot_be_written_is_said_before_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        train(LoopConfig(out=tmp_path / "file" / "line.pth"), at_batch(1, crash))


def test_signals_do_again_what_they_did_before(config: LoopConfig) -> None:
    before = signal.getsignal(signal.SIGTERM)
    train(config, at_batch(1, terminate))
    assert signal.getsignal(signal.SIGTERM) is before


def test_float16_needs_a_gpu(config: LoopConfig) -> None:
    with pytest.raises(SettingsError, match="--fp16 needs a CUDA GPU; use --bf16"):
        train(replace(config, precision="fp16", device="cpu"))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_said(config: LoopConfig) -> None:
    with pytest.raises(SettingsError, match="no CUDA GPU"):
        train(replace(config, device="cuda"))


def test_tensorboard_that_is_not_installed_is_said(
    config: LoopConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    with pytest.raises(SettingsError, match="pip install tensorboard"):
        train(replace(config, tensorboard=True))


ONE_OF_TWO = """
import os, sys
from pathlib import Path
import torch
from tests.support.line import train
from train.engine.options import LoopConfig
out = Path(sys.argv[1])
model, _ = train(LoopConfig(out=out, epochs=1, epoch_steps=10, batch_size=8, device="cpu"))
torch.save(model.state_dict(), out.with_name("rank" + os.environ["RANK"]))
"""


def test_two_processes_train_one_network_on_both_their_batches(tmp_path: Path) -> None:
    (tmp_path / "one_of_two.py").write_text(ONE_OF_TWO)
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    both = LoopConfig(out=tmp_path / "line.pth", epochs=1, epoch_steps=10, batch_size=BATCH)
    subprocess.run(
        [sys.executable, *launch, tmp_path / "one_of_two.py", both.out],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        check=True,
    )
    alone, _ = train(replace(both, out=tmp_path / "alone.pth", device="cpu"))
    ranks = [torch.load(tmp_path / f"rank{n}", weights_only=True) for n in (0, 1)]
    assert all(map(torch.equal, ranks[0].values(), ranks[1].values()))
    assert not torch.equal(ranks[0]["linear.weight"], alone.linear.weight)
    assert facts_of(both)["samples"] == 10 * 2 * BATCH
