"""Words for the columns, in the clinic's and in OpenSim's way."""

import numpy as np
import pytest

from humanpose.labels import angle_label, group_words, with_clinical_signs
from humanpose.sequence import Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.synthetic import synthetic_angles


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("knee_angle_r", "Knee flexion, right"),
        ("hip_rotation_l", "Hip internal rotation, left"),
        ("pelvis_tilt", "Pelvis anterior tilt"),
        ("lumbar_bending", "Trunk bend to the right"),
    ],
)
def test_clinical_words_name_joint_direction_and_side(column: str, words: str) -> None:
    label = angle_label(column, clinical=True)
    assert label.text == words
    assert column in label.hint
    assert "positive is" in label.hint


def test_the_contracts_names_keep_the_contracts_signs() -> None:
    labels = [angle_label(name, clinical=False) for name in ANGLE_NAMES]
    assert [label.text for label in labels] == list(ANGLE_NAMES)
    assert {label.sign for label in labels} == {1}
    assert "positive is posterior tilt" in labels[0].hint


def test_no_two_labels_are_alike() -> None:
    assert len({angle_label(name, clinical=True).text for name in ANGLE_NAMES}) == 36


def test_only_pelvic_tilt_changes_its_sign_in_the_clinic() -> None:
    angles = synthetic_angles(Timeline(20, 30.0))
    shown = with_clinical_signs(angles)
    np.testing.assert_array_equal(shown.curve("pelvis_tilt"), -angles.curve("pelvis_tilt"))
    np.testing.assert_array_equal(shown.degrees[:, 1:], angles.degrees[:, 1:])


def test_a_joint_is_named_with_its_side() -> None:
    assert [group_words(g) for g in ("pelvis", "knee_r", "elbow_l")] == [
        "pelvis",
        "right knee",
        "left elbow",
    ]
