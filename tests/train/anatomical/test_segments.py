"""Segments from the 43 anatomical markers, against a body whose angles are known."""

import numpy as np
import pytest

from humanpose.geometry import cardan_zxy, relative
from humanpose.sequence import Floats, PoseSequence
from tests.support.body import without
from tests.support.body43 import ON, body43
from train.anatomical.harrington import hip_centres
from train.anatomical.segments import anatomical_segments

SWING = 30 * np.sin(np.arange(40) / 6)
MOVING = {"hip_flexion_r": 40 + SWING, "knee_angle_r": 60 - SWING, "elbow_flex_l": 70 + SWING}


def knee_deg(markers: PoseSequence) -> Floats:
    segments = anatomical_segments(markers)
    turn = relative(segments["femur_r"].frames, segments["tibia_r"].frames)
    return -cardan_zxy(turn)[:, 0]


def test_in_the_models_default_pose_all_segments_have_the_same_axes() -> None:
    for segment in anatomical_segments(body43({})).values():
        found = segment.frames - anatomical_segments(body43({}))["pelvis"].frames
        np.testing.assert_allclose(found, 0, atol=1e-9)


def test_a_bent_knee_comes_back() -> None:
    np.testing.assert_allclose(
        knee_deg(body43(MOVING, frames=40)), MOVING["knee_angle_r"], atol=1e-6
    )


@pytest.mark.parametrize("name", ON["femur"])
def test_one_lost_marker_of_five_changes_nothing(name: str) -> None:
    markers = body43(MOVING, frames=40)
    lost = without(markers, (f"{name}_study",), slice(10, 30))
    np.testing.assert_allclose(knee_deg(lost), knee_deg(markers), atol=1e-4)


def test_without_hip_markers_the_thigh_starts_at_harringtons_hip_centre() -> None:
    whole = body43(MOVING, frames=40)
    hips = ("RHJC_study", "LHJC_study")
    psis = (whole.joint("r.PSIS_study") + whole.joint("L.PSIS_study")) / 2
    centres = hip_centres(whole.joint("r.ASIS_study"), whole.joint("L.ASIS_study"), psis)
    positions = whole.positions.copy()
    positions[:, whole.skeleton.indices(*hips)] = np.stack(centres, axis=1)
    placed, lost = whole.with_positions(positions), without(whole, hips)
    np.testing.assert_allclose(knee_deg(lost), knee_deg(placed), atol=1e-6)
