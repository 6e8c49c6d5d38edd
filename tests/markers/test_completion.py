"""Missing anatomical markers on OpenSim's model body, whose every marker is known."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.kinematics.harrington import hip_centres
from humanpose.markers.completion import force_complete
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import AUGMENTED65, MARKERS43, other_side
from tests.support.body import without
from tests.support.body43 import body43

FRAMES = 40
SHANK = tuple(f"r_sh{n}_study" for n in (1, 2, 3))
THIGH = tuple(f"L_thigh{n}_study" for n in (1, 2, 3))
HIPS = ("RHJC_study", "LHJC_study")


@pytest.fixture
def stepping() -> PoseSequence:
    """The 43 on a body that lifts its right knee; of the 22 only the legs' joints."""
    wave = np.sin(np.linspace(0, np.pi, FRAMES))
    angles = {
        "hip_flexion_r": 60 * wave,
        "knee_angle_r": 70 * wave,
        "hip_rotation_r": 15 * wave,
    }
    return with_joints(body43(angles, frames=FRAMES))


def with_joints(markers: PoseSequence) -> PoseSequence:
    positions = np.full((len(markers), len(AUGMENTED65), 3), np.nan)
    positions[:, AUGMENTED65.indices(*MARKERS43.joints)] = markers.positions
    for s, side in (("R", "r"), ("L", "L")):
        for joint, pair in (("Knee", ("knee", "mknee")), ("Ankle", ("ankle", "mankle"))):
            middle = sum(markers.joint(f"{side}_{name}_study") for name in pair) / 2
            positions[:, AUGMENTED65.index(s + joint)] = middle
        positions[:, AUGMENTED65.index(f"{s}Hip")] = markers.joint(f"{s}HJC_study")
    confidence = np.isfinite(positions).all(axis=2) * 0.4
    return PoseSequence(positions, confidence, markers.timeline, AUGMENTED65)


def completed(markers: PoseSequence) -> PoseSequence:
    return force_complete(markers, height_m=1.7, mass_kg=70)


def off_mm(found: PoseSequence, true: PoseSequence, names: tuple[str, ...]) -> Floats:
    columns = AUGMENTED65.indices(*names)
    away = np.linalg.norm(found.positions - true.positions, axis=2)[:, columns]
    return np.asarray(1000 * away)


@pytest.mark.parametrize("cluster", [SHANK, THIGH])
def test_a_cluster_lost_for_a_while_comes_back_on_its_segment(
    stepping: PoseSequence, cluster: tuple[str, ...]
) -> None:
    found = completed(without(stepping, cluster, slice(10, 30)))
    assert off_mm(found, stepping, cluster).max() < 1


@pytest.mark.parametrize("cluster", [SHANK, THIGH])
def test_a_cluster_that_is_never_seen_mirrors_the_other_side_s(
    stepping: PoseSequence, cluster: tuple[str, ...]
) -> None:
    found = completed(without(stepping, cluster))
    assert off_mm(found, stepping, cluster).max() < 1


def test_the_shank_s_cluster_moves_with_the_shank_and_not_the_thigh(
    stepping: PoseSequence,
) -> None:
    found = completed(without(stepping, SHANK))
    for name in SHANK:
        to_ankle, to_hip = (
            np.ptp(np.linalg.norm(found.joint(name) - found.joint(end), axis=1))
            for end in ("r_ankle_study", "RHJC_study")
        )
        assert to_ankle < 0.001 < to_hip


def test_clusters_seen_on_neither_side_lie_between_the_ends_of_their_segment() -> None:
    """By the regression: below the knee, above the ankle, the shank's on both sides."""
    standing = with_joints(body43({}))
    both = (*SHANK, *(other_side(name) for name in SHANK))
    hidden = without(standing, both)
    full = np.where(np.isnan(hidden.positions), _rough_body(), hidden.positions)
    columns = AUGMENTED65.indices(*both)
    full[:, columns] = np.nan
    sure = np.isfinite(full).all(axis=2) * 0.4
    found = completed(replace(hidden, positions=full, confidence=sure))
    heights = found.positions[0, columns, 1]
    assert (heights < found.joint("RKnee")[0, 1]).all()
    assert (heights > found.joint("RAnkle")[0, 1]).all()


def test_hip_centres_that_are_never_seen_are_harrington_s(stepping: PoseSequence) -> None:
    found = completed(without(stepping, (*HIPS, "RHip", "LHip")))
    asis = (stepping.joint("r.ASIS_study"), stepping.joint("L.ASIS_study"))
    psis = (stepping.joint("r.PSIS_study") + stepping.joint("L.PSIS_study")) / 2
    expected = np.stack(hip_centres(*asis, psis), axis=1)
    np.testing.assert_allclose(found.positions[:, AUGMENTED65.indices(*HIPS)], expected)


def test_what_is_known_stays_and_what_is_not_is_unsure(stepping: PoseSequence) -> None:
    hidden = without(stepping, SHANK, slice(10, 30))
    found = completed(hidden)
    seen = np.isfinite(hidden.positions).all(axis=2)
    np.testing.assert_array_equal(found.positions[seen], hidden.positions[seen])
    sure = found.confidence[10:30, AUGMENTED65.indices(*SHANK)]
    assert ((sure > 0) & (sure < 0.4)).all()


def test_nothing_is_invented_where_nothing_is_known(stepping: PoseSequence) -> None:
    nothing = without(stepping, AUGMENTED65.joints)
    assert np.isnan(completed(nothing).positions).all()


def _rough_body() -> Floats:
    """(65, 3) places of the 22 that the model body doesn't give, good enough for a frame."""
    places = np.full((len(AUGMENTED65), 3), np.nan)
    rough = {
        "Neck": (0.2, 1.48, -0.1), "Hip": (0.2, 0.9, -0.1), "RShoulder": (0.03, 1.45, -0.1),
        "LShoulder": (0.37, 1.45, -0.1), "RHeel": (0.11, 0.0, -0.15),
        "RBigToe": (0.11, 0.0, 0.08), "LHeel": (0.29, 0.0, -0.15), "LBigToe": (0.29, 0.0, 0.08),
    }  # fmt: skip
    for name, place in rough.items():
        places[AUGMENTED65.index(name)] = place
    return places
