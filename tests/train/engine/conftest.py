"""What the tests of the training loop share."""

from pathlib import Path

import pytest

from tests.support.line import BATCH
from train.engine.options import LoopConfig


@pytest.fixture
def config(tmp_path: Path) -> LoopConfig:
    """Three epochs of 20 steps in one short run."""
    out = tmp_path / "run" / "line.pth"
    return LoopConfig(out=out, epochs=3, epoch_steps=20, batch_size=BATCH, lr=0.05)
