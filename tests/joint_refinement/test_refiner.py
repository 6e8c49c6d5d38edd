"""The joint refiner's network, and the numbers around it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from humanpose import Analysis, Settings
from humanpose.assets import SAMPLE
from humanpose.detection.detect import Detection
from humanpose.errors import CheckpointError
from humanpose.geometry import rotation_zxy
from humanpose.joint_refinement import JointRefiner
from humanpose.joint_refinement.network import (
    JointRefiner as Network,
)
from humanpose.joint_refinement.network import (
    JointRefinerConfig,
    ball_joints,
    corrected,
    kinematic_chain,
)
from humanpose.nets.angle_evidence import MIRRORED_GROUPS, mirrored_angles
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.nets.gaps import spikes, without_gaps
from humanpose.pipeline import compute
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from humanpose.video import probe
from tests.conftest import SAMPLE_HEIGHT_M

SMALL = JointRefinerConfig(
    kinematic_chain(), ball_joints(), d_model=16, num_layers=2, num_heads=2
)
FLEXED = list(JOINT_GROUPS).index("knee_r")


def saved(network: Network, path: Path) -> JointRefiner:
    save_checkpoint(path, network, SMALL, training={})
    return JointRefiner(path)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> JointRefiner:
    return saved(Network(SMALL), tmp_path_factory.mktemp("joint") / "untrained.pth")


@pytest.fixture(scope="module")
def opinionated_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that was not trained, but corrects everything somehow."""
    torch.manual_seed(0)
    network = Network(SMALL)
    torch.nn.init.normal_(network.heads.out, std=0.1)
    path = tmp_path_factory.mktemp("joint") / "opinionated.pth"
    save_checkpoint(path, network, SMALL, training={})
    return path


@pytest.fixture(scope="module")
def opinionated(opinionated_path: Path) -> JointRefiner:
    return JointRefiner(opinionated_path)


@pytest.fixture
def angles() -> Floats:
    """(70, 12, 3) deg, every joint wanders; shoulders also past their gimbal."""
    rng = np.random.default_rng(1)
    start = rng.normal(0, 25, (12, 3))
    start[5] = [20, 85, -10]
    return start + np.cumsum(rng.normal(0, 2, (70, 12, 3)), axis=0)


def seen(angles: Floats) -> Floats:
    return np.full(angles.shape[:2], 0.8)


def test_the_shipped_size_has_the_documented_number_of_parameters() -> None:
    network = Network(JointRefinerConfig(kinematic_chain(), ball_joints()))
    count = sum(weight.numel() for weight in network.parameters())
    assert count == pytest.approx(916_000, rel=0.01)


def test_an_untrained_network_returns_its_input(
    untrained: JointRefiner, angles: Floats
) -> None:
    refined = untrained.refine(angles, seen(angles))
    np.testing.assert_allclose(refined, angles, atol=1e-5)


@pytest.mark.parametrize("frames", [1, 2, 31, 33, 70])
@pytest.mark.parametrize("fps", [8.0, 30.0, 120.0])
def test_any_number_of_frames_at_any_rate_is_refined(
    opinionated: JointRefiner, angles: Floats, frames: int, fps: float
) -> None:
    given = angles[:frames]
    refined = opinionated.refine(given, seen(given), fps=fps)
    assert refined.shape == given.shape
    assert np.isfinite(refined).all()
    assert np.abs(refined - given).max() > 0.5


def test_a_mirrored_person_gets_the_mirrored_angles(
    opinionated: JointRefiner, angles: Floats
) -> None:
    visibility = np.random.default_rng(2).uniform(0.1, 1, angles.shape[:2])
    other = mirrored_angles(angles.reshape(-1, 36)).reshape(angles.shape)
    ours = opinionated.refine(angles, visibility)
    theirs = opinionated.refine(other, visibility[:, MIRRORED_GROUPS])
    expected = mirrored_angles(ours.reshape(-1, 36)).reshape(angles.shape)
    np.testing.assert_allclose(theirs, expected, atol=1e-3)


def test_absent_angles_are_filled_but_not_where_nobody_was(
    opinionated: JointRefiner, angles: Floats
) -> None:
    angles[:, FLEXED, 1:] = np.nan
    angles[20:26, FLEXED] = np.nan
    angles[40] = np.nan
    refined = opinionated.refine(angles, seen(angles))
    nobody = np.isnan(refined).all(axis=(1, 2))
    assert np.flatnonzero(nobody).tolist() == [40]
    assert np.isfinite(np.delete(refined, 40, axis=0)).all()


def test_nothing_known_is_nothing_refined(opinionated: JointRefiner) -> None:
    nothing = np.full((5, 12, 3), np.nan)
    assert np.isnan(opinionated.refine(nothing, np.zeros((5, 12)))).all()


def test_filled_angles_are_inferred_and_have_a_deviation(
    opinionated: JointRefiner, angles: Floats
) -> None:
    absent = ANGLE_NAMES.index("pro_sup_r")
    degrees = angles.reshape(-1, 36)
    degrees[:, absent] = np.nan
    sure = np.where(np.isfinite(degrees), 0.9, 0.0)
    refined = opinionated.refined(JointAngles(degrees, sure, Timeline(70, 30)))
    assert refined.deviation is not None
    assert (refined.deviation > 0).all()
    assert (refined.confidence[:, absent] < 0.5).all()
    assert (refined.confidence[:, absent] > 0).all()


