"""The pose prior's training: zero, gaps, mirror, weights."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.body.prior import COORDINATES, HEADING
from humanpose.sequence import Floats
from train.body_prior.__main__ import main, pose_prior
from train.body_prior.gaussian import gaussian
from train.body_prior.poses import mirrored, poses_of
from train.synth.motion.sources import Clip

COUNT = len(COORDINATES)
ROTATIONS = ("pelvis_tilt", "pelvis_list", "pelvis_rotation")


def motion(path: Path, values: dict[str, Floats]) -> Path:
    """A ``.mot`` with these coordinates, 100 frames/s."""
    frames = len(next(iter(values.values())))
    still = np.zeros(frames)
    columns = {"time": np.arange(frames) / 100}
    columns |= dict.fromkeys((*ROTATIONS, "pelvis_tx", "pelvis_ty", "pelvis_tz"), still)
    columns |= values
    rows = np.stack(list(columns.values()), axis=1)
    header = "inDegrees=yes\nendheader\n" + "\t".join(columns)
    np.savetxt(path, rows, header=header, comments="", delimiter="\t")
    return path


def test_a_motion_file_keeps_its_zero_and_its_gaps(tmp_path: Path) -> None:
    path = motion(
        tmp_path / "squat.mot",
        {
            "knee_angle_r": np.linspace(0, 90, 300),
            "subtalar_angle_r": np.full(300, 7.0),  # locked
            "arm_flex_l": np.linspace(200, 240, 300),
        },
    )
    poses = poses_of(Clip(path, "mot", "opensim|camargo"))
    knee, arm = (poses[:, COORDINATES.index(n)] for n in ("knee_angle_r", "arm_flex_l"))
    np.testing.assert_allclose(np.degrees(knee[[0, -1]]), [0, 90], atol=1)
    np.testing.assert_allclose(np.degrees(arm[[0, -1]]), [-160, -120], atol=1)
    assert np.isnan(poses[:, COORDINATES.index("subtalar_angle_r")]).all()
    assert np.isnan(poses[:, COORDINATES.index("elbow_flex_r")]).all()
    assert (poses[:, HEADING] == 0).all()


def test_the_mirror_changes_sides() -> None:
    pose = np.zeros((1, COUNT))
    pose[0, COORDINATES.index("knee_angle_r")] = 1.0
    pose[0, COORDINATES.index("lumbar_bending")] = 0.2
    seen = mirrored(pose)
    assert seen[0, COORDINATES.index("knee_angle_l")] == 1.0
    assert seen[0, COORDINATES.index("knee_angle_r")] == 0.0
    assert seen[0, COORDINATES.index("lumbar_bending")] == -0.2
    np.testing.assert_array_equal(mirrored(seen), pose)


def test_gaps_are_missing_and_not_zero() -> None:
    """Of two coordinates that move together, one is unknown in half of the poses."""
    rng = np.random.default_rng(0)
    mean, covariance = np.array([1.0, 2.0]), np.array([[1.0, 0.8], [0.8, 1.0]])
    poses = rng.multivariate_normal(mean, covariance, size=20_000)
    poses[poses[:, 0] > 1, 1] = np.nan
    found = gaussian(poses, np.ones(len(poses)))
    np.testing.assert_allclose(found[0], mean, atol=0.05)
    np.testing.assert_allclose(found[1], covariance, atol=0.06)


def test_people_count_alike_however_long_they_walk() -> None:
    rng = np.random.default_rng(0)
    tall, short = (
        rng.normal(middle, 0.1, (size, COUNT)) for middle, size in ((0, 900), (1, 9))
    )
    prior = pose_prior({"a|long": [tall], "a|short": [short[:4], short[4:]]})
    assert prior.mean[COORDINATES.index("knee_angle_r")] == pytest.approx(0.5, abs=0.05)
    assert prior.people == ("a|long: 900", "a|short: 9")


def test_what_nobody_tells_is_hardly_known_and_no_gap() -> None:
    poses = np.random.default_rng(0).normal(0, 0.1, (50, COUNT))
    subtalar = COORDINATES.index("subtalar_angle_r"), COORDINATES.index("subtalar_angle_l")
    poses[:, subtalar] = np.nan
    prior = pose_prior({"a|one": [poses]})
    assert prior.mean[list(subtalar)] == pytest.approx(0)
    assert np.sqrt(np.diag(prior.covariance)[list(subtalar)]).min() > np.radians(8)
    assert np.linalg.eigvalsh(prior.covariance).min() > 0


def test_who_stands_has_straight_legs_and_free_arms() -> None:
    prior = pose_prior({"a|one": [np.random.default_rng(0).normal(1, 0.5, (99, COUNT))]})
    knee, elbow = (COORDINATES.index(name) for name in ("knee_angle_r", "elbow_flex_r"))
    assert prior.standing_mean[knee] < np.radians(6) < prior.mean[knee]
    assert prior.standing_mean[elbow] == prior.mean[elbow]
    assert prior.standing_covariance[elbow, elbow] == prior.covariance[elbow, elbow]
    assert prior.standing_covariance[knee, elbow] == 0


def test_who_is_left_out_is_not_learnt_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "opensim/opencap_unfiltered"
    folder.mkdir(parents=True)
    motion(folder / "walk.mot", {"knee_angle_r": np.linspace(0, 60, 200)})
    (tmp_path / "mocap").mkdir()
    out = tmp_path / "prior.npz"
    folders = ["--mocap", str(tmp_path / "mocap"), "--opensim", str(tmp_path / "opensim")]
    left_out = ["--without", "opensim|opencap_unfiltered"]
    assert main([*folders, "--out", str(out), *left_out]) != 0
    assert "no recording of a training subject" in capsys.readouterr().err
    assert not out.exists()
