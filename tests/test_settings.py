"""Settings and the names that everything else relies on."""

import json
import math
from dataclasses import asdict

import pytest

from humanpose.errors import SettingsError
from humanpose.measures.comparison import stages_of
from humanpose.settings import OPTIONS, RAW, Settings, travelled
from humanpose.settings.options import ModelFile, Option
from humanpose.skeleton import ANGLE_NAMES, COCO17, JOINT_GROUPS, MARKERS22, MEDIAPIPE33, side


@pytest.mark.parametrize("height", [0, -1, 17.8, 0.49, 2.51, math.nan, math.inf, "abc", True])
def test_an_impossible_height_is_one_sentence(height: object) -> None:
    with pytest.raises(SettingsError, match=r"^height must be 0\.5-2\.5 m; give it in metres"):
        Settings(height_m=height)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"mass_kg": 5.0}, {"mass_kg": 500.0}, {"start_s": -1.0}, {"start_s": 3.0, "end_s": 2.0},
        {"fps": 0.0}, {"max_minutes": 0.0}, {"person": 0}, {"fov_deg": 180.0},
        {"visibility_min": 1.5}, {"cutoff_hz": 0.0}, {"filter": "kalman"}, {"max_gap_s": -1.0},
        {"neutral_at_s": math.nan}, {"neutral_at_s": "now"}, {"neutral_at_s": 1e300},
        {"start_s": 10**400}, {"person": 1.5}, {"pof": None}, {"pof_model_path": None},
        {"person_at": (0.5, 1.5)}, {"person_at": (0.5,)},
        {"person_at": ("a", 0.5)}, {"person_at": (0.5, 0.5), "person": 2},
    ],
)  # fmt: skip
def test_options_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        Settings(height_m=1.7, **wrong)  # type: ignore[arg-type]


def test_no_path_travels_nor_a_kind_of_option_that_does_not_say_so() -> None:
    paths = {"pof_model_path": "/dev/zero", "joint_model_path": "a", "main_refiner_path": "b"}
    kept = travelled(Settings(height_m=1.8, cutoff_hz=7, person_at=(0.5, 0.5), **paths))  # type: ignore[arg-type]
    assert kept == Settings(height_m=1.8, cutoff_hz=7, person_at=(0.5, 0.5))
    assert {type(option) for option in OPTIONS.values() if not option.travels} == {ModelFile}
    assert not Option.travels


def test_mass_defaults_to_the_height_and_equal_settings_are_one_cache_key() -> None:
    assert Settings(height_m=2.0).effective_mass_kg == pytest.approx(88)
    assert Settings(height_m=2.0, mass_kg=70).effective_mass_kg == 70
    assert hash(Settings(height_m=1.7)) == hash(Settings(height_m=1.7))


def test_a_point_is_the_same_after_json() -> None:
    settings = Settings(height_m=1.7, person_at=(0.25, 0.5))
    assert Settings(**json.loads(json.dumps(asdict(settings)))) == settings
    assert hash(Settings(height_m=1.7, person_at=[0.25, 0.5])) == hash(settings)  # type: ignore[arg-type]


def test_the_neutral_pose_is_a_time_or_auto() -> None:
    option = OPTIONS["neutral_at_s"]
    assert (option.read("1.5"), option.read("Auto")) == (1.5, "auto")
    assert option.metavar == "S|auto"
    with pytest.raises(SettingsError, match="must be 0-86400 s or auto, not 'soon'"):
        option.read("soon")
    settings = Settings(height_m=1.7, neutral_at_s="auto")
    assert Settings(**json.loads(json.dumps(asdict(settings)))) == settings


def test_a_decimal_comma_is_a_decimal_point() -> None:
    height = OPTIONS["height_m"]
    assert (height.read("1,75"), height.read("1.75")) == (1.75, 1.75)
    with pytest.raises(SettingsError, match="height"):
        height.read("1,234,5")


def test_main_refiner_implies_the_two_others() -> None:
    settings = Settings(height_m=1.7, main_refiner=True)
    assert settings.pof
    assert settings.joint_refinement


def test_what_is_recommended_is_the_default_and_raw_is_said() -> None:
    settings = Settings(height_m=1.7)
    assert (settings.pof, settings.joint_refinement) == (True, True)
    assert not settings.main_refiner
    assert stages_of(Settings(height_m=1.7, **RAW)) == "raw"


def test_the_columns_are_those_of_the_contract() -> None:
    assert len(ANGLE_NAMES) == 36
    assert list(JOINT_GROUPS) == [
        "pelvis", "trunk", "hip_r", "knee_r", "ankle_r", "shoulder_r", "elbow_r",
        "hip_l", "knee_l", "ankle_l", "shoulder_l", "elbow_l",
    ]  # fmt: skip
    assert ANGLE_NAMES[:9] == (
        "pelvis_tilt", "pelvis_list", "pelvis_rotation",
        "lumbar_extension", "lumbar_bending", "lumbar_rotation",
        "hip_flexion_r", "hip_adduction_r", "hip_rotation_r",
    )  # fmt: skip
    assert ANGLE_NAMES[-1] == "pro_sup_l"


def test_limbs_are_the_contract_s_in_its_order() -> None:
    assert COCO17.bone_indices == (
        (5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16),
        (5, 6), (11, 12), (5, 11), (6, 12), (5, 12), (6, 11),
    )  # fmt: skip


@pytest.mark.parametrize("skeleton", [MEDIAPIPE33, COCO17, MARKERS22], ids=lambda s: s.name)
def test_mirroring_twice_is_nothing(skeleton: object) -> None:
    mirror = skeleton.mirror  # type: ignore[attr-defined]
    assert [mirror[i] for i in mirror] == list(range(len(mirror)))
    moved = [j for i, j in enumerate(skeleton.joints) if mirror[i] != i]  # type: ignore[attr-defined]
    assert all(side(joint) in "LR" for joint in moved)


def test_points_on_the_midline_have_no_side() -> None:
    assert [side(j) for j in ("nose", "Neck", "LKnee", "right_hip", "mouth_left")] == list(
        "MMLRL"
    )
