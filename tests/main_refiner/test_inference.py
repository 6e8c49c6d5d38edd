"""MainRefiner in the pipeline's hands: what it is given, what it says, and that it listens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis, CheckpointError, Settings
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.io.folder import load_analysis
from humanpose.main_refiner.inference import MainRefinerInference
from humanpose.main_refiner.network import MainRefiner, MainRefinerConfig
from humanpose.main_refiner.stage import MainStage, pose_pair, require_pof
from humanpose.motion import Estimates, Gates, Motion
from humanpose.nets.angle_evidence import MIRRORED_ANGLES, mirrored_angles
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.pipeline import clean, motion_options, raw_estimates
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import PofStage
from humanpose.quality.figures import bone_length_variation
from humanpose.sequence import JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import RAW
from humanpose.skeleton import ANGLE_NAMES, COCO17
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.networks import opinionated_main_refiner

SETTINGS = Settings(height_m=SAMPLE_HEIGHT_M, **RAW)
OPTIONS = motion_options(SETTINGS)
FRAMES = 24


@pytest.fixture(scope="module")
def estimates(sample: Analysis, pof_checkpoint: Path) -> Estimates:
    whole = sample.landmarks
    part = Landmarks(
        whole.pixels[:FRAMES],
        whole.world[:FRAMES],
        whole.visibility[:FRAMES],
        Timeline(FRAMES, whole.timeline.fps),
        whole.image_size,
    )
    landmarks, _ = clean(part, SETTINGS)
    camera = Camera.from_fov(DEFAULT_FOV_DEG, landmarks.image_size)
    pof = PofStage(CameraPOFInference(pof_checkpoint), OPTIONS)
    return pof(raw_estimates(landmarks, camera, SETTINGS))


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> MainRefinerInference:
    return MainRefinerInference(
        opinionated_main_refiner(tmp_path_factory.mktemp("m") / "m.pth")
    )


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> MainRefinerInference:
    config = MainRefinerConfig(COCO17.bone_indices, d_model=16, num_layers=1, num_heads=2)
    path = tmp_path_factory.mktemp("m") / "untrained.pth"
    save_checkpoint(path, MainRefiner(config), config, training={"minutes": 0})
    return MainRefinerInference(path)


def three_more(angles: JointAngles) -> JointAngles:
    return replace(angles, degrees=np.nan_to_num(angles.degrees) + 3)


Refine = Callable[[JointAngles], JointAngles]


def fused(
    network: MainRefinerInference, estimates: Estimates, refine: Refine = three_more
) -> Estimates:
    return MainStage(network, refine, OPTIONS)(estimates)


@pytest.fixture(scope="module")
def result(network: MainRefinerInference, estimates: Estimates) -> Estimates:
    return fused(network, estimates)


def moved(pose: PoseSequence) -> PoseSequence:
    positions = pose.positions.copy()
    positions[:, pose.skeleton.index("left_knee"), 2] += 0.05
    return pose.with_positions(positions)


def doubted(pose: PoseSequence) -> PoseSequence:
    return replace(pose, confidence=0.5 * pose.confidence)


def bent(motion: Motion) -> Motion:
    return replace(motion, angles=replace(motion.angles, degrees=motion.angles.degrees + 5))


def unsure(motion: Motion) -> Motion:
    return replace(
        motion, angles=replace(motion.angles, confidence=0.5 * motion.angles.confidence)
    )


def other_field(estimates: Estimates, **changes: object) -> Estimates:
    field = replace(require_pof(estimates).field, **changes)  # type: ignore[arg-type]
    return other_pof(estimates, field=field)


def other_pof(estimates: Estimates, **changes: object) -> Estimates:
    solved = replace(require_pof(estimates), **changes)  # type: ignore[arg-type]
    return replace(estimates, pof=solved)


def other_body(
    estimates: Estimates, change: Callable[[PoseSequence], PoseSequence]
) -> Estimates:
    motion = require_pof(estimates).motion
    return other_pof(estimates, motion=replace(motion, body=change(body_of(motion))))


def body_of(motion: Motion) -> PoseSequence:
    assert motion.body is not None
    return motion.body


CHANGES: dict[str, Callable[[Estimates], Estimates]] = {
    "MediaPipe's pose": lambda e: replace(e, lifted=moved(e.lifted)),
    "its confidence": lambda e: replace(e, lifted=doubted(e.lifted)),
    "POF's body": lambda e: other_body(e, moved),
    "its confidence too": lambda e: other_body(e, doubted),
    "POF's limbs": lambda e: other_field(
        e, directions=np.roll(require_pof(e).field.directions, 1, axis=2)
    ),
    "how sure they are": lambda e: other_field(
        e, concentration=2 * require_pof(e).field.concentration
    ),
    "MediaPipe's angles": lambda e: replace(e, raw=bent(e.raw)),
    "their confidence": lambda e: replace(e, raw=unsure(e.raw)),
    "POF's angles": lambda e: other_pof(e, motion=bent(require_pof(e).motion)),
    "their confidence too": lambda e: other_pof(e, motion=unsure(require_pof(e).motion)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_single_input_changes_the_angles(
    what: str,
    network: MainRefinerInference,
    estimates: Estimates,
    result: Estimates,
) -> None:
    other = fused(network, CHANGES[what](estimates))
    assert np.nanmax(np.abs(other.best.angles.degrees - result.best.angles.degrees)) > 1e-5


REFINERS: dict[str, Refine] = {
    "angles": lambda a: replace(three_more(a), degrees=np.nan_to_num(a.degrees) + 9),
    "confidence": lambda a: replace(three_more(a), confidence=0.5 * a.confidence),
    "deviation": lambda a: replace(three_more(a), deviation=np.full_like(a.degrees, 4.0)),
}


@pytest.mark.parametrize("what", REFINERS)
def test_so_does_what_the_joint_refiner_says(
    what: str,
    network: MainRefinerInference,
    estimates: Estimates,
    result: Estimates,
) -> None:
    other = fused(network, estimates, REFINERS[what])
    assert np.nanmax(np.abs(other.best.angles.degrees - result.best.angles.degrees)) > 1e-5


def test_so_does_how_visible_the_keypoints_are(
    network: MainRefinerInference, estimates: Estimates
) -> None:
    field, clip = require_pof(estimates).field, estimates.lifted.timeline
    visibility = 0.5 * estimates.landmarks.visibility
    dim = replace(estimates, landmarks=estimates.landmarks.replace(visibility=visibility))
    limbs = [
        network.fuse_limbs(pose_pair(known, height_m=SAMPLE_HEIGHT_M), field, fps=clip.fps)[0]
        for known in (estimates, dim)
    ]
    assert np.abs(limbs[0].directions - limbs[1].directions).max() > 1e-5


def test_gates_are_shares(result: Estimates) -> None:
    assert result.gates is not None
    joints, angles = result.gates.joints, result.gates.angles
    assert joints.shape == (FRAMES, 17)
    assert np.isnan(joints[:, :5]).all()
    assert ((joints[:, 5:] > 0) & (joints[:, 5:] < 1)).all()
    assert angles.shape == (FRAMES, 12, 4)
    np.testing.assert_allclose(angles.sum(axis=2), 1, atol=1e-5)


def test_gates_come_back_from_their_folder(
    sample: Analysis, result: Estimates, tmp_path: Path
) -> None:
    count = sample.timeline.frames
    assert result.gates is not None
    gates = Gates(
        np.resize(result.gates.joints, (count, 17)),
        np.resize(result.gates.angles, (count, 12, 4)),
    )
    assert load_analysis(sample.save(tmp_path)).gates is None
    back = load_analysis(replace(sample, gates=gates).save(tmp_path)).gates
    assert back is not None
    np.testing.assert_allclose(back.joints, gates.joints, atol=1e-6)
    np.testing.assert_allclose(back.angles, gates.angles, atol=1e-6)


def test_the_fused_body_has_bones_of_constant_length(
    network: MainRefinerInference, estimates: Estimates
) -> None:
    motion, _ = MainStage(network, three_more, OPTIONS).fuse_pose(estimates)
    assert bone_length_variation(motion.joints) < 0.5 * bone_length_variation(
        estimates.lifted.select(COCO17)
    )


def test_untrained_it_says_what_pof_and_the_joint_refiner_say(
    untrained: MainRefinerInference, estimates: Estimates
) -> None:
    pair = pose_pair(estimates, height_m=SAMPLE_HEIGHT_M)
    field, _ = untrained.fuse_limbs(pair, require_pof(estimates).field, fps=30.0)
    solved = body_of(require_pof(estimates).motion).select(COCO17).positions
    starts, ends = np.array(COCO17.bone_indices).T
    limbs = solved[:, ends] - solved[:, starts]
    cosine = (limbs * field.directions).sum(axis=2) / np.linalg.norm(limbs, axis=2)
    assert np.degrees(np.arccos(cosine.clip(-1, 1))).mean() < 4
    angles, _ = untrained.fuse_angles(
        (
            *(3 * (require_pof(estimates).motion.angles,)),
            three_more(require_pof(estimates).motion.angles),
        ),
        fps=30.0,
    )
    off = angles.degrees - require_pof(estimates).motion.angles.degrees
    assert 1.5 < np.nanmedian(off) < 3


@pytest.mark.parametrize(("frames", "fps"), [(1, 30.0), (2, 240.0), (9, 8.0)])
def test_any_length_and_frame_rate_will_do(
    frames: int, fps: float, network: MainRefinerInference, estimates: Estimates
) -> None:
    part = [
        JointAngles(a.degrees[:frames], a.confidence[:frames], Timeline(frames, fps))
        for a in (require_pof(estimates).motion.angles, estimates.raw.angles)
    ]
    angles, gates = network.fuse_angles((part[0], part[1], *part), fps=fps)
    assert gates.shape == (frames, 12, 4)
    np.testing.assert_array_equal(
        np.isfinite(angles.degrees),
        np.isfinite(part[0].degrees) | np.isfinite(part[1].degrees),
    )


def test_a_spike_in_what_was_measured_does_not_come_through(
    network: MainRefinerInference, estimates: Estimates
) -> None:
    plain = require_pof(estimates).motion.angles
    degrees = plain.degrees.copy()
    degrees[10:13, ANGLE_NAMES.index("knee_angle_r")] += 70
    spoilt = replace(plain, degrees=degrees)
    angles, _ = network.fuse_angles((spoilt, spoilt, spoilt, plain), fps=30.0)
    expected, _ = network.fuse_angles((plain,) * 4, fps=30.0)
    assert np.nanmax(np.abs(angles.degrees - expected.degrees)) < 15


def test_what_nobody_knows_stays_unknown(
    network: MainRefinerInference, estimates: Estimates
) -> None:
    angles = require_pof(estimates).motion.angles
    gone = np.where(np.arange(36) < 6, np.nan, angles.degrees)
    gone[3] = np.nan
    hidden = replace(angles, degrees=gone, deviation=None)
    fused_angles, _ = network.fuse_angles((hidden,) * 4, fps=30.0)
    assert np.isnan(fused_angles.degrees[:, :6]).all()
    assert np.isnan(fused_angles.degrees[3]).all()
    assert (fused_angles.confidence[np.isnan(fused_angles.degrees)] == 0).all()


def test_the_mirror_image_gets_the_mirrored_answer(
    network: MainRefinerInference, estimates: Estimates
) -> None:
    def mirror(angles: JointAngles) -> JointAngles:
        return JointAngles(
            mirrored_angles(angles.degrees),
            angles.confidence[:, MIRRORED_ANGLES],
            angles.timeline,
        )

    pof, raw = (
        replace(m.angles, deviation=None)
        for m in (require_pof(estimates).motion, estimates.raw)
    )
    one, _ = network.fuse_angles((pof, raw, pof, raw), fps=30.0)
    other, _ = network.fuse_angles(tuple(map(mirror, (pof, raw, pof, raw))), fps=30.0)
    np.testing.assert_allclose(mirrored_angles(other.degrees), one.degrees, atol=1e-3)


def test_a_foreign_checkpoint_is_refused(pof_checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match="not a MainRefiner"):
        MainRefinerInference(pof_checkpoint)
