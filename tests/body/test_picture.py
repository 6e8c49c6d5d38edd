"""Nothing is measured whose joints lie outside the picture."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.body.picture import inside
from humanpose.confidence import MEASURED
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, COCO17, JOINT_GROUPS
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.clips import write_clip
from tests.support.places import SHARED

FAULTS = SHARED / "data/faults"
SECONDS = 3.0
NEEDS = {
    "hip": ("hip", "knee"), "knee": ("hip", "knee", "ankle"), "ankle": ("ankle",),
    "shoulder": ("shoulder", "elbow"), "elbow": ("shoulder", "elbow", "wrist"),
}  # fmt: skip
SIDES = {"r": "right", "l": "left"}


def inside_at(y: list[float], *, fps: float = 30.0) -> list[bool]:
    """Of one point in a picture of 100 × 100 px, with a margin of 10 px."""
    pixels = np.stack([np.full(len(y), 50.0), y], axis=-1)[:, None]
    found = inside(pixels, (100, 100), margin_px=np.full(len(y), 10.0), fps=fps)
    return [bool(value) for value in found[:, 0]]


def test_a_point_near_an_edge_is_not_inside() -> None:
    for y, expected in ((50.0, True), (10.0, True), (9.0, False), (89.0, True), (90.0, False)):
        assert inside_at([y] * 5) == [expected] * 5, y
    assert inside_at([120.0] * 5) == [False] * 5


def test_who_jumps_about_the_edge_is_not_inside_in_between() -> None:
    around = inside_at([50.0] * 20 + [95.0] + [50.0] * 20, fps=20.0)
    assert around == [True] * 15 + [False] * 11 + [True] * 15


def test_a_point_that_is_lost_says_nothing_of_its_neighbours() -> None:
    assert inside_at([50.0, 50.0, np.nan, 50.0]) == [True, True, False, True]


@pytest.fixture(scope="module")
def whole() -> Analysis:
    return analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, end_s=SECONDS))


def measured_in(analysis: Analysis, group: str) -> NDArray[np.bool_]:
    """(T,) whether any angle of a joint group is measured."""
    columns = [ANGLE_NAMES.index(name) for name in JOINT_GROUPS[group]]
    return np.asarray((analysis.joint_angles.confidence[:, columns] >= MEASURED).any(axis=1))


def lowest_px(analysis: Analysis, group: str) -> Floats:
    """(T,) how far down the joints are that a group needs."""
    joint, _, side = group.partition("_")
    names = [f"{SIDES[side]}_{part}" for part in NEEDS[joint]]
    return analysis.keypoints[:, COCO17.indices(*names), 1].max(axis=1)


@pytest.mark.parametrize(
    ("rows", "settings"),
    [
        (360, Settings(height_m=SAMPLE_HEIGHT_M)),
        (330, Settings(height_m=SAMPLE_HEIGHT_M, estimate_missing=True)),
        (300, Settings(height_m=SAMPLE_HEIGHT_M, main_refiner=True)),
        (270, Settings(height_m=SAMPLE_HEIGHT_M)),
    ],
)
def test_of_a_cut_picture_nothing_is_measured_that_lies_outside(
    whole: Analysis, tmp_path: Path, rows: int, settings: Settings
) -> None:
    """At the feet, the shins, the knees and the thighs of somebody who squats."""
    with av.open(str(SAMPLE)) as clip:
        pictures = [f.to_ndarray(format="rgb24") for f in clip.decode(video=0)]
    kept = (picture[:rows].astype(np.uint8) for picture in pictures[: whole.timeline.frames])
    found = analyze(write_clip(tmp_path / "cut.mp4", kept), settings)
    for group in JOINT_GROUPS:
        if group not in ("pelvis", "trunk"):
            outside = lowest_px(whole, group) > rows - 1
            assert not (measured_in(found, group) & outside).any(), group
    assert measured_in(found, "trunk").any()


def test_of_an_uncut_picture_the_legs_are_measured(whole: Analysis) -> None:
    for group in ("hip_r", "knee_r", "ankle_r", "hip_l", "knee_l", "ankle_l"):
        assert measured_in(whole, group).mean() > 0.9, group  # a band may be wide there


@pytest.mark.skipif(not FAULTS.exists(), reason="needs shared/data/faults")
def test_ankles_below_the_picture_leave_no_knee_measured() -> None:
    settings = Settings(height_m=1.75, fov_deg=46.8)
    found = analyze(FAULTS / "ankles_outside.mp4", settings)
    for group in ("knee_r", "knee_l", "ankle_r", "ankle_l"):
        assert not measured_in(found, group).any(), group
