"""What MainRefiner's pose part trains on, made from a person whose truth is known."""

from pathlib import Path

import numpy as np
import pytest
import torch

from humanpose.geometry import bend_deg
from humanpose.main_refiner.network import MainRefinerConfig, PoseFusion
from humanpose.skeleton import COCO17, MEDIAPIPE33
from train.convert.errors import SourceError
from train.data.fusion_windows import PoseWindows, Sequence
from train.data.views import limb_directions
from train.main_refiner import limb_errors, pose_loss, pose_windows
from train.recordings.pairs import Arrays

FRAMES = 70
COCO = MEDIAPIPE33.indices(*COCO17.joints)


@pytest.fixture
def stored() -> Arrays:
    """Somebody drifts before the camera; raw is off by 1 cm in depth, POF by 10 cm."""
    rng = np.random.default_rng(0)
    body = rng.normal(0, 0.4, (17, 3)) * [0.5, 1, 0.5]
    drift = np.linspace(0, 0.3, FRAMES)[:, None, None]
    joints = body + drift * rng.normal(0, 1, (17, 3)) + [0, 0, 4.0]
    whole = np.full((FRAMES, 33, 3), np.nan)
    bodies = {}
    for name, off in (("raw", 0.01), ("pof", 0.1)):
        bodies[name] = whole.copy()
        bodies[name][:, COCO] = joints + rng.normal(0, off, joints.shape) * [0, 0, 1]
    limbs = limb_directions(joints)
    return {
        "side": np.array("train"), "origin": np.array("pairs"), "fps": np.array(30.0),
        "height": np.array(1.7), "image_size": np.array([640, 480]),
        "focal_assumed": np.array(500.0),
        "keypoints": 500 * joints[..., :2] / joints[..., 2:] + [319.5, 239.5],
        "visibility": np.ones((FRAMES, 17)), "limb_directions": limbs,
        "limb_concentration": np.full((FRAMES, 14), 50.0), "joints_true": joints,
        "body_raw": bodies["raw"], "body_pof": bodies["pof"],
        "body_confidence_raw": np.ones((FRAMES, 33)),
        "body_confidence_pof": np.ones((FRAMES, 33)),
    }  # fmt: skip


def limbs_off_deg(sequence: Sequence) -> float:
    pof, true = (limb_directions(p) for p in (sequence.pair.pof, sequence.joints))
    return float(bend_deg(pof, true).mean())


def test_the_mirror_of_the_mirror_is_the_person(stored: Arrays) -> None:
    person = Sequence.of(stored)
    back = person.mirrored().mirrored()
    for name in ("raw", "pof", "rays", "directions", "log_concentration"):
        np.testing.assert_allclose(getattr(back.pair, name), getattr(person.pair, name))
    np.testing.assert_allclose(back.joints, person.joints)


def test_a_mirrored_person_s_limbs_are_the_mirrored_joints(stored: Arrays) -> None:
    mirrored = Sequence.of(stored).mirrored()
    limbs = limb_directions(mirrored.joints)
    np.testing.assert_allclose(mirrored.pair.directions, limbs, atol=1e-12)


def test_errors_grow_by_the_factor_and_in_depth_alone(stored: Arrays) -> None:
    person = Sequence.of(stored)
    worse = person.with_errors(2.0)
    assert limbs_off_deg(worse) == pytest.approx(2 * limbs_off_deg(person), rel=0.2)
    np.testing.assert_array_equal(worse.pair.pof[..., :2], person.pair.pof[..., :2])
    np.testing.assert_allclose(
        worse.pair.log_concentration, person.pair.log_concentration - np.log(4)
    )


def test_batches_are_finite_and_their_answers_unit_vectors(stored: Arrays) -> None:
    gone = {**stored, "keypoints": stored["keypoints"].copy()}
    gone["keypoints"][10:20] = np.nan
    for name in ("body_raw", "body_pof"):
        gone[name] = gone[name].copy()
        gone[name][10:20] = np.nan
    batch = PoseWindows([Sequence.of(gone), Sequence.of(stored)]).batch(
        4, np.random.default_rng(1)
    )
    for values in batch.values():
        assert values.isfinite().all()
    length = batch["directions"].norm(dim=-1)
    torch.testing.assert_close(length, torch.ones_like(length))


def test_a_short_training_weighs_the_better_pose_more(stored: Arrays) -> None:
    torch.manual_seed(0)
    windows, rng = PoseWindows([Sequence.of(stored)]), np.random.default_rng(0)
    model = PoseFusion(MainRefinerConfig(COCO17.bone_indices, d_model=32, num_heads=2))
    before = limb_errors(model, batch=windows.all())
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(30):
        loss, _ = pose_loss(model, windows.batch(4, rng))
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    after = limb_errors(model, batch=windows.all())
    assert after["limb_deg"] < 0.8 * before["limb_deg"]
    assert after["pof_deg"] == pytest.approx(before["pof_deg"])


def test_a_folder_without_sequences_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no sequences in"):
        pose_windows([tmp_path], [])
