"""The flags that every training shares."""

import argparse
from pathlib import Path

import pytest

from humanpose.errors import SettingsError
from train.engine.options import LoopConfig, add_loop_options, loop_config


def parsed(*given: str) -> LoopConfig:
    parser = argparse.ArgumentParser()
    add_loop_options(parser, LoopConfig(out=Path("best.pth"), epochs=7, lr=0.01))
    return loop_config(parser.parse_args(given))


def test_flags_left_out_are_the_scripts_defaults() -> None:
    assert parsed() == LoopConfig(out=Path("best.pth"), epochs=7, lr=0.01)


def test_flags_become_the_configuration() -> None:
    config = parsed("--minutes", "30", "--batch-size", "512", "--bf16", "--resume")
    assert (config.minutes, config.batch_size, config.precision) == (30, 512, "bf16")
    assert config.resume


@pytest.mark.parametrize(
    "given", ["--epochs=0", "--lr=nan", "--batch-size=0", "--workers=-1", "--ema-decay=1"]
)
def test_a_flag_out_of_range_is_said(given: str) -> None:
    with pytest.raises(SettingsError, match=given.split("=")[0]):
        parsed(given)