def test_a_correction_turns_a_ball_joint_by_as_much_also_at_its_gimbal() -> None:
    degrees = torch.zeros(3, 36)
    shoulder = ANGLE_NAMES.index("arm_flex_r")
    for frame, raised in enumerate((0.0, 60.0, 89.9)):
        degrees[frame, shoulder : shoulder + 3] = torch.tensor([10.0, raised, 20.0])
    turns = torch.zeros(3, 12, 3)
    turns[:, list(JOINT_GROUPS).index("shoulder_r")] = torch.tensor([0.0, 0.05, 0.05])
    before, after = (
        rotation_zxy(a[:, shoulder : shoulder + 3].double().numpy())
        for a in (degrees, corrected(degrees, turns, ball_joints()))
    )
    cosine = (np.trace(np.swapaxes(before, 1, 2) @ after, axis1=1, axis2=2) - 1) / 2
    turned_deg = np.degrees(2 * np.arctan(np.hypot(0.05, 0.05)))
    np.testing.assert_allclose(np.degrees(np.arccos(cosine)), turned_deg, atol=0.3)


def test_joints_are_as_far_apart_as_the_chain_between_them() -> None:
    steps = Network(SMALL).steps
    names = list(JOINT_GROUPS)
    assert steps[names.index("ankle_r"), names.index("elbow_l")] == 6
    assert steps[names.index("knee_r"), names.index("hip_r")] == 1


def test_time_is_seconds_and_not_frames(opinionated: JointRefiner, angles: Floats) -> None:
    slow, fast = (
        opinionated.refine(angles[:20], seen(angles[:20]), fps=fps) for fps in (8.0, 15.0)
    )
    assert np.abs(slow - fast).max() > 1e-4


def test_a_gap_is_bridged_and_its_ends_held() -> None:
    column = np.array([[np.nan], [1], [np.nan], [np.nan], [np.nan], [5], [np.nan]])
    assert without_gaps(column).ravel().tolist() == [1, 1, 2, 3, 4, 5, 5]
    assert not without_gaps(np.full((3, 2), np.nan)).any()


def test_a_spike_is_told_from_a_step_and_from_a_fast_movement() -> None:
    curves = np.zeros((30, 4))
    curves[10:15, 0] = 70  # a spike
    curves[10:, 1] = 70  # a step
    curves[:, 2] = 60 * np.sin(2 * np.pi * 3 * np.arange(30) / 30)  # 1130 degrees/s
    curves[10:13, 3] = np.nan
    found = spikes(curves, fps=30)
    assert np.flatnonzero(found[:, 0]).tolist() == [10, 11, 12, 13, 14]
    assert not found[:, 1:].any()


def test_an_untrained_network_bridges_a_spike(untrained: JointRefiner, angles: Floats) -> None:
    spoilt = angles.copy()
    spoilt[30:35, FLEXED, 0] += 70
    off = np.abs(untrained.refine(spoilt, seen(angles)) - angles)
    assert off[30:35, FLEXED, 0].max() < 15
    off[30:35, FLEXED, 0] = 0
    assert off.max() < 1e-4


def test_wrong_shapes_say_what_was_expected(untrained: JointRefiner, angles: Floats) -> None:
    with pytest.raises(ValueError, match=r"angles must be \(T, 12, 3\)"):
        untrained.refine(angles.reshape(-1, 36), seen(angles))
    with pytest.raises(ValueError, match="visibility must be"):
        untrained.refine(angles, np.ones((70, 36)))
    with pytest.raises(ValueError, match="fps"):
        untrained.refine(angles, seen(angles), fps=0)


def test_a_missing_or_foreign_checkpoint_is_a_checkpoint_error(
    tmp_path: Path, pof_checkpoint: Path
) -> None:
    with pytest.raises(CheckpointError, match="there is no model file"):
        JointRefiner(tmp_path / "none.pth")
    with pytest.raises(CheckpointError, match="holds a Pof"):
        JointRefiner(pof_checkpoint)


def test_the_pipeline_refines_the_angles_and_leaves_the_raw_ones(
    sample: Analysis, opinionated_path: Path
) -> None:
    settings = Settings(
        height_m=SAMPLE_HEIGHT_M,
        pof=False,
        joint_refinement=True,
        joint_model_path=str(opinionated_path),
        neutral_at_s=0.0,
    )
    plain = replace(settings, joint_refinement=False)
    detection, info = Detection(sample.landmarks, 1), probe(SAMPLE)
    refined, raw = (compute(info, detection, s) for s in (settings, plain))
    np.testing.assert_array_equal(refined.joint_angles_raw.degrees, raw.joint_angles.degrees)
    assert np.nanmax(np.abs(refined.joint_angles.degrees - raw.joint_angles.degrees)) > 1
    np.testing.assert_allclose(refined.joint_angles.degrees[0], 0, atol=1e-9)
    assert opinionated_path.name in refined.provenance
