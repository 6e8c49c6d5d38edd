"""Checkpoints: what is saved comes back, and nothing else is let in."""

import pickle
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from humanpose.errors import CheckpointError, OutputError
from humanpose.nets.checkpoint import load_checkpoint, save_checkpoint
from humanpose.nets.places import sha256_of


@dataclass(frozen=True)
class LineConfig:
    inputs: int = 3
    limbs: tuple[tuple[int, int], ...] = ((0, 1), (1, 2))

    def __post_init__(self) -> None:
        if self.inputs < 1:
            raise ValueError("inputs must be at least 1")


class Line(nn.Module):
    def __init__(self, config: LineConfig) -> None:
        super().__init__()
        self.linear = nn.Linear(config.inputs, 4)
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)


class Curve(Line):
    pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A good checkpoint of a line."""
    path = tmp_path / "checkpoints" / "line.pth"
    save_checkpoint(path, Line(LineConfig()), LineConfig(), training={"minutes": 1.5})
    return path


def refusal(path: Path, model_class: type[Line] = Line) -> str:
    with pytest.raises(CheckpointError) as refused:
        load_checkpoint(path, model_class, LineConfig)
    sentence = str(refused.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def rewrite(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    saved = torch.load(path, weights_only=True)
    change(saved)
    torch.save(saved, path)


def test_a_model_comes_back_ready_to_use(tmp_path: Path) -> None:
    config = LineConfig(inputs=5)
    model = Line(config)
    save_checkpoint(tmp_path / "line.pth", model, config, training={})
    loaded = load_checkpoint(tmp_path / "line.pth", Line, LineConfig)
    x = torch.randn(2, 5)
    assert torch.equal(loaded(x), model(x))
    assert not loaded.training


def test_the_file_says_where_the_weights_come_from(path: Path) -> None:
    saved = torch.load(path, weights_only=True)
    assert saved["format"] == 1
    assert saved["model"] == "Line"
    assert saved["config"] == asdict(LineConfig())
    assert saved["training"] == {"minutes": 1.5}


def test_half_as_big_a_file_gives_float32_weights_that_are_nearly_the_same(
    tmp_path: Path,
) -> None:
    config = LineConfig(inputs=5000)
    model = Line(config)
    save_checkpoint(tmp_path / "full.pth", model, config, training={})
    save_checkpoint(tmp_path / "half.pth", model, config, training={}, half=True)
    loaded = load_checkpoint(tmp_path / "half.pth", Line, LineConfig)
    assert loaded.linear.weight.dtype == torch.float32
    torch.testing.assert_close(loaded.linear.weight, model.linear.weight, rtol=1e-3, atol=1e-6)
    sizes = [(tmp_path / name).stat().st_size for name in ("half.pth", "full.pth")]
    assert sizes[0] < 0.6 * sizes[1]


def test_the_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    digest = sha256_of(tmp_path / "abc")
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "there is no model file" in refusal(tmp_path / "none.pth")
    with pytest.raises(CheckpointError, match="there is no model file"):
        sha256_of(tmp_path / "none.pth")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"no model", b"PK\x03\x04", pickle.dumps({"model": "Line"})]
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "line.pth"
    path.write_bytes(content)
    assert "is no model file" in refusal(path)


def test_a_zip_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "line.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear all")
    assert "is no model file" in refusal(path)


def test_a_file_that_is_cut_off_or_changed_anywhere_is_refused(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "is no model file" in refusal(path)
    weights = whole.index(b"archive/data/0") + 80
    path.write_bytes(whole[:weights] + bytes([whole[weights] ^ 1]) + whole[weights + 1 :])
    assert "is no model file" in refusal(path)


class Intruder:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return exec, ("raise SystemExit('code in a checkpoint was run')",)


def test_code_in_a_file_is_refused_and_not_run(path: Path) -> None:
    rewrite(path, lambda saved: saved.update(training=Intruder()))
    assert "could run code" in refusal(path)


def test_a_whole_pickled_model_is_refused(path: Path) -> None:
    torch.save(Line(LineConfig()), path)
    assert "could run code" in refusal(path)


def test_bare_weights_are_refused(path: Path) -> None:
    torch.save(Line(LineConfig()).state_dict(), path)
    assert "no model file of humanpose" in refusal(path)


def test_a_file_of_a_later_format_is_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved.update(format=2))
    assert "update humanpose" in refusal(path)


def test_another_models_file_is_refused(path: Path) -> None:
    assert "holds a Line, not a Curve" in refusal(path, Curve)


def test_a_configuration_that_this_version_does_not_know_is_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved["config"].update(depth=9))
    assert "depth" in refusal(path)


def test_a_configuration_that_the_model_refuses_is_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved["config"].update(inputs=0))
    assert "inputs must be at least 1" in refusal(path)


def test_weights_of_another_shape_are_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved["config"].update(inputs=4))
    assert "size mismatch" in refusal(path)


def test_missing_weights_are_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved["state"].pop("linear.bias"))
    assert "linear.bias" in refusal(path)


def test_weights_that_are_not_numbers_are_refused(path: Path) -> None:
    rewrite(path, lambda saved: saved["state"]["linear.bias"].fill_(torch.nan))
    assert "linear.bias" in refusal(path)


@pytest.mark.parametrize(("weight", "half"), [(torch.nan, False), (1e5, True)])
def test_weights_that_could_not_be_loaded_are_not_saved(
    path: Path, weight: float, half: bool
) -> None:
    before = path.read_bytes()
    model = Line(LineConfig())
    nn.init.constant_(model.linear.bias, weight)
    with pytest.raises(ValueError, match=r"finite numbers, those of linear\.bias"):
        save_checkpoint(path, model, LineConfig(), training={}, half=half)
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written_is_an_output_error(path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        save_checkpoint(path / "line.pth", Line(LineConfig()), LineConfig(), training={})
    assert [file.name for file in path.parent.iterdir()] == ["line.pth"]
