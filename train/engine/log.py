"""What is written down about a training: a table of its course, and where weights come from."""

import csv
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from humanpose.errors import SettingsError
from humanpose.nets.checkpoint import Facts
from humanpose.runtime.replace import output_errors
from train.engine.options import LoopConfig
from train.engine.ranks import Ranks
from train.engine.trainer import Course

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class TrainingLog:
    """A CSV file with a row for every report, beside it TensorBoard's if asked for.

    Raises:
        OutputError: the file cannot be written.
        SettingsError: TensorBoard is asked for, but not installed.
    """

    def __init__(self, path: Path, *, from_step: int, board: Path | None = None) -> None:
        """Go on at ``from_step``: rows after it are of a run that was lost; 0: start anew."""
        self._path = path
        rows = self._read() if from_step else []
        self._columns = list(rows[0]) if rows else []
        self._write([row for row in rows if int(row["step"]) <= from_step])
        self._board = None if board is None else _board(board, from_step)

    def add(self, figures: Mapping[str, float]) -> None:
        """Append a row; ``figures`` has "step", and may have names that are new."""
        row = {name: as_text(value) for name, value in figures.items()}
        new = [name for name in row if name not in self._columns]
        if new:
            rows = self._read()
            self._columns += new
            self._write([*rows, row])
        else:
            with output_errors(self._path), self._path.open("a", newline="") as file:
                csv.DictWriter(file, self._columns, restval="").writerow(row)
        if self._board is not None:
            for name, value in figures.items():
                self._board.add_scalar(name, value, int(figures["step"]))
            self._board.flush()

    def _read(self) -> list[dict[str, str]]:
        if not self._path.exists():
            return []
        with output_errors(self._path), self._path.open(newline="") as file:
            return list(csv.DictReader(file))

    def _write(self, rows: list[dict[str, str]]) -> None:
        with output_errors(self._path), self._path.open("w", newline="") as file:
            writer = csv.DictWriter(file, self._columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


def as_text(value: float) -> str:
    """Counts in full, measures to six digits."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def training_facts(config: LoopConfig, ranks: Ranks, course: Course) -> Facts:
    """Where weights come from, and how well they validate."""
    gpu = ranks.device.type == "cuda"
    commit = _commit()
    return {
        "minutes": round(course.minutes, 2),
        "steps": course.step,
        "samples": course.samples,
        "seed": config.seed,
        "device": torch.cuda.get_device_name(ranks.device) if gpu else "CPU",
        "processes": ranks.count,
        "torch": str(torch.__version__),
        "command": shlex.join(["python", *sys.orig_argv[1:]]),
        **({"commit": commit} if commit else {}),
        **course.best,
    }


def _commit() -> str | None:
    """The commit of this code, "-dirty" behind it if files were changed; None without git."""
    describe = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        answer = subprocess.run(
            describe, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def _board(folder: Path, from_step: int) -> "SummaryWriter":
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise SettingsError(
            "--tensorboard needs a package that is not installed: pip install tensorboard"
        ) from error
    return SummaryWriter(folder, purge_step=from_step)
