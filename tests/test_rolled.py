"""The sample as a camera would have filmed it that was rolled by 8°."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.settings import RAW
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import FrameReader, probe
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.clips import Image, write_clip

ROLL_DEG, END_S = 8.0, 3.0
SETTINGS = Settings(height_m=SAMPLE_HEIGHT_M, end_s=END_S, **RAW)
MOVES_AT_MOST_DEG = 1.5
"""Pelvis tilt and list, on average over the clip; they moved by 5 before."""


def rolled(image: Image) -> Image:
    height, width = image.shape[:2]
    middle = (width - 1) / 2, (height - 1) / 2
    turn = cv2.getRotationMatrix2D(middle, -ROLL_DEG, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, (width, height)), dtype=np.uint8)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Analysis, Analysis]:
    """As it was filmed, and rolled."""
    path = Path(tmp_path_factory.mktemp("rolled")) / "rolled.mp4"
    frames = FrameReader(probe(SAMPLE), end_s=END_S)
    clip = write_clip(path, [rolled(frame.image) for frame in frames], fps=30)
    return analyze(SAMPLE, SETTINGS), analyze(clip, replace(SETTINGS, end_s=None))


@pytest.mark.parametrize("name", ["pelvis_tilt", "pelvis_list"])
def test_the_pelvis_hardly_moves(both: tuple[Analysis, Analysis], name: str) -> None:
    level, turned = (a.joint_angles.degrees[:, ANGLE_NAMES.index(name)] for a in both)
    assert abs(np.nanmean(turned - level)) < MOVES_AT_MOST_DEG


def test_a_note_says_so(both: tuple[Analysis, Analysis]) -> None:
    level, turned = (" ".join(analysis.warnings) for analysis in both)
    assert "rolled" not in level
    assert "The camera seems to be rolled by" in turned


def test_how_it_was_held_is_among_the_figures(both: tuple[Analysis, Analysis]) -> None:
    level, turned = (analysis.quality for analysis in both)
    change = turned["camera_roll_deg"] - level["camera_roll_deg"]
    assert change == pytest.approx(ROLL_DEG, abs=2 * turned["up_sd_deg"])
    assert change > ROLL_DEG / 2
