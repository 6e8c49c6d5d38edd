"""The motion bank, and the exercises that are drawn for it."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.skeleton import ANGLE_NAMES, COCO17
from train.convert.errors import SourceError
from train.synth.body.makehuman import Assets
from train.synth.motion.bank import EXERCISE_S, Bank, build, holds_samples
from train.synth.motion.exercises import exercise
from train.synth.motion.sources import FPS, Clip

BONES = np.array(COCO17.bone_indices[:10])
"""Arms, legs, and the widths of shoulders and hips."""


@pytest.fixture(scope="module")
def bank(assets: Assets) -> Bank:
    tester = Clip(Path("never_read.amc"), "asf", "cmu|03")
    return build(assets, [tester], exercises=3, bodies=1, seed=0)


def test_nobody_who_tests_is_in_the_bank(bank: Bank) -> None:
    assert set(bank.subjects) == {"exercises|drawn"}
    assert np.diff(bank.starts).tolist() == [EXERCISE_S * FPS] * 3


def test_limbs_keep_their_lengths_while_people_move(bank: Bank) -> None:
    for start, end in zip(bank.starts[:-1], bank.starts[1:], strict=True):
        joints = bank.joints[start:end]
        length = np.linalg.norm(joints[:, BONES[:8, 1]] - joints[:, BONES[:8, 0]], axis=-1)
        np.testing.assert_allclose(
            length, length.mean(axis=0)[None].repeat(len(length), 0), rtol=1e-3
        )
        assert np.ptp(joints, axis=0).max() > 0.1


def test_a_bank_comes_back_as_it_was_saved(bank: Bank, tmp_path: Path) -> None:
    bank.save(tmp_path / "bank.npz")
    again = Bank.load(tmp_path / "bank.npz")
    assert again.fps == bank.fps
    for name in ("joints", "pelvis", "starts", "subjects", "validates"):
        np.testing.assert_array_equal(getattr(again, name), getattr(bank, name))


def test_a_missing_bank_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"train\.synth\.motion\.bank"):
        Bank.load(tmp_path / "none.npz")


def test_exercises_bend_the_knees_and_repeat() -> None:
    rng = np.random.default_rng(0)
    knees = [
        exercise(rng, seconds=8, fps=30).angles[:, ANGLE_NAMES.index("knee_angle_r")]
        for _ in range(30)
    ]
    assert all(np.isfinite(knee).all() for knee in knees)
    deep = [np.ptp(knee) > 50 for knee in knees]
    assert 0.25 < np.mean(deep) < 0.95


def test_converted_sequences_are_motion_too(tmp_path: Path) -> None:
    """At 60 frames/s, seen by a camera that stands aside: turned back to Y up, at 30."""
    rng = np.random.default_rng(0)
    world = rng.normal(0, 0.3, (17, 3)) + np.linspace(0, 0.2, 61)[:, None, None]
    hips = COCO17.indices("left_hip", "right_hip")
    world -= world[:, hips].mean(axis=1, keepdims=True)
    camera = Rotation.from_euler("yx", [40, 190], degrees=True).as_matrix()
    for subject in ("01", "03"):
        np.savez(
            tmp_path / f"{subject}.npz",
            ground_truth=world @ camera.T,
            camera_R=camera,
            fps=60.0,
            source="cmu",
            subject=subject,
        )
    assert holds_samples(tmp_path)
    bank = Bank.of_samples(tmp_path)
    assert bank.subjects.tolist() == ["cmu|01"]
    assert len(bank.joints) == 31
    np.testing.assert_allclose(bank.joints, world[::2], atol=1e-5)
    np.testing.assert_allclose(np.linalg.det(bank.pelvis), 1, atol=1e-5)
