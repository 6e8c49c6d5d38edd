"""The 22 markers among MediaPipe's landmarks."""

from humanpose.markers.input_markers import markers_of
from humanpose.skeleton import MARKERS22
from tests.support.filmed import as_pose, person


def test_derived_markers_are_never_as_sure_as_seen_ones() -> None:
    markers = markers_of(as_pose(person(3)))
    sure = dict(zip(MARKERS22.joints, markers.confidence[0], strict=True))
    derived = {"Neck", "Hip", "Head", "RSmallToe", "LSmallToe"}
    assert {name for name, value in sure.items() if value < 0.5} == derived


def test_small_toes_lie_outside_the_big_ones() -> None:
    markers = markers_of(as_pose(person(3)))
    right = markers.joint("RHip") - markers.joint("LHip")
    for side, sign in (("R", 1), ("L", -1)):
        outwards = markers.joint(f"{side}SmallToe") - markers.joint(f"{side}BigToe")
        assert ((outwards * right).sum(axis=1) * sign > 0).all()
