"""The shared training loop: it learns, stops, and goes on as if it had never stopped."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from humanpose.errors import CheckpointError, OutputError, SettingsError
from humanpose.nets.checkpoint import load_checkpoint
from tests.support.places import ROOT
from train.engine.loop import MakeBatch, Validate, fit
from train.engine.options import LoopConfig
from train.engine.ranks import Ranks
from train.engine.trainer import Batch, Course, Trainer, seed_all

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


def make_batch(rng: np.random.Generator) -> Batch:
    x = torch.from_numpy(rng.normal(size=(BATCH, 3))).float()
    return {"x": x, "y": x @ TRUTH.T}


def square(network: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, Tensor | float]]:
    error = network(batch["x"]) - batch["y"]
    return error.square().mean(), {"largest": error.detach().abs().max()}


def off(model: nn.Module) -> dict[str, float]:
    return {"off": float((model.get_parameter("linear.weight") - TRUTH).norm())}


@pytest.fixture
def config(tmp_path: Path) -> LoopConfig:
    """Three epochs of 20 steps in one short run."""
    out = tmp_path / "run" / "line.pth"
    return LoopConfig(out=out, epochs=3, epoch_steps=20, batch_size=BATCH, lr=0.05)


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
        square,
        make_batch=make_batch,
        validate=validate,
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


def test_a_training_can_begin_with_the_weights_of_another(
    config: LoopConfig, tmp_path: Path
) -> None:
    train(config)
    onward = replace(config, out=tmp_path / "onward.pth", init=config.out, epochs=1e-9)
    begun, _ = train(onward)
    kept = load_checkpoint(config.out, Line, LineConfig)
    assert torch.equal(begun.linear.weight, kept.linear.weight)


def test_nothing_to_resume_is_said(config: LoopConfig) -> None:
    with pytest.raises(CheckpointError, match="leave out --resume"):
        train(replace(config, resume=True))


def test_an_earlier_training_is_not_overwritten(config: LoopConfig) -> None:
    train(config)
    before = config.out.read_bytes()
    with pytest.raises(SettingsError, match="--resume"):
        train(config)
    assert config.out.read_bytes() == before


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


def test_bfloat16_learns_on_the_cpu(config: LoopConfig) -> None:
    kinds = set()

    def loss(network: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor | float]]:
        kinds.add(network(batch["x"]).dtype)
        return square(network, batch)[0], {}

    trainer = Trainer(Line(LineConfig()), loss, replace(config, precision="bf16"), ALONE)
    trainer.step(make_batch(np.random.default_rng(0)))
    assert kinds == {torch.bfloat16}
    assert trainer.model.get_parameter("linear.weight").dtype == torch.float32


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
from tests.train.test_loop import LoopConfig, train
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
