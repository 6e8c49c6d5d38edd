"""The frames that want care."""

from dataclasses import replace

import numpy as np

from humanpose.analysis import Analysis
from humanpose.detection.cleaning import _HALVES
from humanpose.quality.flags import flags_of
from humanpose.skeleton import COCO17, MEDIAPIPE33
from tests.support.synthetic import synthetic_analysis


def spans(analysis: Analysis) -> dict[str, list[tuple[int, int]]]:
    return {flag.kind: flag.spans for flag in flags_of(analysis)}


def test_a_good_clip_has_no_flags() -> None:
    assert spans(synthetic_analysis(40)) == {}


def test_frames_with_nobody_are_stretches_from_first_to_last() -> None:
    assert spans(synthetic_analysis(40, missing=[0, 7, 8, 39])) == {
        "nobody": [(0, 0), (7, 8), (39, 39)]
    }


def test_a_person_who_was_not_seen_but_is_there_was_filled_in() -> None:
    gap = synthetic_analysis(40, missing=[7, 8])
    filled = replace(synthetic_analysis(40), landmarks=gap.landmarks)
    assert spans(filled) == {"filled": [(7, 8)]}


def test_a_third_of_the_joints_unseen_is_flagged_and_a_quarter_is_not() -> None:
    analysis = synthetic_analysis(40)
    visibility = analysis.visibility.copy()
    arm = ("left_shoulder", "left_elbow", "left_wrist")
    visibility[10:20, COCO17.indices(*arm)] = 0.1
    visibility[12:14, COCO17.index("left_knee")] = 0.1
    assert spans(replace(analysis, visibility=visibility)) == {"unsure": [(12, 13)]}


def test_exchanged_sides_that_were_put_back_are_flagged() -> None:
    analysis = synthetic_analysis(40)
    order = np.arange(len(MEDIAPIPE33))
    for half in _HALVES:
        left, right = (
            MEDIAPIPE33.indices(*(f"{side}_{part}" for part in half))
            for side in ("left", "right")
        )
        order[left], order[right] = right, left
    pixels = analysis.landmarks.pixels.copy()
    pixels[20:22] = pixels[20:22, order]
    exchanged = replace(analysis, landmarks=analysis.landmarks.replace(pixels=pixels))
    assert spans(exchanged) == {"swapped": [(20, 21)]}


def test_frames_with_an_estimated_marker_are_flagged() -> None:
    estimated = np.zeros((40, 22), dtype=bool)
    estimated[5:7, 3] = True
    analysis = replace(
        synthetic_analysis(40),
        refined=replace(synthetic_analysis(40).refined, estimated=estimated),
    )
    assert spans(analysis) == {"estimated": [(5, 6)]}
