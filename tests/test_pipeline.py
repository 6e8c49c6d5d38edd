"""The whole main job on the sample clip, against its exact truth."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis, Settings, SettingsError, analyze
from humanpose.assets import SAMPLE
from humanpose.camera import Camera
from humanpose.geometry import bend_deg, unit
from humanpose.sequence import Floats
from humanpose.settings import RAW
from humanpose.skeleton import ANGLE_NAMES, COCO17
from tests.conftest import SAMPLE_HEIGHT_M

SETTINGS = Settings(height_m=SAMPLE_HEIGHT_M, **RAW)


def angle_error(analysis: Analysis, truth: dict[str, Floats], name: str) -> Floats:
    return analysis.joint_angles.curve(name) - truth["angles"][:, ANGLE_NAMES.index(name)]


def limbs_of(joints: Floats) -> Floats:
    parents, children = np.array(COCO17.bone_indices).T
    return unit(joints[:, children] - joints[:, parents])


def test_every_frame_of_the_sample_is_found(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    assert sample.timeline.frames == len(sample_truth["angles"])
    assert sample.timeline.fps == 30
    assert sample.landmarks.detected.all()
    assert sample.warnings == ()


def test_limbs_point_where_they_point(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    error = bend_deg(sample.limb_directions, limbs_of(sample_truth["joints_camera"][:, :17]))
    assert np.nanmean(error) < 10
    assert np.isfinite(error).mean() > 0.97


def test_the_lift_beats_mediapipes_own_world_landmarks(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    from humanpose.skeleton import COCO_IN_MEDIAPIPE

    truth = limbs_of(sample_truth["joints_camera"][:, :17])
    world = limbs_of(sample.landmarks.world[:, COCO_IN_MEDIAPIPE])
    ours = bend_deg(sample.limb_directions, truth)
    theirs = np.where(np.isnan(ours), np.nan, bend_deg(world, truth))
    assert np.nanmean(ours) < 0.95 * np.nanmean(theirs)


def test_the_person_is_as_large_and_as_far_away_as_they_were(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    truth = sample_truth["joints_camera"][:, :17]
    error = np.linalg.norm(sample.joints_camera.positions - truth, axis=-1)
    assert np.nanmedian(error) < 0.25
    hips = COCO17.indices("left_hip", "right_hip")
    centred = sample.joints_camera.positions - sample.joints_camera.positions[:, hips].mean(
        1, keepdims=True
    )
    error = np.linalg.norm(centred - (truth - truth[:, hips].mean(1, keepdims=True)), axis=-1)
    assert np.nanmean(error) < 0.08


def test_gravity_is_found(sample: Analysis, sample_truth: dict[str, Floats]) -> None:
    assert bend_deg(sample.up_camera, sample_truth["up_camera"]) < 5


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("knee_angle_r", 14), ("knee_angle_l", 10), ("hip_flexion_r", 10),
        ("hip_flexion_l", 10), ("ankle_angle_r", 8), ("ankle_angle_l", 8),
        ("arm_flex_r", 12), ("arm_flex_l", 12), ("pelvis_rotation", 8), ("pelvis_list", 5),
        ("lumbar_rotation", 8), ("hip_adduction_l", 7),
    ],
)  # fmt: skip
def test_angles_follow_the_truth(
    sample: Analysis, sample_truth: dict[str, Floats], name: str, limit: float
) -> None:
    assert np.nanmean(np.abs(angle_error(sample, sample_truth, name))) < limit


@pytest.mark.parametrize(
    "name", ["knee_angle_r", "knee_angle_l", "hip_flexion_r", "hip_flexion_l"]
)
def test_the_squat_has_its_range_of_motion(
    sample: Analysis, sample_truth: dict[str, Floats], name: str
) -> None:
    truth = np.ptp(sample_truth["angles"][:, ANGLE_NAMES.index(name)])
    assert np.ptp(sample.joint_angles.curve(name)) == pytest.approx(truth, rel=0.2)


def test_the_path_is_in_metres_and_on_the_floor(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    hips = COCO17.indices("left_hip", "right_hip")
    ours = sample.joints_world.positions[:, hips].mean(axis=1)
    truth = sample_truth["joints_world"][:, hips].mean(axis=1)
    np.testing.assert_allclose(ours[0, [0, 2]], 0, atol=0.02)
    walked = [np.linalg.norm((p[-1] - p[0])[[0, 2]]) for p in (ours, truth)]
    assert walked[0] == pytest.approx(walked[1], rel=0.2)
    assert np.median(np.abs(ours[:, 1] - truth[:, 1])) < 0.08


def test_without_a_learned_stage_raw_and_refined_are_equal(sample: Analysis) -> None:
    np.testing.assert_array_equal(sample.angles.to_numpy(), sample.angles_raw.to_numpy())
    np.testing.assert_array_equal(sample.markers.positions, sample.markers_raw.positions)


def test_a_second_analysis_does_not_detect_again(sample: Analysis) -> None:
    stages: list[str] = []
    again = analyze(
        SAMPLE, replace(SETTINGS, cutoff_hz=3.0), progress=lambda s, d, t: stages.append(s)
    )
    np.testing.assert_array_equal(again.landmarks.pixels, sample.landmarks.pixels)
    assert again.seconds["detect"] < sample.seconds["detect"] / 3
    assert again.quality["jitter_mm"] < sample.quality["jitter_mm"]


def test_a_cached_analysis_imports_neither_mediapipe_nor_torch(sample: Analysis) -> None:
    code = (
        "import sys; from humanpose import analyze, Settings;"
        "from humanpose.settings import RAW; "
        f"analyze({str(SAMPLE)!r}, Settings(height_m=1.767, **RAW)); "
        "print(sorted({'mediapipe', 'torch', 'cv2', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_same_clip_gives_the_same_numbers(sample: Analysis) -> None:
    again = analyze(SAMPLE, SETTINGS)
    np.testing.assert_allclose(again.angles, sample.angles, atol=1e-9)


def test_a_trim_keeps_clip_time(sample: Analysis) -> None:
    part = analyze(SAMPLE, replace(SETTINGS, start_s=2.0, end_s=3.0))
    assert part.timeline.frames == 30
    assert part.timeline.time_s[0] == pytest.approx(2.0)


def test_capture_rate_relabels_time_and_resamples_nothing(sample: Analysis) -> None:
    slow = analyze(SAMPLE, replace(SETTINGS, fps=240.0, filter="none"))
    assert slow.timeline.frames == sample.timeline.frames
    assert slow.timeline.time_s[-1] == pytest.approx(sample.timeline.time_s[-1] / 8)


def test_a_wider_lens_puts_the_person_closer(sample: Analysis) -> None:
    wide = analyze(SAMPLE, replace(SETTINGS, fov_deg=90.0))
    assert np.nanmedian(wide.joints_camera.positions[..., 2]) < 0.7 * np.nanmedian(
        sample.joints_camera.positions[..., 2]
    )
    camera = Camera.from_fov(90.0, sample.landmarks.image_size)
    error = np.linalg.norm(
        camera.project(wide.joints_camera.positions) - wide.keypoints, axis=-1
    )
    assert np.nanmedian(error) < 4  # from the joint to where MediaPipe sees it


def test_without_a_height_angles_are_the_same_and_lengths_relative(sample: Analysis) -> None:
    unknown = analyze(SAMPLE, replace(SETTINGS, height_m=None))
    apart = (unknown.angles - sample.angles).abs()
    assert np.nanmean(apart) < 0.5  # of 4 % in the height, through the augmentation
    assert any("every length is relative" in warning for warning in unknown.warnings)
    assert "jitter_mm" not in unknown.quality


def test_the_neutral_frame_reads_zero(sample: Analysis) -> None:
    neutral = analyze(SAMPLE, replace(SETTINGS, neutral_at_s=0.5))
    row = neutral.angles.iloc[15]
    assert np.nanmax(np.abs(row)) == 0
    moved = neutral.angles["knee_angle_r"] + sample.angles["knee_angle_r"].iloc[15]
    np.testing.assert_allclose(moved, sample.angles["knee_angle_r"])


def test_a_neutral_time_outside_the_clip_is_refused(sample: Analysis) -> None:
    with pytest.raises(SettingsError, match="must lie inside the analysed part"):
        analyze(SAMPLE, replace(SETTINGS, neutral_at_s=99.0))


def test_auto_counts_from_the_stillest_upright_pose(sample: Analysis) -> None:
    found = analyze(SAMPLE, replace(SETTINGS, neutral_at_s="auto"))
    frame = found.timeline.nearest(found.quality["neutral_at_s"])
    assert np.nanmax(np.abs(found.angles.iloc[frame])) == 0
    assert sample.angles["knee_angle_r"].iloc[frame] < 25
    assert found.warnings == ()


def test_a_neutral_pose_at_the_bottom_of_the_squat_is_done_and_noted(sample: Analysis) -> None:
    bottom = float(sample.angles["knee_angle_r"].idxmax())
    found = analyze(SAMPLE, replace(SETTINGS, neutral_at_s=bottom))
    (note,) = found.warnings
    assert "a knee or hip is bent" in note
    assert "the stillest upright pose is at" in note
    assert found.angles["knee_angle_r"].max() == 0
