"""What the learned stages changed, on a clip in which it is known."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.measures.changes import changed_deg, largest_changes, mean_change_deg
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

KNEE = list(JOINT_GROUPS).index("knee_r")


@pytest.fixture
def bent(sample: Analysis) -> Analysis:
    """The right knee is bent by 40° more in frame 20, by 30° in frames 21 and 60."""
    degrees = sample.joint_angles_raw.degrees.copy()
    for frame, by in ((20, 40), (21, 30), (60, 30)):
        degrees[frame, ANGLE_NAMES.index("knee_angle_r")] += by
    return replace(
        sample,
        refined=replace(sample.refined, angles=replace(sample.joint_angles, degrees=degrees)),
    )


def test_nothing_changed_without_a_learned_stage(sample: Analysis) -> None:
    assert largest_changes(sample) == []
    assert np.nanmax(changed_deg(sample)) == 0


def test_the_largest_changes_come_first_and_not_the_same_twice(bent: Analysis) -> None:
    first, second = largest_changes(bent)
    assert (first.frame, first.group, round(first.degrees)) == (20, "knee_r", 40)
    assert (second.frame, second.group, round(second.degrees)) == (60, "knee_r", 30)
    assert first.time_s == bent.timeline.time_s[20]
    assert len(largest_changes(bent, count=1)) == 1


def test_a_turn_of_360_degrees_is_no_change(sample: Analysis) -> None:
    degrees = sample.joint_angles_raw.degrees + 360
    turned = replace(
        sample,
        refined=replace(sample.refined, angles=replace(sample.joint_angles, degrees=degrees)),
    )
    assert np.nanmax(changed_deg(turned)) < 1e-9


def test_means_are_by_joint_group_and_nan_where_nothing_is_known(bent: Analysis) -> None:
    means = mean_change_deg(bent)
    known = np.isfinite(changed_deg(bent)[:, KNEE]).sum()
    assert means["knee_r"] == pytest.approx(100 / known)
    degrees = np.where(np.arange(36) < 3, np.nan, bent.joint_angles.degrees)
    blind = replace(
        bent, refined=replace(bent.refined, angles=replace(bent.joint_angles, degrees=degrees))
    )
    assert np.isnan(mean_change_deg(blind)["pelvis"])
