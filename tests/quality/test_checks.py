"""What is said about a clip's quality."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.measures.repetitions import Repetition
from humanpose.quality.check import Check, State, overall
from humanpose.quality.checks import checks
from humanpose.quality.joints import BONE_NAMES, bone_quality, joint_quality
from humanpose.quality.trust_words import trust_words
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from tests.support.synthetic import synthetic_analysis

PERFECT = {
    "person_height_px": 300.0, "filled_share": 0.0, "swap_frames_undone": 0.0,
    "jitter_mm": 2.0, "camera_moved_percent": 0.1,
    "camera_roll_deg": 1.0, "camera_pitch_deg": 5.0, "up_sd_deg": 3.0,
}  # fmt: skip
THREE = tuple(Repetition(t, t + 0.2, t + 0.4) for t in (0.0, 0.4, 0.8))


def found(analysis: Analysis, name: str) -> Check:
    return next(check for check in checks(analysis) if check.name == name)


def detected_as(analysis: Analysis, size: Floats) -> Analysis:
    """As if the detector had seen one still pose, of this size in each frame, (T,)."""
    still = analysis.landmarks.world[0] * size[:, None, None]
    return replace(analysis, landmarks=analysis.landmarks.replace(world=still))


def with_quality(**figures: float) -> Analysis:
    return replace(synthetic_analysis(40), quality=figures)


def test_a_clip_without_faults_needs_no_advice_where_that_is_known() -> None:
    analysis = detected_as(with_quality(**PERFECT), np.ones(40))
    results = checks(analysis, preset="squat", items=THREE)
    assert [check.name for check in results if check.state != "good"] == []
    assert overall(results) == Check("In all", "good", "Nothing is amiss.")
    assert [check.name for check in results if check.advice and check.name != "View"] == []


@pytest.mark.parametrize("frames", [3, 14, 29])
def test_a_few_frames_are_never_good(frames: int) -> None:
    """All that can be measured in them is perfect, and says nothing."""
    analysis = replace(synthetic_analysis(frames), quality=PERFECT)
    results = {check.name: check for check in checks(analysis)}
    for name in ("Camera", "Gaps", "Left and right", "Bone lengths", "Jitter", "Hidden joints"):
        assert results[name].state == "unknown"
        assert f"in {frames} frames only" in results[name].finding
    whole = overall(list(results.values()))
    assert (whole.state, whole.finding) == ("bad", "Act first on: Length.")


def test_what_spoils_the_angles_comes_before_what_there_is_to_count() -> None:
    moved = with_quality(**(PERFECT | {"camera_moved_percent": 9.0}))
    results = checks(moved, preset="squat", items=())
    assert results[-1].name == "Length"
    assert overall(results).finding == "Act first on: Camera, Length."


def test_a_fault_that_a_few_frames_show_stays() -> None:
    moved = replace(synthetic_analysis(5), quality={"camera_moved_percent": 9.0})
    assert found(moved, "Camera").state == "bad"


def test_a_person_who_is_seen_in_few_of_many_frames_is_not_good() -> None:
    analysis = replace(synthetic_analysis(90, missing=range(3, 90)), quality=PERFECT)
    results = checks(analysis)
    assert {"Length", "Person found"} <= {c.name for c in results if c.state == "bad"}
    assert overall(results).state == "bad"


def test_in_all_it_is_as_good_as_the_gravest() -> None:
    def whole(*states: State) -> str:
        return overall([Check(state.title(), state, "") for state in states]).finding

    assert whole("good", "bad", "watch", "unknown") == "Act first on: Bad."
    assert whole("good", "watch", "unknown") == "Usable with care; look at: Watch."
    assert whole("good", "unknown") == (
        "Nothing is amiss in what could be checked; not known: Unknown."
    )


def test_what_an_analysis_does_not_tell_is_not_called_good() -> None:
    unknown = {check.name for check in checks(with_quality()) if check.state == "unknown"}
    assert unknown == {
        "Size in the picture",
        "Left and right",
        "Jitter",
        "Camera",
        "Level",
    }


def test_a_person_who_is_missing_is_counted() -> None:
    analysis = synthetic_analysis(20, missing=[3, 4, 5])
    check = found(analysis, "Person found")
    assert check.state == "bad"
    assert check.finding == "The person was found in 85 % of the frames."
    assert "15 % of the joint positions are missing" in found(analysis, "Gaps").finding


def test_a_small_person_is_told_to_come_closer() -> None:
    check = found(with_quality(person_height_px=96.0), "Size in the picture")
    assert check.state == "bad"
    assert "96 px tall, 20 %" in check.finding
    assert "closer" in check.advice


def test_feet_below_the_picture_are_noticed() -> None:
    analysis = synthetic_analysis(20)
    pixels = analysis.landmarks.pixels.copy()
    pixels[:4, MEDIAPIPE33.index("left_foot_index"), 1] = 481
    cut = replace(analysis, landmarks=analysis.landmarks.replace(pixels=pixels))
    check = found(cut, "Feet in the picture")
    assert check.state == "watch"
    assert "20 % of the frames" in check.finding


@pytest.mark.parametrize(
    ("moved", "state"),
    [({"camera_moved_percent": 0.2}, "good"), ({"camera_moved_percent": 2.0}, "bad"),
     ({"camera_moved_percent": np.nan}, "unknown"), ({}, "unknown")],
)  # fmt: skip
def test_the_camera_is_judged_only_where_it_can_be(moved: dict[str, float], state: str) -> None:
    assert found(with_quality(**moved), "Camera").state == state


def test_a_hidden_joint_is_named_in_words() -> None:
    analysis = synthetic_analysis(20)
    visibility = analysis.landmarks.visibility.copy()
    visibility[:10, MEDIAPIPE33.index("left_wrist")] = 0.1
    hidden = replace(analysis, landmarks=analysis.landmarks.replace(visibility=visibility))
    assert "frames: left wrist." in found(hidden, "Hidden joints").finding
    row = joint_quality(hidden).loc["left wrist"]
    assert row["seen_share"] == 0.5
    assert row["visibility"] == pytest.approx(0.5)


@pytest.mark.parametrize(("percent", "state"), [(2, "good"), (8, "watch"), (20, "bad")])
def test_bones_are_judged_by_what_the_detector_saw(percent: float, state: str) -> None:
    """The bones of the body that is fitted to it are rigid, whatever it saw."""
    swelling = 1 + percent / 100 * (-1.0) ** np.arange(40)
    check = found(detected_as(with_quality(), swelling), "Bone lengths")
    assert check.state == state
    assert f"change their length by {percent:.1f} %" in check.finding


def test_swaps_are_told_with_their_number() -> None:
    check = found(with_quality(swap_frames_undone=1.0), "Left and right")
    assert check.state == "watch"
    assert "In 1 frame left" in check.finding


def test_the_view_comes_with_its_best_and_worst_movements() -> None:
    check = found(with_quality(), "View")
    assert check.finding == "The person is seen from the front."
    assert check.advice == trust_words(with_quality())
    best, worst = check.advice.split("; least: ")
    assert "knee" not in best
    assert "arm" not in best
    assert "elbow flexion" in worst
    assert "Mostly inferred, not measured: pelvis anterior tilt" in worst


def test_a_bone_that_breathes_is_measured() -> None:
    analysis = synthetic_analysis(40)
    joints = analysis.joints_camera
    positions = joints.positions.copy()
    breath = 0.25 * (1 + 0.1 * (-1.0) ** np.arange(40))
    positions[:, COCO17.index("left_wrist")] = joints.joint("left_elbow")
    positions[:, COCO17.index("left_wrist"), 0] += breath
    breathing = replace(
        analysis, refined=replace(analysis.refined, joints=joints.with_positions(positions))
    )
    row = bone_quality(detected_as(breathing, 1 + 0.2 * (-1.0) ** np.arange(40))).loc[
        "forearm, left"
    ]
    assert row["detected_variation_percent"] == pytest.approx(20)
    assert row["length_cm"] == pytest.approx(25)
    assert row["variation_percent"] == pytest.approx(10)
    assert list(bone_quality(analysis).index) == list(BONE_NAMES)
