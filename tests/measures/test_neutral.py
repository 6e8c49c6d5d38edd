"""Which pose is a neutral one: still and upright."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose import Settings
from humanpose.errors import ClipError
from humanpose.io.folder import load_analysis, save_analysis
from humanpose.measures.neutral import (
    NEUTRAL_FIGURE,
    doubt_about_neutral,
    neutral_doubt,
    neutral_sentence,
    neutral_time,
    stillest_upright_s,
)
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.synthetic import synthetic_analysis

TIMELINE = Timeline(180, 30.0, start_s=1.0)
TIME = TIMELINE.time_s
LEGS = ("hip_flexion_r", "hip_flexion_l", "knee_angle_r", "knee_angle_l")


def moving(bend: Floats, *, sway: Floats | float = 0.0, lean: float = 0.0) -> JointAngles:
    """Legs that bend by (T,) deg; arms that sway by (T,) deg; a pelvis that leans."""
    degrees = np.zeros((len(TIME), len(ANGLE_NAMES)))
    degrees[:, [ANGLE_NAMES.index(name) for name in LEGS]] = bend[:, None]
    degrees[:, ANGLE_NAMES.index("arm_flex_r")] = sway
    degrees[:, ANGLE_NAMES.index("pelvis_tilt")] = lean
    return JointAngles(degrees, np.ones_like(degrees), TIMELINE)


STANDS_UNTIL, DOWN_FROM, DOWN_UNTIL = 3.0, 4.0, 5.0
SQUAT = np.interp(TIME, [STANDS_UNTIL, DOWN_FROM, DOWN_UNTIL, 6.0], [5.0, 100.0, 100.0, 5.0])


def test_the_bottom_of_a_squat_is_doubted_and_the_stillest_upright_pose_proposed() -> None:
    sway = np.where(np.abs(TIME - 2.0) < 0.5, 0.0, 5 * np.sin(12 * TIME))
    doubt = neutral_doubt(moving(SQUAT, sway=sway), at_s=4.5)
    assert "bent by 100°" in doubt
    assert "moving" not in doubt
    proposed = float(doubt.split("pose is at ")[1].split(" s")[0])
    assert abs(proposed - 2.0) < 0.5


def test_on_the_way_down_it_is_said_that_the_person_moves() -> None:
    doubt = neutral_doubt(moving(SQUAT), at_s=3.1)
    assert "moving" in doubt
    assert "bent" not in doubt


def test_who_stands_still_and_upright_is_not_doubted() -> None:
    assert neutral_doubt(moving(SQUAT), at_s=2.0) == ""
    assert neutral_doubt(moving(np.full(len(TIME), np.nan)), at_s=2.0) == ""


def test_the_stillest_moment_is_found_in_clip_time() -> None:
    sway = 20 * np.abs(TIME - 2.5) ** 2
    assert abs(stillest_upright_s(moving(SQUAT, sway=sway)) - 2.5) < 0.1


@pytest.mark.parametrize(
    "angles",
    [
        moving(np.full(len(TIME), 60.0)),
        moving(20 * np.sin(20 * TIME)),
        moving(np.zeros(len(TIME)), lean=-80.0),
        moving(np.full(len(TIME), np.nan)),
    ],
    ids=["seated", "running", "lying", "no legs"],
)
def test_without_such_a_moment_it_is_said(angles: JointAngles) -> None:
    with pytest.raises(ClipError, match="nobody stands still and upright"):
        stillest_upright_s(angles)


def test_one_leg_that_is_seen_is_enough() -> None:
    angles = moving(SQUAT)
    angles.degrees[:, [ANGLE_NAMES.index(f"{n}_l") for n in ("hip_flexion", "knee_angle")]] = (
        np.nan
    )
    assert "bent by 100°" in neutral_doubt(angles, at_s=4.5)
    assert stillest_upright_s(angles) < STANDS_UNTIL


def test_what_auto_took_is_kept_and_said(tmp_path: Path) -> None:
    plain = synthetic_analysis(60, settings=Settings(height_m=1.75, neutral_at_s="auto"))
    taken = replace(plain, quality={**plain.quality, NEUTRAL_FIGURE: 0.5})
    loaded = load_analysis(save_analysis(taken, tmp_path))
    assert neutral_time(loaded) == 0.5
    assert loaded.settings.neutral_at_s == "auto"
    assert neutral_sentence(loaded).startswith(
        "the pose at 0.500 s (frame 15), upright and most"
    )


def test_angles_that_count_from_a_pose_are_not_judged_again() -> None:
    angles = moving(SQUAT)
    plain = synthetic_analysis(timeline=TIMELINE)
    absolute = replace(plain, refined=replace(plain.refined, angles=angles))
    assert "bent by 100°" in doubt_about_neutral(absolute, at_s=4.5)
    counted = replace(absolute, settings=replace(plain.settings, neutral_at_s=2.0))
    assert doubt_about_neutral(counted, at_s=4.5) == ""
    assert doubt_about_neutral(absolute, at_s=None) == ""
