"""``train.evaluate``: from clips with truth to the table."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose.detection.detect import Detection
from humanpose.geometry import rotation_zxy
from humanpose.sequence import Floats
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import ClipInfo
from tests.support.places import DATA, SHARED
from tests.support.squat import OFF_DEG, squat_case
from train import evaluate
from train.evaluate import main, seen_accurately, spread_over
from train.judge.cases import (
    Case,
    Truth,
    activity,
    case_of,
    hdm05,
    pairs_test,
    pairs_validation,
)
from train.judge.comparison import compare
from train.judge.report import as_text
from train.judge.sets import DEFAULT_SETS, SETS
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of

needs_shared = pytest.mark.skipif(
    not (SHARED / "data" / "pairs").is_dir(), reason="the shared pairs are not here"
)


@pytest.fixture
def squat() -> Case:
    return squat_case()


def detected(case: Case, **changes: Floats) -> Case:
    """The case with other landmarks."""
    landmarks = case.landmarks.replace(**changes)
    return replace(case, detection=replace(case.detection, landmarks=landmarks))


@pytest.mark.parametrize("stage", ["mediapipe", "truth"])
def test_perfect_detections_leave_no_limb_error(squat: Case, stage: str) -> None:
    pose = compare([squat], [stage]).stages[stage].all.pose
    assert pose.limb_mean_deg < 0.1
    assert pose.pa_mpjpe_mm < 1
    assert (pose.depth_flips_per_100, pose.limbs_missing_per_100) == (0, 0)


def test_mediapipes_row_forgives_one_rotation_and_scale(squat: Case) -> None:
    turn = rotation_zxy(np.array([30.0, 20.0, -50.0]))
    turned = detected(squat, world=0.6 * squat.landmarks.world @ turn.T)
    pose = compare([turned], ["mediapipe"]).stages["mediapipe"].all.pose
    assert pose.limb_mean_deg < 0.1
    assert pose.mpjpe_mm < 1


@pytest.mark.parametrize("fov_deg", [None, 40.0])
def test_raw_joints_lie_near_the_rays_of_the_camera_that_was_assumed(
    squat: Case, fov_deg: float | None
) -> None:
    case = replace(squat, settings=replace(squat.settings, fov_deg=fov_deg))
    rows = compare([case], ["raw-unfiltered", "mediapipe"]).stages
    assert 0 < rows["raw-unfiltered"].all.pose.reprojection_px < 5
    assert np.isnan(rows["mediapipe"].all.pose.reprojection_px)


def test_every_limb_is_judged_by_name(squat: Case) -> None:
    limbs = compare([squat], ["mediapipe"]).stages["mediapipe"].all.limbs
    assert list(limbs)[:2] == ["L upper arm", "L forearm"]
    assert len(limbs) == 14
    assert max(limb.mean_deg for limb in limbs.values()) < 0.1


def test_bones_are_off_by_what_the_height_is_off(squat: Case) -> None:
    tall = replace(squat, settings=replace(squat.settings, height_m=2.5))
    (fitted, larger) = (
        compare([case], [stage]).stages[stage].all.pose.bones_off_percent
        for case, stage in ((squat, "mediapipe"), (tall, "raw"))
    )
    assert fitted == pytest.approx(0, abs=0.1)
    assert larger > 20


def test_a_clip_that_is_refused_counts_in_full(squat: Case) -> None:
    seen = squat.landmarks
    nobody = detected(
        squat,
        pixels=np.full_like(seen.pixels, np.nan),
        world=np.full_like(seen.world, np.nan),
        visibility=np.zeros_like(seen.visibility),
    )
    figures = compare([squat, nobody], ["mediapipe"]).stages["mediapipe"].all
    assert figures.pose.limb_mean_deg == pytest.approx(45, abs=0.1)
    assert figures.pose.limbs_missing_per_100 == pytest.approx(50)
    assert figures.pose.up_error_deg > 45
    alone = compare([nobody], ["mediapipe"]).stages["mediapipe"].all
    assert alone.angle_mean.mae_deg == alone.angle_mean.offset_free_mae_deg == 30
    assert alone.angle_mean.rom_bias_percent == pytest.approx(-100)


def test_angle_errors_are_those_put_in(squat: Case) -> None:
    figures = compare([squat], ["truth"]).stages["truth"].all
    for name, off in OFF_DEG.items():
        assert figures.angles[name].mae_deg == pytest.approx(np.abs(off).mean())
        free = np.abs(off - off.mean()).mean()
        assert figures.angles[name].offset_free_mae_deg == pytest.approx(free)
    mean = np.mean([np.abs(off).mean() for off in OFF_DEG.values()])
    assert figures.angle_mean.mae_deg == pytest.approx(mean)


def test_angles_that_hardly_move_are_listed_and_not_counted(squat: Case) -> None:
    comparison = compare([squat], ["truth"])
    assert comparison.stages["truth"].all.angles.keys() == OFF_DEG.keys()
    assert comparison.angles_left_out["ankle_angle_r"] == 0
    assert np.isnan(comparison.angles_left_out["arm_flex_l"])
    assert "ankle_angle_r (0.0), " in as_text({"squat": comparison})


def test_an_angle_without_zero_is_compared_offset_free_only(squat: Case) -> None:
    has_zero = np.array([name != "knee_angle_r" for name in ANGLE_NAMES])
    case = replace(squat, truth=replace(squat.truth, has_zero=has_zero))
    figures = compare([case], ["truth"]).stages["truth"].all
    assert np.isnan(figures.angles["knee_angle_r"].mae_deg)
    assert figures.angles["knee_angle_r"].offset_free_mae_deg > 1
    assert figures.angle_mean.mae_deg == figures.angles["hip_flexion_r"].mae_deg


def test_frames_are_told_apart_by_view_and_clips_by_activity(squat: Case) -> None:
    row = compare([squat, replace(squat, activity="jump")], ["mediapipe"]).stages["mediapipe"]
    assert list(row.by_view) == ["front"]
    assert {name: f.frames for name, f in row.by_activity.items()} == {"squat": 40, "jump": 40}


def test_without_true_joints_the_angles_are_still_judged(squat: Case) -> None:
    case = replace(squat, truth=Truth(squat.truth.angles, squat.truth.has_zero))
    comparison = compare([case], ["mediapipe", "truth"])
    assert list(comparison.stages) == ["mediapipe"]
    row = comparison.stages["mediapipe"]
    assert np.isnan(row.all.pose.limb_mean_deg)
    assert np.isfinite(row.all.angle_mean.mae_deg)
    assert row.by_view == {}


@pytest.mark.parametrize(
    ("subject", "clip", "expected"),
    [
        ("HDM_bd", "HDM_bd_sneak2StepsLStart_001_120", "sneak"),
        ("opencap_unfiltered", "IK_DJ1_ik", "drop jump"),
        ("opencap_unfiltered", "IK_walking2_ik", "walking"),
        ("addbiomechanics_Expert1", "STS1", "sit to stand"),
        ("martial", "04", "martial arts"),
        ("cmu35", "35_07", "unknown"),
    ],
)
def test_the_activity_is_in_the_clips_name(
    squat: Case, subject: str, clip: str, expected: str
) -> None:
    joints = np.zeros((40, 23, 3))
    angles = np.zeros((40, len(ANGLE_NAMES)))
    up = np.array([0.0, -1, 0])
    pair = Pair("any", subject, clip, squat.landmarks, joints, angles, up, 500.0, 1.8)
    assert activity(pair) == expected


@pytest.mark.parametrize(("count", "expected"), [(None, 10), (20, 10), (3, 3)])
def test_a_quick_look_takes_clips_from_all_over(
    squat: Case, count: int | None, expected: int
) -> None:
    chosen = spread_over([replace(squat, clip=str(i)) for i in range(10)], count)
    assert len({case.clip for case in chosen}) == expected
    assert chosen[-1].clip >= "6"


def test_a_clip_is_detected_accurately_and_what_was_rendered_stays(
    squat: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = detected(squat).detection
    asked: list[tuple[ClipInfo, Settings]] = []

    def found_again(clip: ClipInfo, settings: Settings) -> Detection:
        asked.append((clip, settings))
        return found

    monkeypatch.setattr(evaluate, "cached_detection", found_again)
    assert seen_accurately(squat) is squat
    filmed = replace(squat, info=replace(squat.info, path=DATA / "small_person.mp4"))
    assert seen_accurately(filmed).detection is found
    assert asked == [(filmed.info, replace(squat.settings, accurate=True))]


@needs_shared
def test_rendered_sets_hold_test_subjects_only() -> None:
    ours, theirs = pairs_test(SHARED), hdm05(SHARED)
    assert {split_of(case.subject) for case in ours + theirs} == {"test"}
    assert {case.subject.split("|")[0] for case in theirs} == {"hdm05"}
    assert "hdm05" not in {case.subject.split("|")[0] for case in ours}


@needs_shared
def test_people_to_look_at_neither_test_nor_count_unless_asked_for() -> None:
    assert {split_of(case.subject) for case in pairs_validation(SHARED)} == {"validation"}
    assert "pairs-validation" not in DEFAULT_SETS


@needs_shared
def test_the_true_pose_keeps_the_angles_of_a_rendered_clip() -> None:
    pair = next(read_pairs(SHARED / "data" / "pairs" / "p_000.npz"))
    angles = compare([case_of(pair)], ["truth"]).stages["truth"].all.angles
    assert angles["knee_angle_r"].mae_deg < 1.5
    assert "knee_rotation_r" not in angles


@needs_shared
def test_the_json_file_holds_every_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "figures.json"
    arguments = ["--sets", "hdm05", "--stages", "mediapipe", "raw", "--max-sequences", "2"]
    assert main([*arguments, "--json", str(out)]) == 0
    assert "hdm05  raw" in capsys.readouterr().out
    written = json.loads(out.read_text())
    assert written["format"] == 1
    hdm = written["sets"]["hdm05"]
    assert (hdm["clips"], len(hdm["truth_sd_deg"])) == (2, 36)
    assert "knee_rotation_r" in hdm["angles_left_out"]
    row = hdm["stages"]["raw"]
    assert row.keys() == {"all", "by_view", "by_activity", "by_person", "by_clip"}
    assert sum(view["frames"] for view in row["by_view"].values()) == hdm["frames"]
    assert row["all"].keys() == {
        "frames", "pose", "angle_mean", "core", "angle_confidence_rank_correlation", "limbs",
        "angles", "core_angles",
    }  # fmt: skip
    assert row["all"]["pose"]["limb_mean_deg"] > 1
    assert row["all"]["angles"].keys() | set(hdm["angles_left_out"]) == set(ANGLE_NAMES)
    assert hdm["truth_sd_deg"]["pro_sup_r"] is None


def test_a_wrong_folder_or_set_is_one_clear_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--sets", "hdm05", "--stages", "raw", "--shared", str(tmp_path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit, match="2"):
        main(["--sets", "human36m"])
    assert f"choose from {','.join(SETS)}" in capsys.readouterr().err


def test_the_sample_is_judged_without_anything_shared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--sets", "sample", "--stages", "raw", "--shared", str(tmp_path)]) == 0
    row = next(r for r in capsys.readouterr().out.splitlines() if r.startswith("sample  raw"))
    limb_mean_deg = float(row.split()[2])
    assert 4 < limb_mean_deg < 10
