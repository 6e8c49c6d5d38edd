"""Checkpoints: a model's name, configuration, weights and training facts in one file.

Nothing in such a file is ever run: it is read with ``weights_only=True``.
"""

import io
import os
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from humanpose.errors import CheckpointError
from humanpose.nets.places import bytes_of
from humanpose.runtime.replace import output_errors

FORMAT = 1
M = TypeVar("M", bound=nn.Module)
Facts = dict[str, str | int | float]

_PARTS = {"format": int, "model": str, "config": dict, "state": dict, "training": dict}
_DAMAGE = (
    RuntimeError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
)
"""What zipfile and torch raise, beside errors of their own, when bytes were changed."""


def save_checkpoint(
    path: Path, model: nn.Module, config: Any, *, training: Facts, half: bool = False
) -> None:
    """Write ``model`` so that ``load_checkpoint`` can rebuild it; whole or not at all.

    Args:
        path: replaced if it exists.
        model: every weight a finite number.
        config: the flat dataclass of plain values that ``model`` was built from.
        training: where the weights come from: minutes, samples, seed, command, …
        half: store the weights as float16, in half the space.

    Raises:
        OutputError: the file cannot be written.
    """
    state = {name: _stored(value, half=half) for name, value in model.state_dict().items()}
    if spoilt := not_finite(state):
        raise ValueError(f"weights must be finite numbers, those of {spoilt} are not")
    saved = {
        "format": FORMAT,
        "model": type(model).__name__,
        "config": asdict(config),
        "state": state,
        "training": training,
    }
    write_tensors(path, saved)


def load_checkpoint(path: Path, model_class: type[M], config_class: type[Any]) -> M:
    """Rebuild the model as it was trained: on the CPU, in float32, in evaluation mode.

    Raises:
        CheckpointError: there is no such file, it is damaged or unsafe, or another model's.
    """
    saved = read_tensors(path)
    _check_parts(path, saved)
    if saved["model"] != model_class.__name__:
        raise CheckpointError(
            f"{path} holds a {saved['model']}, not a {model_class.__name__}; "
            "give the model file that was made for this stage"
        )
    if spoilt := not_finite(saved["state"]):
        raise CheckpointError(
            f"{path} is spoilt: weights of {spoilt} are not numbers; get the model file again"
        )
    try:
        model = model_class(config_class(**saved["config"]))
        model.load_state_dict(saved["state"])
    except (TypeError, ValueError, RuntimeError, LookupError) as error:
        reason = " ".join(str(error).split())[:200]
        raise CheckpointError(
            f"{path} does not fit the {model_class.__name__} of this version ({reason}); "
            "get the model file that was made for it"
        ) from error
    return model.eval()


def write_tensors(path: Path, content: Mapping[str, Any]) -> None:
    """Write tensors and plain values as a torch file, whole or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    buffer = io.BytesIO()  # torch hides the reason when it cannot write into a file itself
    torch.save(dict(content), buffer)
    with output_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")  # a killed run's is overwritten by the next
        try:
            with part.open("wb") as file:
                file.write(buffer.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def read_tensors(path: Path) -> dict[str, Any]:
    """Read what ``write_tensors`` wrote, onto the CPU, without running anything in it.

    Raises:
        CheckpointError: there is no such file, it is damaged, or holds more than tensors.
    """
    file = io.BytesIO(bytes_of(path))
    damaged = CheckpointError(
        f"{path} is no model file of humanpose, or it is damaged; get the model file again"
    )
    if not _is_whole_archive(file):
        raise damaged
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"{path} holds more than weights and could run code, so it was not opened; "
            "get the model file from a source you trust"
        ) from error
    except _DAMAGE as error:
        raise damaged from error
    if not isinstance(content, dict):
        raise damaged
    return content


def not_finite(state: Mapping[str, Tensor]) -> str | None:
    """The name of the first tensor, of any shape, with a NaN or an infinity; or None."""
    return next((name for name, value in state.items() if not value.isfinite().all()), None)


def _stored(value: Tensor, *, half: bool) -> Tensor:
    value = value.detach().cpu()
    return value.half() if half and value.is_floating_point() else value


def _is_whole_archive(file: io.BytesIO) -> bool:
    """Whether all parts of the zip file have their checksums, which torch does not look at."""
    try:
        with zipfile.ZipFile(file) as archive:
            stored = all(part.compress_type == zipfile.ZIP_STORED for part in archive.filelist)
            whole = stored and archive.testzip() is None
    except (zipfile.BadZipFile, *_DAMAGE):
        return False
    file.seek(0)
    return whole


def _check_parts(path: Path, saved: dict[str, Any]) -> None:
    if any(not isinstance(saved.get(name), kind) for name, kind in _PARTS.items()) or any(
        not isinstance(value, Tensor) for value in saved["state"].values()
    ):
        raise CheckpointError(
            f"{path} is a torch file, but no model file of humanpose;"
            " give the one that was made for this stage"
        )
    if saved["format"] != FORMAT:
        raise CheckpointError(
            f"{path} has format {saved['format']}, but this version reads {FORMAT};"
            " update humanpose"
        )
