"""Clips that are turned, told from where the trunk points in the picture."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.quality.figures import quality_figures, quality_warnings
from tests.support.synthetic import synthetic_analysis


@pytest.mark.parametrize(
    ("quarters", "word"),
    [(0, None), (1, "on its side"), (2, "upside down"), (3, "on its side")],
)
def test_a_turned_clip_is_told(quarters: int, word: str | None) -> None:
    analysis = synthetic_analysis(20)
    turn = np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), quarters)
    seen = replace(analysis.landmarks, pixels=300 + (analysis.landmarks.pixels - 300) @ turn.T)
    figures = quality_figures(seen, analysis.joints_camera, analysis.joint_angles)
    said = " ".join(quality_warnings(seen, figures))
    for phrase in ("on its side", "upside down"):
        assert (phrase in said) == (phrase == word)
