"""What is said of a camera that was not held level."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.quality.held import held_warnings, level_check, up_figures
from tests.support.synthetic import synthetic_analysis


def figures(roll_deg: float, down_deg: float, sd_deg: float) -> dict[str, float]:
    return {"camera_roll_deg": roll_deg, "camera_pitch_deg": down_deg, "up_sd_deg": sd_deg}


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (figures(2, 6, 3), []),
        (figures(-8, 6, 2), ["be rolled by 8°. Pelvis tilt"]),
        (figures(13, 25, 3), ["be rolled by 13° and to look down by 25°"]),
        (figures(0, -14, 3), ["look up by 14°"]),
        (figures(0, 4, 6), ["up is known only within ±10°"]),
        ({}, []),
    ],
)
def test_a_camera_that_is_not_level_is_told(held: dict[str, float], words: list[str]) -> None:
    said = held_warnings(held)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


@pytest.mark.parametrize(
    ("held", "state"),
    [(figures(2, 6, 3), "good"), (figures(8, 6, 3), "watch"), (figures(0, 6, 6), "watch")],
)
def test_the_quality_page_says_the_same(held: dict[str, float], state: str) -> None:
    assert level_check(replace(synthetic_analysis(20), quality=held)).state == state


def test_the_figures_are_those_of_the_camera() -> None:
    level = up_figures(np.array([0.0, -1.0, 0.0]), 3.0)
    assert level == pytest.approx(figures(0, 0, 3.0))
