"""What the viewer is given to draw."""

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from humanpose.analysis import Analysis
from humanpose.measures.takes import Take, take_of
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from humanpose.ui.tables import comparison_table, range_of_motion
from humanpose.ui.viewer.pair import Clip, Shown, pair_payload
from humanpose.ui.viewer.payload import WORLD_TO_PLOTLY, viewer_payload
from tests.support.synthetic import IMAGE_SIZE, refined_analysis, synthetic_analysis


def unpacked(
    analysis: Analysis, *, clinical: bool = False
) -> tuple[dict[str, Any], dict[str, Floats]]:
    payload = viewer_payload(analysis, video_url="v", plotly_url="p", clinical=clinical)
    return parts(payload.first)


def parts(payload: bytes) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Header and arrays of a payload."""
    (length,) = struct.unpack_from("<I", payload)
    header = json.loads(payload[4 : 4 + length])
    values = np.frombuffer(payload[4 + length :], "<f4").astype(float)
    starts = {name: place["start"] // 4 for name, place in header["arrays"].items()}
    arrays = {
        name: values[start : start + header["arrays"][name]["count"]]
        for name, start in starts.items()
    }
    return header, arrays


def test_the_scene_is_turned_never_mirrored() -> None:
    assert np.linalg.det(WORLD_TO_PLOTLY) == pytest.approx(1)
    np.testing.assert_array_equal(WORLD_TO_PLOTLY @ [0, 1, 0], [0, 0, 1])  # up stays up


def test_markers_arrive_in_metres_with_gaps(analysis: Analysis) -> None:
    header, arrays = unpacked(analysis)
    markers = arrays["markers"].reshape(header["frames"], len(MARKERS22), 3)
    expected = analysis.markers.positions @ WORLD_TO_PLOTLY.T
    np.testing.assert_allclose(markers, expected, atol=1e-6)
    assert np.isnan(markers[5]).all()


def test_a_raw_analysis_has_no_ghost_and_no_band(analysis: Analysis) -> None:
    header, arrays = unpacked(analysis)
    assert header["refinedBy"] == ""
    assert not {"otherMarkers", "otherAngles", "band"} & set(arrays)


def test_a_refined_analysis_brings_the_raw_one_and_its_band() -> None:
    refined = refined_analysis(20)
    header, arrays = unpacked(refined)
    assert header["refinedBy"] == "POF"
    aside = (arrays["otherMarkers"] - arrays["markers"]).reshape(-1, 3)
    np.testing.assert_allclose(aside, np.tile([0.1, 0, 0], (len(aside), 1)), atol=1e-6)
    angles = (arrays["angles"] - arrays["otherAngles"])[np.isfinite(arrays["angles"])]
    np.testing.assert_allclose(angles, 2.0, atol=1e-4)
    np.testing.assert_allclose(np.nanmax(arrays["band"]), 1.645 * 4.0, atol=1e-3)


def test_the_viewer_knows_where_most_was_changed(analysis: Analysis) -> None:
    moments = unpacked(refined_analysis(40))[0]["moments"]
    assert [moment["frame"] for moment in moments] == sorted(m["frame"] for m in moments)
    assert "by 2°" in moments[0]["text"]
    assert "moments" not in unpacked(analysis)[0]


def test_only_a_marker_that_is_not_seen_makes_its_bones_faint() -> None:
    _, arrays = unpacked(refined_analysis(3))
    sure = arrays["markerConfidence"].reshape(-1, len(MARKERS22))[1] >= 0.5
    assert {MARKERS22.joints[i] for i in np.flatnonzero(~sure)} == {"RAnkle"}


def test_angles_and_their_confidence_arrive_in_column_order(analysis: Analysis) -> None:
    _, arrays = unpacked(analysis)
    angles = arrays["angles"].reshape(-1, len(ANGLE_NAMES))
    np.testing.assert_allclose(angles, analysis.joint_angles.degrees, atol=1e-4)
    clinic = unpacked(analysis, clinical=True)[1]["angles"].reshape(-1, len(ANGLE_NAMES))
    np.testing.assert_array_equal(clinic[:, 0], -angles[:, 0])  # tilt, forwards
    confidence = arrays["confidence"].reshape(-1, len(ANGLE_NAMES))
    np.testing.assert_allclose(confidence, analysis.joint_angles.confidence, atol=1e-6)


def test_keypoints_are_fractions_of_the_picture(analysis: Analysis) -> None:
    _, arrays = unpacked(analysis)
    back = arrays["keypoints"].reshape(-1, 17, 2) * IMAGE_SIZE - 0.5
    np.testing.assert_allclose(back, analysis.keypoints, atol=1e-3)


def test_bones_have_the_colour_of_their_side(analysis: Analysis) -> None:
    header, _ = unpacked(analysis)
    sides = {
        tuple(MARKERS22.joints[bone[end]] for end in ("from", "to")): bone["side"]
        for bone in header["markerBones"]
    }
    assert sides["Neck", "LShoulder"] == "L"
    assert sides["RHip", "RKnee"] == "R"
    assert sides["Hip", "Neck"] == "M"


def test_an_absent_angle_has_no_curve(analysis: Analysis) -> None:
    header, _ = unpacked(analysis, clinical=True)
    curves = {movement["title"]: movement["curves"] for movement in header["movements"]}
    assert curves["Elbow pronation"] == []
    assert [curve["side"] for curve in curves["Knee flexion"]] == ["L", "R"]


def test_equal_analyses_give_equal_bytes(analysis: Analysis) -> None:
    same = replace(analysis)
    first, second = (viewer_payload(a, video_url="v", plotly_url="p") for a in (analysis, same))
    assert first.first == second.first


def test_one_wild_frame_does_not_make_the_person_small() -> None:
    calm = synthetic_analysis(300)
    wild = calm.markers.positions.copy()
    wild[17] += 40.0
    spoilt = replace(
        calm, refined=replace(calm.refined, markers=calm.markers.with_positions(wild))
    )
    np.testing.assert_allclose(
        unpacked(spoilt)[0]["bounds"], unpacked(calm)[0]["bounds"], atol=0.1
    )


def test_feet_below_the_floor_stay_in_the_picture() -> None:
    squat = synthetic_analysis(60)
    sunk = squat.markers.with_positions(squat.markers.positions - [0, 0.1, 0])
    _, _, (low, high) = unpacked(replace(squat, refined=replace(squat.refined, markers=sunk)))[
        0
    ]["bounds"]
    assert low < np.nanmin(sunk.positions[..., 1])
    assert high > np.nanmax(sunk.positions[..., 1])


def test_range_of_motion_of_a_known_curve(analysis: Analysis) -> None:
    table = range_of_motion(analysis).set_index("Column")
    knee = analysis.joint_angles.curve("knee_angle_r")
    assert table.loc["knee_angle_r", "Range"] == pytest.approx(np.ptp(knee[np.isfinite(knee)]))
    assert np.isnan(table.loc["pro_sup_l", "Range"])
    assert list(table.index[:3]) == ["pelvis_tilt", "pelvis_list", "pelvis_rotation"]
    assert len(table) == len(ANGLE_NAMES)


def test_no_zero_has_a_sign(analysis: Analysis) -> None:
    angles = analysis.joint_angles
    flat = replace(angles, degrees=np.full_like(angles.degrees, -0.04))
    shown = replace(analysis, refined=replace(analysis.refined, angles=flat))
    assert not np.signbit(range_of_motion(shown)[["Min", "Max"]].to_numpy()).any()
    table, _ = comparison_table(
        replace(flat, degrees=flat.degrees + 0.03), flat, tolerance_deg=5.0
    )
    assert not np.signbit(table[["Bias", "Largest"]].to_numpy()).any()


def test_a_pair_brings_both_without_whole_turns_between_them(analysis: Analysis) -> None:
    a = take_of(analysis)
    turned = replace(a.angles, degrees=a.angles.degrees + 361.0)
    b = Take(a.markers.with_positions(a.markers.positions + 1.0), turned)
    header, arrays = parts(
        pair_payload(
            (Shown("raw", a), Shown("POF", b)),
            clips=(Clip(analysis, "clip"),),
            tolerance_deg=4.0,
            plotly_url="p",
            clinical=False,
        ).first
    )
    apart = arrays["otherAngles"] - arrays["angles"]
    np.testing.assert_allclose(apart[np.isfinite(apart)], 1.0, atol=1e-4)
    moved = (arrays["otherMarkers"] - arrays["markers"]).reshape(-1, 3)
    moved = moved[np.isfinite(moved).all(axis=1)]
    np.testing.assert_allclose(moved, np.tile([1, -1, 1], (len(moved), 1)), atol=1e-5)
    assert header["names"] == ["raw", "POF"]
    assert header["video"]["url"] == "clip"
    assert "takes" not in header


def test_two_clips_are_shown_each_at_its_own_time(analysis: Analysis) -> None:
    shown, timeline = Shown("raw", take_of(analysis)), analysis.timeline
    late = Clip(analysis, "b", from_s=10 / timeline.fps, mirrored=True)
    payload = pair_payload(
        (shown, shown), clips=(Clip(analysis, "a"), late), tolerance_deg=5.0, plotly_url="p"
    )
    header, arrays = parts(payload.first)
    assert [take["fromS"] for take in header["takes"]] == [0.0, 10 / timeline.fps]
    a, b = (arrays[name].reshape(-1, 17, 2) for name in ("keypoints", "otherKeypoints"))
    nose, left, right = 0, 9, 10
    np.testing.assert_allclose(b[:-10, nose], a[10:, nose] * [-1, 1] + [1, 0], atol=1e-6)
    np.testing.assert_allclose(b[:-10, left, 1], a[10:, right, 1])
    assert np.isnan(b[-10:]).all()


def test_a_cycle_plays_as_fast_as_it_was(analysis: Analysis) -> None:
    shown = Shown("raw", take_of(analysis))
    clips = (Clip(analysis, "clip"),)
    payload = pair_payload(
        (shown, shown), clips=clips, tolerance_deg=5.0, plotly_url="p", cycle_s=1.25
    )
    header, _ = parts(payload.first)
    assert header["inPercent"]
    assert header["playFps"] == pytest.approx(80)
